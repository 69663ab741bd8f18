import { mirrored } from './floats/wording.ts'
import { NOTHING_BETTER } from './stability.ts'
import type { Instability } from './stability.ts'
import type { Analysis, End } from './analyse.ts'
import type { Kink } from './kinks.ts'
import { display, multipleOfPi } from './display.ts'
import type { Interval } from './interval/interval.ts'
import type { Hole } from './kinks.ts'
import { DEPTH, isSettled } from './moments.ts'
import type { Initialisation, Moments } from './moments.ts'
import type { Enclosure } from './range.ts'
import { drifts } from './period.ts'
import type { Period } from './period.ts'
import type { Extremum, Zero } from './shape.ts'

/** Columns of a terminal that everything fits in. */
const WIDTH = 80
const LABEL = 12

/** A number for reading: six digits. */
export function short(x: number, digits = 6): string {
  if (Number.isNaN(x)) return 'none'
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf'
  return `${Number(x.toPrecision(digits))}`
}

/** An enclosure as `middle ± radius`; what is not proven says so. */
export function enclosureText({ lo, hi, rigorous }: Enclosure): string {
  const text = boundsText(lo, hi)
  return rigorous ? text : `about ${text} (estimate)`
}

function boundsText(lo: number, hi: number): string {
  if (lo === hi) return lo === Infinity || lo === -Infinity ? short(lo) : `${lo}`
  if (!Number.isFinite(lo) || !Number.isFinite(hi)) return `between ${outward(lo, -1)} and ${outward(hi, 1)}`
  const middle = lo / 2 + hi / 2
  const radius = Math.max(hi - middle, middle - lo)
  if (Math.abs(middle) <= radius) return `0 ± ${upward(radius)}`
  const digits = Math.max(1, Math.min(16, Math.floor(Math.log10(Math.abs(middle) / radius))))
  return `${Number(middle.toPrecision(digits))} ± ${upward(radius + 10 ** Math.floor(Math.log10(Math.abs(middle)) - digits + 1) / 2)}`
}

/** Words broken into lines of at most `width`; a word that is longer is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    let rest = word
    if (line !== '' && line.length + 1 + rest.length > width) {
      lines.push(line)
      line = ''
    }
    while (rest.length > width) {
      lines.push(rest.slice(0, width))
      rest = rest.slice(width)
    }
    line = line === '' ? rest : `${line} ${rest}`
  }
  return [...lines, line]
}

function row(label: string, text: string): string[] {
  return wrap(text, WIDTH - LABEL - 2).map((line, at) => `  ${(at === 0 ? label : '').padEnd(LABEL)}${line}`)
}

/** All facts of one activation, in lines of at most 80 columns. */
export function reportText(analysis: Analysis): string {
  const { subject, moments, initialisation } = analysis
  const { range, slope, limits, ends, atZero } = analysis
  const lines = [...wrap(titleOf(analysis), WIDTH)]
  const add = (label: string, text: string): void => void lines.push(...row(label, text))
  if (subject.parameters.length > 0) {
    add('at', analysis.parameterDerivatives.map(({ name, value }) => `${name} = ${short(value)}`).join(', '))
  }
  add("g'", analysis.derivative)
  add("g''", analysis.second)
  for (const { name, text } of analysis.parameterDerivatives) add(`dg/d${name}`, text)
  if (analysis.domain !== null) add('domain', domainText(analysis))
  for (const hole of analysis.holes.slice(0, MOST)) add(...holeRow(hole, analysis.period))
  add('at 0', `value ${short(atZero.value)}, slope ${short(atZero.slope)}`)
  add(
    'limits',
    `left ${limitText(limits.left, ends.left, analysis)}, right ${limitText(limits.right, ends.right, analysis)}`,
  )
  add('range', `inf ${enclosureText(range.inf)}, sup ${enclosureText(range.sup)}`)
  add('slope', `inf ${enclosureText(slope.inf)}, sup ${enclosureText(slope.sup)}`)
  add('Lipschitz', `g: ${enclosureText(analysis.lipschitz)}; g': ${enclosureText(analysis.slopeLipschitz)}`)
  add('shape', shapeText(analysis))
  const { period, listed: all } = analysis
  const repeated = period === null ? null : turnText(period)
  const ownTurn = period === null || drifts(period) ? null : turnText(period)
  if (analysis.zeros.length > 0 || !all.zeros) add('zeros', zerosText(analysis, ownTurn))
  if (analysis.extrema.length > 0) add('extrema', listed(analysis.extrema.map(extremumText), all.extrema, repeated))
  if (analysis.slopeExtrema.length > 0) {
    add("of g'", listed(analysis.slopeExtrema.map(extremumText), all.slopeExtrema, repeated))
  }
  for (const { at, left, right, jump } of analysis.kinks.slice(0, MOST)) {
    const step = jump === null ? '' : jumpText(jump)
    const place = numberText(at)
    add('kink', `at ${place}${turns(repeated)}: ${step}slope ${short(left)} on the left, ${short(right)} on the right`)
  }
  if (analysis.kinks.length > MOST)
    add(
      '',
      `and ${analysis.kinks.length - MOST} more${analysis.estimates.includes('kinks') ? '; there may be others' : ''}`,
    )
  add('saturates', saturationText(analysis))
  if (period !== null) add('period', `the ${drifts(period) ? 'slope' : 'function'} repeats every ${turnText(period)}`)
  if (moments !== null) {
    add('z ~ N(0,1)', momentsText(moments))
    add('gain', initialisationText(moments, initialisation))
  }
  lines.push(...stabilityLines(analysis))
  if (analysis.estimates.length > 0) add('not proven', analysis.estimates.join(', '))
  return `${lines.join('\n')}\n`
}

