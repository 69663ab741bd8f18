import type { Rational } from '../../base/rational.ts'
import { toNumber } from '../../base/rational.ts'
import type { Calculus } from '../../ops/calculus.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../ops/names.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import type { Shape } from '../../shape/shape.ts'
import type { Size } from '../../shape/size.ts'
import { atom, call, infix, LEVEL, prefix, within } from '../forms.ts'
import type { Detail, Form, Piece } from '../forms.ts'
import { sizeCode } from '../module/sizes.ts'
import type { Style } from '../module/language.ts'
import { numberPiece } from '../number.ts'
import type { Target } from '../target.ts'

/** What Python, NumPy, PyTorch and JAX write alike. */

/** Words of the language and what printed programs use besides; no value of a sheet takes these names. */
export const PYTHON_RESERVED = (
  'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
  'import in is lambda nonlocal not or pass raise return try while with yield match case type print ' +
  'abs all any bool dict enumerate float int len list max min object pow range round set sorted str sum super tuple zip ' +
  'math functools forward gradients value_and_gradients _forward _backward _shifted check cache self ctx rng ' +
  '__name__ __file__ __doc__ __debug__ __builtins__'
).split(' ')

const isSafe = (n: bigint): boolean => n <= 2n ** 53n && n >= -(2n ** 53n)

/** A number that a double holds: exact where it is short, else rounded once. */
export const constantPiece = (value: Rational): Piece => {
  if (isSafe(value.n) && isSafe(value.d)) return numberPiece(value)
  const text = String(toNumber(value)).replace('e+', 'e')
  return { text, level: text.startsWith('-') ? LEVEL.sum : LEVEL.atom }
}

export const shapeTuple = (shape: Shape, style: Style): string => {
  const lengths = shape.map((size) => sizeCode(size, style.size).text)
  return lengths.length === 1 ? `(${lengths[0]!},)` : `(${lengths.join(', ')})`
}

export const sizeNumber =
  (style: Style) =>
  (size: Size): Piece =>
    sizeCode(size, style.size)

export const tuple = (axes: readonly number[]): string => (axes.length === 1 ? `${axes[0]!}` : `(${axes.join(', ')})`)

/** A comparison as the number 0 or 1; its bare form serves conditions. */
export const comparison =
  (symbol: string, number: (truth: string) => Piece): Form =>
  ([a, b]) => {
    const truth = `${within(a, LEVEL.sum)} ${symbol} ${within(b, LEVEL.sum)}`
    return { ...number(truth), truth }
  }

/** An operand as a truth value. */
export const truthOf = (piece: Piece | undefined): string => piece?.truth ?? `${within(piece, LEVEL.sum)} != 0`

export const timesOne = (truth: string): Piece => ({ text: `(${truth})*1.0`, level: LEVEL.product })

/** Operators that arrays of all three libraries have. */
export const pythonOperators = {
  add: infix(' + ', LEVEL.sum),
  sub: infix(' - ', LEVEL.sum),
  mul: infix('*', LEVEL.product, { right: LEVEL.product + 1 }),
  div: infix('/', LEVEL.product),
  neg: prefix('-', LEVEL.sum, LEVEL.matrix),
  pow: infix('**', LEVEL.power, { left: LEVEL.postfix, right: LEVEL.postfix }),
} as const

export const matmulOperator: Form = infix(' @ ', LEVEL.matrix, { left: LEVEL.matrix, right: LEVEL.sign })

/** Contractions in the letters of `einsum`; `null` for copies and deltas, which it lacks. */
export const einsumCall =
  (name: string): NonNullable<Target['einsum']> =>
  (spec, operands) => {
    const inner = new Set(spec.operands.flat())
    const isPlain = new Set(spec.output).size === spec.output.length && spec.output.every((label) => inner.has(label))
    if (!isPlain || spec.sizes.length > 26) return null
    const letters = (labels: readonly number[]): string => labels.map((label) => String.fromCharCode(97 + ((label + 8) % 26))).join('') // prettier-ignore
    const text = `${spec.operands.map(letters).join(',')}->${letters(spec.output)}`
    return atom(`${name}(${[`"${text}"`, ...operands.map((piece) => piece.text)].join(', ')})`)
  }

/** Operations on plain numbers, by the `math` module; derived ones by what they mean. */
export const mathForms: { readonly [name in ElementwiseName]: Form } = (() => {
  const math = (name: string): Form => call(`math.${name}`)
  const core: Partial<Record<ElementwiseName, Form>> = {
    ...pythonOperators,
    gt: comparison('>', timesOne),
    ge: comparison('>=', timesOne),
    eq: comparison('==', timesOne),
    ne: comparison('!=', timesOne),
    where: ([c, a, b]) => atom(`(${within(a, LEVEL.or)} if ${truthOf(c)} else ${within(b, LEVEL.or)})`),
    max: call('max'),
    min: call('min'),
    abs: call('abs'),
    exp: math('exp'),
    log: math('log'),
    sqrt: math('sqrt'),
    sin: math('sin'),
    cos: math('cos'),
    tanh: math('tanh'),
    asin: math('asin'),
    atan: math('atan'),
    erf: math('erf'),
    sinh: math('sinh'),
    cosh: math('cosh'),
    log1p: math('log1p'),
    expm1: math('expm1'),
  }
  return withExpansions(core, { pi: atom('math.pi') })
})()

/** A total table: operations without a form of their own are written as what they expand to. */
export function withExpansions(
  core: Partial<Record<ElementwiseName, Form>>,
  { pi }: { readonly pi: Piece },
): { readonly [name in ElementwiseName]: Form } {
  const table: Record<string, Form> = {}
  const detail: Detail = { shape: [], operands: [], axes: [], keep: false }
  const calculus: Calculus<Piece> = {
    constant: constantPiece,
    pi: () => pi,
    call: (name, ...args) => table[name]!(args, detail),
  }
  for (const name of ELEMENTWISE_NAMES) {
    const { expansion } = ELEMENTWISE[name]
    const sign: Form = ([x]) =>
      table['sub']!([table['gt']!([x!, atom('0')], detail), table['gt']!([atom('0'), x!], detail)], detail)
    table[name] = core[name] ?? (name === 'sign' ? sign : (operands) => expansion!(calculus, operands))
  }
  return table as { readonly [name in ElementwiseName]: Form }
}
