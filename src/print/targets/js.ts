import type { ElementwiseName } from '../../ops/names.ts'
import { atom, call, infix, LEVEL, prefix, template, within } from '../forms.ts'
import type { Form, Piece } from '../forms.ts'
import { functions, header, JAVASCRIPT_RESERVED, selfCheck } from '../module/javascript.ts'
import type { Boundary } from '../module/javascript.ts'
import type { Language, Module, Style } from '../module/language.ts'
import { sizeCode } from '../module/sizes.ts'
import type { StableName } from '../stable.ts'
import type { Target } from '../target.ts'
import { JS_HELPERS } from './js-runtime.ts'
import { comparison, constantPiece } from './python.ts'
import type { Shape } from '../../shape/shape.ts'

const number = (truth: string): Piece => atom(`(${truth} ? 1 : 0)`)

const truthOf = (piece: Piece | undefined): string => piece?.truth ?? `${within(piece, LEVEL.sum)} !== 0`

const logical =
  (join: (...truths: string[]) => string): Form =>
  (operands) => {
    const truth = join(...operands.map((piece) => `(${truthOf(piece)})`))
    return { ...number(truth), truth }
  }

const math = (name: string): Form => call(`Math.${name}`)

/** Operations on plain numbers. */
export const jsScalars = (helper: (name: string) => string): { readonly [name in ElementwiseName]: Form } => {
  const own =
    (name: string): Form =>
    (operands, detail) =>
      call(helper(name))(operands, detail)
  return {
    add: infix(' + ', LEVEL.sum),
    sub: infix(' - ', LEVEL.sum),
    mul: infix(' * ', LEVEL.product, { right: LEVEL.product + 1 }),
    div: infix(' / ', LEVEL.product),
    neg: prefix('-', LEVEL.sum, LEVEL.product),
    // No sign may stand before a power: it counts as a sum, which gets parentheses there.
    pow: ([a, b]) => ({ text: `${within(a, LEVEL.postfix)} ** ${within(b, LEVEL.postfix)}`, level: LEVEL.sum }),
    gt: comparison('>', number),
    ge: comparison('>=', number),
    eq: comparison('===', number),
    ne: comparison('!==', number),
    and: logical((a, b) => `${a} && ${b}`),
    or: logical((a, b) => `${a} || ${b}`),
    not: logical((a) => `!${a}`),
    where: ([c, a, b]) => atom(`(${truthOf(c)} ? ${a!.text} : ${b!.text})`),
    max: math('max'),
    min: math('min'),
    abs: math('abs'),
    sign: math('sign'),
    step: ([a], detail) => comparison('>', number)([a!, atom('0')], detail),
    exp: math('exp'),
    log: math('log'),
    log1p: math('log1p'),
    expm1: math('expm1'),
    sqrt: math('sqrt'),
    sin: math('sin'),
    cos: math('cos'),
    tan: math('tan'),
    sinh: math('sinh'),
    cosh: math('cosh'),
    tanh: math('tanh'),
    asin: math('asin'),
    acos: math('acos'),
    atan: math('atan'),
    erf: own('erf'),
    sigmoid: own('sigmoid'),
    softplus: own('softplus'),
    relu: template('Math.max($0, 0)'),
    leaky_relu: own('leakyRelu'),
    elu: own('elu'),
    selu: own('selu'),
    gelu: own('gelu'),
    gelu_tanh: own('geluTanh'),
    silu: ([x], detail) => own('swish')([x!, atom('1')], detail),
    swish: own('swish'),
    mish: own('mish'),
  }
}

/** Operations entry by entry written as one function of numbers: `map((A, B) => A * Math.exp(B), A, B)`. */
class Fusion {
  readonly #parts = new WeakMap<Piece, { readonly leaves: readonly string[]; readonly body: Piece }>()
  readonly #map: () => string

  constructor(map: () => string) {
    this.#map = map
  }

  form(scalar: Form): Form {
    return (operands, detail) => {
      if (detail.shape.length === 0) return scalar(operands, detail)
      const leaves: string[] = []
      const slot = (text: string): string => {
        if (!leaves.includes(text)) leaves.push(text)
        return `\0${leaves.indexOf(text)}\0`
      }
      const bodies = operands.map((piece, at): Piece => {
        const inner = this.#parts.get(piece)
        if (inner !== undefined) return filled(inner.body, (index) => slot(inner.leaves[index]!))
        // A number that costs nothing stands in the function; everything else is computed once, before.
        const isNumber = detail.operands[at]?.length === 0 && (piece.host === true || isIdentifier(piece.text))
        return isNumber ? piece : atom(slot(piece.text))
      })
      const body = scalar(bodies, { ...detail, shape: [] })
      let count = 0
      const names = leaves.map((leaf) => (isIdentifier(leaf) ? leaf : `u${++count}`))
      const { text } = filled(body, (index) => names[index]!)
      const piece = atom(`${this.#map()}(${names.length === 1 ? names[0]! : ''}${names.length === 1 ? '' : `(${names.join(', ')})`} => ${text}, ${leaves.join(', ')})`) // prettier-ignore
      this.#parts.set(piece, { leaves, body })
      return piece
    }
  }
}