/** One digit of a positive number, rounded up. */
function upward(x: number): string {
  const nearest = x.toExponential(0)
  const unit = Number(`1e${nearest.split('e')[1]!}`)
  return Number(nearest) >= x ? nearest : (Number(nearest) + unit).toExponential(0)
}

/** Three digits of a bound, rounded away from what it bounds. */
function outward(x: number, side: -1 | 1): string {
  const nearest = Number(x.toPrecision(3))
  if (!Number.isFinite(x) || side * (nearest - x) >= 0) return short(x, 3)
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(x))) - 2)
  return short(nearest + side * unit, 3)
}

/** An average: the digits that its bounds settle, else the bounds. */
function averageText(bounds: Enclosure, digits = 6): string {
  const { lo, hi, rigorous } = bounds
  if (lo === -Infinity && hi === Infinity) return 'not known'
  if (!isSettled(bounds)) {
    const isWide = lo * hi >= 0 && hi - lo > Math.abs(lo + hi) / 20
    return isWide && rigorous ? `between ${outward(lo, -1)} and ${outward(hi, 1)}` : enclosureText(bounds)
  }
  const text = short(lo === hi || Number.isNaN(lo) ? lo : lo / 2 + hi / 2, digits)
  return rigorous ? text : `${text} (estimate)`
}

const momentsText = ({ mean, variance, slopeMean, slopeVariance, slopeMeanSquare }: Moments): string =>
  `g: mean ${averageText(mean)}, variance ${averageText(variance)}; g': mean ${averageText(slopeMean)}, ` +
  `variance ${averageText(slopeVariance)}, mean square ${averageText(slopeMeanSquare)}`

function initialisationText({ meanSquare }: Moments, { gain, gradientNorm, verdict }: Initialisation): string {
  if (gain === null || gradientNorm === null) {
    const none = meanSquare.lo === Infinity || meanSquare.hi === 0
    return `${none ? 'none' : 'not known'}: the mean square of g is ${averageText(meanSquare)}`
  }
  const norm = `its norm is multiplied by ${averageText(gradientNorm, 3)}`
  const fate = verdict === 'unknown' ? 'may vanish or explode' : verdict
  return `${averageText(gain)}; through ${DEPTH} layers the gradient ${fate}: ${norm}`
}

function jumpText({ left, right, value }: NonNullable<Kink['jump']>): string {
  if (value === undefined) return `jumps from ${short(left)} to ${short(right)}; `
  if (left === right) return `${short(value)} there, and ${short(left)} on both sides; `
  return `jumps from ${short(left)} to ${short(right)}, and is ${short(value)} there; `
}

