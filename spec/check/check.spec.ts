import { expect } from 'chai'
import { checkGradient } from '../../src/check/check.ts'
import type { CheckRequest, ParameterCheck } from '../../src/check/check.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { InputNode, Node } from '../../src/graph/node.ts'
import { checkProgram, readProgram } from '../../src/pipeline.ts'
import { literalSize } from '../../src/shape/size.ts'
import { examples } from '../support/examples.ts'

const tensor = (shape: number[], ...entries: number[]): Tensor => ({ shape, data: Float64Array.from(entries) })

function finish(run: ReturnType<typeof checkGradient>): ParameterCheck[] {
  let step = run.next()
  while (step.done !== true) step = run.next()
  return step.value
}

/** The check of one parameter of three entries, whose gradient is what `claimed` makes of the loss. */
function checkOf(
  loss: (b: Builder, w: Node) => Node,
  entries: [number, number, number],
  claimed?: (b: Builder, gradient: Node) => Node,
): ParameterCheck {
  const builder = new Builder()
  const w = builder.input('w', [literalSize(3)], 'param') as InputNode
  const root = loss(builder, w)
  const [gradient] = vjp(builder, root, [w]) as [Node]
  const request: CheckRequest = {
    loss: root,
    parameters: [{ parameter: w, gradient: claimed === undefined ? gradient : claimed(builder, gradient) }],
    point: { sizes: new Map(), inputs: new Map([[w, tensor([3], ...entries)]]) },
    seed: 1,
  }
  return finish(checkGradient(request))[0]!
}

const cubes = (b: Builder, w: Node): Node => b.sum(b.call('pow', w, b.whole(3)))

describe('checkGradient', () => {
  it('passes a gradient that is right', () => {
    const { pass, relativeDifference, checked, entries } = checkOf(cubes, [0.5, -2, 30])
    expect(pass).to.equal(true)
    expect(relativeDifference).to.be.below(1e-8)
    expect([checked, entries]).to.deep.equal([3, 3])
  })

  it('fails one that is wrong by a part in ten thousand', () => {
    const slip = (b: Builder, gradient: Node): Node =>
      b.call('mul', gradient, b.call('div', b.whole(10001), b.whole(10000)))
    const { pass, relativeDifference } = checkOf(cubes, [0.5, -2, 30], slip)
    expect(pass).to.equal(false)
    expect(relativeDifference).to.be.within(4e-5, 6e-5)
  })

  it('fails the gradient of another function however small the data', () => {
    const { pass } = checkOf(cubes, [1e-3, 2e-3, -1e-3], (b, gradient) => b.call('mul', b.whole(2), gradient))
    expect(pass).to.equal(false)
  })

  it('shortens its steps at kinks, and passes over an entry that lies on one', () => {
    const loss = (b: Builder, w: Node): Node => b.sum(b.call('relu', w))
    const { pass, checked } = checkOf(loss, [1e-7, 0, -1])
    expect(pass).to.equal(true)
    expect(checked).to.equal(2)
  })

  it('counts 0 against 0 as 0', () => {
    const { relativeDifference, pass } = checkOf((b, w) => b.call('sub', b.sum(w), b.sum(w)), [1, 2, 3])
    expect([relativeDifference, pass]).to.deep.equal([0, true])
  })
})

describe('checkProgram', () => {
  for (const { name, text } of examples) {
    if (name.includes('misprints') || name.startsWith('activations') || name.startsWith('gelu')) continue
    it(`${name}: the gradient of the sheet passes`, () => {
      const { run } = checkProgram(readProgram(text), { seed: 3 })
      const results = finish(run)
      expect(results.filter(({ pass }) => !pass)).to.deep.equal([])
      expect(results.some(({ checked }) => checked > 0)).to.equal(true)
    })
  }
})
