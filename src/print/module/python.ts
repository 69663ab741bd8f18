import { uncheckedText } from './language.ts'
import type { Argument, Body, Module, Sample } from './language.ts'

/** What stands around the statements of a Python program, for each of the libraries. */

const INDENT = '    '

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

/** `_forward`, `_backward` and the functions made of them. */
export function functions(module: Module): string {
  const args = list(argumentNames(module))
  const lengths = lengthNames(module)
  const cache = tupleOf(module.cache)
  const unpack = module.cache.length === 0 ? '' : `${INDENT}${cache} = cache\n`
  const results = module.gradients.map(({ wrt, value }) => `${INDENT.repeat(2)}"${wrt}": ${value},\n`).join('')
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

const shapeOf = ({ lengths }: Sample): string => tupleOf(lengths.map(String))

const draw = ({ sample, length }: Argument): string => {
  if (sample === null) return String(length)
  const shape = shapeOf(sample)
  if (sample.entries !== undefined) return `np.array([${sample.entries.join(', ')}], dtype=float).reshape(${shape})`
  // NumPy draws a plain number where no axes are wanted.
  if (sample.lengths.length === 0) {
    return sample.kind === 'uniform'
      ? `np.array(rng.uniform(${sample.range[0]}, ${sample.range[1]}))`
      : 'np.array(float(rng.integers(0, 2)))'
  }
  if (sample.kind === 'label') return `rng.integers(0, 2, ${shape}).astype(float)`
  if (sample.kind === 'onehot') {
    const [rows = 1, ...rest] = sample.lengths
    return `1.0*(np.arange(${rows}).reshape(${tupleOf([String(rows), ...rest.map(() => '1')])}) == rng.integers(0, ${rows}, ${tupleOf(['1', ...rest.map(String)])}))` // prettier-ignore
  }
  return `rng.uniform(${sample.range[0]}, ${sample.range[1]}, ${shape})`
}

/** How a library turns a NumPy array into its own and back. */
export interface Conversion {
  readonly to: (array: string) => string
  readonly from: (array: string) => string
  /** Statements before anything else. */
  readonly setup?: string
}

/** A function that compares the gradients with central differences at random data, and a program that calls it. */
export function selfCheck(module: Module, { to, from, setup = '' }: Conversion): string {
  const data = module.args.map((arg) => `${INDENT.repeat(2)}"${arg.name}": ${draw(arg)},\n`).join('')
  const lengths = new Set(lengthNames(module))
  const wanted = module.gradients.filter(({ isArgument }) => isArgument).map(({ wrt }) => `"${wrt}"`)
  const call = lengths.size === 0 ? `{name: ${to('array')} for name, array in values.items()}` : `{name: array if isinstance(array, int) else ${to('array')} for name, array in values.items()}` // prettier-ignore
  return `def check(seed=0, step=1e-5):
    """Compares the gradients with central differences at random data.${uncheckedText(module)}"""
${setup}    rng = np.random.default_rng(seed)
    values = {
${data}    }

    def value():
        return np.sum(${from(`forward(**${call})`)})

    exact = gradients(**${call})
    for name in ${tupleOf(wanted)}:
        array, numeric = values[name], np.zeros(np.shape(values[name]))
        for at in np.ndindex(numeric.shape):
            middle = array[at]
            slopes = []
            for width in (step, 2*step):
                array[at] = middle + width
                above = value()
                array[at] = middle - width
                slopes.append((above - value())/(2*width))
                array[at] = middle
            numeric[at] = (4*slopes[0] - slopes[1])/3
        difference = np.linalg.norm(${from('exact[name]')} - numeric)
        scale = np.linalg.norm(numeric) + np.linalg.norm(${from('exact[name]')})
        assert difference <= 1e-5*scale + 1e-8, f"the gradient by {name} is off by {difference} of {scale}"
    return "ok"


if __name__ == "__main__":
    print(check())
`
}

export const header = (module: Module, library: string): string =>
  `"""${module.of} and its gradients by ${wrtText(module)}, in ${library}. To check it: python THIS_FILE"""\n`

export const helpers = ({ helpers: sources }: Module): string => sources.map((source) => `${source}\n\n\n`).join('')

/** `import math` where something uses it. */
export const imports = (code: string, names: readonly (readonly [word: string, line: string])[]): string =>
  names.flatMap(([word, line]) => (new RegExp(`\\b${word}\\.`).test(code) ? [`${line}\n`] : [])).join('')

export function renderNumpy(module: Module): string {
  const code = `${helpers(module)}${functions(module)}\n\n${selfCheck(module, { to: (x) => x, from: (x) => x })}`
  const head = imports(code, [['math', 'import math']])
  return `${header(module, 'NumPy')}${head === '' ? '' : `${head}\n`}import numpy as np\n\n\n${code}`
}
