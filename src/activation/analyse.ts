import { toNumber } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { vjp } from '../differentiate/reverse.ts'
import type { Node } from '../graph/node.ts'
import { toText } from '../print/text.ts'
import { shorten } from '../rewrite/shorten.ts'
import { endValue } from './critical.ts'
import { display } from './display.ts'
import { ALL, hull, intersect, interval, isEmpty, isPoint, magnitude, middle, mul, ZERO } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { withoutSquares } from './exact/squares.ts'
import { holesOf, kinksOf, sideLimit } from './kinks.ts'
import type { Hole, Kink, Smoothness } from './kinks.ts'
import { initialisationOf, momentsOf } from './moments.ts'
import type { Initialisation, Moments } from './moments.ts'
import { drifts } from './period.ts'
import type { Period } from './period.ts'
import { isApart, piecesOf } from './pieces.ts'
import type { Piece, Pieces } from './pieces.ts'
import { acrossGaps, boundsOf, CriticalPoints, largest } from './range.ts'
import type { Bounds, Enclosure } from './range.ts'
import { proveByJudge, recognise, valueOf } from './recognise.ts'
import type { Prove, Recognition } from './recognise.ts'
import { extremaOf, isComplete, limitsOf, monotoneOf, zerosOf } from './shape.ts'
import type { Extremum, Limits, Monotone, Zero } from './shape.ts'
import { boundsOn } from './smooth/bounds.ts'
import { stabilityOf } from './stability.ts'
import type { Instability } from './stability.ts'
import type { Subject } from './subject.ts'
import { symmetryOf } from './symmetry.ts'
import type { Symmetry } from './symmetry.ts'

/** A stretch of the domain, and whether its ends belong to it. */
export interface Stretch {
  readonly from: number
  readonly to: number
  readonly closed: { readonly left: boolean; readonly right: boolean }
}

/** An end of the domain; the limit is `null` where none is known. */
export interface End {
  readonly at: number
  readonly limit: number | null
}

/** Everything that is worth knowing about an activation. Numbers are doubles; `Enclosure`s say whether they are proven. */
export interface Analysis {
  readonly subject: Subject
  readonly pieces: Pieces
  readonly recognition: Recognition | null
  /** Simplified derivatives as text of the sheet language, and as nodes. */
  readonly derivative: string
  readonly second: string
  readonly parameterDerivatives: readonly { readonly name: string; readonly value: number; readonly text: string }[]
  /** The stretches on which the function is defined, if that is not the whole line; of a periodic one, in one period. */
  readonly domain: readonly Stretch[] | null
  /** Single places where it is not defined, in one period. */
  readonly holes: readonly Hole[]
  readonly atZero: { readonly value: number; readonly slope: number }
  /** At infinity. */
  readonly limits: Limits
  /** Where the domain ends at a number, and what the function tends to there. */
  readonly ends: { readonly left: End | null; readonly right: End | null }
  readonly range: Bounds
  readonly slope: Bounds
  readonly lipschitz: Enclosure
  /** Of the derivative; infinite where that jumps. */
  readonly slopeLipschitz: Enclosure
  readonly extrema: readonly Extremum[]
  readonly slopeExtrema: readonly Extremum[]
  readonly monotone: Monotone
  readonly symmetry: Symmetry
  readonly zeros: readonly Zero[]
  /** Where it is not known whether there are zeros. */
  readonly unknownZeros: readonly Interval[]
  readonly kinks: readonly Kink[]
  readonly smoothness: Smoothness
  readonly saturates: { readonly left: boolean; readonly right: boolean }
  /** Kinks, holes, zeros and extrema are then those of one period. */
  readonly period: Period | null
  /** Whether the lists name all there are, rather than those between some bounds. */
  readonly listed: { readonly zeros: boolean; readonly extrema: boolean; readonly slopeExtrema: boolean }
  readonly moments: Moments | null
  readonly initialisation: Initialisation
  readonly stability: readonly Instability[]
  /** At how many floats spellings were compared with the function. */
  readonly floatSamples: number
  /** Facts above that are tested but not proven. */
  readonly estimates: readonly string[]
}

export interface AnalyseOptions {
  readonly prove?: Prove
}

/**
 * All facts about an activation. Throws `argument` where it is defined for no real `z`, `unsupported` for whole-array
 * operations, `not-differentiable` where no derivative can be taken.
 */