function titleOf({ subject, recognition, parameterDerivatives }: Analysis): string {
  if (recognition === null) return subject.text
  const { known, parameters, proved, isAtValues } = recognition
  const settings = Object.entries(parameters).map(([name, value]) => `${name} = ${value}`).join(', ') // prettier-ignore
  const name = settings === '' ? known.title : `${known.title} (${settings})`
  if (subject.name === known.name) return `${name}: ${known.expression}`
  if (!proved) return `${subject.text}: it looks like ${name}; no proof was found`
  const values = parameterDerivatives.map((parameter) => `${parameter.name} = ${short(parameter.value)}`).join(', ')
  return `${subject.text}: ${isAtValues ? `at ${values} ` : ''}this is ${name}, proved`
}

function shapeText(analysis: Analysis): string {
  const { monotone, smoothness, estimates } = analysis
  const smooth = `${smoothText(analysis)}${smoothness.proven ? '' : ' (estimate)'}`
  const monotony = monotone === 'none' ? 'not monotone' : monotone
  const certain = estimates.includes('monotone') ? ' (estimate)' : ''
  return `${monotony}${certain}, ${symmetryText(analysis)}, ${smooth}`
}

function symmetryText({ symmetry, estimates }: Analysis): string {
  if (symmetry !== 'none') return symmetry
  return estimates.includes('symmetry') ? 'odd or even unknown' : 'neither odd nor even'
}

function saturationText({ saturates: { left, right } }: Analysis): string {
  if (left && right) return 'on both sides'
  return left ? 'on the left' : right ? 'on the right' : 'nowhere'
}

function smoothText({ smoothness: { order, isLeast }, kinks, period, domain }: Analysis): string {
  // At an end that belongs to the domain there is but one side.
  const isEnded = domain?.some(({ closed }) => closed.left || closed.right) === true
  if (order === 'analytic') return isEnded ? 'analytic inside its domain' : 'analytic'
  if (order < 0) return isLeast ? 'of unknown smoothness' : 'not continuous'
  if (order > 0)
    return `continuously differentiable ${isLeast ? 'at least ' : ''}${order} ${order === 1 ? 'time' : 'times'}`
  if (isLeast) return 'continuous'
  const steep = kinks.filter(({ left, right }) => !Number.isFinite(left) || !Number.isFinite(right))
  if (steep.length === 0)
    return kinks.length === 1 && period === null ? 'continuous, with a kink' : 'continuous, with kinks'
  const places = steep
    .slice(0, MOST)
    .map(({ at }) => `${numberText(at)}${turns(period === null ? null : turnText(period))}`)
  return `continuous, not differentiable at ${places.join(', ')}${steep.length > MOST ? ', …' : ''}`
}

/** A limit, at an end of the domain if it has one; one that was not found is not said to be none. */
function limitText(value: number, end: End | null, { estimates, pieces }: Analysis): string {
  if (end !== null)
    return `${end.limit === null || Number.isNaN(end.limit) ? 'unknown' : short(end.limit)} at z = ${numberText(end.at)}`
  if (!estimates.includes('limits')) return short(value)
  return Number.isNaN(value) ? 'unknown' : pieces.complete ? short(value) : `about ${short(value)} (estimate)`
}

function domainText({ domain, holes, period }: Analysis): string {
  const [first] = domain!
  const last = domain!.at(-1)!
  const isWhole = period !== null || (first!.from === -Infinity && last.to === Infinity)
  const repeated = period === null ? null : turnText(period)
  // Of one period, each hole ends a stretch and starts the next.
  if (isWhole && holes.length === domain!.length - 1 && holes.length > 0) {
    const shown = holes.slice(0, MOST).map(({ at }) => `${placeText(at)}${turns(repeated)}`)
    return `all z but ${shown.join(', ')}${holes.length > MOST ? `, and ${holes.length - MOST} more` : ''}`
  }
  const stretches = domain!.map(
    ({ from, to, closed }) =>
      `${numberText(from)} ${closed.left ? '<=' : '<'} z ${closed.right ? '<=' : '<'} ${numberText(to)}`,
  )
  return listed(stretches, true, repeated)
}

function holeRow({ at, left, right }: Hole, period: Period | null): [string, string] {
  const place = `at ${placeText(at)}${turns(period === null ? null : turnText(period))}`
  const [from, to] = [left, right].map((bounds) => (bounds === null || isVague(bounds) ? NaN : display(bounds))) as [
    number,
    number,
  ]
  const [a, b] = [from, to].map((value) => (Number.isNaN(value) ? 'unknown' : short(value))) as [string, string]
  if (Math.abs(from) === Infinity || Math.abs(to) === Infinity) return ['pole', `${place}: ${a} on the left, ${b} on the right`] // prettier-ignore
  const same = left !== null && right !== null && left.lo <= right.hi && right.lo <= left.hi
  if (same && !Number.isNaN(from)) return ['removable', `${place}: not defined, the limit is ${a}`]
  return ['hole', `${place}: not defined, ${a} on the left, ${b} on the right`]
}