const isIdentifier = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text)

const filled = (piece: Piece, name: (index: number) => string): Piece => {
  const fill = (text: string): string => text.replaceAll(/\0(\d+)\0/g, (_, index: string) => name(Number(index)))
  return { ...piece, text: fill(piece.text), ...(piece.truth === undefined ? {} : { truth: fill(piece.truth) }) }
}

const shapeList = (shape: Shape, style: Style): string =>
  `[${shape.map((size) => sizeCode(size, style.size).text).join(', ')}]`

/** Plain JavaScript: scalars are numbers, arrays a shape and their entries. */
const target: Language['target'] = (style): Target => {
  const fusion = new Fusion(() => style.helper('map'))
  const scalars = jsScalars(style.helper)
  const own =
    (name: string): Form =>
    (operands, detail) =>
      call(style.helper(name))(operands, detail)
  const over =
    (name: string): Form =>
    ([a], { axes }) =>
      atom(`${style.helper(name)}(${a!.text}, [${axes.join(', ')}])`)
  const entrywise = (name: ElementwiseName): Form => fusion.form(scalars[name])
  const stable = (name: string): Form => fusion.form(own(name))
  const shaped =
    (name: string): Form =>
    ([a], { shape }) =>
      atom(`${style.helper(name)}(${a!.text}, ${shapeList(shape, style)})`)
  const filledWith = (shape: Shape, text: string): Piece => atom(shape.length === 0 ? text : `${style.helper('fill')}(${shapeList(shape, style)}, ${text})`) // prettier-ignore
  return {
    name: 'js',
    elementwise: Object.fromEntries(
      Object.keys(scalars).map((name) => [name, entrywise(name as ElementwiseName)]),
    ) as Target['elementwise'],
    linear: {
      matmul: own('matmul'),
      transpose: own('transpose'),
      permute: over('permute'),
      sum: ([a], { axes, keep }) =>
        atom(`${style.helper('sum')}(${a!.text}, [${axes.join(', ')}]${keep ? ', true' : ''})`),
      multiply: entrywise('mul'),
      diagonal: own('diagonal'),
      diagonalMatrix: own('diagonalMatrix'),
      trace: ([a]) => atom(`${style.helper('sum')}(${style.helper('diagonal')}(${a!.text}), [0])`),
      dot: own('dot'),
      outer: ([v, w]) => atom(`${style.helper('matmul')}(${style.helper('expand')}(${v!.text}, [1]), ${style.helper('expand')}(${w!.text}, [0]))`), // prettier-ignore
      ones: (_, { shape }) => filledWith(shape, '1'),
      zeros: (_, { shape }) => filledWith(shape, '0'),
      eye: (_, { shape }) => atom(`${style.helper('diagonalMatrix')}(${filledWith([shape[0]!], '1').text})`),
      expand: over('expand'),
      broadcast: ([a], { shape }) => filledWith(shape, a!.text),
    },
    reduce: { max: over('maximum'), min: over('minimum'), prod: over('product') },
    normalise: { softmax: over('softmax'), log_softmax: over('logSoftmax'), logsumexp: over('logsumexp') },
    matrix: { inv: own('inv'), det: own('det'), logdet: own('logdet') },
    reshape: shaped('reshape'),
    derivative: { grad: call('grad'), jacobian: call('jacobian') },
    symbol: { pi: atom('Math.PI'), e: atom('Math.E') },
    constant: constantPiece,
    size: (size) => sizeCode(size, style.size),
    variable: (name) => atom(name),
    stable: {
      log_sigmoid: stable('logSigmoid'),
      log_not_sigmoid: fusion.form(([z], detail) => own('logSigmoid')([scalars.neg([z!], detail)], detail)),
      softplus: entrywise('softplus'),
      logaddexp: stable('logaddexp'),
      log_softmax: over('logSoftmax'),
      logsumexp: over('logsumexp'),
      log1p: entrywise('log1p'),
      expm1: entrywise('expm1'),
    } satisfies { readonly [name in StableName]: Form },
    host: scalars,
  }
}

function render(module: Module): string {
  const boundary: Boundary = {
    wrap: (body) => (body.startsWith('{') ? `(() => ${body})()` : body),
    into: (name) => `array(${name})`,
    out: (name) => `nested(${name})`,
    outDocument: 'Arrays are nested or typed ones.',
  }
  const passes = functions(module, boundary)
  const check = selfCheck(module, boundary, { steps: [1e-5], tolerance: 1e-5, plain: (name) => name })
  return `${header(module, 'plain JavaScript')}\n${module.helpers.map((source) => `${source}\n\n`).join('')}${passes}\n${check}`
}

/** Plain JavaScript programs. */
export const JS: Language = {
  name: 'js',
  reserved: [...JAVASCRIPT_RESERVED, 'stridesOf', 'slopes', 'value'],
  target,
  helpers: JS_HELPERS,
  always: ['array', 'nested'],
  length: (array, axis) => `${array}.shape[${axis}]`,
  quotient: (text, divisor) => `${text} / ${divisor}`,
  render,
}
