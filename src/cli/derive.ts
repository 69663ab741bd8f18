import { BackproveError } from '../base/errors.ts'
import { CODE_FORMATS, codeOf } from '../derive/code.ts'
import type { Derivation } from '../derive/derive.ts'
import { derivationJson } from '../derive/json.ts'
import { gradientsTex, gradientsText, stepsTex, stepsText } from '../derive/report.ts'
import type { Steps } from '../derive/steps.ts'
import type { SubjectOptions } from '../derive/subject.ts'
import { nearest } from '../elaborate/nearest.ts'
import { deriveProgram, readProgram, stepsOf } from '../pipeline.ts'
import { STATUS } from './command.ts'
import type { Command } from './command.ts'
import { readArguments, usageError } from './options.ts'
import { readText } from './read.ts'
import { errorText, locating } from './report/errors.ts'

/** How gradients, and the steps to them, may be printed. */
interface Format {
  readonly gradients: (derivation: Derivation) => string
  readonly steps: (steps: Steps) => string
}

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['text', { gradients: gradientsText, steps: stepsText }],
  ['tex', { gradients: gradientsTex, steps: stepsTex }],
  ['json', { gradients: (derivation) => asJson(derivationJson(derivation)), steps: asJson }],
])

/** All formats; those of `CODE_FORMATS` are whole programs. */
const NAMES = [...FORMATS.keys(), ...CODE_FORMATS]

const HELP = `usage: backprove derive SHEET [--of J] [--wrt W1,b1] [--steps] [--format FORMAT]

Prints the gradient of the sheet's cost by each parameter, in the sheet's language and its own names.

  --of J           the scalar to differentiate (J, or L, or the last scalar of the sheet)
  --wrt W1,b1      what to differentiate by (every parameter)
  --steps          every value between, with the definitions through which the chain rule goes
  --format FORMAT  ${[...FORMATS.keys()].join(', ')} (text), or a program that checks itself:
                   ${CODE_FORMATS.join(', ')}
  --json           the same as --format json
`

export const derive: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const { options, positionals } = readArguments('derive', args, {
      of: 'text',
      wrt: 'text',
      steps: 'flag',
      format: 'text',
      json: 'flag',
    })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw usageError('one sheet is to be named', 'derive')
    const name = options.json ? 'json' : (options.format ?? 'text')
    const isCode = CODE_FORMATS.includes(name)
    if (isCode && options.steps) throw usageError('--steps goes with text, tex and json', 'derive')
    const format = isCode ? null : formatOf(name)
    const program = readProgram(await locating(file, () => readText(file)))
    for (const error of program.errors) terminal.message(errorText(file, error))
    const subject: SubjectOptions = {
      ...(options.of === undefined ? {} : { of: options.of }),
      ...(options.wrt === undefined ? {} : { wrt: namesIn(options.wrt) }),
    }
    const text = await locating(file, () =>
      format === null
        ? codeOf(program, name, subject)
        : options.steps
          ? format.steps(stepsOf(program, subject))
          : format.gradients(deriveProgram(program, subject)),
    )
    terminal.print(text)
    return program.errors.length > 0 ? STATUS.faulty : STATUS.holds
  },
}

function formatOf(name: string): Format {
  const format = FORMATS.get(name)
  if (format !== undefined) return format
  const near = nearest(name, NAMES)
  const hint = near === null ? `formats: ${NAMES.join(', ')}` : `did you mean \`${near}\`?`
  throw new BackproveError('usage', `there is no format \`${name}\``, { hint })
}

/** Names with commas between them; an index such as `[1, 2]` may hold commas of its own. */
const namesIn = (text: string): string[] => (text.match(/[^,[]+(\[[^\]]*\])?/g) ?? []).map((name) => name.trim())

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