export function analyse(subject: Subject, { prove = proveByJudge }: AnalyseOptions = {}): Analysis {
  const values = new Map<Node, Rational>(subject.parameters.map(({ node, value }) => [node, value]))
  const pieces = piecesOf(withoutSquares(subject.builder, subject.root, subject.z, values), subject.z, values)
  const points = new CriticalPoints(pieces)
  const derivatives = derivativesOf(subject)
  const range = boundsOf(pieces, points, 0)
  const slope = boundsOf(pieces, points, 1)
  const { kinks, smoothness } = kinksOf(pieces)
  const monotone = monotoneOf(pieces, points, smoothness)
  const extrema = extremaOf(pieces, points, 0)
  const slopeExtrema = extremaOf(pieces, points, 1)
  const { zeros, unknown } = zerosOf(pieces, points)
  const turns = pieces.pieces.flatMap((_, index) => points.of(index, 1).zeros.map(({ at }) => middle(at)))
  const isContinuous = smoothness.proven && (smoothness.order === 'analytic' || smoothness.order >= 0)
  const seams = pieces.pieces.slice(1).map(({ from }) => from)
  const found = symmetryOf(subject, pieces, turns, prove)
  // A proof leaves kinks out; at those that are doubles values were compared.
  const isEverywhere = isContinuous || found.symmetry === 'none' || seams.every(isPoint)
  const symmetry = { ...found, proved: found.proved && isEverywhere }
  const domain = domainOf(pieces)
  // Those that have a name are defined everywhere.
  const recognition = domain === null ? recognise(subject, { seams, isContinuous }, prove) : null
  const limits = limitsOf(pieces, 0)
  const slopes = limitsOf(pieces, 1)
  const moments = momentsOf(pieces, symmetry.proved ? symmetry.symmetry : 'none')
  const { order } = smoothness
  const jumps = order !== 'analytic' && order < 0 && !smoothness.isLeast
  const holes = holesOf(pieces)
  const isDefinedAtZero = domain === null || domain.some((stretch) => contains(stretch, 0))
  const infinite: Enclosure = { lo: Infinity, hi: Infinity, rigorous: true }
  const estimates: string[] = []
  if (!monotone.proven) estimates.push('monotone')
  if (!symmetry.proved) estimates.push('symmetry')
  if (recognition?.proved === false) estimates.push('name')
  if (!pieces.complete || pieces.isPartial) estimates.push('domain', 'kinks')
  if (!smoothness.proven) estimates.push('smoothness')
  if (!limits.known) estimates.push('limits')
  const mayLevel = Number.isFinite(limits.left) || Number.isFinite(limits.right)
  if (!pieces.complete || (mayLevel && !slopes.known)) estimates.push('saturates')
  const isKnown = recognition?.proved === true && !recognition.isAtValues
  const stability = stabilityOf(subject, pieces, isKnown ? recognition.root : null)
  return {
    subject,
    pieces,
    recognition,
    ...derivatives.texts,
    parameterDerivatives: derivatives.parameters,
    domain,
    atZero: {
      value: isDefinedAtZero ? at(subject, subject.root, 0) : NaN,
      slope: isDefinedAtZero ? slopeAtZero(pieces, at(subject, derivatives.first, 0)) : NaN,
    },
    holes,
    limits,
    ends: { left: domainEnd(pieces, -1), right: domainEnd(pieces, 1) },
    range,
    slope,
    lipschitz: jumps ? infinite : acrossGaps(pieces, largest(slope)),
    slopeLipschitz: kinks.length > 0 ? infinite : acrossGaps(pieces, largest(boundsOf(pieces, points, 2)), 1),
    listed: {
      zeros: isComplete(pieces, points, 0) && (pieces.period === null || !drifts(pieces.period) || staysAway(pieces)),
      extrema: isComplete(pieces, points, 1),
      slopeExtrema: isComplete(pieces, points, 2),
    },
    extrema,
    slopeExtrema,
    monotone: monotone.monotone,
    symmetry: symmetry.symmetry,
    zeros,
    unknownZeros: unknown,
    kinks,
    smoothness,
    saturates: {
      left: Number.isFinite(limits.left) && slopes.left === 0,
      right: Number.isFinite(limits.right) && slopes.right === 0,
    },
    period: pieces.period,
    moments,
    initialisation: initialisationOf(moments),
    stability: stability.faults,
    floatSamples: stability.samples,
    estimates,
  }
}

