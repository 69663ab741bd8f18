import type { Node } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { reachable } from '../../graph/walk.ts'
import type { Declared } from '../assumptions.ts'
import type { Merge, Scale } from '../equal.ts'
import { nodeTraits } from '../node-traits.ts'
import { costOf, Evaluation, ordered, workOf } from './evaluate.ts'
import type { Setting, Work } from './evaluate.ts'
import { NoRoot } from './oracle.ts'
import { relationsOf } from './relations.ts'
import type { Entry } from './field.ts'
import { chooseSizes } from './sizes.ts'
import type { Lengths } from './sizes.ts'

export interface ResidueRequest {
  readonly lhs: Node
  readonly rhs: Node
  /** `lhs` is claimed to be `rhs` times this. */
  readonly scale: Scale | null
  /** Arrays that get random values instead of their own. */
  readonly closed: ReadonlySet<Node>
  readonly merged: ReadonlyMap<Node, Merge>
  readonly assumptions: readonly Assumption[]
  readonly declared: Declared
  readonly seed: number
  /** Points at which the sides are compared. */
  readonly points: number
  /** The least length of a size, where more than usual is wanted. */
  readonly least?: (name: string) => number
}

/** Where residues differ: all that is needed to see it again. */
export interface ResiduePoint {
  readonly seed: number
  readonly sizes: Lengths
  readonly prime: bigint
}

export type ResidueResult =
  | { readonly kind: 'agrees'; readonly points: number; readonly primes: readonly bigint[] }
  | { readonly kind: 'differs'; readonly point: ResiduePoint }
  /** They differ, and something without an exact meaning took part. */
  | { readonly kind: 'inconclusive'; readonly reason: string }
  | { readonly kind: 'undefined'; readonly reason: string }

/** Products of residues that one point may cost; each takes about a fifth of a microsecond. */
const MOST_WORK = 12_000
/** Work of a point after which one is enough. */
const CHEAP = 3_000
/** Points drawn until one is found at which all roots exist. */
const MOST_DRAWS = 24
/** Draws after which sizes are halved, so that fewer roots have to exist together. */
const PATIENT_DRAWS = 8

/**
 * Compares two nodes by exact arithmetic modulo primes at random points of pairwise different sizes. A true identity of
 * sums, products, quotients, powers and exponentials agrees there always, a false one at one point in about 2^60.
 */
export function compareResidues(request: ResidueRequest): ResidueResult {
  const prepared = prepare(request)
  if (prepared === null) return { kind: 'undefined', reason: 'a value would be read from itself' }
  const primes: bigint[] = []
  let reason = ''
  for (let point = 0; point < request.points; point++) {
    const found = comparePoint(request, prepared, point)
    if (found.kind === 'undefined') reason = found.reason
    else if (found.equal) {
      primes.push(found.prime)
      if (found.cost > CHEAP) break
    } else {
      const disobeyed = disobeyedAt(request, prepared, found, point)
      if (disobeyed.length > 0) return { kind: 'undefined', reason: `no random values obey ${disobeyed.join(', ')}` }
      if (found.consulted.size > 0)
        return { kind: 'inconclusive', reason: `${[...found.consulted].join(', ')} took part` }
      return { kind: 'differs', point: { seed: request.seed, sizes: found.sizes, prime: found.prime } }
    }
  }
  return primes.length === 0 ? { kind: 'undefined', reason } : { kind: 'agrees', points: primes.length, primes }
}

interface Prepared {
  readonly setting: Setting
  readonly work: Work
  readonly names: readonly string[]
  /** Assumptions about sizes alone. */
  readonly about: readonly Assumption[]
  /** Declared equalities about data that the sides are made of. */
  readonly equalities: readonly Assumption[]
}

/** `null` where a node is to be read from itself. */
function prepare(request: ResidueRequest): Prepared | null {
  const { lhs, rhs, declared, assumptions, closed, merged, scale } = request
  const bare: Setting = {
    closed,
    merged: new Map([...merged].map(([node, merge]) => [node, { node: merge.node, factor: (sizes: Lengths) => factorAt(merge.scale, sizes) }])), // prettier-ignore
    solved: declared.solved,
    traits: nodeTraits([lhs, rhs, ...assumptions.flatMap((one) => [one.lhs, one.rhs])], declared.traits),
    ranges: new Map(),
    totals: new Map(),
  }
  const order = ordered(bare, [lhs, rhs])
  if (order === null) return null
  const read = new Set(order)
  const about = assumptions.filter(({ aboutSizes }) => aboutSizes)
  const relevant = assumptions.filter((one) => reachable([one.lhs, one.rhs]).some((node) => node.kind === 'input' && read.has(node))) // prettier-ignore
  const { ranges, totals } = relationsOf(relevant)
  const setting = { ...bare, ranges, totals }
  const work = totals.size === 0 ? workOf(setting, [lhs, rhs], order) : workOf(setting, [lhs, rhs])
  if (work === null) return null
  const equalities = relevant.filter(({ relation, aboutSizes }) => relation === 'equal' && !aboutSizes)
  const named = [...work.order, ...reachable([...about, ...equalities].flatMap((one) => [one.lhs, one.rhs]))]
  const names = [...new Set([...named.flatMap(sizeNamesOf), ...[...merged.values()].flatMap((merge) => [...(merge.scale?.powers.keys() ?? [])]), ...(scale?.powers.keys() ?? [])])] // prettier-ignore
  return { setting, work, names, about, equalities }
}

