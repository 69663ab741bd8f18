import { BackproveError } from '../base/errors.ts'
import type { Derivation } from '../derive/derive.ts'
import { deriveProgram, readProgram } from '../pipeline.ts'
import { nearest } from '../elaborate/nearest.ts'
import { nameTex } from '../print/tex.ts'
import { STATUS } from './command.ts'
import type { Command } from './command.ts'
import { readArguments, usageError } from './options.ts'
import { readText } from './read.ts'
import { errorText, locating } from './report/errors.ts'

/** How the gradients of a sheet may be printed. */
const FORMATS: ReadonlyMap<string, (derivation: Derivation) => string> = new Map([
  ['text', asText],
  ['tex', asTex],
  ['json', asJson],
])

const HELP = `usage: backprove derive SHEET [--of J] [--wrt W1,b1] [--format ${[...FORMATS.keys()].join('|')}]

Prints the gradient of the sheet's cost by each parameter, in the sheet's language and its own names.

  --of J           the scalar to differentiate (J, or L, or the last scalar of the sheet)
  --wrt W1,b1      what to differentiate by (every parameter)
  --format FORMAT  ${[...FORMATS.keys()].join(', ')} (text)
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
    })
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw usageError('one sheet is to be named', 'derive')
    const print = formatOf(options.json ? 'json' : (options.format ?? 'text'))
    const program = readProgram(await locating(file, () => readText(file)))
    for (const error of program.errors) terminal.message(errorText(file, error))
    const wrt = options.wrt === undefined ? undefined : namesIn(options.wrt)
    const derivation = await locating(file, () =>
      deriveProgram(program, {
        ...(options.of === undefined ? {} : { of: options.of }),
        ...(wrt === undefined ? {} : { wrt }),
      }),
    )
    terminal.print(print(derivation))
    return program.errors.length > 0 ? STATUS.faulty : STATUS.holds
  },
}

function formatOf(name: string): (derivation: Derivation) => string {
  const format = FORMATS.get(name)
  if (format !== undefined) return format
  const names = [...FORMATS.keys()]
  const near = nearest(name, names)
  const hint = near === null ? `formats: ${names.join(', ')}` : `did you mean \`${near}\`?`
  throw new BackproveError('usage', `there is no format \`${name}\``, { hint })
}

/** Names with commas between them; an index such as `[1, 2]` may hold commas of its own. */
const namesIn = (text: string): string[] => (text.match(/[^,[]+(\[[^\]]*\])?/g) ?? []).map((name) => name.trim())

function asText({ definitions, gradients }: Derivation): string {
  const lines = [...definitions, ...gradients].map(({ name, text }) => `${name} = ${text}\n`)
  return lines.join('')
}

function asTex({ of, definitions, gradients }: Derivation): string {
  const lines = [
    ...definitions.map(({ name, tex }) => `${nameTex(name)} &= ${tex}`),
    ...gradients.map(({ wrt, tex }) => `\\frac{\\partial ${nameTex(of)}}{\\partial ${nameTex(wrt)}} &= ${tex}`),
  ]
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}\n`
}

function asJson({ of, gradients, definitions }: Derivation): string {
  const object = {
    of,
    gradients: gradients.map(({ wrt, name, shape, text, tex }) => ({ wrt, name, shape, text, tex })),
    definitions: definitions.map(({ name, text }) => ({ name, text })),
  }
  return `${JSON.stringify(object, null, 2)}\n`
}
