import { Builder } from '../../src/graph/builder.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import { namedSize } from '../../src/shape/size.ts'
import { BACKENDS, expectSame } from '../support/compiled.ts'
import { drawInputs, random } from '../support/graphs.ts'

const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, 5e-324, -1e-310, 1e-20, 20, -20, 40, -40, 710, -746, 1e5, -1e5, 1e300, -1e300, Infinity, -Infinity, NaN] // prettier-ignore

for (const backend of BACKENDS) {
  describe(`compile, elementwise, ${backend}`, () => {
    for (const name of ELEMENTWISE_NAMES) {
      const { arity } = ELEMENTWISE[name]

      it(`gives the value of ${name} at ordinary points, for whole vectors and what is left over`, () => {
        for (const n of [1, 2, 3, 7, 16]) {
          const b = new Builder()
          const args = Array.from({ length: arity }, (_, slot) => b.input(`x${slot}`, [namedSize('n')]))
          const draw = random(n)
          const roots = [b.call(name, ...args)]
          expectSame(
            roots,
            { n },
            drawInputs(roots, new Map([['n', n]]), () => 3 * draw() - (n % 2)),
            { backend },
          )
        }
      })

      it(`gives the value of ${name} at special points`, () => {
        const b = new Builder()
        const args = Array.from({ length: arity }, (_, slot) => b.input(`x${slot}`, [namedSize('n')]))
        const points = SPECIAL.flatMap((x) => (arity === 1 ? [[x]] : SPECIAL.map((y) => [x, y, 0.25])))
        const n = points.length
        const inputs = new Map(
          args.map((node, slot) => {
            if (node.kind !== 'input') throw new Error('not an input')
            return [node, { shape: [n], data: Float64Array.from(points, (point) => point[slot]!) }]
          }),
        )
        for (const [index] of points.entries()) {
          // One at a time, so that each is compared on its own scale.
          const one = new Map([...inputs].map(([node, { data }]) => [node, { shape: [1], data: data.slice(index, index + 1) }])) // prettier-ignore
          if (index % 9 === 0) expectSame([b.call(name, ...args)], { n: 1 }, one, { backend, tolerance: 2e-15 })
        }
        expectSame([b.call(name, ...args)], { n }, inputs, { backend, tolerance: 2e-15 })
      })
    }
  })
}
