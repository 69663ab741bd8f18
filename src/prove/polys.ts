import { MINUS_ONE, ONE, ZERO } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { addPolys, atomPoly, constantOf, constantPoly, polyKey, POSITIVE, scalePoly } from '../index/algebra.ts'
import { exponentOf } from '../index/exponent.ts'
import type { Kernel } from '../index/kernel.ts'
import { generalPower } from '../index/products.ts'
import type { FunctionName, Poly } from '../index/term.ts'
import type { Calculus } from '../ops/calculus.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { ElementwiseName } from '../ops/names.ts'

/** Functions that the normal form may keep closed, and those it opens into `exp` when asked to. */
const CLOSED: ReadonlyMap<ElementwiseName, FunctionName> = new Map([
  ['sin', 'sin'],
  ['cos', 'cos'],
  ['asin', 'asin'],
  ['atan', 'atan'],
  ['erf', 'erf'],
])
const OPENABLE: ReadonlyMap<ElementwiseName, FunctionName> = new Map([
  ['tanh', 'tanh'],
  ['sigmoid', 'sigmoid'],
])

/** Terms of what is looked at whether it is its own square. */
const LARGEST_TRUTH = 4

/** Elementwise operations on terms of the normal form. With `open`, `tanh` and `sigmoid` become rational in `exp`. */
export function polyCalculus(k: Kernel, open: boolean): Calculus<Poly> {
  const constant = (value: Rational): Poly => constantPoly(k.algebra, value)
  const add = (...polys: Poly[]): Poly => addPolys(k.algebra, ...polys)
  const minus = (a: Poly, b: Poly): Poly => add(a, scalePoly(b, MINUS_ONE))
  const one = constant(ONE)
  const positive = (of: Poly): Poly => k.indicator(of)
  const negative = (of: Poly): Poly => k.indicator(scalePoly(of, MINUS_ONE))
  // What is its own square is 0 or 1, and 1 where it is not zero.
  const isTruth = (of: Poly): boolean => of.size <= LARGEST_TRUTH && polyKey(k.multiply(of, of)) === polyKey(of)
  const isNonzero = (of: Poly): Poly => (isTruth(of) ? of : add(positive(of), negative(of)))

  const calculus: Calculus<Poly> = {
    constant,
    pi: () => atomPoly(k.algebra, k.algebra.atom({ kind: 'number', value: 'pi', traits: POSITIVE })),
    call(name, ...args) {
      const [a = one, b = one, c = one] = args
      switch (name) {
        case 'add':
          return add(a, b)
        case 'sub':
          return minus(a, b)
        case 'mul':
          return k.multiply(a, b)
        case 'div':
          return k.multiply(a, k.power(b, -1))
        case 'neg':
          return scalePoly(a, MINUS_ONE)
        case 'pow': {
          const exponent = constantOf(b)
          return exponent === null ? generalPower(k, a, b) : k.power(a, exponentOf(exponent))
        }
        case 'gt':
          return positive(minus(a, b))
        case 'ge':
          return minus(one, positive(minus(b, a)))
        case 'ne':
          return isNonzero(minus(a, b))
        case 'eq':
          return minus(one, isNonzero(minus(a, b)))
        case 'where': {
          const holds = isNonzero(a)
          return add(k.multiply(holds, b), k.multiply(minus(one, holds), c))
        }
        case 'exp':
          return k.exp(a)
        case 'log':
          return k.log(a)
        default:
          return closedOrExpanded(name, args)
      }
    },
  }

  function closedOrExpanded(name: ElementwiseName, args: readonly Poly[]): Poly {
    const closed = CLOSED.get(name) ?? (open ? undefined : OPENABLE.get(name))
    if (closed !== undefined) return k.call(closed, args)
    const { expansion } = ELEMENTWISE[name]
    return expansion === undefined ? constant(ZERO) : expansion(calculus, args)
  }

  return calculus
}
