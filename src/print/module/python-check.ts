import type { Argument, Module, Sample } from './language.ts'
import { argumentNames, INDENT, lengthNames, lines, list, tupleOf } from './python.ts'

/** The self-check of a Python program. */

/** The pass in which values between are moved, where there is one. */
function shiftedFunction(module: Module): string {
  const { of, shifted } = module
  if (shifted === null) return ''
  const parameters = [...argumentNames(module), ...shifted.shifts.map(({ parameter }) => parameter)]
  return `def _shifted(${list(parameters)}):
    """${of} with something added to ${list(shifted.shifts.map(({ wrt }) => wrt))}; for the check alone."""
${lines(shifted.body)}${INDENT}return ${shifted.value}


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

/** How a library's arrays are made of NumPy's, and made into these again. */
export interface Conversion {
  readonly to: (array: string) => string
  readonly from: (array: string) => string
  /** Statements before anything else. */
  readonly setup?: string
}

/**
 * A function that compares the gradients with central differences at random data, and a program that calls it;
 * `conversion` is `null` where the arrays are NumPy's own.
 */
export function selfCheck(module: Module, conversion: Conversion | null): string {
  const data = module.args.map((arg) => `${INDENT.repeat(2)}"${arg.name}": ${draw(arg)},\n`).join('')
  const given = (values: string): string => (conversion === null ? values : `given(${values})`)
  const number = (text: string): string => `np.sum(${conversion?.from(text) ?? text})`
  const exact = conversion === null ? 'gradients(**values)' : `{name: ${conversion.from('gradient')} for name, gradient in gradients(**given(values)).items()}` // prettier-ignore
  return `${shiftedFunction(module)}def check(seed=0, step=1e-5):
    """Compares the gradients with central differences at random data."""
${conversion?.setup ?? ''}    rng = np.random.default_rng(seed)
    values = {
${data}    }
${conversion === null ? '' : conversionText(module, conversion)}
    def value():
        return ${number(`forward(**${given('values')})`)}

    exact = ${exact}
${loopText(module, number, given)}        for at in np.ndindex(numeric.shape):
            middle = array[at]
            slopes = []
            for width in (step, 2*step):
                array[at] = middle + width
                above = value()
                array[at] = middle - width
                slopes.append((above - value())/(2*width))
                array[at] = middle
            numeric[at] = (4*slopes[0] - slopes[1])/3
        difference = np.linalg.norm(exact[name] - numeric)
        scale = np.linalg.norm(exact[name]) + np.linalg.norm(numeric)
        if not difference <= 1e-5*scale + 1e-8:
            raise AssertionError(f"the gradient by {name} is off by {difference} of {scale}")
    return "ok"


if __name__ == "__main__":
    print(check())
`
}

function conversionText(module: Module, { to }: Conversion): string {
  const array = lengthNames(module).length === 0 ? to('array') : `array if isinstance(array, int) else ${to('array')}`
  return `
    def given(arrays):
        return {name: ${array} for name, array in arrays.items()}
`
}

/** What is moved, and which function of it, for each gradient. */
function loopText(module: Module, number: (text: string) => string, given: (values: string) => string): string {
  const shifts = module.shifted?.shifts ?? []
  if (shifts.length === 0) {
    return `    for name in ${tupleOf(module.gradients.map(({ wrt }) => `"${wrt}"`))}:
        array, numeric = values[name], np.zeros(np.shape(values[name]))
`
  }
  const parameterOf = new Map(shifts.map(({ wrt, parameter }) => [wrt, parameter]))
  const zeros = shifts.map(({ wrt, parameter }) => `"${parameter}": np.zeros(np.shape(exact["${wrt}"]))`)
  const moved = module.gradients.map(({ wrt }) => {
    const parameter = parameterOf.get(wrt)
    const what = parameter === undefined ? `value, values["${wrt}"]` : `shifted, shifts["${parameter}"]`
    return `${INDENT.repeat(2)}("${wrt}", ${what}),\n`
  })
  return `    # What is added to values between, to move these alone.
    shifts = {${list(zeros)}}

    def shifted():
        return ${number(`_shifted(**${given('values')}, **${given('shifts')})`)}

    for name, value, array in (
${moved.join('')}    ):
        numeric = np.zeros(np.shape(array))
`
}
