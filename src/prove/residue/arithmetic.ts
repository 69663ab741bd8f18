import { add, divide, isInteger, multiply, negate, ONE, subtract, toNumber } from '../../base/rational.ts'
import type { Rational } from '../../base/rational.ts'
import { broadcastLengths, spread } from '../../evaluate/kernels/broadcast.ts'
import { mapTensors } from '../../evaluate/kernels/elementwise.ts'
import type { Calculus } from '../../ops/calculus.ts'
import { ELEMENTWISE } from '../../ops/elementwise.ts'
import type { ElementwiseName } from '../../ops/names.ts'
import type { Level } from './chain.ts'
import { randomSquare } from './chain.ts'
import type { Entry } from './field.ts'
import { NoRoot } from './oracle.ts'
import type { Oracle } from './oracle.ts'
import { laidOut, lazily } from './value.ts'
import type { Value } from './value.ts'
import { Random } from '../../base/random.ts'

/** Real numbers this close count as tied; residues then tell whether they are equal. */
const CLOSE = 1e-9

const SCALAR_SHAPE: readonly number[] = []

/** Elementwise operations on arrays of residues. Derived ones come from their expansions, none has a rule of its own. */
export class Arithmetic implements Calculus<Value> {
  readonly chain: readonly Level[]
  readonly oracle: Oracle
  readonly #pi: Value

  constructor(chain: readonly Level[], oracle: Oracle, seed: number) {
    this.chain = chain
    this.oracle = oracle
    // A transcendental number satisfies no identity with rational coefficients but the formal ones, so a free one serves.
    this.#pi = lazily(
      SCALAR_SHAPE,
      (level) => [randomSquare(new Random(seed, level, 314), chain[level]!.field.p)],
      () => Float64Array.of(Math.PI),
    )
  }

  constant(value: Rational): Value {
    return lazily(
      SCALAR_SHAPE,
      (level) => [this.chain[level]!.field.ratio(value.n, value.d)],
      () => Float64Array.of(toNumber(value)),
      value,
    )
  }

  pi(): Value {
    return this.#pi
  }

  e(): Value {
    const one = this.constant(ONE)
    return lazily(SCALAR_SHAPE, (level) => this.#exp(one, level, SCALAR_SHAPE), () => Float64Array.of(Math.E)) // prettier-ignore
  }

  call(name: ElementwiseName, ...args: readonly Value[]): Value {
    const { expansion } = ELEMENTWISE[name]
    if (expansion !== undefined) return expansion<Value>(this, args)
    const shape = broadcastLengths(args.map((value) => value.shape))
    const real = (): Float64Array => mapTensors(name, args.map((value) => ({ shape: value.shape, data: value.real() }))).data // prettier-ignore
    return lazily(shape, (level) => this.#entries(name, args, level, shape), real, foldedRational(name, args))
  }

  #entries(name: ElementwiseName, args: readonly Value[], level: number, shape: readonly number[]): readonly Entry[] {
    const { field } = this.chain[level]!
    const { p } = field
    const side = (slot: number): readonly Entry[] => laidOut(args[slot]!, level, shape)
    switch (name) {
      case 'add':
        return zip(side(0), side(1), (a, b) => (a + b >= p ? a + b - p : a + b))
      case 'sub':
        return zip(side(0), side(1), (a, b) => (a >= b ? a - b : a - b + p))
      case 'mul':
        return zip(side(0), side(1), (a, b) => (a * b) % p)
      case 'div':
        // Inverted before it is laid out, since a denominator is often shared by a whole row.
        return zip(side(0), laidOut(inverted(args[1]!, this.chain), level, shape), (a, b) => (a * b) % p)
      case 'neg':
        return each(side(0), (a) => field.negate(a))
      case 'pow':
        return this.#pow(args[0]!, args[1]!, level, shape)
      case 'exp':
        return this.#exp(args[0]!, level, shape)
      case 'eq':
        return zip(side(0), side(1), (a, b) => (a === b ? 1n : 0n))
      case 'ne':
        return zip(side(0), side(1), (a, b) => (a === b ? 0n : 1n))
      case 'gt':
      case 'ge':
        return this.#compare(name, args, level, shape)
      case 'where': {
        const [condition, then, otherwise] = [side(0), side(1), side(2)]
        return condition.map((c, i) => (c === null ? null : c === 0n ? (otherwise[i] as Entry) : (then[i] as Entry)))
      }
      case 'sin':
      case 'cos':
        return each(side(0), (a) => this.#circle(name, a, level))
      default:
        return each(side(0), (a) => this.#closed(name, a, level))
    }
  }

  #exp(of: Value, level: number, shape: readonly number[]): readonly Entry[] {
    const { exp } = this.chain[level]!
    if (exp !== null) return each(laidOut(of, level + 1, shape), (a) => exp.of(a))
    return each(laidOut(of, level, shape), (a) =>
      this.oracle.value('a deeply nested exp', level, a, this.chain[level]!),
    )
  }

  #pow(base: Value, exponent: Value, level: number, shape: readonly number[]): readonly Entry[] {
    const { field } = this.chain[level]!
    const power = exponent.rational
    if (power === null) return this.#exp(this.call('mul', exponent, this.call('log', base)), level, shape)
    if (!isInteger(power)) {
      this.oracle.consulted.add('a root')
      return each(laidOut(base, level, shape), (a) => {
        const root = field.root(a, power.n, power.d)
        if (root === null && a !== 0n) throw new NoRoot()
        return root
      })
    }
    if (power.n >= 0n) return each(laidOut(base, level, shape), (a) => field.power(a, power.n))
    return each(laidOut(inverted(base, this.chain), level, shape), (a) => field.power(a, -power.n))
  }

  #compare(name: 'gt' | 'ge', args: readonly Value[], level: number, shape: readonly number[]): readonly Entry[] {
    this.oracle.consulted.add('a comparison')
    const [a, b] = [laidOut(args[0]!, level, shape), laidOut(args[1]!, level, shape)]
    const [x, y] = args.map((value) => spread({ shape: value.shape, data: value.real() }, shape)) as [Float64Array, Float64Array] // prettier-ignore
    return a.map((left, i) => {
      const right = b[i] as Entry
      const [u, v] = [x[i]!, y[i]!]
      if (left === null || right === null || Number.isNaN(u - v)) return null
      const tied = Math.abs(u - v) <= CLOSE * Math.max(Math.abs(u), Math.abs(v)) && left === right
      return (tied ? name === 'ge' : u > v) ? 1n : 0n
    })
  }

  /** A point of the circle, the mirrored one for the opposite angle: all that is kept of the addition theorems. */
  #circle(name: 'sin' | 'cos', angle: bigint, level: number): Entry {
    const { field } = this.chain[level]!
    const { p } = field
    if (angle === 0n) return name === 'sin' ? 0n : 1n
    const opposite = p - angle
    const t = this.oracle.value('sin and cos', level, angle < opposite ? angle : opposite, this.chain[level]!)
    const [inverse] = field.inverses([(t * t + 1n) % p])
    if (inverse === null || inverse === undefined) return null
    if (name === 'cos') return ((p + 1n - ((t * t) % p)) * inverse) % p
    const sine = (2n * t * inverse) % p
    return angle < opposite ? sine : field.negate(sine)
  }

  /** A function that is known by its argument alone, and by being odd. */
  #closed(name: ElementwiseName, a: bigint, level: number): Entry {
    const here = this.chain[level]!
    if (name === 'log') return a === 0n ? null : a === 1n ? 0n : this.oracle.value(name, level, a, here)
    if (a === 0n) return 0n
    const opposite = here.field.p - a
    if (a < opposite) return this.oracle.value(name, level, a, here)
    return here.field.negate(this.oracle.value(name, level, opposite, here))
  }
}

