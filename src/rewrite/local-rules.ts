import { HALF } from '../base/rational.ts'
import type { Calculus } from '../ops/calculus.ts'
import type { ElementwiseName } from '../ops/names.ts'
import { minus, one, zero } from './rule.ts'
import type { LocalRule, Reflection } from './rule.ts'

const x = <N>(free: readonly N[]): N => free[0]!
const y = <N>(free: readonly N[]): N => free[1]!
const z = <N>(free: readonly N[]): N => free[2]!

const DEFINITION = 'the definition of the operations'

const undone = (
  outer: ElementwiseName,
  inner: ElementwiseName,
  given: LocalRule['given'],
  condition = '',
): LocalRule => ({
  name: `${outer}-of-${inner}`,
  says: `${outer}(${inner}(x)) = x`,
  condition,
  source: 'inverse functions',
  arity: 1,
  given,
  left: (c, free) => c.call(outer, c.call(inner, x(free))),
  right: (_, free) => x(free),
})

const idempotent = (fn: ElementwiseName): LocalRule => ({
  name: `${fn}-of-${fn}`,
  says: `${fn}(${fn}(x)) = ${fn}(x)`,
  condition: '',
  source: DEFINITION,
  arity: 1,
  given: 'real',
  left: (c, free) => c.call(fn, c.call(fn, x(free))),
  right: (c, free) => c.call(fn, x(free)),
})

const repeated = (fn: ElementwiseName): LocalRule => ({
  name: `${fn}-of-same`,
  says: `${fn}(x, x) = x`,
  condition: '',
  source: DEFINITION,
  arity: 1,
  given: 'real',
  left: (c, free) => c.call(fn, x(free), x(free)),
  right: (_, free) => x(free),
})

const at = (fn: ElementwiseName, argument: 0 | 1, value: '0' | '1' | '1/2'): LocalRule => ({
  name: `${fn}-of-${argument === 0 ? 'zero' : 'one'}`,
  says: `${fn}(${argument}) = ${value}`,
  condition: '',
  source: DEFINITION,
  arity: 0,
  given: 'real',
  left: (c) => c.call(fn, argument === 0 ? zero(c) : one(c)),
  right: (c) => (value === '0' ? zero(c) : value === '1' ? one(c) : c.constant(HALF)),
})

type Comparison = 'gt' | 'ge' | 'eq' | 'ne'
const SIGNS: { readonly [name in Comparison]: string } = { gt: '>', ge: '>=', eq: '==', ne: '!=' }
const COMPARISONS: readonly Comparison[] = ['gt', 'ge', 'eq', 'ne']

/** The comparison that holds where `fn` does not; arguments that are no numbers satisfy neither. */
function opposite<N>(c: Calculus<N>, fn: Comparison, a: N, b: N): N {
  switch (fn) {
    case 'gt':
      return c.call('ge', b, a)
    case 'ge':
      return c.call('gt', b, a)
    case 'eq':
      return c.call('ne', a, b)
    case 'ne':
      return c.call('eq', a, b)
  }
}
const OPPOSITE: { readonly [name in Comparison]: string } = { gt: 'x <= y', ge: 'x < y', eq: 'x != y', ne: 'x == y' }

const aboutTruth = (fn: Comparison): readonly LocalRule[] => {
  const says = `x ${SIGNS[fn]} y`
  const common = { condition: '', source: 'truth values are 0 and 1', arity: 2, given: 'real' } as const
  const truth = <N>(c: Calculus<N>, free: readonly N[]): N => c.call(fn, x(free), y(free))
  const contrary = <N>(c: Calculus<N>, free: readonly N[]): N => opposite(c, fn, x(free), y(free))
  return [
    { ...common, name: `not-of-${fn}`, says: `not (${says}) = (${OPPOSITE[fn]})`,
      left: (c, free) => c.call('not', truth(c, free)), right: contrary },
    { ...common, name: `${fn}-differs-from-zero`, says: `((${says}) != 0) = (${says})`,
      left: (c, free) => c.call('ne', truth(c, free), zero(c)), right: truth },
    { ...common, name: `${fn}-equals-zero`, says: `((${says}) == 0) = (${OPPOSITE[fn]})`,
      left: (c, free) => c.call('eq', truth(c, free), zero(c)), right: contrary },
    { ...common, name: `choice-of-${fn}`, says: `where(${says}, 1, 0) = (${says})`,
      left: (c, free) => c.call('where', truth(c, free), one(c), zero(c)), right: truth },
    { ...common, name: `choice-against-${fn}`, says: `where(${says}, 0, 1) = (${OPPOSITE[fn]})`,
      left: (c, free) => c.call('where', truth(c, free), zero(c), one(c)), right: contrary },
  ] // prettier-ignore
}

