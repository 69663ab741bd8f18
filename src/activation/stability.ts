import { vjp } from '../differentiate/reverse.ts'
import type { Node } from '../graph/node.ts'
import type { Rational } from '../base/rational.ts'
import { toText } from '../print/text.ts'
import { Judge } from './floats/faults.ts'
import { FLOAT_TYPES, FORMATS } from './floats/format.ts'
import type { FloatType } from './floats/format.ts'
import { exactPlaces, samplesOf } from './floats/places.ts'
import { Program } from './floats/program.ts'
import { regionsOf } from './floats/regions.ts'
import type { Region } from './floats/regions.ts'
import { problemText, regionText } from './floats/wording.ts'
import { Truth } from './floats/truth.ts'
import { ALL } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'
import { drifts } from './period.ts'
import type { Period } from './period.ts'
import type { Pieces } from './pieces.ts'
import { tapeAround } from './smooth/tape.ts'
import { speltOut, stableSpelling } from './spelling.ts'
import { settled } from './subject.ts'
import type { Subject } from './subject.ts'

/** Where a spelling goes wrong in floating point. */
export interface Instability {
  readonly type: FloatType
  /** Of the function or of its derivative as reverse mode computes it. */
  readonly of: 'value' | 'slope'
  readonly spelling: string
  /** In words; of a function that repeats, in one period. */
  readonly region: string
  readonly from: number
  readonly to: number
  readonly problem: string
  /** Whether the result is right all the same, or a slope whose error is within the rounding of the largest. */
  readonly harmless: boolean
  /** A spelling that does better, or that none is known. */
  readonly use: string
}

export interface Stability {
  readonly faults: readonly Instability[]
  /** At how many places each spelling was computed and compared. */
  readonly samples: number
}

const ORDERS = [0, 1] as const

/** A function and its derivative in one spelling. */
interface Spelling {
  readonly node: Node
  readonly programs: readonly [Program, Program]
}

interface Found {
  readonly type: FloatType
  readonly order: 0 | 1
  readonly region: Region
  /** How many of the samples it holds. */
  readonly size: number
}

/**
 * The faults of a function and its derivative as a formula spells them, as they are written, and in the spelling that was
 * found to do better than these. `known` is the same function as the list of known ones spells it.
 */
export function stabilityOf(subject: Subject, pieces: Pieces, known: Node | null): Stability {
  const { builder, root, z } = subject
  const written = new Set([speltOut(builder, root), root])
  const candidates = new Set([...(known === null ? [] : [known]), stableSpelling(builder, root), root])
  const spellings = [...new Set([...written, ...candidates])].map((node): Spelling => {
    const slope = vjp(builder, node, [z])[0]!
    return { node, programs: [new Program(node, subject), new Program(slope, subject)] }
  })
  const search = new Search(subject, pieces, spellings)
  const found = new Map(spellings.map((spelling) => [spelling.node, search.faultsOf(spelling)]))
  const isBetter = (a: Node, b: Node): boolean => isLess(weightOf(found.get(a)!), weightOf(found.get(b)!))
  const best = [...candidates].reduce((a, b) => (isBetter(b, a) ? b : a))
  const faults = spellings.flatMap(({ node, programs }) => {
    if (node !== best && !written.has(node)) return []
    const use = isBetter(best, node) ? toText(best) : NOTHING_BETTER
    return found.get(node)!.map(({ type, order, region }): Instability => ({
      type,
      of: order === 0 ? 'value' : 'slope',
      spelling: toText(node),
      region: regionText(region, repetition(pieces, order)),
      from: region.from,
      to: region.to,
      problem: problemText(region.fault, programs[order].root),
      harmless: region.fault.harmless,
      use,
    }))
  })
  return { faults, samples: search.samples }
}

export const NOTHING_BETTER = 'no stable spelling is known'

/** Computes spellings at the same places. */
class Search {
  /** The most places at which one spelling was computed. */
  samples = 0
  readonly #truth: Truth
  readonly #largest: number
  readonly #windows: readonly Interval[]
  readonly #places: readonly (readonly number[])[]
  readonly #exact: readonly number[]

  constructor(subject: Subject, pieces: Pieces, spellings: readonly Spelling[]) {
    this.#truth = truthOf(subject, pieces, spellings)
    this.#largest = steepest(this.#truth)
    this.#exact = exactPlaces(pieces)
    this.#windows = ORDERS.map((order) => (repetition(pieces, order) === null ? ALL : pieces.window))
    this.#places = ORDERS.map(
      (order) =>
      samplesOf(spellings.map(({ programs }) => programs[order]), pieces, this.#windows[order]!), // prettier-ignore
    )
  }

  faultsOf({ programs }: Spelling): Found[] {
    return ORDERS.flatMap((order) => FLOAT_TYPES.flatMap((type) => this.#faultsIn(programs[order], order, type)))
  }

  #faultsIn(program: Program, order: 0 | 1, type: FloatType): Found[] {
    const format = FORMATS[type]
    const { round, smallest, largest } = format
    const judge = new Judge(program, order, this.#truth, format, this.#largest)
    const isRegular = (z: number): boolean =>
      Math.abs(z) >= smallest && Math.abs(z) <= largest && !this.#exact.includes(z)
    const samples = [...new Set(this.#places[order]!.map(round))].filter(isRegular)
    this.samples = Math.max(this.samples, samples.length)
    const missed = this.#exact.flatMap((z): Region[] => {
      const fault = round(z) === z ? judge.missing(z) : null
      return fault === null ? [] : [{ from: z, to: z, fault }]
    })
    const regions = regionsOf(judge, samples, this.#windows[order]!).filter((region) => region.from !== region.to)
    return [...missed, ...regions].map((region) => ({
      type,
      order,
      region,
      size: Math.max(1, samples.filter((z) => region.from <= z && z <= region.to).length),
    }))
  }
}

/** How much goes wrong, and how much does without harm. */
function weightOf(found: readonly Found[]): readonly [number, number] {
  const count = (harmless: boolean): number =>
    found.reduce((sum, { region, size }) => (region.fault.harmless === harmless ? sum + size : sum), 0)
  return [count(false), count(true)]
}

const isLess = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

/** How the function, or its derivative, comes again; `null` where it does not. */
const repetition = ({ period }: Pieces, order: 0 | 1): Period | null =>
  period !== null && (order === 1 || !drifts(period)) ? period : null

function truthOf(subject: Subject, pieces: Pieces, spellings: readonly Spelling[]): Truth {
  const values = new Map<Node, Rational>(subject.parameters.map(({ node, value }) => [node, value]))
  const { sample } = pieces.pieces[0]!
  const tapes = spellings
    .map(({ node }) => tapeAround(node, subject.z, values, sample))
    .filter((tape) => tape.defined && tape.guards.length === 0)
  const { builder, root, z } = settled(subject)
  return new Truth(pieces, tapes, [root, vjp(builder, root, [z])[0]!], z)
}

/** The size of the largest slope near the origin. */
function steepest(truth: Truth): number {
  const places = [0, ...[1e-4, 1e-3, 0.01, 0.1, 0.5, 1, 2, 4].flatMap((z) => [-z, z])]
  return Math.max(...places.map((z) => Math.abs(truth.quickAt(z, 1) ?? 0)).filter(Number.isFinite))
}
