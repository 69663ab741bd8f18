import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import { lengthsOf } from '../../src/evaluate/algebra.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { toText } from '../../src/print/text.ts'
import { Costs } from '../../src/rewrite/cost.ts'
import { LOCAL_RULES, REFLECTIONS } from '../../src/rewrite/local-rules.ts'
import { PRINCIPLES } from '../../src/rewrite/principles.ts'
import type { Free, Statement } from '../../src/rewrite/rule.ts'
import { shorten } from '../../src/rewrite/shorten.ts'
import { namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import { inputsOf, pointFor, tensorBetween } from '../support/points.ts'
import { expectClose } from '../support/relative.ts'

/** An instance of a rule: both sides over free arrays, and which of these must be positive. */
interface Instance {
  readonly rule: Statement
  readonly builder: Builder
  readonly sides: readonly [Node, Node]
  readonly positive: ReadonlySet<Node>
}

const sizeOf = (name: string | 1) => (name === 1 ? ONE_SIZE : namedSize(name))

function freeIn(builder: Builder, positive: Set<Node>): Free {
  const matrix = (name: string, rows: string | 1, columns: string | 1): Node =>
    builder.input(name, [sizeOf(rows), sizeOf(columns)])
  return {
    matrix,
    positive: (name, rows, columns) => {
      const node = matrix(name, rows, columns)
      positive.add(node)
      return node
    },
    onehot: (name, rows, columns) => builder.input(name, [sizeOf(rows), sizeOf(columns)], 'onehot'),
    size: (name) => builder.size(sizeOf(name)),
  }
}

function instances(): Instance[] {
  const local = LOCAL_RULES.map((rule): Instance => {
    const builder = new Builder()
    const free = ['x', 'y', 'z']
      .slice(0, rule.arity)
      .map((name) => builder.input(name, [namedSize('n'), namedSize('m')]))
    const positive = new Set<Node>(rule.given === 'positive' ? free : [])
    return { rule, builder, sides: [rule.left(builder, free), rule.right(builder, free)], positive }
  })
  const reflected = REFLECTIONS.map((rule): Instance => {
    const builder = new Builder()
    const x = builder.input('x', [namedSize('n'), namedSize('m')])
    const left = builder.call(rule.fn, builder.call('neg', x))
    return { rule, builder, sides: [left, rule.right(builder, builder.call(rule.fn, x))], positive: new Set() }
  })
  const principles = PRINCIPLES.map((rule): Instance => {
    const builder = new Builder()
    const positive = new Set<Node>()
    return { rule, builder, sides: rule.sides(builder, freeIn(builder, positive)), positive }
  })
  return [...local, ...reflected, ...principles]
}

/** Lengths that differ and are prime, so that no reshuffling of entries goes unnoticed; then small ones, 1 among them. */
const LENGTHS: readonly (readonly number[])[] = [[2, 3, 5], [5, 2, 3], [1, 2, 3], [4, 1, 2], [1, 1, 1]] // prettier-ignore

function samples({ sides, positive }: Instance, seed: number): readonly [Node, Node, ReturnType<typeof pointFor>][] {
  return LENGTHS.map((lengths, at) => {
    const random = new Random(seed, at)
    const sizes = new Map(['n', 'm', 'k'].map((name, rank) => [name, lengths[rank]!]))
    const point = pointFor(sides, random, sizes)
    const inputs = new Map(point.inputs)
    // Within every domain, asin's and acos' included, but for those that are to be positive.
    for (const input of inputsOf(sides)) {
      if (positive.has(input)) inputs.set(input, tensorBetween(random, lengthsOf(input, sizes), 0.2, 2))
      else if (input.role === 'input') inputs.set(input, tensorBetween(random, lengthsOf(input, sizes), -0.9, 0.9))
    }
    return [...sides, { sizes, inputs }]
  })
}

describe('rewriting rules', () => {
  for (const instance of instances()) {
    const { rule, builder, sides } = instance
    it(`${rule.name} has sides of one value: ${rule.says}`, () => {
      for (const [left, right, point] of samples(instance, 1)) {
        const [a, b] = evaluate([left, right], point) as [
          ReturnType<typeof evaluate>[0],
          ReturnType<typeof evaluate>[0],
        ]
        expect(
          a.data.every((entry) => !Number.isNaN(entry)),
          'the left side has a value',
        ).to.be.true
        const full = a.data.map((_, entry) => b.data[b.data.length === 1 ? 0 : entry]!)
        expectClose(a, { shape: a.shape, data: full }, 1e-11)
      }
    })

    it(`${rule.name} is applied, and keeps the value`, () => {
      // A reflection is used where the function of the opposite argument stands as well.
      const isReflection = REFLECTIONS.some(({ name }) => name === rule.name)
      const context = isReflection ? builder.call('add', builder.call('cos', sides[0]), sides[1]) : sides[0]
      const expected = isReflection ? builder.call('add', builder.call('cos', sides[1]), sides[1]) : sides[1]
      const [short] = shorten(builder, [context]) as [Node]
      const costs = new Costs()
      expect(costs.of(short), `${toText(context)} became ${toText(short)}, not ${toText(expected)}`).to.be.at.most(
        costs.of(expected) + (isReflection ? 2 : 0),
      )
      for (const [, , point] of samples(instance, 2)) {
        const [before, after] = evaluate([context, short], point)
        expectClose(after!, before!, 1e-11)
      }
    })
  }

  it('have names of their own, and say what they rest on', () => {
    const rules = [...LOCAL_RULES, ...REFLECTIONS, ...PRINCIPLES]
    expect(new Set(rules.map((rule) => rule.name)).size).to.equal(rules.length)
    for (const rule of rules) expect(rule.source, rule.name).not.to.equal('')
  })

  it('do not contain those that hold only on a half-line', () => {
    const builder = new Builder()
    const x = builder.input('x', [namedSize('n')])
    const square = builder.call('pow', x, builder.whole(2))
    const wrong = [builder.call('sqrt', square), builder.call('log', builder.call('mul', x, x))]
    for (const node of wrong) {
      const [short] = shorten(builder, [node])
      expect(toText(short!)).to.match(/^(?:sqrt|log)\(x\.\^2\)$/)
    }
  })
})
