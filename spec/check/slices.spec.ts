import { expect } from 'chai'
import { slicesOf } from '../../src/check/slices.ts'
import { SliceProbe } from '../../src/check/slice-probe.ts'
import { WholeProbe } from '../../src/check/difference.ts'
import { drawPoint } from '../../src/prove/search/point.ts'
import { subjectOf } from '../../src/derive/subject.ts'
import { TENSORS } from '../../src/evaluate/algebra.ts'
import { evaluateAll } from '../../src/evaluate/evaluate.ts'
import type { InputNode } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { checkProgram, readProgram } from '../../src/pipeline.ts'

const DECLARED = 'X = input(n, m); Y = onehot(k, m); T = input(k, m); W = param(k, n); V = param(n, k); S = param(n, n); b = param(k, 1); v = param(n); c = param()' // prettier-ignore

/** Losses in which an entry of a parameter reaches a row, a column, everything, or itself twice. */
const LOSSES = {
  'a layer': 'J = sum((tanh(W*X + b) - T).^2)/m',
  'a layer whose samples are rows': "J = sum(sigmoid(X'*V + 0.1).^2.*T')",
  'two layers': 'J = cross_entropy(softmax(V.T*tanh(V*relu(W*X + b))), Y)/m + 0.5*sum(W.^2)',
  'a softmax along the other axis': 'J = sum(log_softmax(W*X, axis=1).*T) + sum(logsumexp(W*X, axis=0))',
  'a parameter met twice': "J = sum((W*V*W*X - T).^2) + sum(W.*V') + trace(W*V)",
  'a quadratic form': "J = sum((X'*S*X).^2) + sum(diag(S)) + sum(S*S')",
  'a square matrix': 'J = logdet(S*S.T + eye(n)) + trace(inv(S*S.T + eye(n)))',
  'statistics of rows and columns': 'J = sum(((W*X - mean(W*X, axis=0))./std(W*X + b, axis=1)).*T)',
  'largest entries': 'J = sum(max(W*X, axis=0)) + sum(min(W*X + b, axis=1).^2) + max(W)',
  'a product of entries': 'J = prod(W) + sum(prod(W*X + b, axis=0))',
  kinks: 'J = sum(abs(W*X - T)) + sum(max(W, V.T)) + sum(W*X > T ? W*X : c*T)',
  'one axis and none': 'J = c*sum(v.^3) + sum(outer(v, v).*S) + dot(v, v)^2 + sum(v.*v) + c^2',
  'outer products': "J = sum(kron(W, V)) + sum(kron(b, b').^2)",
  'an attention': "J = sum((softmax((V*W*X)'*(S*X)/2, axis=1)*X').^2)",
} as const

describe('slices', () => {
  for (const [name, text] of Object.entries(LOSSES)) {
    it(`give the loss at every moved entry: ${name}`, () => {
      const program = readProgram(`${DECLARED}\n${text}\n`)
      expect(program.errors.map(({ message }) => message)).to.deep.equal([])
      const { inputs, sizes } = program
      const { value: loss } = subjectOf(program)
      const point = drawPoint({ loss, inputs, sizes, assumptions: [], data: null, seed: 3 })
      const values = evaluateAll(TENSORS, [loss], point)
      const rest = values.get(loss)!.data[0]!
      const params = reachable([loss]).filter((node): node is InputNode => node.kind === 'input' && node.role === 'param') // prettier-ignore
      expect(params).to.not.be.empty
      for (const param of params) {
        const slices = new SliceProbe(slicesOf(loss, param), param, values, point.sizes)
        const reference = new WholeProbe(loss, param, values, point.sizes)
        const { data } = values.get(param)!
        expect(slices.agrees(0, data[0]!, rest), param.name).to.equal(true)
        for (const [entry, x] of data.entries()) {
          for (const moved of [x, x + 1e-5, x - 1e-5]) {
            const [actual, expected] = [slices.lossAt(entry, moved), reference.lossAt(entry, moved)]
            const where = `${param.name}[${entry}] = ${moved}`
            if (expected === null) expect(actual, where).to.equal(null)
            else expect(actual, where).to.be.closeTo(expected, 1e-11 * Math.max(1, Math.abs(expected)))
          }
        }
      }
    })
  }

  it('tell when something switches', () => {
    for (const [text, crossing] of [
      ['J = sum(relu(v))', -3e-6],
      ['J = max(v)', 3],
      ['J = sum(v.^2)', 0],
    ] as const) {
      const { definitions, inputs } = readProgram(`v = param(3)\n${text}`)
      const [loss, param] = [definitions.get('J')!, inputs[0]!]
      const v = { shape: [3], data: Float64Array.of(2e-6, 1, 2) }
      const values = evaluateAll(TENSORS, [loss], { sizes: new Map(), inputs: new Map([[param, v]]) })
      const probe = new SliceProbe(slicesOf(loss, param), param, values, new Map())
      expect(probe.lossAt(0, 1e-6)).to.be.a('number')
      if (crossing !== 0) expect(probe.lossAt(0, crossing)).to.equal(null)
    }
  })

  it('let every entry of a wide layer be compared', () => {
    const sheet = 'X = input(1500, 30); Y = label(1, 30); W = param(20, 1500); w = param(1, 20); J = binary_cross_entropy(sigmoid(w*relu(W*X)), Y)/30' // prettier-ignore
    const { run } = checkProgram(readProgram(sheet), { seed: 1 })
    let step = run.next()
    while (step.done !== true) step = run.next()
    expect(step.value.map(({ entries, checked, pass }) => [entries, checked, pass])).to.deep.equal([[30_000, 30_000, true], [20, 20, true]]) // prettier-ignore
  })
})
