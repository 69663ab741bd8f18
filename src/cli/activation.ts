import { activationJson, activationSvg, activationText, runActivation } from '../activation/run.ts'
import { STATUS } from './command.ts'
import type { Command } from './command.ts'
import { readArguments, usageError } from './options.ts'
import { readText } from './read.ts'
import { locating } from './report/errors.ts'
import { writeText } from './write.ts'

const HELP = `usage: backprove activation 'z*sigmoid(z)' [--set beta=1.5] [--compare relu,gelu] [--from SHEET g]

Everything worth knowing of an activation: derivatives, limits, range, slopes, kinks, moments, stability.
It is an expression in z, or the name of a known one; other names in it are parameters.

  --set NAME=VALUE     the value of a parameter; commas separate several
  --compare A,B        others beside it, in one table and one plot; commas outside brackets separate
  --from SHEET         take the function that is named from a sheet
  --plot FILE.svg      plot the function, its derivative and its second derivative; - plots on the terminal
  --json               all facts as JSON
`

export const activation: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const kinds = { set: 'text', compare: 'text', from: 'text', plot: 'text', json: 'flag' } as const
    const { options, positionals } = readArguments('activation', args, kinds)
    const [expression, more] = positionals
    if (more !== undefined) throw usageError(`\`${more}\` is one expression too many`, 'activation')
    if (options.from !== undefined && expression === undefined) {
      throw usageError('the function to take from the sheet is to be named', 'activation')
    }
    const from = options.from
    const sheet = from === undefined ? undefined : await locating(from, () => readText(from))
    const analyses = runActivation({
      expression: sheet === undefined ? (expression ?? null) : null,
      ...(sheet === undefined || expression === undefined ? {} : { from: { sheet, name: expression } }),
      ...(options.compare === undefined ? {} : { compare: options.compare }),
      settings: settingsIn(options.set),
    })
    const onTerminal = options.plot === '-'
    terminal.print(options.json ? activationJson(analyses) : activationText(analyses, { plot: onTerminal }))
    if (options.plot !== undefined && !onTerminal) await writeText(options.plot, await activationSvg(analyses))
    return STATUS.holds
  },
}

function settingsIn(text: string | undefined): Map<string, string> {
  const settings = new Map<string, string>()
  for (const part of (text ?? '').split(',').filter((piece) => piece.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map((piece) => piece.trim())
    if (name === '' || value === '') throw usageError(`--set takes NAME=VALUE, not \`${part}\``, 'activation')
    settings.set(name, value)
  }
  return settings
}
