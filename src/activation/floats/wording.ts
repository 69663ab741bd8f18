import { toText } from '../../print/text.ts'
import type { Node } from '../../graph/node.ts'
import type { Period } from '../period.ts'
import { multipleOfPi } from '../display.ts'
import { widened } from '../interval/interval.ts'
import type { Fault } from './faults.ts'
import type { Region } from './regions.ts'

/** A threshold of overflow is sharp; one of lost digits bounds what differs from float to float. */
const DIGITS = { overflow: 4, digits: 2 } as const
/** Smaller than this share of the place that it surrounds, a region is told by its size. */
const NARROW = 0.1
const LARGEST_PART = 4
const LARGEST_WHOLE = 12

/** A number to so many digits. */
function short(x: number, digits: number): string {
  const rounded = Number(x.toPrecision(digits))
  const size = Math.abs(rounded)
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return rounded.toExponential().replace('e+', 'e')
  return `${rounded + 0}`
}

/** Where a fault holds, and with which period it comes again. */
export function regionText(region: Region, period: Period | null): string {
  const text = placesText(region)
  return period === null || !Number.isFinite(region.from) || !Number.isFinite(region.to) ? text : `${text}, + k*${periodText(period)}` // prettier-ignore
}

const periodText = ({ length }: Period): string => multipleOfPi(length) ?? short(length.lo / 2 + length.hi / 2, 6)

function placesText({ from, to, fault }: Region): string {
  const digits = DIGITS[fault.kind]
  if (from === to) return `z = ${nameOf(from, 0) ?? short(from, 17)}`
  if (from === -Infinity) return to === Infinity ? 'everywhere' : `z < ${short(to, digits)}`
  if (to === Infinity) return `z > ${short(from, digits)}`
  const [middle, reach] = [from / 2 + to / 2, (to - from) / 2]
  const isEven = Math.abs(middle) <= 0.02 * reach
  if (isEven) return `|z| < ${short(Math.max(-from, to), digits)}`
  if (reach > NARROW * Math.abs(middle)) return `${short(from, digits)} < z < ${short(to, digits)}`
  const centre = nameOf(middle, 0.15 * reach)
  if (fault.kind === 'digits' && centre !== null) return `within ${short(reach, 2)} of ${centre}`
  const enough = Math.max(digits, Math.ceil(Math.log10(Math.abs(middle) / reach)) + 2)
  return `${short(from, enough)} < z < ${short(to, enough)}`
}

/** Regions with those that mirror each other at zero told as one. */
export function mirrored(regions: readonly string[]): string[] {
  const mirror = (region: string): string =>
    region
      .replace(/^z > (\S+)$/, 'z < -$1')
      .replace(/^(\d\S*) < z < (\S+)$/, '-$2 < z < -$1')
      .replace(/ of (?=[^-])/, ' of -')
  const twins = new Set(regions.filter((region) => mirror(region) !== region && regions.includes(mirror(region))))
  const dropped = new Set([...twins].map(mirror))
  return regions
    .filter((region) => !dropped.has(region))
    .map((region) => (twins.has(region) ? region.replace(/\bz\b/, '|z|').replace(' of ', ' of ±') : region))
}

/** A small whole number or multiple of pi within a margin. */
function nameOf(x: number, margin: number): string | null {
  const whole = Math.round(x)
  if (Math.abs(whole) <= LARGEST_WHOLE && Math.abs(whole - x) <= margin) return `${whole}`
  for (let part = 1; part <= LARGEST_PART; part++) {
    const exact = (Math.round((x / Math.PI) * part) * Math.PI) / part
    const name = exact !== 0 && Math.abs(exact - x) <= margin ? multipleOfPi(widened(exact, exact, 4)) : null
    if (name !== null) return name
  }
  return null
}

/** Whether what is infinite is so because of a pole, rather than too large for the format. */
const isPole = (node: Node): boolean => node.kind === 'map' && ['div', 'log', 'log1p'].includes(node.fn)

/** What goes wrong, and what comes of it. */
export function problemText({ kind, node, value, result, harmless }: Fault, root: Node): string {
  if (kind === 'digits') {
    const lost = 'more than half of the digits can be lost'
    return harmless ? `${lost}, of slopes too small to matter beside the largest` : lost
  }
  const cause = `${toText(node!)} ${isPole(node!) || Number.isNaN(value) ? `is ${value}` : `overflows to ${value}`}`
  if (node === root) return cause
  switch (result) {
    case 'right':
      return `${cause}; the result survives`
    case 'wrong':
      return `${cause}, and the result is wrong`
    case 'infinite':
      return `${cause}, and the result is infinite`
    case 'nan':
      return Number.isNaN(value) ? cause : `${cause}, and the result is NaN`
  }
}
