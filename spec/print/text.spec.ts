import { expect } from 'chai'
import type { Random } from '../../src/base/random.ts'
import { rational } from '../../src/base/rational.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { DefinitionNode, Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { contraction } from '../../src/ops/contraction.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import { toText } from '../../src/print/text.ts'
import { multiplySizes, namedSize, ONE_SIZE, sizeNames, sizeText } from '../../src/shape/size.ts'
import type { Size } from '../../src/shape/size.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { inputsOf, pointFor, sizesFor } from '../support/points.ts'
import { forAllStreams } from '../support/property.ts'
import { expectClose } from '../support/relative.ts'

const [n, m, k] = ['n', 'm', 'k'].map(namedSize) as [Size, Size, Size]

/** Reads a text in the names of the inputs below `node`, in a graph of its own. */
function readBack(text: string, node: Node): { root: Node; inputs: ReadonlyMap<string, Node> } {
  const declared = inputsOf([node])
  // Sizes must be known as such although no input may have them.
  const names = new Set([...node.shape.flatMap(sizeNames), 'n', 'm', 'k', 'p', 'q'])
  const defined = reachable([node]).filter((one) => one.kind === 'definition' && !one.hidden) as DefinitionNode[]
  const bodies = defined.map((definition) => `${definition.name} = ${toText(definition.inputs[0]!)}`)
  const lines = declared.map((input) => `${input.name} = ${input.role}(${input.shape.map(sizeText).join(', ')})`)
  const program = elaborate(
    parseSheet([...lines, `sizes_ = input(${[...names].join(', ')})`, ...bodies, `back_ = ${text}`].join('\n')),
  )
  expect(
    program.errors.map((error) => error.message),
    text,
  ).to.deep.equal([])
  const root = program.definitions.get('back_')!
  return { root, inputs: new Map(program.inputs.map((input) => [input.name, input])) }
}

/** The law: what is printed reads back as the same shape and value. */
function expectRoundTrip(node: Node, random: Random): void {
  const text = toText(node)
  const { root, inputs } = readBack(text, node)
  expect(root.shape.map(sizeText), text).to.deep.equal(node.shape.map(sizeText))
  const sizes = sizesFor([node, root], random)
  const point = pointFor([node], random, sizes)
  const values = new Map(
    [...point.inputs].map(([input, value]) => [inputs.get((input as Node & { kind: 'input' }).name)!, value]),
  )
  const [before] = evaluate([node], point)
  const [after] = evaluate([root], { sizes, inputs: values })
  expectClose(after!, before!, 1e-12, text)
}

/** A contraction of up to three operands: diagonals, deltas, repetitions and axes of length 1 included. */
function randomContraction(builder: Builder, random: Random): Node {
  const sizes = new Map<number, Size>()
  const count = 2 + random.below(3)
  for (let label = 0; label < count; label++) sizes.set(label, [n, m, k, ONE_SIZE][random.below(4)]!)
  const labels = (most: number): number[] => Array.from({ length: random.below(most + 1) }, () => random.below(count))
  const operands = Array.from({ length: random.below(4) }, () => labels(3))
  const inputs = operands.map(
    (own, at) =>
    builder.input(`x${at}`, own.map((label) => sizes.get(label)!)), // prettier-ignore
  )
  return builder.contract(contraction(operands, labels(3), sizes), ...inputs)
}

