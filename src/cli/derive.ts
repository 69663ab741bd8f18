import { BackproveError } from '../base/errors.ts'
import { CODE_FORMATS, codeOf } from '../derive/code.ts'
import { derivationJson } from '../derive/json.ts'
import { gradientsTex, gradientsText, stepsTex, stepsText } from '../derive/report.ts'
import { derivationSteps as stepsOf } from '../derive/steps.ts'
import type { SubjectOptions } from '../derive/subject.ts'
import { nearest } from '../elaborate/nearest.ts'
import type { Program } from '../graph/program.ts'
import { deriveProgram, readProgram } from '../pipeline.ts'
import { STATUS } from './command.ts'
import type { Command } from './command.ts'
import { readArguments, usageError } from './options.ts'
import { readText } from './read.ts'
import { errorText, locating } from './report/errors.ts'

/** What is to be printed. */
interface Request {
  readonly program: Program
  readonly options: SubjectOptions
  /** Whether every step is asked for. */
  readonly withSteps: boolean
}

/** How the gradients of a sheet may be printed. */
const FORMATS: ReadonlyMap<string, (request: Request) => string> = new Map([
  ['text', ({ program, options, withSteps }) => withSteps ? stepsText(stepsOf(program, options)) : gradientsText(deriveProgram(program, options))],
  ['tex', ({ program, options, withSteps }) => withSteps ? stepsTex(stepsOf(program, options)) : gradientsTex(deriveProgram(program, options))],
  ...CODE_FORMATS.map((name): [string, (request: Request) => string] => [name, ({ program, options }) => codeOf(program, name, options)]),
  ['json', ({ program, options }) => `${JSON.stringify(derivationJson(deriveProgram(program, options)), null, 2)}\n`],
]) // prettier-ignore

const HELP = `usage: backprove derive SHEET [--of J] [--wrt W1,b1] [--steps] [--format FORMAT]

Prints the gradient of the sheet's cost by each parameter, in the sheet's language and its own names.

  --of J           the scalar to differentiate (J, or L, or the last scalar of the sheet)
  --wrt W1,b1      what to differentiate by (every parameter)
  --steps          the derivation value by value, by the chain rule (text, tex)
  --format FORMAT  ${[...FORMATS.keys()].join(', ')} (text);
                   numpy, torch, jax, tfjs and js are programs, with a check of their own
  --json           the same as --format json
`

export const derive: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { options, positionals } = readArguments('derive', args, {
      of: 'text',
      wrt: 'text',
      format: 'text',
      json: 'flag',
      steps: 'flag',
    })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw usageError('one sheet is to be named', 'derive')
    const format = options.json ? 'json' : (options.format ?? 'text')
    const print = formatOf(format)
    if (options.steps && format !== 'text' && format !== 'tex') {
      throw usageError('--steps goes with the formats text and tex', 'derive')
    }
    const program = readProgram(await locating(file, () => readText(file)))
    for (const error of program.errors) terminal.message(errorText(file, error))
    const subject = {
      ...(options.of === undefined ? {} : { of: options.of }),
      ...(options.wrt === undefined ? {} : { wrt: namesIn(options.wrt) }),
    }
    terminal.print(await locating(file, () => print({ program, options: subject, withSteps: options.steps })))
    return program.errors.length > 0 ? STATUS.faulty : STATUS.holds
  },
}

function formatOf(name: string): (request: Request) => string {
  const format = FORMATS.get(name)
  if (format !== undefined) return format
  const names = [...FORMATS.keys()]
  const near = nearest(name, names)
  const hint = near === null ? `formats: ${names.join(', ')}` : `did you mean \`${near}\`?`
  throw new BackproveError('usage', `there is no format \`${name}\``, { hint })
}

/** Names with commas between them; an index such as `[1, 2]` may hold commas of its own. */
const namesIn = (text: string): string[] => (text.match(/[^,[]+(\[[^\]]*\])?/g) ?? []).map((name) => name.trim())
