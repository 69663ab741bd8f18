import type { Node } from '../graph/node.ts'
import type { Shape } from '../shape/shape.ts'
import { sizeText } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'
import { comparing, atom, between, chained, LEVEL, postfix, prefix, within } from './forms.ts'
import type { Detail, Form, Piece } from './forms.ts'
import { numberPiece, sizePiece } from './number.ts'
import { print } from './print.ts'
import type { PrintOptions } from './print.ts'
import type { Target } from './target.ts'

const GREEK = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi ' +
    'omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega'
  ).split(' '),
)
const OPEN = '\\left('
const CLOSE = '\\right)'
const enclosed = (piece: Piece | undefined, level: number): string => within(piece, level, OPEN, CLOSE)

/** Characters that TeX reads as commands, spelt as themselves. */
const escaped = (text: string): string =>
  text.replace(/[\\{}$&#^_%~]/g, (sign) => `\\${sign === '\\' ? 'backslash ' : sign}`)

/** Marks above a letter, as TeX puts them there. */
const ACCENTS: ReadonlyMap<string, string> = new Map([
  ['\u0300', 'grave'], ['\u0301', 'acute'], ['\u0302', 'hat'], ['\u0303', 'tilde'], ['\u0304', 'bar'],
  ['\u0306', 'breve'], ['\u0307', 'dot'], ['\u0308', 'ddot'], ['\u030a', 'mathring'], ['\u030c', 'check'],
]) // prettier-ignore

const MARKED = new RegExp(`\\p{L}[${[...ACCENTS.keys()].join('')}]`, 'gu')

/** Letters with marks as TeX writes them: `ŷ` is `\\hat{y}`. */
const accented = (text: string): string =>
  text.normalize('NFD').replace(MARKED, (letter) => `\\${ACCENTS.get([...letter][1]!)!}{${[...letter][0]!}}`)

/** A word of letters: a Greek letter by its name, one letter as a variable, more upright; `d` before a letter is a d. */
function wordTex(text: string): string {
  const marked = accented(escaped(text))
  if (marked !== escaped(text).normalize('NFD'))
    return /^d?\\\w+\{\p{L}\}$/u.test(marked) ? marked : `\\mathrm{${marked}}`
  if (GREEK.has(text)) return `\\${text}`
  if (text === 'eps') return '\\varepsilon'
  if ([...text].length === 1) return escaped(text)
  if (/^d[A-Z]$/.test(text)) return text
  if (/^d[A-Z]?[a-z]+$/.test(text) && GREEK.has(text.slice(1))) return `d\\${text.slice(1)}`
  if (/^d[a-z]$/.test(text)) return text
  return `\\mathrm{${escaped(text)}}`
}

/**
 * A name in the notation of the course: `W1` is `W^{[1]}`, `dZ2` is `dZ^{[2]}`, `Z[2]` is `Z^{[2]}`, `n_x` has a
 * subscript, and an underscore at the end is a prime.
 */
export function nameTex(name: string): string {
  const [, plain = '', marks = '', brackets = ''] = /^(.*?)(_*)((?:\[[^\]]*\])*)$/su.exec(name)!
  const indices = [...brackets.matchAll(/\[([^\]]*)\]/g)].map((index) => index[1]!.replaceAll(' ', ''))
  const [head = '', ...rest] = plain.split('_').filter((part) => part !== '')
  const numbered = /^(\D+)(\d+)$/u.exec(head)
  const base = wordTex(numbered === null ? head : numbered[1]!)
  const layers = [...(numbered === null ? [] : [numbered[2]!]), ...indices]
  const upper = (layers.length === 0 ? '' : `[${layers.join(',')}]`) + '\\prime'.repeat(marks.length)
  const lower = rest.map((part) => (/^\d+$/.test(part) ? part : wordTex(part)))
  const sub = lower.length === 0 ? '' : `_{${lower.join(',')}}`
  return `${base}${sub}${upper === '' ? '' : `^{${upper}}`}`
}

/** A size: its names are subscripted, not raised, for `n_1` units are no power. */
function sizeTex(size: Size): string {
  const names = (text: string): string =>
    text.replace(/[\p{L}_][\p{L}\p{N}_]*(?:\[[^\]]*\])*/gu, (name) => {
      const [head = '', ...rest] = name.replace(/\[([^\]]*)\]/g, '_$1').split('_')
      return rest.length === 0 ? wordTex(head) : `${wordTex(head)}_{${rest.map(escaped).join(',')}}`
    })
  return names(sizeText(size))
    .replaceAll('*', ' ')
    .replace(/\^(\d+)/g, '^{$1}')
}

const infixTex =
  (symbol: string, level: number, left: number = level, right: number = level + 1): Form =>
  ([a, b]) => {
    const tail = enclosed(b, right)
    return { text: `${enclosed(a, left)}${symbol}${tail.startsWith('-') ? `${OPEN}${tail}${CLOSE}` : tail}`, level }
  }

