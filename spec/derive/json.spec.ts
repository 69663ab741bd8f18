import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'
import { derive } from '../../src/derive/derive.ts'
import { derivationJson } from '../../src/derive/json.ts'
import { drawn, samplesFor } from '../../src/derive/samples.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { readProgram } from '../../src/pipeline.ts'
import { scratch } from '../support/cli.ts'
import { examples } from '../support/examples.ts'
import { hasNumpy, runExpressions } from '../support/programs.ts'
import type { ExpressionCase } from '../support/programs.ts'
import { expectClose } from '../support/relative.ts'

const MORE = [
  'x = param(n, m); y = param(n, m); J = sum(gelu(x).*erf(y)) + sum(mish(x)) + sum(softmax(x).*y) + sum(selu(x)) + m',
  'x = param(n, 1); a = param(); J = sum(swish(x, a)) + sum(elu(x, 2)) + sum(leaky_relu(x)) + sum(gelu_tanh(x)) + a',
]

describe('derivationJson', function () {
  this.timeout(30_000)
  const folder = scratch()

  it('gives every gradient and definition as a NumPy expression of the same value', function () {
    if (!hasNumpy()) {
      console.log('      NumPy is not installed for /usr/bin/python3: printed expressions were not run')
      this.skip()
    }
    const sheets = [...examples.map(({ text }) => text).filter((text) => /\bparam\(/.test(text)), ...MORE]
    const expected: Tensor[][] = []
    const cases = sheets.map((text): ExpressionCase => {
      const program = readProgram(text)
      const derivation = derive(program)
      const { definitions, gradients, numpyNames } = derivationJson(derivation)
      const nameOf = (name: string): string => numpyNames[name] ?? name
      const roots = [...derivation.definitions, ...derivation.gradients].map(({ node }) => node)
      const { samples, lengths } = samplesFor(program, roots)
      const random = new Random(5)
      const inputs = new Map([...samples].map(([input, sample]): [Node, Tensor] => [input, drawn(sample, random)]))
      const derived = new Set<Node>(derivation.definitions.map(({ node }) => node))
      const named = reachable(roots).filter((node) => !derived.has(node) && (node.kind === 'input' || node.kind === 'definition')) // prettier-ignore
      const values = evaluate(named, { sizes: lengths, inputs })
      expected.push(evaluate(roots, { sizes: lengths, inputs }))
      return {
        values: {
          ...Object.fromEntries([...lengths].map(([name, length]) => [nameOf(name), length])),
          ...Object.fromEntries(named.map((node, at) => ['name' in node ? nameOf(node.name) : '', values[at]!])),
        },
        expressions: [...definitions, ...gradients].map(({ name, numpy }) => [nameOf(name), numpy] as const),
      }
    })
    for (const [at, { error, gradients }] of runExpressions(cases, folder.path).entries()) {
      expect(error, sheets[at]).to.equal(undefined)
      for (const [slot, found] of gradients!.entries()) {
        const tensor = { shape: found.shape, data: Float64Array.from(found.data) }
        expectClose(tensor, expected[at]![slot]!, 1e-10, cases[at]!.expressions[slot]!.join(' = '))
      }
    }
  })
})
