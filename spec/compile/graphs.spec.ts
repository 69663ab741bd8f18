import { vjp } from '../../src/differentiate/reverse.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import type { ElementwiseName } from '../../src/ops/names.ts'
import { literalSize, namedSize } from '../../src/shape/size.ts'
import { BACKENDS, expectSame } from '../support/compiled.ts'
import { drawInputs, random } from '../support/graphs.ts'

const sizesOf = (sizes: Record<string, number>): ReadonlyMap<string, number> => new Map(Object.entries(sizes))

const EINSUMS = [
  'ij->ji', 'ij->', 'ij->i', 'ij->j', 'ii->i', 'ii->', 'i->ii', 'i->ij', 'i->ji', '->ij', 'ij,ij->', 'ij,ij->i', 'ij,j->i',
  'i,j->ij', 'i,i->i', 'ij,i->ij', 'ij,jk->ik', 'ij,jk->ki', 'ji,jk->ik', 'ij,kj->ik', 'ji,kj->ki', 'ij,jk,kl->il',
  'ij,jk,kl,lm->im', 'bij,bjk->bik', 'ijk,jkl->il', 'ijk,kl->ijl', 'ij,k->ik', 'ij,kl->', 'i,ij,j->', 'ijk->kji',
  'ij,->ij', 'ii,ij->j', 'ij,j->ijj', 'bij,bkj->kib', 'iji->j', 'ij,ij,ij->j',
] // prettier-ignore

const SIZES = [
  { i: 1, j: 1, k: 1, l: 1, m: 1, b: 1 },
  { i: 2, j: 3, k: 5, l: 7, m: 2, b: 3 },
  { i: 17, j: 13, k: 11, l: 3, m: 2, b: 2 },
]

for (const backend of BACKENDS) {
  describe(`compile, contractions, ${backend}`, () => {
    for (const text of EINSUMS) {
      it(`gives the value of ${text}`, () => {
        for (const sizes of SIZES) {
          const b = new Builder()
          const [left, right] = text.split('->') as [string, string]
          const operands = left === '' ? [b.input('x', [])] : left.split(',').map((labels, slot) => b.input(`x${slot}`, [...labels].map(namedSize))) // prettier-ignore
          const extra = Object.fromEntries([...right].map((label) => [label, namedSize(label)]))
          const roots = [b.einsum(text, operands, extra)]
          const draw = random(text.length)
          expectSame(
            roots,
            sizes,
            drawInputs(roots, sizesOf(sizes), () => 2 * draw() - 1),
            { backend },
          )
        }
      })
    }

    it('multiplies large matrices in all four ways of lying, at sizes that leave edges', () => {
      const sizes = { r: 45, k: 517, c: 301 }
      const [r, k, c] = [namedSize('r'), namedSize('k'), namedSize('c')]
      const b = new Builder()
      const draw = random(5)
      const roots = [
        b.matmul(b.input('a', [r, k]), b.input('b', [k, c])),
        b.einsum('kr,kc->rc', [b.input('at', [k, r]), b.input('b', [k, c])]),
        b.einsum('rk,ck->rc', [b.input('a', [r, k]), b.input('bt', [c, k])]),
        b.einsum('kr,ck->rc', [b.input('at', [k, r]), b.input('bt', [c, k])]),
        b.einsum('rk,kc->cr', [b.input('a', [r, k]), b.input('b', [k, c])]),
      ]
      const inputs = drawInputs(roots, sizesOf(sizes), () => 2 * draw() - 1)
      expectSame(roots, sizes, inputs, { backend })
      expectSame(roots, sizes, inputs, { backend, precision: 'f32', tolerance: 3e-5 })
    })
  })

  describe(`compile, graphs, ${backend}`, () => {
    it('gives reductions, normalisations, matrix functions and reshaped arrays', () => {
      for (const sizes of [
        { r: 1, c: 1 },
        { r: 5, c: 7 },
        { r: 3, c: 8 },
      ]) {
        const b = new Builder()
        const [r, c] = [namedSize('r'), namedSize('c')]
        const x = b.input('x', [r, c])
        const square = b.call('add', b.input('s', [literalSize(3), literalSize(3)]), b.eye(literalSize(3)))
        const roots = [
          ...([[0], [1], [0, 1]] as const).flatMap((axes) => [
            ...(['max', 'min', 'prod'] as const).map((fn) => b.reduce(fn, x, axes)),
            ...(['softmax', 'log_softmax', 'logsumexp'] as const).map((fn) => b.normalise(fn, x, axes)),
          ]),
          b.matrix('inv', square), b.matrix('det', square), b.matrix('logdet', b.einsum('ij,kj->ik', [square, square])),
          b.matrix('inv', b.transpose(square)),
          b.reshape(b.call('exp', x), [c, r]), b.reshape(b.transpose(x), [r, c]),
          x, x, b.ones([r, c]), b.zeros([c]), b.eye(r), b.whole(3), b.pi(), b.e(), b.size(r), b.transpose(x),
          b.call('mul', b.size(c), b.transpose(b.define('y', b.call('tanh', x)))),
        ] // prettier-ignore
        const draw = random(3)
        expectSame(
          roots,
          sizes,
          drawInputs(roots, sizesOf(sizes), () => draw() + 0.1),
          { backend },
        )
      }
    })

    it('gives the loss and the gradients of networks', () => {
      for (const m of [1, 2, 5, 8]) {
        const { roots } = network(['tanh', 'relu', 'sigmoid'])
        const sizes = { n0: 3, n1: 5, n2: 4, n3: 2, m }
        const draw = random(m)
        expectSame(
          roots,
          sizes,
          drawInputs(roots, sizesOf(sizes), () => draw() - 0.3),
          { backend },
        )
        expectSame(roots, sizes, drawInputs(roots, sizesOf(sizes), () => draw() - 0.3), { backend, precision: 'f32', tolerance: 1e-4 }) // prettier-ignore
      }
    })

    it('gives random graphs with their gradients', () => {
      for (let seed = 1; seed <= 60; seed++) {
        const b = new Builder()
        const draw = random(seed)
        const sizes = { r: 1 + Math.floor(draw() * 6), c: 1 + Math.floor(draw() * 9) }
        const y = randomGraph(b, draw)
        const wrt = [b.input('x', [namedSize('r'), namedSize('c')]), b.input('w', [namedSize('c')])]
        const roots = [y, ...vjp(b, b.sum(y), wrt)]
        expectSame(roots, sizes, drawInputs(roots, sizesOf(sizes), () => draw() * 2 - 0.7), { backend, floor: 1 }) // prettier-ignore
      }
    })
  })
}

