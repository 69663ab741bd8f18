import { BackproveError } from '../base/errors.ts'
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { polyKey } from '../index/algebra.ts'
import { letterOf, showPoly } from '../index/show.ts'
import type { Poly } from '../index/term.ts'
import type { Certificate, Lemma, ProofSetting } from './certificate.ts'
import { readPair } from './equal.ts'
import type { ReadPair, Scale, Step } from './equal.ts'
import type { ResidueResult } from './residue/residue.ts'
import { closedSymbol } from './translate.ts'

/** Longest text of one side that is printed whole. */
const LONGEST = 240
/** Closed nodes that are named one by one. */
const MOST_NAMED = 8

/** What the laws of the normal form say, by the name under which a step has them. */
const LAWS: Readonly<Record<string, string>> = {
  delta: 'sums against [i = j] keep one term',
  inverse: 'inv(M)*M = M*inv(M) = eye',
  'one-hot': 'one entry along the axis is 1, the others are 0',
  'one-maximum': 'off ties, one entry is the largest',
  'zero-or-one': 'what is 0 or 1 is its own square',
  'unit-square': 'a declared square is put in',
  sine: 'cos^2 = 1 - sin^2',
  angles: 'the addition theorems of sin and cos',
  'opposite-signs': '[p > 0]·[-p > 0] = 0',
  cases: 'by cases of what is 0 or 1',
  'reduced-denominator': 'numerators reduced by the denominators below them',
  magnitude: 'the root of a square is its magnitude',
  logarithm: 'the logarithm of a product of positive factors is a sum',
  maximum: 'max(c + p*u) = c + p*max(u) for p > 0, and a maximum of maxima is one',
  increasing: 'an increasing function keeps the order',
  product: 'a product of products is the product of each factor',
  'inverse-function': 'sin, cos of asin and atan',
  determinant: 'det(eye + A*B) = det(eye + B*A), det(c*M) = c^n*det(M)',
}

/** A certificate as lines that a person can follow: what is shown in which order, from what, and what was checked. */
export function explain(certificate: Certificate, describe: (node: Node) => string): string[] {
  const { lemmas, setting } = certificate
  const lines: string[] = []
  if (lemmas.length === 0) lines.push('both sides are the same expression once names are looked through')
  for (const [at, lemma] of lemmas.entries()) {
    const isClaim = at === lemmas.length - 1
    lines.push(
      ...explainLemma(lemma, isClaim ? 'the claim' : `lemma ${at + 1}`, lemmas.slice(0, at), setting, describe),
    )
  }
  return [...lines, ...checkLines(certificate)]
}

function explainLemma(
  lemma: Lemma,
  title: string,
  before: readonly Lemma[],
  setting: ProofSetting,
  describe: (node: Node) => string,
): string[] {
  const [left, right] = [describe(lemma.lhs), describe(lemma.rhs)]
  const used = before.flatMap((other, at) => (lemma.uses.has(other.lhs) ? [`lemma ${at + 1}`] : []))
  const statement =
    left === right && lemma.scale === null
      ? `${cut(left)} on the left is the same on the right`
      : `${cut(left)} == ${scaled(lemma.scale, cut(right))}`
  const details = [
    ...(used.length === 0 ? [] : [`by ${used.join(', ')}`]),
    ...(lemma.open ? ['tanh and sigmoid are written with exp'] : []),
    ...sideLines(lemma, setting, describe),
    ...lawLines(lemma.steps),
  ]
  return [`${title}: ${statement}`, ...details.map((line) => `  ${line}`)]
}

/** Both sides' entries in index notation, and the closed arrays that stand in them. */
function sideLines(lemma: Lemma, setting: ProofSetting, describe: (node: Node) => string): string[] {
  const pair = readAgain(lemma, setting)
  if (pair === null) return []
  const names = new Map<number, string>()
  for (const index of pair.at) if (index !== 0) names.set(index, letterOf(names.size))
  const closed = closedTexts(lemma, describe)
  const met = new Set<string>()
  const symbol = (of: string): string => {
    const text = closed.get(of)
    if (text !== undefined) met.add(text)
    return text === undefined ? of : parenthesised(cut(text))
  }
  const show = (poly: Poly): string => showPoly(poly, { names, symbol, width: LONGEST })
  const place = pair.at.length === 0 ? '' : ` at [${pair.at.map((index) => names.get(index) ?? '0').join(',')}]`
  const sides =
    polyKey(pair.lhs) === polyKey(pair.rhs)
      ? [`either side${place}: ${show(pair.lhs)}`]
      : [`left${place}: ${show(pair.lhs)}`, `right${place}: ${show(pair.rhs)}`]
  return [...closedLines([...met]), ...sides]
}

