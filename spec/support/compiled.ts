import { expect } from 'chai'
import { compile } from '../../src/compile/compile.ts'
import type { CompileOptions } from '../../src/compile/options.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import type { Node } from '../../src/graph/node.ts'

export const BACKENDS = ['wasm', 'js'] as const

/** The largest difference of two arrays relative to the largest entry (or `floor`, if more), special values having to be the same. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 0): number {
  if (actual.length !== expected.length) return Infinity
  let scale = floor
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i]!)) scale = Math.max(scale, Math.abs(expected[i]!))
  let worst = 0
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!]
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue
    const difference = Math.abs(a - e) / (scale || 1)
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference)
  }
  return worst
}

/** Checks that compiled code gives what the reference interpreter gives, by both ways of planning. */
export function expectSame(
  roots: readonly Node[],
  sizes: Readonly<Record<string, number>>,
  inputs: ReadonlyMap<Node & { kind: 'input' }, Tensor>,
  options: CompileOptions & { tolerance?: number; floor?: number } = {},
): void {
  const expected = evaluate(roots, { sizes: new Map(Object.entries(sizes)), inputs })
  const data = Object.fromEntries([...inputs].map(([node, value]) => [node.name, value]))
  for (const unroll of [true, false]) {
    const actual = compile(roots, { unroll, ...options, sizes })(data)
    actual.forEach(({ shape, data: entries }, index) => {
      const wanted = expected[index]!
      expect([...shape]).to.deep.equal([...wanted.shape])
      const { tolerance = 1e-12, floor } = options
      const where = `root ${index} on ${options.backend ?? 'auto'}, ${unroll ? 'written out' : 'array by array'}`
      const seen = `${entries.slice(0, 6).join()} for ${wanted.data.slice(0, 6).join()}`
      expect(distance(entries, wanted.data, floor), `${where}: ${seen}`).to.be.at.most(tolerance)
    })
  }
}
