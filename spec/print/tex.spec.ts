import { expect } from 'chai'
import katex from 'katex'
import { rational } from '../../src/base/rational.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { contraction } from '../../src/ops/contraction.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import { nameTex, toTex } from '../../src/print/tex.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import type { Size } from '../../src/shape/size.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { forAllStreams } from '../support/property.ts'

const [n, m] = ['n_1', 'm'].map(namedSize) as [Size, Size]

/** TeX that KaTeX cannot read throws. */
const expectReadable = (tex: string): void => {
  katex.renderToString(tex, { strict: 'error', throwOnError: true, trust: false })
}

describe('toTex', () => {
  const builder = new Builder()
  const call = builder.call.bind(builder)
  const one = builder.whole(1)
  const [W2, dZ2, A1, x] = [
    builder.input('W2', [ONE_SIZE, n]), builder.input('dZ2', [ONE_SIZE, m]), builder.input('A1', [n, m]), builder.input('x', []),
  ] // prettier-ignore
  const inverse = call('div', one, builder.size(m))

  const SPELT: readonly (readonly [string, Node])[] = [
    ['\\frac{1}{m} \\, dZ^{[2]} \\, A^{[1]\\top}', call('mul', inverse, builder.matmul(dZ2, builder.transpose(A1)))],
    ['\\left(W^{[2]\\top} \\, dZ^{[2]}\\right) \\odot \\left(1 - \\left(A^{[1]}\\right)^{\\circ 2}\\right)',
      call('mul', builder.matmul(builder.transpose(W2), dZ2), call('sub', one, call('pow', A1, builder.whole(2))))],
    ['\\frac{1}{m} \\, \\sum_{\\text{axis }1} dZ^{[2]}', call('mul', inverse, builder.sum(dZ2, [1], true))],
    ['\\sigma\\left(A^{[1]}\\right)', call('sigmoid', A1)],
    ['\\mathbf{1}\\left[A^{[1]} > 0\\right]', call('gt', A1, builder.whole(0))],
    ['\\mathbf{1}\\left[x < 0\\right]', call('gt', builder.whole(0), x)],
    ['-x^{2}', call('neg', call('pow', x, builder.whole(2)))],
    ['\\frac{1}{2} \\, x', call('mul', builder.constant(rational(1, 2)), x)],
    ['2 \\cdot 3', call('mul', builder.whole(2), builder.whole(3))],
    ['\\begin{cases} x & x > 0 \\\\ 0.01 \\, x & \\text{otherwise} \\end{cases}',
      call('where', call('gt', x, builder.whole(0)), x, call('mul', builder.constant(rational(1, 100)), x))],
    ['I_{n_{1}}', builder.eye(n)],
  ] // prettier-ignore

  for (const [tex, node] of SPELT) {
    it(`writes ${tex}`, () => {
      expect(toTex(node)).to.equal(tex)
      expectReadable(tex)
    })
  }

  const NAMES: readonly (readonly [string, string])[] = [
    ['W1', 'W^{[1]}'],
    ['dZ2', 'dZ^{[2]}'],
    ['Z[2]', 'Z^{[2]}'],
    ['dZ[2]', 'dZ^{[2]}'],
    ['W[2, 3]', 'W^{[2,3]}'],
    ['n_x', 'n_{x}'],
    ['W_hh', 'W_{\\mathrm{hh}}'],
    ['alpha', '\\alpha'],
    ['dgamma', 'd\\gamma'],
    ['eps', '\\varepsilon'],
    ['loss', '\\mathrm{loss}'],
    ['ŷ', '\\hat{y}'],
    ['dZ2_', 'dZ^{[2]\\prime}'],
    ['dZ_[2]', 'dZ^{[2]\\prime}'],
  ]
  for (const [name, tex] of NAMES) {
    it(`writes the name ${name} as ${tex}`, () => {
      expect(nameTex(name)).to.equal(tex)
    })
  }

  it('is read by KaTeX for every operation', () => {
    for (const fn of ELEMENTWISE_NAMES) {
      const args = Array.from({ length: ELEMENTWISE[fn].arity }, (_, at) => builder.input(`x${at}`, [n]))
      const inner = args.map((arg) => call('sub', arg, one))
      expectReadable(toTex(call(fn, ...inner)))
      expectReadable(toTex(call('neg', call('pow', call(fn, ...args), call(fn, ...inner)))))
    }
  })

  it('is read by KaTeX for contractions and random expressions', () => {
    forAllStreams((random) => {
      const b = new Builder()
      expectReadable(toTex(new Expressions(b, random).of(randomShape(random), 1 + random.below(6))))
      const sizes = new Map([n, m, ONE_SIZE].entries())
      const labels = (): number[] => Array.from({ length: random.below(4) }, () => random.below(3))
      const operands = Array.from({ length: random.below(4) }, labels)
      const inputs = operands.map((own, at) =>
        b.input(
          `y${at}`,
          own.map((label) => sizes.get(label)!),
        ),
      )
      expectReadable(toTex(b.contract(contraction(operands, labels(), sizes), ...inputs)))
    }, 100)
  })
})