describe('toText', () => {
  const builder = new Builder()
  const one = builder.whole(1)
  const input = (name: string, ...shape: Size[]): Node => builder.input(name, shape)
  const call = builder.call.bind(builder)
  const r = builder.input('r', [n, ONE_SIZE])
  const [A, B, W, x, y, v, w] = [
    input('A', n, m), input('B', n, m), input('W', k, n), input('x'), input('y'), input('v', n), input('w', n),
  ] // prettier-ignore
  const inverse = call('div', one, builder.size(m))
  const product = builder.matmul(W, A)

  const SPELT: readonly (readonly [string, Node])[] = [
    ["1/m * A*B'", call('mul', inverse, builder.matmul(A, builder.transpose(B)))],
    ['1/m * sum(A, axis=1)', call('mul', inverse, builder.sum(A, [1], true))],
    ["(W'*W*A) .* (1 - A.^2)", call('mul', builder.matmul(builder.transpose(W), product), call('sub', one, call('pow', A, builder.whole(2))))],
    ['A.*(1 - A)', call('mul', A, call('sub', one, A))],
    ['-A./B', call('neg', call('div', A, B))],
    ['(-A)./B', call('div', call('neg', A), B)],
    ['A - (B - A)', call('sub', A, call('sub', B, A))],
    ['A - B + A', call('add', call('sub', A, B), A)],
    ['A + (-B)', call('add', A, call('neg', B))],
    ['-(A + B)', call('neg', call('add', A, B))],
    ['-(-A)', call('neg', call('neg', A))],
    ['A./(B.*A)', call('div', A, call('mul', B, A))],
    ['A./B./A', call('div', call('div', A, B), A)],
    ['A./(B./A)', call('div', A, call('div', B, A))],
    ['(A + B).^2', call('pow', call('add', A, B), builder.whole(2))],
    ['(A.^2).^3', call('pow', call('pow', A, builder.whole(2)), builder.whole(3))],
    ['-x^2', call('neg', call('pow', x, builder.whole(2)))],
    ['(-x)^2', call('pow', call('neg', x), builder.whole(2))],
    ['x^(-1)', call('pow', x, builder.whole(-1))],
    ['x^(1/2)', call('pow', x, builder.constant(rational(1, 2)))],
    ['x^y', call('pow', x, y)],
    ['x*y/m', call('div', call('mul', x, y), builder.size(m))],
    ['x/(y*m)', call('div', x, call('mul', y, builder.size(m)))],
    ['2*A', call('mul', builder.whole(2), A)],
    ['0.01*A', call('mul', builder.constant(rational(1, 100)), A)],
    ['1e-5*A', call('mul', builder.constant(rational(1, 100_000)), A)],
    ['0.00012*A', call('mul', builder.constant(rational(12, 100_000)), A)],
    ['1e-8*A', call('mul', builder.constant(rational(1, 100_000_000)), A)],
    ['1/3 * A', call('mul', builder.constant(rational(1, 3)), A)],
    ['A/x', call('div', A, x)],
    ['(A > 0)', call('gt', A, builder.whole(0))],
    ['(A < 0)', call('gt', builder.whole(0), A)],
    ['B.*(A >= 0)', call('mul', B, call('ge', A, builder.whole(0)))],
    ['((A == B) > 0)', call('gt', call('eq', A, B), builder.whole(0))],
    ['where(A > B, A, 0.1*B)', call('where', call('gt', A, B), A, call('mul', builder.constant(rational(1, 10)), B))],
    ['(A > 0 and B > 0)', call('and', call('gt', A, builder.whole(0)), call('gt', B, builder.whole(0)))],
    ['not (A > 0)', call('not', call('gt', A, builder.whole(0)))],
    ["A'", builder.transpose(A)],
    ["(A + B)'", builder.transpose(call('add', A, B))],
    ['sum(A)', builder.sum(A)],
    ['sum(A, axis=0, keepdims=False)', builder.sum(A, [0])],
    ['sum(A, axis=[0,1])', builder.sum(A, [0, 1], true)],
    ['dot(v, w)', builder.einsum('i,i->', [v, w])],
    ['outer(v, w)', builder.einsum('i,j->ij', [v, w])],
    ['diag(v)', builder.einsum('i->ii', [v])],
    ['sum(A.*B)', builder.einsum('ij,ij->', [A, B])],
    ["sum((A*C) .* B)", builder.einsum('ij,jk,ik->', [A, builder.input('C', [m, m]), B])],
    ["W*A*A'", builder.matmul(product, builder.transpose(A))],
    ["W*A*A'", builder.matmul(W, builder.matmul(A, builder.transpose(A)))],
    ["W*(2*A*A')", builder.matmul(W, call('mul', builder.whole(2), builder.matmul(A, builder.transpose(A))))],
    ["r*(r'*r)", builder.matmul(r, builder.matmul(builder.transpose(r), r))],
    ["kron(A, B')", builder.reshape(builder.einsum('ij,lk->ikjl', [A, B]), [multiplySizes(n, m), multiplySizes(n, m)])],
    ["kron(B', A)", builder.reshape(builder.einsum('ij,lk->kilj', [A, B]), [multiplySizes(n, m), multiplySizes(n, m)])],
    ['reshape(A, [1, m, n])', builder.reshape(A, [ONE_SIZE, m, n])],
    ['reshape(v, [n, 1]).*B', builder.einsum('i,ij->ij', [v, B])],
    ['trace(S*T)', builder.einsum('ij,ji->', [input('S', n, n), input('T', n, n)])],
    ['ones(n, m)', builder.ones([n, m])],
    ['zeros(n, m)', builder.zeros([n, m])],
    ['eye(n)', builder.eye(n)],
    ['ones(m, 1).*v', builder.broadcast(v, [m, n])],
    ['softmax(A, axis=0)', builder.normalise('softmax', A, [0])],
    ['max(A, axis=1)', builder.reduce('max', A, [1])],
    ['grad(sum(A), A)', builder.derivative('grad', builder.sum(A), A)],
  ] // prettier-ignore

  for (const [text, node] of SPELT) {
    it(`writes ${text}`, () => {
      expect(toText(node)).to.equal(text)
    })
  }

  it('stands for definitions by their names, and looks through hidden ones', () => {
    const b = new Builder()
    const z = b.define('Z[2]', b.call('tanh', b.input('X', [n])))
    expect(toText(b.call('exp', z))).to.equal('exp(Z[2])')
    expect(toText(b.call('exp', b.define('', z, true)))).to.equal('exp(Z[2])')
  })

  it('writes nodes by other names where asked to', () => {
    expect(toText(call('add', product, one), { names: new Map([[product, 'P']]) })).to.equal('P + 1')
  })

  it('reads back every elementwise operation', () => {
    forAllStreams((random) => {
      for (const fn of ELEMENTWISE_NAMES) {
        const b = new Builder()
        const args = Array.from({ length: ELEMENTWISE[fn].arity }, (_, at) => b.input(`x${at}`, [n]))
        // Inside every domain: between 0 and 1.
        const inner = args.map((arg) => b.call('sigmoid', arg))
        expectRoundTrip(b.call(fn, ...inner), random)
      }
    }, 3)
  })

  it('reads back every contraction', () => {
    forAllStreams((random) => expectRoundTrip(randomContraction(new Builder(), random), random), 400)
  })

  it('reads back random expressions', () => {
    forAllStreams((random) => {
      const b = new Builder()
      const node = new Expressions(b, random).of(randomShape(random), 1 + random.below(6))
      const names = reachable([node]).flatMap((one) => (one.kind === 'definition' ? [one.name] : []))
      if (new Set(names).size === names.length) expectRoundTrip(node, random)
    }, 150)
  })

  it('puts in and takes out axes of length 1, and joins axes', () => {
    expect(toText(builder.reshape(A, [n, ONE_SIZE, m]))).to.equal('reshape(A, [n, 1, m])')
    const joined = builder.reshape(A, [multiplySizes(n, m)])
    expect(toText(joined)).to.equal('reshape(A, [m*n])')
  })

  it('costs no stack for depth, and refuses what is too long to read', () => {
    let node = x
    for (let at = 0; at < 20_000; at++) node = call('sin', node)
    expect(toText(node)).to.have.length(20_000 * 'sin()'.length + 1)
    let twice = x
    for (let at = 0; at < 100; at++) twice = call('mul', twice, call('add', twice, one))
    expect(() => toText(twice)).to.throw('more than')
  })
})
