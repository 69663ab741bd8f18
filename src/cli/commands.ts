import type { Command } from './command.ts'

interface Entry {
  readonly summary: string
  readonly load: () => Promise<Command>
}

/** The commands by name. Each is loaded when it is called, so that none slows down the start of another. */
export const COMMANDS: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  [
    'verify',
    {
      summary: 'judge every claim of a sheet: proved, tested, refuted or undecided',
      load: async () => (await import('./verify.ts')).verify,
    },
  ],
  [
    'derive',
    {
      summary: 'print the gradients of a sheet, short, in its own names',
      load: async () => (await import('./derive.ts')).derive,
    },
  ],
  [
    'check',
    {
      summary: 'compare the gradient of a sheet with central differences',
      load: async () => (await import('./check.ts')).check,
    },
  ],
  [
    'train',
    {
      summary: 'fit the parameters of a sheet to data by gradient descent',
      load: async () => (await import('./train.ts')).train,
    },
  ],
  [
    'graph',
    {
      summary: 'draw the computation graph of a sheet: SVG, DOT, JSON or GEXF',
      load: async () => (await import('./graph.ts')).graph,
    },
  ],
  [
    'activation',
    {
      summary: 'tell everything worth knowing of an activation',
      load: async () => (await import('./activation.ts')).activation,
    },
  ],
])
