import type { Body, Module } from './language.ts'

/** What stands around the statements of a Python program, for each of the libraries. */

export const INDENT = '    '

export const list = (names: readonly string[]): string => names.join(', ')

/** A tuple of any length. */
export const tupleOf = (names: readonly string[]): string =>
  names.length === 1 ? `(${names[0]!},)` : `(${list(names)})`

export const lines = (body: Body, indent = INDENT): string =>
  [...body.sizes, ...body.assignments].map(({ name, text }) => `${indent}${name} = ${text}\n`).join('')

export const argumentNames = ({ args }: Module): string[] => args.map(({ name }) => name)

/** Arguments that are lengths: they are no arrays. */
export const lengthNames = ({ args }: Module): string[] =>
  args.filter(({ sample }) => sample === null).map(({ name }) => name)

const shapes = ({ args }: Module): string => args.map(({ name, shape }) => `${INDENT}${name}: ${shape}\n`).join('')

const wrtText = ({ gradients }: Module): string => list(gradients.map(({ wrt }) => wrt))

/** `_forward`, `_backward` and the functions made of them; `number` makes an array of an ordinary number. */
export function functions(module: Module, number = (text: string): string => text): string {
  const args = list(argumentNames(module))
  const lengths = lengthNames(module)
  const cache = tupleOf(module.cache)
  const unpack = module.cache.length === 0 ? '' : `${INDENT}${cache} = cache\n`
  const results = module.gradients
    .map(({ wrt, value, isHost }) => `${INDENT.repeat(2)}"${wrt}": ${isHost ? number(value) : value},\n`)
    .join('')
  const handed = list(['cache', ...lengths])
  return `def _forward(${args}):
${lines(module.forward)}${INDENT}return ${module.value}, ${cache}


def _backward(${handed}):
${unpack}${lines(module.backward)}${INDENT}return {
${results}${INDENT}}


def forward(${args}):
    """${module.of} of

${shapes(module)}    """
    return _forward(${args})[0]


def gradients(${args}):
    """The gradients of ${module.of} by ${wrtText(module)}."""
    return value_and_gradients(${args})[1]


def value_and_gradients(${args}):
    """${module.of} and its gradients, in one pass."""
    value, cache = _forward(${args})
    return value, _backward(${handed})
`
}

export const header = (module: Module, library: string): string =>
  `"""${module.of} and its gradients by ${wrtText(module)}, in ${library}. To check it: python THIS_FILE"""\n`

export const helpers = ({ helpers: sources }: Module): string => sources.map((source) => `${source}\n\n\n`).join('')

/** `import math` where something uses it. */
export const imports = (code: string, names: readonly (readonly [word: string, line: string])[]): string =>
  names.flatMap(([word, line]) => (new RegExp(`\\b${word}\\.`).test(code) ? [`${line}\n`] : [])).join('')
