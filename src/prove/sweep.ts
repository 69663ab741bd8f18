import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { shapeKey } from '../shape/shape.ts'
import type { Lemma } from './certificate.ts'
import { isHeavy } from './cone.ts'
import type { Merge, Scale } from './equal.ts'
import { LOCAL, provePair } from './prover.ts'
import type { ProofContext } from './prover.ts'

/** The values of all nodes at one point of the domain. */
export interface Sample {
  readonly sizes: ReadonlyMap<string, number>
  readonly values: ReadonlyMap<Node, { readonly data: Float64Array }>
}

/** Agreement that makes two nodes worth a proof: a proof decides, so a coincidence only costs time. */
const CLOSE = 1e-9

/**
 * Nodes of one side that are proved to be nodes of the other, up to a factor made of sizes, from the inputs upwards: each
 * pair with everything already merged kept closed, so that cost grows with depth and does not double at each layer.
 */
export function sweep(
  context: ProofContext,
  lhs: Node,
  rhs: Node,
  samples: readonly Sample[],
): { merged: Map<Node, Merge>; lemmas: Lemma[] } {
  const merged = new Map<Node, Merge>()
  const lemmas: Lemma[] = []
  const sides = [new Set(reachable([lhs])), new Set(reachable([rhs]))] as const
  const classes = new Map<string, Node[]>()
  for (const node of reachable([lhs, rhs])) {
    if (Date.now() > context.deadline) break
    if (node === lhs || node === rhs || node.kind === 'definition' || !isCandidate(node)) continue
    const print = fingerprint(node, samples)
    if (print === null) continue
    const known = classes.get(print) ?? []
    classes.set(print, known)
    const partner = known.find(
      (other) => sides[0].has(other) !== sides[0].has(node) || sides[1].has(other) !== sides[1].has(node),
    )
    if (partner !== undefined && !merged.has(node)) {
      const scale = scaleBetween(node, partner, samples)
      if (scale !== undefined) {
        const lemma = provePair(context, { lhs: node, rhs: partner, scale }, merged, LOCAL)
        if ('opaque' in lemma) {
          merged.set(node, { node: partner, scale })
          lemmas.push(lemma)
          continue
        }
      }
    }
    known.push(node)
  }
  return { merged, lemmas }
}

const isCandidate = (node: Node): boolean => isHeavy(node) || (node.kind === 'map' && node.shape.length > 0)

const valuesOf = (node: Node, sample: Sample): Float64Array | null => {
  const data = sample.values.get(node)?.data
  return data?.every(Number.isFinite) === true ? data : null
}

/** A key that proportional nodes share: the shape, and the first sample's values over the largest, rounded. */
function fingerprint(node: Node, samples: readonly Sample[]): string | null {
  const [first] = samples
  const data = first === undefined ? null : valuesOf(node, first)
  if (data === null) return null
  let pivot = 0
  for (const value of data) if (Math.abs(value) > Math.abs(pivot) * (1 + CLOSE)) pivot = value
  if (pivot === 0) return null
  const rounded = [...data].map((value) => (value / pivot).toFixed(7))
  return `${shapeKey(node.shape)}|${rounded.join(',').replaceAll('-0.0000000', '0.0000000')}`
}

/** The factor made of sizes between two proportional nodes: `null` for one, `undefined` where there is none that is simple. */
function scaleBetween(node: Node, partner: Node, samples: readonly Sample[]): Scale | null | undefined {
  const ratios: number[] = []
  for (const sample of samples) {
    const [a, b] = [valuesOf(node, sample), valuesOf(partner, sample)]
    if (a === null || b === null || a.length !== b.length) return undefined
    const ratio = ratioOf(a, b)
    if (ratio === null) return undefined
    ratios.push(ratio)
  }
  if (ratios.every((ratio) => Math.abs(ratio - 1) < CLOSE)) return null
  for (const scale of simpleScales(samples)) {
    const fits = samples.every((sample, at) => Math.abs(scaleValue(scale, sample) / ratios[at]! - 1) < CLOSE)
    if (fits) return scale
  }
  return undefined
}

function ratioOf(a: Float64Array, b: Float64Array): number | null {
  let pivot = 0
  for (let i = 0; i < b.length; i++) if (Math.abs(b[i]!) > Math.abs(b[pivot]!)) pivot = i
  const ratio = a[pivot]! / b[pivot]!
  const size = Math.abs(b[pivot]!)
  for (let i = 0; i < b.length; i++) if (Math.abs(a[i]! - ratio * b[i]!) > CLOSE * Math.abs(ratio) * size) return null
  return Number.isFinite(ratio) && ratio !== 0 ? ratio : null
}

const NUMBERS: readonly (readonly [bigint, bigint])[] = [[1n, 1n], [2n, 1n], [1n, 2n], [3n, 1n], [1n, 3n], [4n, 1n], [1n, 4n]] // prettier-ignore

/** Small rationals times at most two size names to the power 1 or -1. */
function* simpleScales(samples: readonly Sample[]): Generator<Scale> {
  const names = [...(samples[0]?.sizes.keys() ?? [])]
  const powers: ReadonlyMap<string, number>[] = [new Map()]
  for (const name of names) for (const exponent of [-1, 1]) powers.push(new Map([[name, exponent]]))
  for (const [at, a] of names.entries()) {
    for (const b of names.slice(at + 1)) {
      for (const x of [-1, 1]) for (const y of [-1, 1]) powers.push(new Map([[a, x], [b, y]])) // prettier-ignore
    }
  }
  for (const power of powers) {
    for (const [n, d] of NUMBERS) {
      yield { n, d, powers: power }
      yield { n: -n, d, powers: power }
    }
  }
}

function scaleValue({ n, d, powers }: Scale, sample: Sample): number {
  let value = Number(n) / Number(d)
  for (const [name, exponent] of powers) value *= (sample.sizes.get(name) ?? 1) ** exponent
  return value
}