function sizeNamesOf(node: Node): string[] {
  const sizes = node.kind === 'contract' ? node.spec.sizes : node.kind === 'size' ? [node.size] : node.shape
  return sizes.flatMap(({ terms }) => terms.flatMap(({ powers }) => powers.map(([name]) => name)))
}

/** A factor made of sizes as a fraction. */
function factorAt(scale: Scale | null, sizes: Lengths): readonly [bigint, bigint] {
  if (scale === null) return [1n, 1n]
  let [n, d] = [scale.n, scale.d]
  for (const [name, exponent] of scale.powers) {
    const power = BigInt(sizes.get(name) ?? 1) ** BigInt(Math.abs(exponent))
    if (exponent > 0) n *= power
    else d *= power
  }
  return [n, d]
}

type PointResult =
  | { readonly kind: 'compared'; readonly equal: boolean; readonly prime: bigint; readonly sizes: Lengths; readonly draw: number; readonly cost: number; readonly consulted: ReadonlySet<string> } // prettier-ignore
  | { readonly kind: 'undefined'; readonly reason: string }

function comparePoint(request: ResidueRequest, prepared: Prepared, point: number): PointResult {
  const { names, about, work } = prepared
  const { seed, least = () => 1 } = request
  const affordable = (sizes: Lengths): boolean => costOf(work, sizes) <= MOST_WORK
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const sizes = chooseSizes({ names, about, point, seed, small: draw >= PATIENT_DRAWS, least, affordable })
    if (sizes === null) return { kind: 'undefined', reason: 'no sizes were found that are small enough and allowed' }
    try {
      return compareAt(request, prepared, sizes, point, draw)
    } catch (error) {
      if (!(error instanceof NoRoot)) throw error
    }
  }
  return { kind: 'undefined', reason: 'no point was found at which all roots exist' }
}

function compareAt(
  request: ResidueRequest,
  { setting, work }: Prepared,
  sizes: Lengths,
  point: number,
  draw: number,
): PointResult {
  const evaluation = new Evaluation(setting, sizes, request.seed, point, draw)
  evaluation.run(work)
  const { field } = evaluation.chain[0]!
  const lhs = evaluation.value(request.lhs).at(0)
  const rhs = evaluation.value(request.rhs).at(0)
  const factor = field.ratio(...factorAt(request.scale, sizes))
  let compared = 0
  let equal = true
  // A scalar may stand for an array of one entry.
  const count = Math.max(lhs.length, rhs.length)
  for (let i = 0; i < count; i++) {
    const left = lhs[lhs.length === 1 ? 0 : i] as Entry
    const right = rhs[rhs.length === 1 ? 0 : i] as Entry
    if (left === null || right === null || factor === null) continue
    compared++
    if (left !== (right * factor) % field.p) equal = false
  }
  if (compared === 0) return { kind: 'undefined', reason: 'no entry is defined on both sides' }
  return {
    kind: 'compared',
    equal,
    prime: field.p,
    sizes,
    cost: costOf(work, sizes),
    draw,
    consulted: evaluation.oracle.consulted,
  }
}

/** The declared equalities that do not hold at a point, or cannot be seen to: there a difference says nothing. */
function disobeyedAt(
  request: ResidueRequest,
  { setting, equalities }: Prepared,
  { sizes, draw }: PointResult & { kind: 'compared' },
  point: number,
): string[] {
  const all = equalities.map(({ text }) => text)
  const roots = [request.lhs, request.rhs, ...equalities.flatMap(({ lhs, rhs }) => [lhs, rhs])]
  const work = all.length === 0 ? null : workOf(setting, roots)
  if (work === null) return all
  // Values are drawn in the order of nodes, so all of them are drawn again.
  const evaluation = new Evaluation(setting, sizes, request.seed, point, draw)
  try {
    evaluation.run(work)
  } catch (error) {
    if (error instanceof NoRoot) return all
    throw error
  }
  return equalities.filter(({ lhs, rhs }) => !evaluation.agree(lhs, rhs)).map(({ text }) => text)
}
