import { toNumber } from '../base/rational.ts'
import type { Rational } from '../base/rational.ts'
import { vjp } from '../differentiate/reverse.ts'
import type { Node } from '../graph/node.ts'
import { toText } from '../print/text.ts'
import { shorten } from '../rewrite/shorten.ts'
import { ALL, hull, intersect, isEmpty, ZERO } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { initialisationOf, momentsOf } from './moments.ts'
import type { Initialisation, Moments } from './moments.ts'
import { meet, piecesOf } from './pieces.ts'
import type { Pieces } from './pieces.ts'
import { boundsOf, CriticalPoints, largest } from './range.ts'
import type { Bounds, Enclosure } from './range.ts'
import { recognise, symmetryOf, valueOf, proveByJudge } from './recognise.ts'
import type { Prove, Recognition, Symmetry } from './recognise.ts'
import { display, extremaOf, kinksOf, limitsOf, monotoneOf, zerosOf } from './shape.ts'
import type { Extremum, Kink, Limits, Monotone, Smoothness } from './shape.ts'
import { INTERVALS } from './smooth/field.ts'
import { evaluateTape } from './smooth/jet.ts'
import { periodOf } from './smooth/period.ts'
import { stabilityOf } from './stability.ts'
import type { Instability } from './stability.ts'
import type { Subject } from './subject.ts'

/** Everything that is worth knowing about an activation. Numbers are doubles; `Enclosure`s say whether they are proven. */
export interface Analysis {
  readonly subject: Subject
  readonly pieces: Pieces
  readonly recognition: Recognition | null
  /** Simplified derivatives as text of the sheet language, and as nodes. */
  readonly derivative: string
  readonly second: string
  readonly parameterDerivatives: readonly { readonly name: string; readonly value: number; readonly text: string }[]
  /** The stretches on which the function is defined, if that is not the whole line. */
  readonly domain: readonly { readonly from: number; readonly to: number }[] | null
  readonly atZero: { readonly value: number; readonly slope: number }
  readonly limits: Limits
  readonly range: Bounds
  readonly slope: Bounds
  readonly lipschitz: Enclosure
  /** Of the derivative; infinite where that jumps. */
  readonly slopeLipschitz: Enclosure
  readonly extrema: readonly Extremum[]
  readonly slopeExtrema: readonly Extremum[]
  readonly monotone: Monotone
  readonly symmetry: Symmetry
  readonly zeros: readonly Enclosure[]
  readonly kinks: readonly Kink[]
  readonly smoothness: Smoothness
  readonly saturates: { readonly left: boolean; readonly right: boolean }
  /** Of the slope, which repeats; zeros and extrema are then those of one period. */
  readonly period: Interval | null
  readonly moments: Moments | null
  readonly initialisation: Initialisation
  readonly stability: readonly Instability[]
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
  const pieces = piecesOf(subject.root, subject.z, values)
  const points = new CriticalPoints(pieces)
  const derivatives = derivativesOf(subject)
  const range = boundsOf(pieces, points, 0)
  const slope = boundsOf(pieces, points, 1)
  const { kinks, smoothness } = kinksOf(pieces)
  const monotone = monotoneOf(pieces, points)
  const symmetry = symmetryOf(subject, prove)
  const recognition = recognise(subject, prove)
  const limits = limitsOf(pieces, 0)
  const slopes = limitsOf(pieces, 1)
  const moments = momentsOf(pieces, symmetry.proved ? symmetry.symmetry : 'none')
  const jumps = typeof smoothness === 'number' && smoothness < 0
  const infinite: Enclosure = { lo: Infinity, hi: Infinity, rigorous: true }
  const [only] = pieces.pieces
  const estimates: string[] = []
  if (!monotone.proven) estimates.push('monotone')
  if (!symmetry.proved) estimates.push('symmetry')
  if (recognition !== null && !recognition.proved) estimates.push('name')
  if (!pieces.complete) estimates.push('kinks', 'smoothness')
  return {
    subject,
    pieces,
    recognition,
    ...derivatives.texts,
    parameterDerivatives: derivatives.parameters,
    domain: domainOf(pieces),
    atZero: { value: at(subject, subject.root, 0), slope: slopeAtZero(pieces) ?? at(subject, derivatives.first, 0) },
    limits,
    range,
    slope,
    lipschitz: jumps ? infinite : largest(slope),
    slopeLipschitz: kinks.length > 0 ? infinite : largest(boundsOf(pieces, points, 2)),
    extrema: extremaOf(pieces, points, 0),
    slopeExtrema: extremaOf(pieces, points, 1),
    monotone: monotone.monotone,
    symmetry: symmetry.symmetry,
    zeros: zerosOf(pieces, points),
    kinks,
    smoothness,
    saturates: {
      left: Number.isFinite(limits.left) && slopes.left === 0,
      right: Number.isFinite(limits.right) && slopes.right === 0,
    },
    period: pieces.pieces.length === 1 ? (periodOf(only!.lean)?.period ?? null) : null,
    moments,
    initialisation: initialisationOf(moments),
    stability: stabilityOf(subject, pieces, recognition?.proved === true ? builtIn(recognition) : null),
    estimates,
  }
}

/** The sheet's own operation for a recognised activation, where there is one: its kernel is accurate everywhere. */
function builtIn({ known, parameters }: Recognition): string | null {
  const call = /^([a-z_]+)\(z(?:, ([a-z]+))?\)$/.exec(known.expression)
  if (call === null) return null
  const parameter = call[2] === undefined ? '' : `, ${parameters[call[2]] ?? call[2]}`
  return `${call[1]!}(z${parameter})`
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

/** The slope at zero where both sides agree; at a kink, `null`. */
function slopeAtZero({ pieces }: Pieces): number | null {
  const sides: Interval[] = []
  for (const piece of pieces) {
    if (piece.from.lo <= 0 && piece.to.hi >= 0) sides.push(evaluateTape(INTERVALS, piece.lean, ZERO, 1)[1]!)
  }
  const common = sides.reduce<Interval | null>((a, b) => (a === null ? null : intersect(a, b)), ALL)
  return sides.length === 0 || common === null || sides.some(isEmpty) ? null : display(hullOf(sides))
}

const hullOf = (sides: readonly Interval[]): Interval => sides.reduce(hull)

function domainOf({ pieces }: Pieces): Analysis['domain'] {
  const stretches: { from: number; to: number }[] = []
  pieces.forEach((piece, index) => {
    const last = stretches.at(-1)
    const before = pieces[index - 1]
    if (last !== undefined && before !== undefined && meet(before, piece)) last.to = piece.to.lo
    else stretches.push({ from: piece.from.hi, to: piece.to.lo })
  })
  const whole = stretches.length === 1 && stretches[0]!.from === -Infinity && stretches[0]!.to === Infinity
  return whole ? null : stretches
}