/**
 * Local rules. None of these is among them: `sqrt(x^2) = x` (false for x < 0), `log(x*y) = log(x) + log(y)` (both may be
 * negative), `(x^a)^b = x^(a*b)` (x = -1, a = 2, b = 1/2), `x/x = 1` (x = 0).
 */
export const LOCAL_RULES: readonly LocalRule[] = [
  undone('exp', 'log', 'positive', 'x > 0, where log is defined'),
  undone('log', 'exp', 'real'),
  undone('expm1', 'log1p', 'positive', 'x > -1, where log1p is defined'),
  undone('log1p', 'expm1', 'real'),
  at('exp', 0, '1'),
  at('expm1', 0, '0'),
  at('log', 1, '0'),
  at('log1p', 0, '0'),
  at('sin', 0, '0'),
  at('cos', 0, '1'),
  at('tanh', 0, '0'),
  at('sigmoid', 0, '1/2'),
  idempotent('relu'),
  idempotent('abs'),
  idempotent('sign'),
  repeated('max'),
  repeated('min'),
  ...COMPARISONS.flatMap(aboutTruth),
  {
    name: 'choice-of-same',
    says: 'where(x > y, z, z) = z',
    condition: '',
    source: DEFINITION,
    arity: 2,
    given: 'real',
    left: (c, free) => c.call('where', x(free), y(free), y(free)),
    right: (_, free) => y(free),
  },
  {
    name: 'choice-of-not',
    says: 'where(not x, y, z) = where(x, z, y)',
    condition: '',
    source: DEFINITION,
    arity: 3,
    given: 'real',
    left: (c, free) => c.call('where', c.call('not', x(free)), y(free), z(free)),
    right: (c, free) => c.call('where', x(free), z(free), y(free)),
  },
  {
    name: 'not-of-not-of-not',
    says: 'not not not x = not x',
    condition: '',
    source: 'truth values are 0 and 1',
    arity: 1,
    given: 'real',
    left: (c, free) => c.call('not', c.call('not', c.call('not', x(free)))),
    right: (c, free) => c.call('not', x(free)),
  },
]

const odd = (fn: ElementwiseName, source = 'odd functions'): Reflection => ({
  name: `${fn}-is-odd`,
  says: `${fn}(-x) = -${fn}(x)`,
  condition: '',
  source,
  fn,
  right: (c, value) => minus(c, value),
  kind: 'negative',
})

const even = (fn: ElementwiseName): Reflection => ({
  name: `${fn}-is-even`,
  says: `${fn}(-x) = ${fn}(x)`,
  condition: '',
  source: 'even functions',
  fn,
  right: (_, value) => value,
  kind: 'same',
})

export const REFLECTIONS: readonly Reflection[] = [
  odd('sign'),
  odd('sin', 'Abramowitz and Stegun 4.3.13'),
  odd('tan', 'Abramowitz and Stegun 4.3.15'),
  odd('asin'),
  odd('atan'),
  odd('sinh', 'Abramowitz and Stegun 4.5.21'),
  odd('tanh', 'Abramowitz and Stegun 4.5.23'),
  odd('erf', 'Abramowitz and Stegun 7.1.9'),
  even('abs'),
  even('cos'),
  even('cosh'),
  {
    name: 'exp-of-negative',
    says: 'exp(-x) = 1/exp(x)',
    condition: '',
    source: 'Abramowitz and Stegun 4.2.18',
    fn: 'exp',
    right: (c, value) => c.call('div', one(c), value),
    kind: 'inverse',
  },
  {
    name: 'sigmoid-of-negative',
    says: 'sigmoid(-x) = 1 - sigmoid(x)',
    condition: '',
    source: 'exp(x)/(1 + exp(x)) = 1 - 1/(1 + exp(x))',
    fn: 'sigmoid',
    right: (c, value) => c.call('sub', one(c), value),
    kind: 'other',
  },
]
