import { contains, div, isPoint, middle, mul, PI, point } from './interval/interval.ts'
import type { Interval } from './interval/interval.ts'

/** One number for an enclosure: of fewest digits, infinite where it is beyond the doubles, `NaN` where one bound is. */
export function display(a: Interval): number {
  if (a.lo >= 1e150 && a.hi === Infinity) return Infinity
  if (a.hi <= -1e150 && a.lo === -Infinity) return -Infinity
  if (a.lo === -Infinity || a.hi === Infinity) return NaN
  return a.lo === a.hi ? a.lo : rounded(a)
}

/** The number of fewest digits in an enclosure. */
function rounded(a: Interval): number {
  if (contains(a, 0)) return 0
  const m = middle(a)
  for (let digits = 1; digits <= 15; digits++) {
    const candidate = Number(m.toPrecision(digits))
    if (a.lo <= candidate && candidate <= a.hi) return candidate + 0
  }
  return m
}

const LARGEST_PART = 12

/** A multiple of pi by a fraction with small parts as text, where one lies in narrow bounds that hold no simpler number. */
export function multipleOfPi(a: Interval): string | null {
  if (isPoint(a) || contains(a, 0) || !(a.hi - a.lo < 1e-9 * Math.abs(a.lo))) return null
  const ratio = div(a, PI)
  for (let part = 1; part <= LARGEST_PART; part++) {
    const times = Math.round((ratio.lo / 2 + ratio.hi / 2) * part)
    if (times === 0 || Math.abs(times) > 10 * part) continue
    const exact = div(mul(point(times), PI), point(part))
    if (exact.hi < a.lo || exact.lo > a.hi) continue
    const size = Math.abs(times)
    return `${times < 0 ? '-' : ''}${size === 1 ? '' : size}π${part === 1 ? '' : `/${part}`}`
  }
  return null
}
