import { BackproveError } from '../base/errors.ts'
import type { Derivation } from '../derive/derive.ts'
import { derivationJson } from '../derive/json.ts'
import type { Line, Steps } from '../derive/steps.ts'
import type { SubjectOptions } from '../derive/subject.ts'
import { nearest } from '../elaborate/nearest.ts'
import { deriveProgram, readProgram, stepsOf } from '../pipeline.ts'
import { nameTex } from '../print/tex.ts'
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

const HELP = `usage: backprove derive SHEET [--of J] [--wrt W1,b1] [--steps] [--format ${[...FORMATS.keys()].join('|')}]

Prints the gradient of the sheet's cost by each parameter, in the sheet's language and its own names.

  --of J           the scalar to differentiate (J, or L, or the last scalar of the sheet)
  --wrt W1,b1      what to differentiate by (every parameter)
  --steps          every value between, with the definitions through which the chain rule goes
  --format FORMAT  ${[...FORMATS.keys()].join(', ')} (text)
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
    const format = formatOf(options.json ? 'json' : (options.format ?? 'text'))
    const program = readProgram(await locating(file, () => readText(file)))
    for (const error of program.errors) terminal.message(errorText(file, error))
    const subject: SubjectOptions = {
      ...(options.of === undefined ? {} : { of: options.of }),
      ...(options.wrt === undefined ? {} : { wrt: namesIn(options.wrt) }),
    }
    const text = await locating(file, () =>
      options.steps ? format.steps(stepsOf(program, subject)) : format.gradients(deriveProgram(program, subject)),
    )
    terminal.print(text)
    return program.errors.length > 0 ? STATUS.faulty : STATUS.holds
  },
}

function formatOf(name: string): Format {
  const format = FORMATS.get(name)
  if (format !== undefined) return format
  const names = [...FORMATS.keys()]
  const near = nearest(name, names)
  const hint = near === null ? `formats: ${names.join(', ')}` : `did you mean \`${near}\`?`
  throw new BackproveError('usage', `there is no format \`${name}\``, { hint })
}

/** Names with commas between them; an index such as `[1, 2]` may hold commas of its own. */
const namesIn = (text: string): string[] => (text.match(/[^,[]+(\[[^\]]*\])?/g) ?? []).map((name) => name.trim())

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function gradientsText({ definitions, gradients }: Derivation): string {
  return [...definitions, ...gradients].map(({ name, text }) => `${name} = ${text}\n`).join('')
}

function gradientsTex({ of, definitions, gradients }: Derivation): string {
  return aligned([
    ...definitions.map(({ name, tex }) => `${nameTex(name)} &= ${tex}`),
    ...gradients.map(({ wrt, tex }) => `\\frac{\\partial ${nameTex(of)}}{\\partial ${nameTex(wrt)}} &= ${tex}`),
  ])
}

function aligned(lines: readonly string[]): string {
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}\n`
}

/** The definitions are comments, so that the rest is the sheet language. */
function stepsText({ factor, steps }: Steps): string {
  const head = factor === null ? [] : [`# derivatives by values between are divided by ${factor.text}`]
  const blocks = steps.map(({ name, through, chain, result }) => {
    const last = isSame(chain, result) ? [] : [`#${' '.repeat(Math.max(1, name.length))}= ${chain.text}`]
    return [...through.map(({ text }) => `# through ${text}`), ...last, `${name} = ${result.text}`]
  })
  return [head, ...blocks]
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n')
}

function stepsTex({ steps }: Steps): string {
  return aligned(
    steps.map(({ name, chain, result }) => {
      const last = isSame(chain, result) ? '' : ` = ${result.tex}`
      return `${nameTex(name)} &= ${chain.tex}${last}`
    }),
  )
}

const isSame = (a: Line, b: Line): boolean => a.text === b.text