/** Layers with the given activations, a cross-entropy by hand, and the gradients of all parameters. */
function network(activations: readonly ElementwiseName[]): { b: Builder; roots: Node[] } {
  const b = new Builder()
  const m = namedSize('m')
  let a = b.input('X', [namedSize('n0'), m])
  const params: Node[] = []
  activations.forEach((fn, layer) => {
    const [from, to] = [namedSize(`n${layer}`), namedSize(`n${layer + 1}`)]
    const w = b.input(`W${layer}`, [to, from])
    const bias = b.input(`b${layer}`, [to, literalSize(1)])
    params.push(w, bias)
    a = b.call(fn, b.call('add', b.matmul(w, a), bias))
  })
  const y = b.input('Y', a.shape)
  const one = b.whole(1)
  const positive = b.call('mul', y, b.call('log', a))
  const negative = b.call('mul', b.call('sub', one, y), b.call('log', b.call('sub', one, a)))
  const cost = b.call('neg', b.call('div', b.sum(b.call('add', positive, negative)), b.size(m)))
  return { b, roots: [cost, ...vjp(b, cost, params)] }
}

const SMOOTH: readonly ElementwiseName[] = ['add', 'sub', 'mul', 'tanh', 'sigmoid', 'exp', 'sin', 'max', 'relu', 'where', 'gt', 'softplus', 'erf', 'abs', 'pow'] // prettier-ignore

function randomGraph(b: Builder, draw: () => number): Node {
  const [r, c] = [namedSize('r'), namedSize('c')]
  const x = b.input('x', [r, c])
  const w = b.input('w', [c])
  const pool: Node[] = [x, w, b.call('add', x, w)]
  const pick = (): Node => pool[Math.floor(draw() * pool.length)]!
  const bounded = (node: Node): Node => b.call('tanh', node)
  for (let step = 0; step < 14; step++) {
    const kind = Math.floor(draw() * 7)
    const a = pick()
    if (kind <= 2) {
      const fn = SMOOTH[Math.floor(draw() * SMOOTH.length)]!
      const args = Array.from({ length: ELEMENTWISE[fn].arity }, pick)
      if (fn === 'exp') pool.push(b.call('exp', bounded(args[0]!)))
      else if (fn === 'pow') pool.push(b.call('pow', bounded(args[0]!), b.whole(Math.floor(draw() * 4))))
      else if (args.every((arg) => arg.shape.length === 2 || arg === args[0] || arg.shape.length === 1)) pool.push(b.call(fn, ...args)) // prettier-ignore
    } else if (a.shape.length !== 2 || a.shape[0] !== r || a.shape[1] !== c) pool.push(b.broadcast(a, [r, c]))
    else if (kind === 3) pool.push(b.normalise(draw() < 0.5 ? 'softmax' : 'log_softmax', a, [draw() < 0.5 ? 0 : 1]))
    else if (kind === 4) pool.push(b.matmul(bounded(b.matmul(a, b.transpose(bounded(pick2(pool, r, c))))), a))
    else if (kind === 5) pool.push(b.sum(bounded(a), [0]), b.sum(bounded(a), [1], true))
    else pool.push(b.transpose(bounded(b.transpose(b.call('mul', a, w)))))
  }
  return bounded(b.broadcast(pool.at(-1)!, [r, c]))
}

const pick2 = (pool: readonly Node[], ...shape: unknown[]): Node => pool.findLast((node) => node.shape.length === 2 && node.shape.every((size, axis) => size === shape[axis]))! // prettier-ignore