const isVague = ({ lo, hi }: Interval): boolean => Number.isFinite(lo) && Number.isFinite(hi) && hi - lo > 1e-9 * Math.max(1, Math.abs(lo)) // prettier-ignore

/** A place; multiples of pi as such. */
const placeText = (at: Interval): string => multipleOfPi(at) ?? short(display(at))
const numberText = (at: number): string => (Number.isFinite(at) ? multiple(at) : short(at))
const multiple = (at: number): string => placeText({ lo: at - 1e-14 * Math.abs(at), hi: at + 1e-14 * Math.abs(at) })

const turnText = ({ length }: Period): string => placeText(length)
const turns = (turn: string | null): string => (turn === null ? '' : ` + k*${turn}`)

const zeroText = ({ whole, ...zero }: Zero): string => {
  if (whole) return `all of [${numberText(zero.lo)}, ${numberText(zero.hi)}]${zero.rigorous ? '' : ' (estimate)'}`
  if (zero.hi - zero.lo > 1e-3 && zero.rigorous) return `between ${short(zero.lo)} and ${short(zero.hi)}`
  if (!zero.rigorous) return `perhaps ${enclosureText({ ...zero, rigorous: true })} (not proven)`
  return multipleOfPi(zero) ?? enclosureText(zero)
}

function zerosText({ zeros, unknownZeros, listed: all }: Analysis, turn: string | null): string {
  const unknown = unknownZeros.slice(0, MOST).map(regionText).join(', ')
  const rest = unknown === '' || unknownZeros.length > MOST ? 'unknown' : `unknown for ${unknown}`
  if (zeros.length === 0) return rest
  if (all.zeros || unknown === '') return listed(zeros.map(zeroText), all.zeros, turn)
  return `${listed(zeros.map(zeroText), true, turn)}; ${rest}`
}

function regionText({ lo, hi }: Interval): string {
  if (lo === -Infinity) return hi === Infinity ? 'all z' : `z < ${short(hi)}`
  return hi === Infinity ? `z > ${short(lo)}` : `${short(lo)} < z < ${short(hi)}`
}

const extremumText = ({ at, value, kind }: Extremum): string =>
  `${kind} ${Number.isFinite(value.lo) && Number.isFinite(value.hi) ? short(display(value)) : 'beyond doubles'} at ${(at.rigorous ? multipleOfPi(at) : null) ?? enclosureText(at)}`

/** Longer lists are cut. */
const MOST = 4

/** Items in a row; `turn` is the period with which they repeat. */
function listed(items: readonly string[], all: boolean, turn: string | null): string {
  const shown = items.slice(0, MOST).join('; ')
  const cut = items.length > MOST ? `${shown}; and ${items.length - MOST} more` : shown
  return `${cut}${turn === null ? '' : ` (${items.length > 1 ? 'each ' : ''}+ k*${turn})`}${all ? '' : '; there may be others'}`
}

function stabilityLines({ stability, floatSamples }: Analysis): string[] {
  if (stability.length === 0) return row('floats', `no overflow or loss of half of the digits found at ${floatSamples} points`) // prettier-ignore
  return [...grouped(stability, (item) => item.spelling)].flatMap(([spelling, items]) => {
    const harmful = items.filter(({ harmless }) => !harmless)
    const { use } = items[0]!
    const advice = harmful.length === 0 ? 'nothing that matters' : use === NOTHING_BETTER ? use : `use ${use}`
    return [
      ...row('floats', `${clippedNumbers(spelling)} (${advice})`),
      ...[...grouped(harmful, problemOf)].flatMap(([problem, faults]) =>
        row('', `- ${clippedNumbers(problem)} (${placesText(faults)})`),
      ),
      ...harmlessLine(items.filter(({ harmless }) => harmless)),
    ]
  })
}

const problemOf = ({ of, problem }: Instability): string => `${of === 'slope' ? "g': " : ''}${problem}`