function derivativesOf(subject: Subject): {
  first: Node
  texts: { derivative: string; second: string }
  parameters: Analysis['parameterDerivatives']
} {
  const { builder, root, z, parameters } = subject
  const raw = vjp(builder, root, [z, ...parameters.map(({ node }) => node)])
  const [first, ...byParameter] = shorten(builder, raw) as [Node, ...Node[]]
  const [second] = shorten(builder, vjp(builder, first, [z])) as [Node]
  return {
    first: raw[0]!,
    texts: { derivative: toText(first), second: toText(second) },
    parameters: parameters.map(({ name, value }, index) => ({
      name,
      value: toNumber(value),
      text: toText(byParameter[index]!),
    })),
  }
}

/** The value of a node at a place, by the plain kernels. */
function at(subject: Subject, node: Node, z: number): number {
  const given = new Map<Node, number>(
    subject.parameters.map((parameter) => [parameter.node, toNumber(parameter.value)]),
  )
  return valueOf(node, given.set(subject.z, z)) + 0
}

/** The slope at zero where both sides agree; where not, that which the formula gives; `NaN` outside of the domain. */
function slopeAtZero({ pieces }: Pieces, formula: number): number {
  const sides: Interval[] = []
  for (const piece of pieces) {
    if (piece.lean.removable.includes(0)) return NaN
    if (piece.from.lo <= 0 && piece.to.hi >= 0) sides.push(endOrInside(piece))
  }
  if (sides.length === 0) return NaN
  const common = sides.reduce<Interval | null>((a, b) => (a === null ? null : intersect(a, b)), ALL)
  return common === null || sides.some(isEmpty) ? formula : display(hullOf(sides))
}

/** Whether a function that drifts has no zeros but those in its window: one turn farther it is beyond all its values there. */
function staysAway({ pieces, period }: Pieces): boolean {
  const most = Math.max(
    ...pieces.map(({ lean, from, to }) => magnitude(boundsOn(lean, interval(from.lo, to.hi), 0)[0]!)),
  )
  const turn = mul(period!.slope, period!.length)
  return most < Math.min(Math.abs(turn.lo), Math.abs(turn.hi))
}

function endOrInside(piece: Piece): Interval {
  if (piece.from.hi < 0 && piece.to.lo > 0) return boundsOn(piece.lean, ZERO, 1)[1]!
  return endValue(piece, 1, piece.from.hi < 0 ? 1 : -1)
}

const hullOf = (sides: readonly Interval[]): Interval => sides.reduce(hull)

function domainEnd({ pieces, period, isPartial }: Pieces, side: -1 | 1): End | null {
  const piece = side < 0 ? pieces[0]! : pieces.at(-1)!
  const end = side < 0 ? piece.from : piece.to
  if (period !== null || isPartial || !Number.isFinite(end.lo)) return null
  const limit = sideLimit(piece, side)
  return { at: display(end), limit: limit === null ? null : display(limit) }
}

const contains = ({ from, to, closed }: Stretch, z: number): boolean =>
  (from < z || (closed.left && from === z)) && (z < to || (closed.right && z === to))

function domainOf({ pieces, window }: Pieces): Analysis['domain'] {
  const stretches: Stretch[] = []
  pieces.forEach((piece, index) => {
    const last = stretches.at(-1)
    const before = pieces[index - 1]
    const holes = piece.lean.removable.filter((c) => c > piece.from.hi && c < piece.to.lo).sort((a, b) => a - b)
    const ends = [...holes, display(piece.to)]
    const { closed } = piece
    ends.forEach((to, at) => {
      const isLast = at === ends.length - 1
      const right = isLast && closed.right
      const goesOn = before !== undefined && piece.contact !== 'open' && !isApart(before, piece)
      if (at === 0 && last !== undefined && goesOn) {
        stretches[stretches.length - 1] = { ...last, to, closed: { ...last.closed, right } }
      } else {
        const from = at === 0 ? display(piece.from) : ends[at - 1]!
        stretches.push({ from, to, closed: { left: at === 0 && closed.left, right } })
      }
    })
  })
  const [only, more] = stretches
  return more === undefined && only!.from <= window.lo && only!.to >= window.hi ? null : stretches
}
