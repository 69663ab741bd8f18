import { BackproveError } from '../../base/errors.ts'
import type { Builder } from '../../graph/builder.ts'
import type { Node, NormaliseName } from '../../graph/node.ts'
import { entryCount, normaliseAxis, shapeText } from '../../shape/shape.ts'
import type { Shape } from '../../shape/shape.ts'
import { multiplySizes, ONE_SIZE } from '../../shape/size.ts'
import { toSource } from '../../syntax/source.ts'
import { bind, whole } from '../call.ts'
import type { Builtin, Call } from '../call.ts'
import { listOf, readAxes } from './axis.ts'

const one = { positional: ['A'], required: 1 }
const two = { positional: ['A', 'B'], required: 2 }

function arrays(call: Call, signature: { positional: string[]; required: number }): Node[] {
  const bound = bind(call, signature)
  return signature.positional.map((name) => call.value(bound.get(name)!))
}

export function wrongArray(call: Call, nodes: readonly Node[], needs: string, hint = ''): BackproveError {
  const parts = nodes.map(({ shape }, at) => `${toSource(call.expr.args[at] ?? call.expr, 30)} is ${shapeText(shape)}`)
  return new BackproveError('shape', `\`${toSource(call.expr, 60)}\`: ${parts.join(', ')}; ${needs}`, { hint })
}

export const isSquare = (shape: Shape): boolean => shape.length === 2 && shape[0] === shape[1]

/** The axis along which a vector lies: its only one, or the one that is not a literal 1; `null` for other arrays. */
function vectorAxis(shape: Shape): number | null {
  if (shape.length === 1) return 0
  const long = [...shape.keys()].filter((axis) => shape[axis] !== ONE_SIZE)
  return shape.length === 2 && long.length <= 1 ? (long[0] ?? 0) : null
}

/** A vector of one axis from a row, a column or itself; `null` for other arrays. */
export function asVector(builder: Builder, node: Node): Node | null {
  const along = vectorAxis(node.shape)
  if (along === null) return null
  return builder.sum(node, [...node.shape.keys()].filter((axis) => axis !== along)) // prettier-ignore
}

const normalised = (fn: NormaliseName): Builtin =>
  whole((call) => {
    const bound = bind(call, { positional: ['Z'], required: 1, named: ['axis'] })
    const z = call.value(bound.get('Z')!)
    const axes = readAxes(call, bound, z.shape.length, 0) ?? [normaliseAxis(0, z.shape.length)]
    return call.builder.normalise(fn, z, axes)
  })

export const permutation = (call: Call, list: NonNullable<Parameters<typeof listOf>[0]>): number[] =>
  listOf(list).map((item) => call.whole(item))

const transpose = whole((call) => {
  const bound = bind(call, { positional: ['A', 'axes'], required: 1 })
  const a = call.value(bound.get('A')!)
  const axes = bound.get('axes')
  if (axes !== undefined) return call.builder.transpose(a, permutation(call, axes))
  if (a.shape.length === 2) return call.builder.transpose(a)
  throw wrongArray(call, [a], 'without axes, two are exchanged', 'write `transpose(A, [0,2,1])`')
})

export const diagonal = whole((call) => {
  const [a] = arrays(call, one) as [Node]
  if (isSquare(a.shape)) return call.builder.einsum('ii->i', [a])
  const vector = asVector(call.builder, a)
  if (vector !== null) return call.builder.einsum('i->ii', [vector])
  throw wrongArray(call, [a], '`diag` takes a square matrix or a vector')
})

export const trace = whole((call) => {
  const [a] = arrays(call, one) as [Node]
  if (!isSquare(a.shape)) throw wrongArray(call, [a], '`trace` needs a square matrix')
  return call.builder.einsum('ii->', [a])
})