function closedLines(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const named = names.slice(0, MOST_NAMED).map(cut).join(', ')
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  return [`kept closed: ${named}${more}; what holds for any arrays in their place holds for them`]
}

const isPlain = (text: string): boolean => /^[\p{L}\p{N}_[\],]+$/u.test(text)

/** The sheet's text of closed nodes, by their symbols; the name of one that has a definition. */
function closedTexts({ lhs, rhs, opaque }: Lemma, describe: (node: Node) => string): Map<string, string> {
  const texts = new Map([...opaque].map((node) => [closedSymbol(node), describe(node)]))
  for (const node of reachable([lhs, rhs])) {
    const symbol = closedSymbol(node)
    if (node.kind === 'definition' && !node.hidden && texts.has(symbol)) texts.set(symbol, describe(node))
  }
  return texts
}

function readAgain(lemma: Lemma, setting: ProofSetting): ReadPair | null {
  const { lhs, rhs, scale, opaque, open, uses } = lemma
  const budget = { operations: 2_000_000, deadline: Infinity }
  try {
    return readPair({ ...setting, lhs, rhs, scale, opaque, open, merged: uses, budget })
  } catch (error) {
    if (error instanceof BackproveError && error.code === 'budget') return null
    throw error
  }
}

function lawLines(steps: readonly Step[]): string[] {
  const laws: string[] = []
  const ending = new Set<string>()
  for (const { rule, place } of steps) {
    const law = LAWS[rule] ?? (rule.startsWith('declared ') ? `declared: ${rule.slice('declared '.length)}` : null)
    if (rule === 'clear-denominator') ending.add('multiplied by denominators, none zero where the claim is defined')
    else if (rule === 'one-sum') ending.add(place)
    else if (rule === 'signs') ending.add(`in each case of ${place}`)
    else if (law !== null) laws.push(place === 'once' ? law : `${law} (${place})`)
  }
  return [
    ...(laws.length === 0 ? [] : [`laws: ${laws.join('; ')}`]),
    ending.size === 0 ? 'equal term by term' : `their difference vanishes: ${[...ending].join('; ')}`,
  ]
}

/** `text` times a factor made of sizes. */
function scaled(scale: Scale | null, text: string): string {
  if (scale === null) return text
  const above: string[] = []
  const below: string[] = []
  for (const [name, exponent] of scale.powers) {
    const power = Math.abs(exponent) === 1 ? name : `${name}^${Math.abs(exponent)}`
    if (exponent !== 0) (exponent > 0 ? above : below).push(power)
  }
  const { n, d } = scale
  if (d !== 1n) below.unshift(d.toString())
  if ((n !== 1n && n !== -1n) || above.length === 0) above.unshift((n < 0n ? -n : n).toString())
  const divisor = below.length === 0 ? '' : below.length === 1 ? `/${below[0]!}` : `/(${below.join('*')})`
  return `${n < 0n ? '-' : ''}${above.join('*')}${divisor} * ${parenthesised(text)}`
}

/** A name, a call, or whatever else stands in parentheses. */
function parenthesised(text: string): string {
  if (isPlain(text)) return text
  let depth = 0
  for (const [at, character] of [...text].entries()) {
    if (character === '(') depth++
    else if (character === ')') depth--
    if (depth === 0 && at < text.length - 1 && text.startsWith('(')) return `(${text})`
  }
  return text.startsWith('(') ? text : `(${text})`
}

function checkLines({ residues, replay }: Certificate): string[] {
  const lines: string[] = []
  if (residues !== undefined) lines.push(`checked by exact residues: ${residueText(residues)}`)
  if (replay !== undefined && replay.lemmas > 0) {
    const agreeing = replay.residues.filter(({ kind }) => kind === 'agrees').length
    const shown = replay.lemmas === 1 ? 'the claim was shown again' : `all ${replay.lemmas} steps were shown again`
    const each = replay.lemmas === 1 ? (agreeing === 1 ? 'agrees' : 'cannot tell') : `agree for ${agreeing} of them`
    lines.push(`checked by a replay: ${shown} from nothing; residues with closed arrays at random: ${each}`)
  }
  return lines
}

function residueText(result: ResidueResult): string {
  switch (result.kind) {
    case 'agrees':
      return `the sides agree at ${result.points === 1 ? 'a random point' : `${result.points} random points`}, modulo 61-bit primes` // prettier-ignore
    case 'inconclusive':
      return `they cannot tell: ${result.reason}`
    case 'undefined':
      return `not defined: ${result.reason}`
    case 'differs':
      return `the sides differ modulo ${result.point.prime}`
  }
}

/** A text with its middle left out where it is too long to help. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text
  return `${text.slice(0, LONGEST - 40)} … ${text.slice(-30)}`
}
