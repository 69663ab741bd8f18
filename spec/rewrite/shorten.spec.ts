import fc from 'fast-check'
import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'
import { rational } from '../../src/base/rational.ts'
import { expandDerivatives } from '../../src/differentiate/expand.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { evaluateWithBound } from '../../src/evaluate/bound.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { toText } from '../../src/print/text.ts'
import { Costs } from '../../src/rewrite/cost.ts'
import { shorten } from '../../src/rewrite/shorten.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { buildNetwork, networkPlans } from '../support/networks.ts'
import { inputsOf, pointFor } from '../support/points.ts'
import { forAll, forAllStreams } from '../support/property.ts'
import { expectClose, expectWithinBounds } from '../support/relative.ts'

/** The short gradient of the sheet's `of` by `wrt`, in the sheet's names. */
function gradient(sheet: string, of: string, wrt: string): string {
  const program = elaborate(parseSheet(sheet))
  expect(program.errors).to.deep.equal([])
  const y = program.definitions.get(of)!
  const x = program.definitions.get(wrt) ?? program.inputs.find((input) => input.name === wrt)!
  const scope = [...program.definitions.values()]
  const assumptions = program.assumptions.filter(({ relation }) => relation === 'equal')
  const [short] = shorten(program.builder, vjp(program.builder, y, [x]), { scope, assumptions })
  return toText(short!)
}

/** Two layers; `outer` and `loss` in the sheet language. */
const network = (inner: string, outer: string, loss: string, labels = 'input(k, m)'): string => `
  X = input(n, m); Y = ${labels}
  W1 = param(h, n); b1 = param(h, 1); W2 = param(k, h); b2 = param(k, 1)
  Z1 = W1*X + b1
  A1 = ${inner}
  Z2 = W2*A1 + b2
  A2 = ${outer}
  L = ${loss}
  J = L/m`

/** A cost of square matrices and columns. */
const matrices = (cost: string): string => `
  A = input(n, n); B = input(n, n); X = param(n, n); x = param(n, 1)
  J = ${cost}`

const ENTROPY = '-sum(Y.*log(A2) + (1 - Y).*log(1 - A2))'
const SOFTMAX_ENTROPY = '-sum(Y.*log(A2))'