const reciprocals = new WeakMap<Value, Value>()

/** The reciprocal of a value, kept beside it: most denominators divide more than once. */
function inverted(value: Value, chain: readonly Level[]): Value {
  const known = reciprocals.get(value)
  if (known !== undefined) return known
  const made = lazily(value.shape, (level) => chain[level]!.field.inverses(value.at(level)), () => value.real().map((x) => 1 / x)) // prettier-ignore
  reciprocals.set(value, made)
  return made
}

const each = (entries: readonly Entry[], f: (a: bigint) => Entry): readonly Entry[] =>
  entries.map((a) => (a === null ? null : f(a)))

function zip(x: readonly Entry[], y: readonly Entry[], f: (a: bigint, b: bigint) => bigint): readonly Entry[] {
  const result = new Array<Entry>(x.length)
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i] as Entry, y[i] as Entry]
    result[i] = a === null || b === null ? null : f(a, b)
  }
  return result
}

/** The number that an operation on known numbers gives. */
function foldedRational(name: ElementwiseName, args: readonly Value[]): Rational | null {
  const [a, b] = [args[0]?.rational ?? null, args[1]?.rational ?? null]
  if (a === null) return null
  if (name === 'neg') return negate(a)
  if (b === null) return null
  switch (name) {
    case 'add':
      return add(a, b)
    case 'sub':
      return subtract(a, b)
    case 'mul':
      return multiply(a, b)
    case 'div':
      return b.n === 0n ? null : divide(a, b)
    default:
      return null
  }
}

/** Which levels of its arguments an operation reads, as bits counted from the level of its result. */
const masks = new Map<ElementwiseName, number>()

const LEVELS_READ: Calculus<number> = {
  constant: () => 0,
  pi: () => 0,
  call: (name, ...args) => {
    const { expansion } = ELEMENTWISE[name]
    if (expansion !== undefined) return expansion(LEVELS_READ, args)
    const own = args.reduce((union, bits) => union | bits, 0)
    return name === 'exp' ? own << 1 : own
  },
}

export function levelsRead(name: ElementwiseName): number {
  let mask = masks.get(name)
  if (mask === undefined) {
    const { arity } = ELEMENTWISE[name]
    mask = LEVELS_READ.call(name, ...new Array<number>(arity).fill(1))
    masks.set(name, mask)
  }
  return mask
}