const dot = whole((call) => {
  const [a, b] = arrays(call, two) as [Node, Node]
  const [rowsOfB] = b.shape
  if (a.shape.length === 2 && b.shape.length === 1 && a.shape[1] === rowsOfB) {
    return call.builder.einsum('ij,j->i', [a, b])
  }
  if (a.shape.length === 1 && b.shape.length === 2 && a.shape[0] === rowsOfB) {
    return call.builder.einsum('i,ij->j', [a, b])
  }
  const [left, right] = [asVector(call.builder, a), asVector(call.builder, b)]
  if (left === null || right === null) {
    throw wrongArray(
      call,
      [a, b],
      '`dot` takes vectors',
      '`A*B` is the matrix product, `sum(A .* B)` the sum over all entries',
    )
  }
  if (left.shape[0] !== right.shape[0]) throw wrongArray(call, [a, b], 'the lengths differ')
  return call.builder.einsum('i,i->', [left, right])
})

const outer = whole((call) => {
  const [a, b] = arrays(call, two) as [Node, Node]
  const [left, right] = [asVector(call.builder, a), asVector(call.builder, b)]
  if (left === null || right === null) throw wrongArray(call, [a, b], '`outer` takes vectors')
  return call.builder.einsum('i,j->ij', [left, right])
})

export const kron = whole((call) => {
  const [a, b] = arrays(call, two) as [Node, Node]
  const { builder } = call
  if (a.shape.length === 1 && b.shape.length === 1) {
    return builder.reshape(builder.einsum('i,k->ik', [a, b]), [multiplySizes(a.shape[0]!, b.shape[0]!)])
  }
  if (a.shape.length !== 2 || b.shape.length !== 2) throw wrongArray(call, [a, b], '`kron` takes two matrices')
  const [rows, columns] = [0, 1].map((axis) => multiplySizes(a.shape[axis]!, b.shape[axis]!))
  return builder.reshape(builder.einsum('ij,kl->ikjl', [a, b]), [rows!, columns!])
})

export const matrix = (fn: 'inv' | 'det' | 'logdet'): Builtin =>
  whole((call) => {
    const [a] = arrays(call, one) as [Node]
    if (!isSquare(a.shape)) throw wrongArray(call, [a], `\`${fn}\` needs a square matrix`)
    return call.builder.matrix(fn, a)
  })

/** `ones(r, c)`; under `np.` also `np.ones([r, c])`. */
export const filled = (value: 0 | 1): Builtin =>
  whole((call) => {
    bind(call, { positional: call.expr.args.map((_, at) => `length ${at + 1}`), required: 0 })
    const shape = call.expr.args.flatMap(listOf).map((size) => call.size(size))
    if (shape.length === 0) return call.builder.whole(value)
    return value === 1 ? call.builder.ones(shape) : call.builder.zeros(shape)
  })

/** `reshape(A, [r, c])` or `reshape(A, r, c)`: the same entries, row by row, under other lengths. */
export const reshape = whole((call) => {
  const { args } = call.expr
  bind(call, { positional: ['A', 'shape', ...args.slice(2).map((_, at) => `length ${at + 2}`)], required: 2 })
  const a = call.value(args[0]!)
  const shape = args.slice(1).flatMap(listOf).map((size) => call.size(size)) // prettier-ignore
  if (entryCount(a.shape) === entryCount(shape)) return call.builder.reshape(a, shape)
  throw wrongArray(call, [a], `that is no ${shapeText(shape)}`, 'as many entries are needed as there are: all lengths are written out') // prettier-ignore
})

export const eye = whole((call) => {
  const bound = bind(call, { positional: ['n', 'columns'], required: 1 })
  const size = call.size(bound.get('n')!)
  const columns = bound.get('columns')
  if (columns === undefined || call.size(columns) === size) return call.builder.eye(size)
  throw new BackproveError('shape', '`eye` is square', { hint: 'give it one length: `eye(n)`', span: columns.span })
})

/** A vector of all entries, row by row. */
export const flattened = (builder: Builder, a: Node): Node => builder.reshape(a, [entryCount(a.shape)])

export const arrayFunctions: readonly (readonly [string, Builtin])[] = [
  ['softmax', normalised('softmax')],
  ['log_softmax', normalised('log_softmax')],
  ['transpose', transpose],
  ['diag', diagonal],
  ['trace', trace],
  ['dot', dot],
  ['outer', outer],
  ['kron', kron],
  ['reshape', reshape],
  ['inv', matrix('inv')],
  ['det', matrix('det')],
  ['logdet', matrix('logdet')],
  ['ones', filled(1)],
  ['zeros', filled(0)],
  ['eye', eye],
]
