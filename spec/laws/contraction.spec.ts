import { expect } from 'chai'
import type { Random } from '../../src/base/random.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { lengthsOf, numericContraction } from '../../src/evaluate/algebra.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { Bindings } from '../../src/evaluate/evaluate.ts'
import { jvp } from '../../src/evaluate/forward.ts'
import { contractGenerally } from '../../src/evaluate/kernels/contract.ts'
import { entriesOf, indexOf, stridesOf, tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { contraction } from '../../src/ops/contraction.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { inputsOf, pointFor, signedTensor } from '../support/points.ts'
import { forAllStreams } from '../support/property.ts'
import { expectClose, joined } from '../support/relative.ts'

const LABELS = ['i', 'j', 'k', 'l'] as const
const SIZES = new Map(LABELS.map((label, at) => [label, at === 3 ? ONE_SIZE : namedSize(label)]))
const LENGTHS = new Map([['i', 2], ['j', 3], ['k', 4]]) // prettier-ignore

const someLabels = (random: Random, most: number): (typeof LABELS)[number][] =>
  Array.from({ length: random.below(most + 1) }, () => LABELS[random.below(4)]!)

/** Any contraction of up to three operands: labels may repeat, be summed, stand only in the output, or have length 1. */
function randomContraction(random: Random): { builder: Builder; operands: Node[]; y: Node } {
  const builder = new Builder()
  const labels = Array.from({ length: random.below(4) }, () => someLabels(random, 3))
  const spec = contraction(labels, someLabels(random, 3), SIZES)
  const operands = spec.operands.map(
    (own, slot) =>
    builder.input(`x${slot}`, own.map((label) => spec.sizes[label]!)), // prettier-ignore
  )
  return { builder, operands, y: builder.contract(spec, ...operands) }
}

/** The sum over all labels, written as the definition has it, one entry of the output after the other. */
function byDefinition(y: Node, bindings: Bindings): Tensor {
  if (y.kind !== 'contract') return bindings.inputs.get(y)!
  const { operands, output, sizes } = numericContraction(y, bindings.sizes)
  const shape = output.map((label) => sizes[label]!)
  const data = new Float64Array(entriesOf(shape))
  const used = [...new Set([...operands.flat(), ...output])]
  const all = used.map((label) => sizes[label]!)
  for (let term = 0; term < entriesOf(all); term++) {
    const index = new Map(indexOf(all, term).map((value, at) => [used[at]!, value]))
    const place = (labels: readonly number[]): number => {
      const strides = stridesOf(labels.map((label) => sizes[label]!))
      return labels.reduce((at, label, axis) => at + index.get(label)! * strides[axis]!, 0)
    }
    const factors = operands.map((labels, slot) => bindings.inputs.get(y.inputs[slot]!)!.data[place(labels)]!)
    data[place(output)]! += factors.reduce((a, b) => a * b, 1)
  }
  return tensor(shape, data)
}

const inner = (a: Tensor, b: Tensor): Tensor =>
  tensor([a.data.length], a.data.map((x, entry) => x * b.data[entry]!)) // prettier-ignore
const total = (a: Tensor): Tensor => tensor([], [a.data.reduce((sum, x) => sum + x, 0)])

describe('contraction', () => {
  it('is the sum over its labels, by every kernel', () => {
    forAllStreams((random) => {
      const { y } = randomContraction(random)
      const bindings = pointFor([y], random, LENGTHS)
      const [value] = evaluate([y], bindings) as [Tensor]
      const expected = byDefinition(y, bindings)
      expectClose(value, expected, 1e-14)
      if (y.kind !== 'contract') return
      const operands = y.inputs.map((input) => bindings.inputs.get(input)!)
      expectClose(contractGenerally(numericContraction(y, LENGTHS), operands), expected, 1e-14)
    }, 300)
  })

  it('has the shape that its output labels say', () => {
    forAllStreams((random) => {
      const { y } = randomContraction(random)
      const [value] = evaluate([y], pointFor([y], random, LENGTHS)) as [Tensor]
      expect(value.shape).to.deep.equal(lengthsOf(y, LENGTHS))
    }, 100)
  })

  it('has a vjp that is the adjoint of its jvp, with the cotangent of any kind', () => {
    forAllStreams((random) => {
      const { builder, operands, y } = randomContraction(random)
      const seeds = [builder.input('g', y.shape), y.shape.length === 0 ? builder.whole(3) : builder.ones(y.shape)]
      const cotangent = seeds[random.below(2)]!
      const bindings = pointFor([y, cotangent], random, LENGTHS)
      const tangents = new Map(operands.map((x) => [x, signedTensor(random, lengthsOf(x, LENGTHS))]))
      const moved = jvp([y], bindings, tangents).tangents[0]!
      const [g, ...pulled] = evaluate([cotangent, ...vjp(builder, y, operands, cotangent)], bindings) as [Tensor]
      const left = pulled.map((part: Tensor, slot) => inner(part, tangents.get(operands[slot]!)!))
      expect(pulled.map((part: Tensor) => part.shape)).to.deep.equal(operands.map((x) => lengthsOf(x, LENGTHS)))
      expectClose(total(joined(left)), total(inner(g, moved)), 1e-11)
    }, 300)
  })

  it('takes axes in front of the cotangent through, one gradient for each index', () => {
    forAllStreams((random) => {
      const { builder, operands, y } = randomContraction(random)
      const batch = namedSize('batch')
      const many = builder.input('many', [batch, ...y.shape])
      const one = builder.input('one', y.shape)
      const swept = vjp(builder, y, operands, many)
      const single = vjp(builder, y, operands, one)
      const sizes = new Map(LENGTHS).set('batch', 2)
      const bindings = pointFor([...swept, many], random, sizes)
      const rows = evaluate(swept, bindings)
      for (const at of [0, 1]) {
        const rowOf = (a: Tensor): Tensor => {
          const length = a.data.length / 2
          return tensor(a.shape.slice(1), a.data.slice(at * length, (at + 1) * length))
        }
        const inputs = new Map(bindings.inputs).set(one, rowOf(bindings.inputs.get(many)!))
        evaluate(single, { sizes, inputs }).forEach((expected, slot) =>
          expectClose(rowOf(rows[slot]!), expected, 1e-14),
        )
      }
    }, 100)
  })

  it('reads permutations of its operands through', () => {
    forAllStreams((random) => {
      const { builder, operands, y } = randomContraction(random)
      if (y.kind !== 'contract') return
      const turned = operands.map((x, slot) => builder.input(`t${slot}`, [...x.shape].reverse()))
      const back = turned.map((x) => builder.transpose(x, [...x.shape.keys()].reverse()))
      const through = builder.contract(y.spec, ...back)
      expect(inputsOf([through])).to.have.members(turned)
      expect(reachable([through]).filter((node) => node !== through && node.kind !== 'input')).to.be.empty
      const bindings = pointFor([through], random, LENGTHS)
      const values = evaluate([...back, through], bindings)
      const straight = new Map(operands.map((x, slot) => [x, values[slot]!]))
      expectClose(values.at(-1)!, evaluate([y], { sizes: LENGTHS, inputs: straight })[0]!, 1e-14)
    }, 100)
  })
})