const prefixTex =
  (symbol: string): Form =>
  ([a]) => ({ text: `${symbol}${enclosed(a, LEVEL.matrix)}`, level: LEVEL.sum })

/** `\tanh\left(x\right)` */
const functionTex =
  (name: string): Form =>
  (operands) =>
    atom(`${name}${OPEN}${operands.map((piece) => piece.text).join(', ')}${CLOSE}`)

const named = (name: string): Form => functionTex(`\\operatorname{${escaped(name)}}`)

const times: Form = (operands, detail) => {
  const [a, b] = detail.operands
  if (a?.length === 0 || b?.length === 0) {
    const [left, right] = a?.length === 0 ? operands : [operands[1], operands[0]]
    const isDigits = /^[\d.]/.test(right!.text)
    const symbol = isDigits ? ' \\cdot ' : ' \\, '
    return infixTex(symbol, LEVEL.product, LEVEL.product, LEVEL.matrix)([left!, right!], detail)
  }
  return infixTex(' \\odot ', LEVEL.product, LEVEL.product, LEVEL.product)(operands, detail)
}

const chain = chained(infixTex(' \\, ', LEVEL.matrix, LEVEL.matrix, LEVEL.sign))

/** Entry-by-entry products on the left are put in parentheses: nothing says which of the two binds tighter. */
const matmul: Form = ([a, b], detail) =>
  chain([a!.text.includes('\\odot') ? atom(enclosed(a, LEVEL.sign)) : a!, b!], detail)

const fraction: Form = ([a, b]) => {
  // A sign stands before the fraction.
  const [minus, top] = a!.text.startsWith('-') && a!.level !== LEVEL.sum ? ['-', a!.text.slice(1)] : ['', a!.text]
  return { text: `${minus}\\frac{${top}}{${b!.text}}`, level: minus === '' ? LEVEL.product : LEVEL.sum }
}

const power: Form = ([a, b], detail) => {
  // A name that carries an index above, and anything but a letter, is put in parentheses.
  const isPlain = a!.level === LEVEL.atom && !a!.text.includes('^')
  const marked = detail.operands[0]?.length === 0 ? '' : '\\circ '
  const base = isPlain ? a!.text : `${OPEN}${a!.text}${CLOSE}`
  return { text: `${base}^{${marked}${b!.text}}`, level: LEVEL.power }
}

const INDICATOR = { open: '\\mathbf{1}\\left[', close: '\\right]' } as const

const indicating = (symbol: string, turned: string): Form => {
  const inner = comparing(symbol, turned)
  return (operands, detail) => atom(`${INDICATOR.open}${inner(operands, detail).text}${INDICATOR.close}`)
}

/** A comparison as a condition, without the brackets that make it a number. */
function conditionOf({ text }: Piece): string {
  const { open, close } = INDICATOR
  const isSole = text.startsWith(open) && text.indexOf(close) === text.length - close.length
  return isSole ? text.slice(open.length, -close.length) : `${text} \\ne 0`
}

const truth = (symbol: string): Form => infixTex(` ${symbol} `, LEVEL.and, LEVEL.and, LEVEL.and)

const root: Form = ([a]) => atom(`\\sqrt{${a!.text}}`)

const axisNote = ({ axes }: Detail): string => `\\text{axis }${axes.join(',')}`

/** A sum over axes, which the notation of the course counts from 0. */
const summation: Form = ([a], detail) => {
  const whole = detail.axes.length === detail.operands[0]?.length
  const under = whole ? '' : `_{${axisNote(detail)}}`
  return { text: `\\sum${under} ${enclosed(a, LEVEL.matrix)}`, level: LEVEL.matrix }
}

const reducing =
  (name: string): Form =>
  ([a], detail) =>
    atom(`${name}_{${axisNote(detail)}}${OPEN}${a!.text}${CLOSE}`)

const shaped = (shape: Shape): string => `_{${shape.map(sizeTex).join(' \\times ')}}`

/** `A^\top`; a name that carries an index above keeps it beside. */
const transpose: Form = ([a]) => {
  const indexed = a!.level === LEVEL.atom ? /^(.*)\^\{(\[[^{}]*\](?:\\prime)*)\}$/.exec(a!.text) : null
  if (indexed !== null) return { text: `${indexed[1]!}^{${indexed[2]!}\\top}`, level: LEVEL.postfix }
  if (a!.level === LEVEL.atom && !a!.text.includes('^')) return postfix('^\\top')([a!], NO_DETAIL)
  return { text: `${OPEN}${a!.text}${CLOSE}^\\top`, level: LEVEL.postfix }
}

const reshaped: Form = ([a], { shape }) => atom(`\\operatorname{reshape}${shaped(shape)}${OPEN}${a!.text}${CLOSE}`) // prettier-ignore

const NO_DETAIL: Detail = { shape: [], operands: [], axes: [], keep: false }

const cases: Form = ([condition, a, b]) =>
  atom(`\\begin{cases} ${a!.text} & ${conditionOf(condition!)} \\\\ ${b!.text} & \\text{otherwise} \\end{cases}`)