/** Where some faults hold, by format. */
const placesText = (faults: readonly Instability[]): string =>
  [...grouped(faults, ({ type }) => type)]
    .map(([type, held]) => `${type}: ${mirrored(held.map(({ region }) => region)).join(', ')}`)
    .join('; ')

/** Farther out no network goes. */
const FAR = 1e6

/** What changes no result that matters, in one line; all places are in JSON. */
function harmlessLine(items: readonly Instability[]): string[] {
  const causes = [...grouped(items, problemOf)].map(([problem, faults]) => {
    if (!problem.includes('survives')) return problem.replace(/more than half .*/, 'digits of small slopes')
    const cause = problem.replace(/ to -?Infinity; the result survives$/, '')
    const isNear = faults.every(({ from, to }) => Math.min(Math.abs(from), Math.abs(to)) < FAR)
    return isNear ? `${cause} (${placesText(faults)})` : cause
  })
  // What breaks in both is told once.
  const told = [...new Set(causes)].filter((cause, _, all) => !all.some((other) => cause === `g': ${other}`))
  return told.length === 0 ? [] : row('', `- harmless: ${clippedNumbers(told.join('; '))}`)
}

/** Constants of many digits cut to the first. */
const clippedNumbers = (text: string): string => text.replaceAll(/(\d+\.\d{6})\d{3,}/g, '$1…')

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}

/** Several activations in one table, a line each. */
export function tableText(analyses: readonly Analysis[]): string {
  const header = ['', 'range', 'slope', 'at 0', 'monotone', 'smooth', 'gain', `x${DEPTH}`]
  const rows = analyses.map((analysis) => {
    const { subject, range, slope, atZero, initialisation } = analysis
    return [
      subject.text,
      `${boundText(range.inf, -1)} .. ${boundText(range.sup, 1)}`,
      `${boundText(slope.inf, -1)} .. ${boundText(slope.sup, 1)}`,
      short(atZero.slope, 3),
      monotoneWord(analysis),
      smoothWord(analysis),
      cell(initialisation.gain, 4),
      cell(initialisation.gradientNorm, 2),
    ]
  })
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((cells) => cells[at]!.length)))
  const spare = WIDTH - widths.slice(1).reduce((a, b) => a + b + 2, 0)
  widths[0] = Math.max(8, Math.min(widths[0]!, spare))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => (cell.length > widths[at]! ? `${cell.slice(0, widths[at]! - 1)}…` : cell.padEnd(widths[at]!))).join('  ').trimEnd() // prettier-ignore
  const isOpen = rows.some((cells) => cells.slice(-2).some((text) => /^[~?-]/.test(text)))
  const marks = isOpen ? '; ~: an estimate; ?: bounds leave it open; -: not known, or there is none' : ''
  const note = `slope at 0; smooth Cn: n continuous derivatives, Cw analytic; x${DEPTH}: norm of a gradient after ${DEPTH} layers${marks}`
  return `${[line(header), ...rows.map(line), '', ...wrap(note, WIDTH)].join('\n')}\n`
}

/** A bound of a range in few characters; where only one side of it is known, that. */
function boundText({ lo, hi, rigorous }: Enclosure, side: -1 | 1): string {
  const known = side < 0 ? hi : lo
  if (lo !== hi && !(hi - lo <= 1e-3 * Math.max(1e-3, Math.abs(known)))) return `${side < 0 ? '<=' : '>='}${short(known, 3)}` // prettier-ignore
  return `${rigorous ? '' : '~'}${short(display({ lo, hi }), 3)}`
}

function monotoneWord({ monotone, estimates }: Analysis): string {
  const word = monotone === 'none' ? 'no' : monotone.slice(0, 4)
  return estimates.includes('monotone') ? `${word}?` : word
}

function smoothWord({ smoothness: { order, isLeast, proven } }: Analysis): string {
  const doubt = proven ? '' : '?'
  if (order === 'analytic') return `Cw${doubt}`
  return order < 0 ? `no${doubt}` : `C${order}${isLeast ? '+' : ''}${doubt}`
}

/** `~` marks an estimate, `?` what its bounds leave open. */
function cell(bounds: Enclosure | null, digits: number): string {
  if (bounds === null) return '-'
  const { lo, hi, rigorous } = bounds
  return isSettled(bounds) ? `${rigorous ? '' : '~'}${short(lo === hi ? lo : lo / 2 + hi / 2, digits)}` : '?'
}