describe('shorten', () => {
  const TEXTBOOK: readonly (readonly [what: string, sheet: string, of: string, wrt: string, text: string])[] = [
    ['sigmoid with cross-entropy', network('tanh(Z1)', 'sigmoid(Z2)', ENTROPY), 'L', 'Z2', 'A2 - Y'],
    ['the same by its mean', network('tanh(Z1)', 'sigmoid(Z2)', ENTROPY), 'J', 'Z2', '1/m * (A2 - Y)'],
    ['weights', network('tanh(Z1)', 'sigmoid(Z2)', ENTROPY), 'J', 'W2', "1/m * (A2 - Y)*A1'"],
    ['a bias', network('tanh(Z1)', 'sigmoid(Z2)', ENTROPY), 'J', 'b2', '1/m * sum(A2 - Y, axis=1)'],
    ['tanh', network('tanh(Z1)', 'sigmoid(Z2)', ENTROPY), 'L', 'Z1', "(W2'*(A2 - Y)) .* (1 - A1.^2)"],
    ['sigmoid', network('sigmoid(Z1)', 'sigmoid(Z2)', ENTROPY), 'L', 'Z1', "(W2'*(A2 - Y)) .* A1.*(1 - A1)"],
    ['relu', network('relu(Z1)', 'sigmoid(Z2)', ENTROPY), 'L', 'Z1', "(W2'*(A2 - Y)) .* (Z1 > 0)"],
    ['leaky relu', network('leaky_relu(Z1, 0.01)', 'sigmoid(Z2)', ENTROPY), 'L', 'Z1',
      "(W2'*(A2 - Y)) .* where(Z1 > 0, 1, 0.01)"],
    ['a relu that is a choice', network('where(Z1 > 0, Z1, 0.1*Z1)', 'sigmoid(Z2)', ENTROPY), 'L', 'Z1',
      "(W2'*(A2 - Y)) .* where(Z1 > 0, 1, 0.1)"],
    ['softmax', network('tanh(Z1)', 'softmax(Z2)', SOFTMAX_ENTROPY), 'L', 'Z2', 'A2.*sum(Y, axis=0) - Y'],
    ['softmax with one-hot labels', network('tanh(Z1)', 'softmax(Z2)', SOFTMAX_ENTROPY, 'onehot(k, m)'), 'L', 'Z2', 'A2 - Y'],
    ['softmax with an assumption', `${network('tanh(Z1)', 'softmax(Z2)', SOFTMAX_ENTROPY)}
      assume(sum(Y, axis=0) == 1)`, 'L', 'Z2', 'A2 - Y'],
    ['softmax spelt out', network('tanh(Z1)', 'exp(Z2)./sum(exp(Z2), axis=0)', SOFTMAX_ENTROPY, 'onehot(k, m)'), 'L', 'Z2',
      'A2 - Y'],
    ['softmax in steps', `Z = input(k, m); Y = onehot(k, m); E = exp(Z); S = sum(E, axis=0); A = E./S; L = -sum(Y.*log(A))`,
      'L', 'Z', 'A - Y'],
    ['log-softmax', `Z = input(k, m); Y = onehot(k, m); L = -sum(Y.*log_softmax(Z, axis=0))`, 'L', 'Z',
      'softmax(Z, axis=0) - Y'],
    ['sigmoid spelt out', network('tanh(Z1)', '1./(1 + exp(-Z2))', ENTROPY), 'L', 'Z2', 'A2 - Y'],
    ['tanh spelt out', network('(exp(Z1) - exp(-Z1))./(exp(Z1) + exp(-Z1))', 'sigmoid(Z2)', ENTROPY), 'L', 'Z1',
      "(W2'*(A2 - Y)) .* (1 - A1.^2)"],
    ['absolute differences', network('tanh(Z1)', 'Z2', 'sum(abs(Y - A2))'), 'L', 'A2', 'sign(A2 - Y)'],
    ['squares', network('tanh(Z1)', 'Z2', 'sum((A2 - Y).^2)'), 'L', 'A2', '2*(A2 - Y)'],
    ['squares the other way round', network('tanh(Z1)', 'Z2', 'sum((Y - A2).^2)'), 'L', 'W2', "2*(A2 - Y)*A1'"],
    ['half of the squares', network('tanh(Z1)', 'Z2', '1/2*sum((A2 - Y).^2)'), 'L', 'A2', 'A2 - Y'],
    ['weight decay', `W = param(k, n); X = input(n, m); Y = input(k, m); lambda = input()
      J = 1/m*sum((W*X - Y).^2) + lambda/(2*m)*sum(W.^2)`, 'J', 'W', "1/m * (lambda*W + 2*(W*X - Y)*X')"],
    ['a size that drops out', `A = input(n, m); J = sum(A)/n*n`, 'J', 'A', 'ones(n, m)'],
    ['a trace', `A = input(n, k); B = input(k, n); J = trace(A*B)`, 'J', 'A', "B'"],
    ['a quadratic form', `A = input(n, n); x = input(n, 1); J = x'*A*x`, 'J', 'A', "x*x'"],
    ['a power', `x = input(n); J = sum(x.^3)`, 'J', 'x', '3*x.^2'],
    ['a square root', `x = input(n); J = sum(sqrt(x))`, 'J', 'x', '1./(2*sqrt(x))'],
    ['a quotient', `x = input(n); y = input(n); J = sum(x./y)`, 'J', 'y', '-x./y.^2'],
    ['the scale of a norm', `x = input(n); s = sqrt(sum(x.^2)); J = s`, 'J', 'x', '1/s * x'],
    // Petersen & Pedersen, The Matrix Cookbook (2012), equations 81, 108, 117, 125 and 57.
    ['a quadratic form', matrices("x'*A*x"), 'J', 'x', "A'*x + A*x"],
    ['a quadratic form of a symmetric matrix', `${matrices("x'*A*x")}\n  assume(A' == A)`, 'J', 'x', '2*A*x'],
    ['a trace of four matrices', matrices("trace(X'*A*X*B)"), 'J', 'X', "A'*X*B' + A*X*B"],
    ['a Rayleigh quotient', matrices("x'*A*x/(x'*x)"), 'J', 'x', "(A'*x - 2*x.*J + A*x) ./ (x'*x)"],
    ['a log-determinant', matrices("logdet(X'*A*X)"), 'J', 'X', "A'*X*inv(X'*A*X)' + A*X*inv(X'*A*X)"],
    ['a product of three matrices', matrices('sum((A*X*B - A).^2)/2'), 'J', 'X', "A'*(A*X*B - A)*B'"],
    // Where the logarithm has a value, nothing is left of the sign.
    ['the logarithm of an absolute value', `z = param(); J = log(abs(z^2 - 2))`, 'J', 'z', '2*z/(z^2 - 2)'],
    ['the same of a determinant', matrices('log(abs(det(X)))'), 'J', 'X', "inv(X)'"],
    ['a reciprocal of an absolute value', `x = param(n); J = sum(1./abs(x))`, 'J', 'x', '-1./(abs(x).*x)'],
    ['a signed square', `x = param(n); J = sum(x.*abs(x))/2`, 'J', 'x', 'abs(x)'],
    ['an absolute value to the third', `x = param(n); J = sum(abs(-2*x).^3)/24`, 'J', 'x', 'abs(x).*x'],
    ['two signs, of which the square is 0 at 0', `x = param(n); J = sum(x.*sign(-x).*sign(3*x))`, 'J', 'x', '-sign(x).^2'],
    ['the determinant of a Gram matrix', matrices("log(det(X*X'))"), 'J', 'X', "2*inv(X*X')*X"],
    ['a column mean', matrices('sum(mean(X, axis=0).^2)'), 'J', 'X', 'ones(n, 1).*(2/n^2 * sum(X, axis=0))'],
  ] // prettier-ignore

  for (const [what, sheet, of, wrt, text] of TEXTBOOK) {
    it(`writes the gradient of ${what} as a textbook does: ${text}`, () => {
      expect(gradient(sheet, of, wrt)).to.equal(text)
    })
  }

  it('keeps the value of gradients of networks, and does not make them longer', () => {
    forAll(
      fc.tuple(networkPlans, fc.nat()),
      ([plan, seed]) => {
        const { builder, cost, params, pre } = buildNetwork(plan)
        const raw = vjp(builder, cost, [...params, ...pre])
        const short = shorten(builder, raw)
        const point = pointFor([cost], new Random(seed))
        const before = evaluate(raw, point)
        const costs = new Costs()
        evaluate(short, point).forEach((after, at) => expectClose(after, before[at]!, 1e-9))
        const total = (nodes: readonly Node[]): number => nodes.reduce((sum, node) => sum + costs.of(node), 0)
        expect(total(short)).to.be.at.most(total(raw))
      },
      40,
    )
  })

  it('keeps the value of random expressions, and of their first and second derivatives', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const y = builder.sum(new Expressions(builder, random).of(randomShape(random), 1 + random.below(5)))
      const inputs = inputsOf([y])
      const first = vjp(builder, y, inputs)
      const total = first.reduce<Node>((sum, node) => builder.call('add', sum, builder.sum(node)), builder.whole(0))
      const raw = [y, ...first, ...vjp(builder, total, inputs.slice(0, 2))]
      const point = pointFor([y], random)
      const before = evaluateWithBound(raw, point)
      evaluateWithBound(shorten(builder, raw), point).forEach((after, at) => expectWithinBounds(after, before[at]!))
    }, 40)
  })

  it('brings a sum and a product to one form, in whatever order they are written', () => {
    const atoms = ['a', 'b', 'c', 'd'] as const
    const terms = fc.array(
      fc.tuple(fc.integer({ min: -3, max: 3 }), fc.array(fc.constantFrom(...atoms), { maxLength: 3 })),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    forAll(fc.tuple(terms, fc.nat()), ([list, seed]) => {
      const builder = new Builder()
      const node = (name: string): Node => builder.input(name, [namedSize('n')])
      const written = (order: typeof list): Node =>
        order
          .map(([number, factors]) =>
            factors.map(node).reduce((p, x) => builder.call('mul', p, x), builder.whole(number)),
          )
          .reduce((sum, term) => builder.call('add', sum, term))
      const random = new Random(seed)
      const shuffle = <T>(items: readonly T[]): T[] => {
        const keyed = items.map((item) => [random.unit(), item] as const)
        return keyed.sort(([p], [q]) => p - q).map(([, item]) => item)
      }
      const other = shuffle(list).map(([number, factors]): (typeof list)[number] => [number, shuffle(factors)])
      const broad = (sum: Node): Node => builder.broadcast(sum, [namedSize('n')])
      const [p, q] = shorten(builder, [broad(written(list)), broad(written(other))])
      expect(p).to.equal(q)
    })
  })

  it('divides by nothing that may be zero where the original divides by nothing', () => {
    const text = gradient('x = param(n); U = input(n); y = x.*sigmoid(x); J = sum(U.*y)', 'J', 'x')
    expect(text).not.to.include('/')
  })

  it('leaves a choice around what has no value where it is not taken', () => {
    const text = gradient('x = param(n); J = sum(where(x > 0, log(x), x))', 'J', 'x')
    expect(text).to.equal('where(x > 0, 1./x, 1)')
  })

  it('uses the first of two definitions with one body, and none whose body is a mere name or number', () => {
    const sheet = `x = param(n); alpha = 0.5; a = tanh(x); b = tanh(x); J = sum(a) + alpha*sum(x.^2) + 0.5*sum(b)`
    expect(gradient(sheet, 'J', 'x')).to.equal('2*alpha*x + 3/2 * (1 - a.^2)')
  })

  it('does not go into depth: a hundred thousand operations, each on the one before', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    let y = x
    const fns: readonly ElementwiseName[] = ['sin', 'tanh', 'neg', 'exp', 'sigmoid', 'abs']
    for (let at = 0; at < 100_000; at++) {
      y = at % 7 === 6 ? builder.call('mul', y, y) : builder.call(fns[at % 7]!, y)
    }
    const [short] = shorten(builder, [y])
    expect(short!.shape).to.deep.equal([])
  })

  it('keeps a long sum and a long product as long as they are', () => {
    for (const fn of ['add', 'mul'] as const) {
      const builder = new Builder()
      const terms = Array.from({ length: 2000 }, (_, at) => builder.input(`x[${at}]`, []))
      const node = terms.reduce<Node>((sum, term) => builder.call(fn, sum, term), builder.whole(fn === 'add' ? 0 : 1))
      const [short] = shorten(builder, [node])
      expect(new Costs().of(short!)).to.equal(2 * terms.length - 1)
    }
  })

  it('grows linearly with depth: layers, and an activation composed with itself', () => {
    const added = (depth: number): number => {
      const builder = new Builder()
      let y = builder.input('z', [])
      for (let at = 0; at < depth; at++) {
        const log = builder.call('log', builder.call('add', builder.whole(1), builder.call('exp', y)))
        y = builder.call('mul', y, builder.call('tanh', log))
      }
      const raw = vjp(builder, y, [inputsOf([y])[0]!])
      const before = builder.dag.size
      shorten(builder, raw)
      return builder.dag.size - before
    }
    expect(added(40)).to.be.below(2.5 * added(20))

    const layers = (depth: number): number => {
      const { builder, cost, params } = buildNetwork({
        hidden: Array(depth).fill('tanh') as 'tanh'[],
        loss: 'binary-cross-entropy',
        shared: false,
        residual: true,
      })
      const raw = vjp(builder, cost, params)
      const before = builder.dag.size
      shorten(builder, raw)
      return builder.dag.size - before
    }
    expect(layers(80)).to.be.below(2.2 * layers(40))
  })

  it('gives roots of the shape of the originals, also where all that is left is a number', () => {
    const builder = new Builder()
    const x = builder.input('x', [namedSize('n'), ONE_SIZE])
    const one = builder.call('div', x, x)
    const [short, none] = shorten(builder, [one, builder.call('sub', x, x)])
    expect(toText(short!)).to.equal('ones(n, 1)')
    expect(toText(none!)).to.equal('zeros(n, 1)')
  })

  it('reads derivatives that are still to be taken as they stand', () => {
    const builder = new Builder()
    const x = builder.input('x', [namedSize('n')])
    const y = builder.sum(builder.call('pow', x, builder.constant(rational(2))))
    const derivative = builder.derivative('grad', y, x)
    const [short] = shorten(builder, [builder.call('add', derivative, derivative)])
    expect(toText(short!)).to.equal('2*grad(sum(x.^2), x)')
    expect(toText(shorten(builder, expandDerivatives(builder, [short!]).roots)[0]!)).to.equal('4*x')
  })
})
