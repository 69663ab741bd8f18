import { applyPrecisely } from '../../evaluate/precise.ts'
import type { Precise } from '../../evaluate/precise.ts'
import { exponentOf, fromNumber, isZero, ONE, toNumber } from '../../evaluate/bigfloat.ts'
import { Functions } from '../../evaluate/bigfloat-functions.ts'
import type { Node } from '../../graph/node.ts'
import { dependents, reachable } from '../../graph/walk.ts'
import { isEmpty, point } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import type { Pieces } from '../pieces.ts'
import { boundsOn } from '../smooth/bounds.ts'
import type { Tape } from '../smooth/tape.ts'

/** Bits of one evaluation and of the next, which must agree with it. */
const LADDER = [96, 256, 768, 2304] as const
/** To so many bits, relative: far more than half of a double's. */
const AGREED = 40
/** Bits of all operations together that true values may take; beyond that they are not known. */
const MOST_BITS = 12_000_000
/** Enclosures as narrow as this, relative, are a value. */
const NARROW = 2 ** -34
/** Too small for the digits of a double. */
const TINY = 2 ** -1030

/** A scalar graph as a function of one variable, in binary arithmetic of many bits. */
class PreciseProgram {
  readonly #nodes: readonly Node[]
  readonly #moving: ReadonlySet<Node>
  readonly #z: Node
  /** Values that do not depend on the variable, for each number of bits. */
  readonly #still = new Map<number, Map<Node, Precise>>()

  constructor(root: Node, z: Node) {
    this.#nodes = reachable([root])
    this.#moving = dependents([root], z)
    this.#z = z
  }

  /** What one evaluation takes. */
  costOf(bits: number): number {
    return bits * this.#moving.size
  }

  at(place: number, bits: number): Precise {
    const f = Functions.of(bits)
    let still = this.#still.get(bits)
    if (still === undefined) this.#still.set(bits, (still = new Map<Node, Precise>()))
    const values = new Map<Node, Precise>([[this.#z, fromNumber(place)]])
    const valueOf = (node: Node): Precise => values.get(node) ?? still.get(node) ?? null
    for (const node of this.#nodes) {
      if (node === this.#z || still.has(node)) continue
      const value = stepOf(f, node, node.inputs.map(valueOf))
      if (this.#moving.has(node)) values.set(node, value)
      else still.set(node, value)
    }
    return valueOf(this.#nodes.at(-1)!)
  }
}

function stepOf(f: Functions, node: Node, inputs: readonly Precise[]): Precise {
  switch (node.kind) {
    case 'constant':
      return f.rational(node.value)
    case 'symbol':
      return node.name === 'pi' ? f.pi() : f.e()
    case 'map':
      return applyPrecisely(f, node.fn, inputs)
    case 'contract':
      return inputs.reduce((a, b) => (a === null || b === null ? null : f.mul(a, b)), ONE)
    default:
      return inputs[0] ?? null
  }
}

function agree(f: Functions, a: Precise, b: Precise): boolean {
  if (a === null || b === null) return a === b
  if (isZero(a) || isZero(b)) return false
  return exponentOf(f.sub(a, b)) < exponentOf(b) - AGREED
}

/** The value in narrow bounds; `null` in wide ones. */
function only(value: Interval): number | null {
  if (isEmpty(value)) return null
  const size = Math.max(Math.abs(value.lo), Math.abs(value.hi))
  const isNarrow = value.hi - value.lo <= NARROW * size || size < TINY
  return Number.isFinite(size) && isNarrow ? value.lo / 2 + value.hi / 2 : null
}

/** True values of a function and of its derivative, by whatever spelling. */
export class Truth {
  readonly #known: readonly Map<number, number | null>[] = [new Map(), new Map()]
  readonly #quick = new Map<number, readonly (number | null)[]>()
  #spent = 0
  readonly #pieces: Pieces
  readonly #tapes: readonly Tape[]
  readonly #programs: readonly PreciseProgram[]

  /**
   * `roots` are the function and its derivative with numbers in the place of the parameters; `tapes` are other spellings
   * of the function, without branches.
   */
  constructor(pieces: Pieces, tapes: readonly Tape[], roots: readonly [Node, Node], z: Node) {
    this.#pieces = pieces
    this.#tapes = tapes
    this.#programs = roots.map((root) => new PreciseProgram(root, z))
  }

  /** Whether the function is defined there, as far as its pieces are known. */
  isDefined(z: number): boolean {
    const { pieces, complete, window } = this.#pieces
    if (!complete || z <= window.lo || z >= window.hi) return true
    return pieces.some(({ from, to }) => from.lo <= z && z <= to.hi)
  }

  /** Infinite where no double is so large, `null` where it is not defined or not known. */
  at(z: number, order: 0 | 1): number | null {
    const known = this.#known[order]!
    let value = known.get(z)
    if (value === undefined) known.set(z, (value = this.quickAt(z, order) ?? this.#slowAt(z, order)))
    return value
  }

  /** The same if enclosures tell; `null` where they do not. */
  quickAt(z: number, order: 0 | 1): number | null {
    let known = this.#quick.get(z)
    if (known === undefined) this.#quick.set(z, (known = this.#enclosed(z)))
    return known[order]!
  }

  #enclosed(z: number): readonly (number | null)[] {
    const found: (number | null)[] = [null, null]
    const piece = this.#pieces.pieces.find(({ from, to }) => from.hi < z && z < to.lo)
    if (piece === undefined) return found
    for (const tape of [piece.lean, ...this.#tapes]) {
      boundsOn(tape, point(z), 1).forEach((value, order) => {
        if (found[order] === null) found[order] = only(value)
      })
      if (!found.includes(null)) break
    }
    return found
  }

  #slowAt(z: number, order: 0 | 1): number | null {
    const program = this.#programs[order]!
    this.#spent += program.costOf(LADDER[0])
    if (this.#spent > MOST_BITS) return null
    let before = program.at(z, LADDER[0])
    for (const bits of LADDER.slice(1)) {
      this.#spent += program.costOf(bits)
      if (this.#spent > MOST_BITS) return null
      const value = program.at(z, bits)
      if (agree(Functions.of(bits), before, value)) return value === null ? null : toNumber(value)
      before = value
    }
    return null
  }
}
