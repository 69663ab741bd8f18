import { Random } from '../../src/base/random.ts'
import { evaluateForward } from '../../src/evaluate/forward.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import type { InputNode, Node } from '../../src/graph/node.ts'
import { readProgram } from '../../src/pipeline.ts'

/** A kind of sheet for random claims: what it declares, and how expressions of it are made. */
export interface Kind {
  readonly declarations: string
  readonly leaves: readonly string[]
  /** Operations on expressions: `#` stands for one. */
  readonly operations: readonly string[]
  /** Gives every expression the same shape. */
  readonly shaped: (expression: string) => string
}

const ENTRYWISE = [
  '(# + #)', '(# - #)', '(#).*(#)', '(#)./(#)', 'max(#, #)', 'min(#, #)', 'relu(#)', 'abs(#)', 'sign(#)', 'step(#)', '(# >= #)',
  '(# == #)', 'where(# > #, #, #)', 'where(#, #, #)', '(#).^2', '(#).^3', '(#).^(1/2)', '(#).^(3/2)', '(#).^(-1)', '(#).^(-2)',
  'sqrt(#)', 'exp(#)', 'log(#)', 'sigmoid(#)', 'tanh(#)',
] // prettier-ignore
const NUMBERS = ['1', '2', '-1', '1/2', '0']

export const KINDS: { readonly [name in 'scalars' | 'signs' | 'vectors' | 'matrices']: Kind } = {
  scalars: {
    declarations: 'x = input()\ny = input()\nt = label()\n',
    leaves: ['x', 'y', 't', 'x', 'y', ...NUMBERS],
    operations: [...ENTRYWISE, 'sin(#)', 'cos(#)', 'atan(#)', 'grad(# + 0*x*y, x)', 'grad(# + 0*x*y, y)'],
    shaped: (expression) => expression,
  },
  signs: {
    declarations: 'x = input(x >= 0)\ny = input(y > 0)\nt = label()\ns = input()\nassume(s^2 == 1)\n',
    leaves: ['x', 'y', 't', 's', ...NUMBERS],
    operations: [...ENTRYWISE, 'grad(# + 0*x*y, x)', 'grad(# + 0*x*y, y)'],
    shaped: (expression) => expression,
  },
  vectors: {
    declarations: 'x = input(n)\ny = input(n)\nt = label(n)\na = input()\n',
    leaves: ['x', 'y', 't', 'x', 'y', 'a', 'n', ...NUMBERS],
    operations: [
      ...ENTRYWISE, 'sum(# + 0*x)', 'mean(# + 0*x)', 'max(# + 0*x, axis=0)', 'softmax(# + 0*x)', 'grad(sum(# + 0*x), x)', 'grad(sum(# + 0*x), y)',
    ], // prettier-ignore
    shaped: (expression) => `(${expression} + 0*x)`,
  },
  matrices: {
    declarations:
      "A = input(n, n)\nB = input(n, n)\nS = input(n, n)\nassume(S' == S)\nY = onehot(n, n)\nu = input(n, 1)\n",
    leaves: ['A', 'B', 'S', 'Y', 'A', 'B', 'eye(n)', 'ones(n, n)', "u*u'"],
    operations: [
      '(# + #)', '(# - #)', '(#)*(#)', '(#)*(#)', '(#).*(#)', "(#)'", "(#)'", 'inv(#)', 'trace(#)*(#)', 'diag(diag(#))', 'sum(#, axis=0).*(#)',
      'sum(#, axis=1).*(#)', 'det(#)*(#)', 'ones(n, n)*sum(#)', 'grad(trace(#), A)', 'grad(trace(#), S)', 'grad(sum((#).*(#)), A)',
      'relu(#)', 'exp(#)', 'max(#, axis=0).*(#)', '(# > 0)', 'softmax(#)', '2*(#)', '(#).^2', '(#)/n',
    ], // prettier-ignore
    shaped: (expression) => `(${expression} + 0*A)`,
  },
}

function expressionOf({ leaves, operations }: Kind, depth: number, random: Random): string {
  if (depth === 0 || random.chance(0.15)) return leaves[random.below(leaves.length)]!
  const operation = operations[random.below(operations.length)]!
  return operation.replaceAll('#', () => expressionOf({ leaves, operations } as Kind, depth - 1, random))
}

/** Points at which too much is alike: one entry, positive data and labels of one kind, negative data, small whole numbers. */
const SPECIAL: readonly { readonly length: number; readonly entry: (random: Random) => number }[] = [
  { length: 1, entry: (random) => random.between(0.2, 1.5) },
  { length: 2, entry: (random) => random.between(0.2, 1.5) },
  { length: 2, entry: (random) => random.between(-1.5, -0.2) },
  { length: 2, entry: (random) => Math.round(random.between(-2, 2)) },
]

function specialPoint(inputs: readonly InputNode[], at: number, random: Random): Map<Node, Tensor> {
  const { length, entry } = SPECIAL[at]!
  const values = new Map<Node, Tensor>()
  for (const input of inputs) {
    const shape = input.shape.map((size) => (size.key === '1' ? 1 : length))
    const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => entry(random))
    if (input.role === 'label') data.fill(at % 2)
    if (input.role === 'onehot')
      data.forEach((_, i) => (data[i] = Math.floor(i / length) === (at === 1 ? i % length : 0) ? 1 : 0))
    if (input.name === 's') data.fill(at % 2 === 0 ? 1 : -1)
    if (input.name === 'S' && length === 2) data[2] = data[1]!
    values.set(input, { shape, data })
  }
  return values
}

/** Random claims, as sheets, whose sides have the same values at some special point: few of them are true. */
export function lookalikes(kind: Kind, seed: number, expressions: number, most: number): string[] {
  const random = new Random(seed, 5)
  const groups = new Map<string, Set<string>>()
  for (let i = 0; i < expressions; i++) {
    const expression = expressionOf(kind, 1 + random.below(3), random)
    const { definitions, inputs, errors } = readProgram(`${kind.declarations}q_ = ${kind.shaped(expression)}\n`)
    const node = definitions.get('q_')
    if (node === undefined || errors.length > 0) continue
    for (const [at, { length }] of SPECIAL.entries()) {
      const point = { sizes: new Map([['n', length]]), inputs: specialPoint(inputs, at, new Random(seed, 11, at)) }
      const [value] = evaluateForward([node], point)
      if (!value!.data.every(Number.isFinite)) continue
      const key = `${at} ${[...value!.data].map((x) => (Math.abs(x) < 1e-9 ? 0 : x).toPrecision(8)).join()}`
      groups.set(key, (groups.get(key) ?? new Set()).add(expression))
    }
  }
  const claims = new Set<string>()
  for (const group of groups.values()) {
    const members = [...group]
    for (let i = 0; i < Math.min(2 * members.length, 60); i++) {
      const [a, b] = [members[random.below(members.length)]!, members[random.below(members.length)]!].sort()
      if (a !== b) claims.add(`${kind.declarations}${kind.shaped(a!)} == ${kind.shaped(b!)}\n`)
    }
  }
  return [...claims].slice(0, most)
}