/** LaTeX in the notation of the course: layers above in brackets, `\odot` entry by entry. */
export const TEX: Target = {
  name: 'tex',
  elementwise: {
    add: infixTex(' + ', LEVEL.sum, LEVEL.sum, LEVEL.sum),
    sub: infixTex(' - ', LEVEL.sum),
    neg: prefixTex('-'),
    mul: times,
    div: fraction,
    pow: power,
    gt: indicating('>', '<'),
    ge: indicating('\\ge', '\\le'),
    eq: indicating('=', '='),
    ne: indicating('\\ne', '\\ne'),
    and: truth('\\land'),
    or: truth('\\lor'),
    not: prefix('\\lnot ', LEVEL.sign, LEVEL.postfix),
    where: cases,
    max: functionTex('\\max'),
    min: functionTex('\\min'),
    abs: between('\\left|', '\\right|'),
    sign: named('sign'),
    step: named('step'),
    exp: functionTex('\\exp'),
    log: functionTex('\\log'),
    log1p: named('log1p'),
    expm1: named('expm1'),
    sqrt: root,
    sin: functionTex('\\sin'),
    cos: functionTex('\\cos'),
    tan: functionTex('\\tan'),
    sinh: functionTex('\\sinh'),
    cosh: functionTex('\\cosh'),
    tanh: functionTex('\\tanh'),
    asin: functionTex('\\arcsin'),
    acos: functionTex('\\arccos'),
    atan: functionTex('\\arctan'),
    erf: named('erf'),
    sigmoid: functionTex('\\sigma'),
    softplus: named('softplus'),
    relu: named('relu'),
    leaky_relu: named('leaky_relu'),
    elu: named('elu'),
    selu: named('selu'),
    gelu: named('gelu'),
    gelu_tanh: named('gelu_tanh'),
    silu: named('silu'),
    swish: named('swish'),
    mish: named('mish'),
  },
  linear: {
    matmul,
    transpose,
    permute: ([a], { axes }) => atom(`\\operatorname{transpose}_{${axes.join(',')}}${OPEN}${a!.text}${CLOSE}`),
    sum: summation,
    multiply: times,
    diagonal: named('diag'),
    diagonalMatrix: named('diag'),
    trace: named('tr'),
    dot: ([a, b]) => ({
      text: `${enclosed(a, LEVEL.postfix)} \\cdot ${enclosed(b, LEVEL.postfix)}`,
      level: LEVEL.product,
    }),
    outer: infixTex(' \\otimes ', LEVEL.product, LEVEL.sign, LEVEL.sign),
    ones: (_, { shape }) => atom(shape.length === 0 ? '1' : `\\mathbf{1}${shaped(shape)}`),
    zeros: (_, { shape }) => atom(shape.length === 0 ? '0' : `\\mathbf{0}${shaped(shape)}`),
    eye: (_, { shape }) => atom(`I_{${sizeTex(shape[0]!)}}`),
    expand: reshaped,
    broadcast: ([a], { shape }) => ({
      text: `${enclosed(a, LEVEL.product)} \\, \\mathbf{1}${shaped(shape)}`,
      level: LEVEL.product,
    }),
  },
  reduce: { max: reducing('\\max'), min: reducing('\\min'), prod: reducing('\\prod') },
  normalise: {
    softmax: reducing('\\operatorname{softmax}'),
    log_softmax: reducing('\\operatorname{log\\_softmax}'),
    logsumexp: reducing('\\operatorname{logsumexp}'),
  },
  matrix: {
    inv: ([a]) => ({ text: `${enclosed(a, LEVEL.atom)}^{-1}`, level: LEVEL.power }),
    det: functionTex('\\det'),
    logdet: functionTex('\\log\\det'),
  },
  kronecker: infixTex(' \\otimes ', LEVEL.product, LEVEL.sign, LEVEL.sign),
  reshape: reshaped,
  derivative: {
    grad: ([y, x]) => ({ text: `\\frac{\\partial ${enclosed(y, LEVEL.atom)}}{\\partial ${enclosed(x, LEVEL.atom)}}`, level: LEVEL.product }), // prettier-ignore
    jacobian: ([y, x]) => atom(`\\operatorname{jacobian}${OPEN}${y!.text}, ${x!.text}${CLOSE}`),
  },
  symbol: { pi: atom('\\pi'), e: atom('e') },
  constant: (value) => {
    const piece = numberPiece(value)
    const parts = /^(-?)(\d+)\/(\d+)$/.exec(piece.text)
    return parts === null ? piece : { text: `${parts[1]!}\\frac{${parts[2]!}}{${parts[3]!}}`, level: piece.level }
  },
  size: (size) => sizePiece(size, sizeTex(size)),
  variable: (name) => atom(nameTex(name)),
}

/** A node in LaTeX (math mode), definitions by their names. Throws `too-large` beyond `MAX_CHARACTERS`. */
export const toTex = (node: Node, options: PrintOptions = {}): string => print(TEX, node, options)
