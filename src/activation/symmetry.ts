import type { Rational } from '../base/rational.ts'
import type { Node } from '../graph/node.ts'
import { INTERVALS } from './smooth/field.ts'
import { evaluateTape } from './smooth/jet.ts'
import { partOf, tapeAround } from './smooth/tape.ts'
import { isEmpty, neg, point } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import type { Pieces } from './pieces.ts'
import { proveByJudge } from './recognise.ts'
import type { Prove } from './recognise.ts'
import { replaced, settled } from './subject.ts'
import type { Subject } from './subject.ts'

/** `none` where it is neither, and where it is not known whether it is one of them. */
export type Symmetry = 'odd' | 'even' | 'none'

/** Places on all scales. */
const PLACES = [0, 0.3, 0.9, 1.7, 2.6, 6.7, 20, 300, 1e-3, 1e-6, 1e-12, 1e-30, 1e5, 1e12, 1e30]

/** How far from a place where something happens the function is looked at, relative to it. */
const NEARBY = [1, 1 - 1e-3, 1 + 1e-3, 1 - 1e-6, 1 + 1e-6, 0.9, 1.1]

/**
 * Whether `g(-z)` is `g(z)` or `-g(z)`: refuted by bounds at some place, else by proof. `places` are those where something
 * happens. Both is only zero, which counts as even.
 */
export function symmetryOf(
  subject: Subject,
  { pieces }: Pieces,
  places: readonly number[],
  prove: Prove = proveByJudge,
): { readonly symmetry: Symmetry; readonly proved: boolean } {
  const here = settled(subject)
  const { builder, z, root } = here
  const ends = pieces.flatMap(({ from, to, sample }) => [from.lo, to.hi, sample]).filter(Number.isFinite)
  const special = [...places, ...ends].map(Math.abs).filter((at) => at > 0)
  const all = [...new Set([...PLACES, ...special.flatMap((at) => NEARBY.map((factor) => at * factor))])].slice(0, MOST)
  const isRefuted = (sign: 1 | -1): boolean => all.some((at) => differ(here, at, sign))
  const canBe = { even: !isRefuted(1), odd: !isRefuted(-1) }
  if (canBe.even || canBe.odd) {
    const mirrored = replaced(builder, root, new Map<Node, Node>([[z, builder.call('neg', z)]]))
    if (canBe.even && prove(builder, mirrored, root, here)) return { symmetry: 'even', proved: true }
    if (canBe.odd && prove(builder, mirrored, builder.call('neg', root), here)) return { symmetry: 'odd', proved: true }
  }
  return { symmetry: 'none', proved: !canBe.even && !canBe.odd }
}

const MOST = 200

/** Whether bounds show that `g(-z)` is not `sign*g(z)`, or only one of them is defined. */
function differ(subject: Subject, z: number, sign: 1 | -1): boolean {
  const [a, b] = [valueAt(subject, z), valueAt(subject, -z)]
  if (a === 'unknown' || b === 'unknown') return false
  if (a === null || b === null) return a !== b
  const mirrored = sign === 1 ? b : neg(b)
  return a.hi < mirrored.lo || mirrored.hi < a.lo
}

/** Bounds of the value at a place, `null` where it is not defined there. */
function valueAt({ root, z }: Subject, at: number): Interval | null | 'unknown' {
  const tape = tapeAround(root, z, NOTHING, at)
  if (!tape.certain) return 'unknown'
  if (!tape.defined) return null
  const value = evaluateTape(INTERVALS, partOf(tape, tape.result), point(at), 0)[0]!
  return isEmpty(value) ? 'unknown' : value
}

const NOTHING = new Map<Node, Rational>()
