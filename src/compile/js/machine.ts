import type { Machine } from '../machine.ts'
import { runMatrix } from '../matrix.ts'
import { layOut } from '../plan/layout.ts'
import type { Nest, Plan } from '../plan/nest.ts'
import { KernelSlots, nestSource } from './source.ts'
import type { Kernel } from './source.ts'
import { runProduct } from './product.ts'

type Entries = Float64Array | Float32Array
type Run = (m: Entries, k: readonly Kernel[], o: number) => void

/**
 * The plan as generated JavaScript, the same on every engine. Work is done in doubles; with `f32` entries are rounded as
 * they are stored. Generated code holds numbers and numbered slots only.
 */
export function javascriptMachine(plan: Plan, precision: 'f64' | 'f32'): Machine {
  const bytes = precision === 'f64' ? 8 : 4
  const layout = layOut(plan, bytes, 0)
  const starts = layout.starts.map((start) => start / bytes)
  const memory = precision === 'f64' ? new Float64Array(layout.bytes / 8) : new Float32Array(layout.bytes / 4)
  const slots = new KernelSlots()
  const nest = (step: Nest): Run =>
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this is the back end
    new Function('m', 'k', 'o', `'use strict'\n${nestSource(step, starts, slots)}`) as Run
  const steps = plan.steps.map((step): (() => void) | Run => {
    switch (step.kind) {
      case 'nest':
        return nest(step)
      case 'sweep': {
        const [tiles, rest] = [step.tiles.map(nest), step.rest.map(nest)]
        return (m, k) => {
          let sample = 0
          for (; sample + step.tile <= step.count; sample += step.tile) for (const run of tiles) run(m, k, sample)
          for (const run of rest) run(m, k, sample)
        }
      }
      case 'product':
        return () => runProduct(memory, starts, step)
      case 'matrix':
        return () => runMatrix(memory, starts, step)
      case 'fill': {
        const start = starts[step.buffer]!
        return () => memory.fill(step.value, start, start + plan.buffers[step.buffer]!.entries)
      }
    }
  })
  const run = (): void => {
    for (const step of steps) step(memory, slots.kernels, 0)
  }
  return { memory, starts, run, threads: () => 1, close: () => undefined, backend: 'js' }
}
