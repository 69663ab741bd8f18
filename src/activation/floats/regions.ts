import type { Interval } from '../interval/interval.ts'
import type { Fault, Finding, Judge } from './faults.ts'
import { between } from './places.ts'

/** Where a fault holds: from one place to another, either of which may be infinite; a single place where both are the same. */
export interface Region {
  readonly from: number
  readonly to: number
  readonly fault: Fault
}

/** How near to each other, relative to the distance from what is in their middle, the two sides of a threshold are. */
const PRECISION = 1e-7
/** Bounds jump where a value passes a power of two; two ends that are so near to each other, relative, are such a jump. */
const TOUCHING = 1e-5
const TRIALS = 8

const keyOf = (finding: Finding): string =>
  typeof finding === 'string' ? finding : JSON.stringify([finding.kind, finding.node?.id, `${finding.value}`, finding.result, finding.harmless]) // prettier-ignore

/**
 * A region that begins this close to zero, and ends so many times as far from it, begins at zero. Nearer to zero the function
 * itself is too small for the format.
 */
const TINY = 1e-12
const VAST = 1e9
const beginning = (near: number, far: number): number =>
  Math.abs(near) < TINY && VAST * Math.abs(near) < Math.abs(far) ? 0 : near

/** The regions of a window in which faults hold at neighbouring samples, their ends found by bisection. */
export function regionsOf(judge: Judge, samples: readonly number[], window: Interval): Region[] {
  const findings = samples.map((z) => judge.at(z))
  const keys = findings.map(keyOf)
  const found: Region[] = []
  for (const key of new Set(keys.filter((_, at) => typeof findings[at] !== 'string'))) {
    // The true value takes long: it is asked for only where nothing else tells one side of the threshold from the other.
    const edge = (outside: number, inside: number): number => {
      const sign = judge.signAt(inside)
      const isTold = judge.signAt(outside) !== sign
      return border(outside, inside, (z) => (isTold ? judge.signAt(z) === sign : keyOf(judge.at(z)) === key))
    }
    for (let first = keys.indexOf(key); first >= 0; first = keys.indexOf(key, first + 1)) {
      const last = lastOf(keys, first, key)
      const fault = findings[first] as Fault
      // Where the true value is no longer known, what breaks goes on breaking.
      const isOpen = (begin: number, end: number): boolean =>
        begin === end || (fault.kind === 'overflow' && keys.slice(begin, end).every((other, at) => other === 'unknown' && judge.breaksAt(samples[begin + at]!))) // prettier-ignore
      const from = isOpen(0, first) ? window.lo : edge(samples[first - 1]!, samples[first]!)
      const to = isOpen(last + 1, keys.length) ? window.hi : edge(samples[last + 1]!, samples[last]!)
      const region = { from: beginning(from, to), to: beginning(to, from), fault }
      if (fault.kind === 'overflow' || isSeen(judge, region, samples.slice(first, last + 1))) found.push(region)
      first = last
    }
  }
  return joined(found)
}

/** Regions of one fault that meet are one. */
function joined(regions: readonly Region[]): Region[] {
  const result: Region[] = []
  for (const region of regions) {
    const last = result.at(-1)
    const meets = last !== undefined && keyOf(last.fault) === keyOf(region.fault) && region.from <= last.to + TOUCHING * Math.abs(last.to) // prettier-ignore
    if (meets) result[result.length - 1] = { ...last, to: Math.max(last.to, region.to) }
    else result.push(region)
  }
  return result
}

/** The last of the samples with the same fault before two in a row at which nothing is wrong. */
function lastOf(keys: readonly string[], first: number, key: string): number {
  let last = first
  for (let at = first + 1; at < keys.length; at++) {
    if (keys[at] === key) last = at
    else if (keys[at] === 'fine' && (keys[at - 1] === 'fine' || last < at - 1)) break
  }
  return last
}

/**
 * Whether digits are seen to be lost at one place of the region at least; the bound alone may be too careful. It counts where
 * there is nothing to compare with.
 */
function isSeen(judge: Judge, { from, to }: Region, inside: readonly number[]): boolean {
  const step = Math.max(1, Math.floor(inside.length / TRIALS))
  const ends = [from, to].filter(Number.isFinite)
  const near = ends.flatMap((end) => [0.03, 0.11, 0.29].map((share) => end + share * (between(from, to) - end)))
  const places = [...near.filter(Number.isFinite), ...inside.filter((_, at) => at % step === 0)]
  let isKnown = false
  for (const z of places) {
    const isOff = judge.isOff(z)
    if (isOff === true) return true
    if (isOff !== null) isKnown = true
  }
  return !isKnown
}

function border(outside: number, inside: number, holds: (z: number) => boolean): number {
  let [out, into] = [outside, inside]
  const gap = Math.abs(out - into)
  for (let k = 0; k < 60; k++) {
    const mid = between(out, into)
    if (mid === out || mid === into || Math.abs(into - out) <= PRECISION * Math.min(gap, Math.abs(into))) break
    if (holds(mid)) into = mid
    else out = mid
  }
  return into
}
