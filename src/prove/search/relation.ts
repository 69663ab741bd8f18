import { equals, ONE as ONE_RATIONAL, rational } from '../../base/rational.ts'
import type { InputNode, Node } from '../../graph/node.ts'
import type { Assumption } from '../../graph/program.ts'
import { reachable, unname } from '../../graph/walk.ts'
import { isPermutation, summedLabels } from '../../ops/contraction.ts'
import { isScalarLike } from '../../shape/shape.ts'

/** A way of obeying an assumption by construction. What has no such way is left to projection and rejection. */
export type Rule =
  | { readonly kind: 'above' | 'below' | 'equal'; readonly input: InputNode; readonly other: Node }
  /** Sums over `axes` are `other`, a number. */
  | { readonly kind: 'total'; readonly input: InputNode; readonly axes: readonly number[]; readonly other: Node }
  /** Entries are 1 or −1. */
  | { readonly kind: 'sign'; readonly input: InputNode }
  /** The sum of all squares is `other`, a number. */
  | { readonly kind: 'length'; readonly input: InputNode; readonly other: Node }
  /** Symmetric, or with its sign changed by transposition. */
  | { readonly kind: 'symmetric'; readonly input: InputNode; readonly sign: 1 | -1 }
  /** Columns, or rows, of length one that are orthogonal to one another. */
  | { readonly kind: 'orthonormal'; readonly input: InputNode; readonly by: 'columns' | 'rows' }

const asInput = (node: Node): InputNode | null => {
  const inner = unname(node)
  return inner.kind === 'input' ? inner : null
}

const dependsOn = (node: Node, input: InputNode): boolean => reachable([node]).includes(input)

/** Whether it is the same number at all points. */
const isFixed = (node: Node): boolean => reachable([node]).every((inner) => inner.kind !== 'input')

/** The rules that an assumption gives, in either direction. */
export function rulesOf(assumption: Assumption): Rule[] {
  const { lhs, rhs, relation } = assumption
  switch (relation) {
    case 'greater':
    case 'at-least':
      return [...oneSided('above', lhs, rhs), ...oneSided('below', rhs, lhs)]
    case 'equal': {
      const structural = structure(lhs, rhs) ?? structure(rhs, lhs)
      return structural === null ? [...oneSided('equal', lhs, rhs), ...oneSided('equal', rhs, lhs)] : [structural]
    }
    case 'not-equal':
      return []
  }
}

function oneSided(kind: 'above' | 'below' | 'equal', node: Node, other: Node): Rule[] {
  const input = asInput(node)
  return input === null || dependsOn(other, input) ? [] : [{ kind, input, other }]
}

function structure(node: Node, other: Node): Rule | null {
  const inner = unname(node)
  return symmetry(inner, other) ?? (inner.kind === 'contract' ? ofContraction(inner, other) : signs(inner, other))
}

function symmetry(node: Node, other: Node): Rule | null {
  if (node.kind !== 'contract' || !isPermutation(node.spec) || node.shape.length !== 2) return null
  const input = asInput(node.inputs[0] as Node)
  if (input === null) return null
  const counterpart = unname(other)
  if (counterpart === input) return { kind: 'symmetric', input, sign: 1 }
  const negated =
    counterpart.kind === 'map' && counterpart.fn === 'neg' && asInput(counterpart.inputs[0] as Node) === input
  return negated ? { kind: 'symmetric', input, sign: -1 } : null
}

function ofContraction(node: Node & { kind: 'contract' }, other: Node): Rule | null {
  const [first, second] = node.inputs as readonly [Node?, Node?]
  const [labels, more] = node.spec.operands
  if (first === undefined || labels === undefined) return null
  if (second !== undefined && asInput(first) !== null && unname(first) === unname(second) && node.inputs.length === 2) {
    const input = asInput(first) as InputNode
    const all = summedLabels(node.spec)
    if (
      isFixed(other) &&
      isScalarLike(node.shape) &&
      labels.every((label, axis) => label === more?.[axis] || isUnit(node, label))
    ) {
      return { kind: 'length', input, other }
    }
    const identity = unname(other)
    const isIdentity =
      identity.kind === 'contract' && identity.inputs.length === 0 && new Set(identity.spec.output).size === 1
    if (isIdentity && labels.length === 2 && all.length === 1 && more?.length === 2) {
      const [left, right] = [labels.indexOf(all[0]!), more.indexOf(all[0]!)]
      if (left === right) return { kind: 'orthonormal', input, by: left === 0 ? 'columns' : 'rows' }
    }
    return null
  }
  if (second !== undefined || !isFixed(other)) return null
  const summed = summedLabels(node.spec)
  if (summed.length === 0) return null
  const input = asInput(first)
  if (input !== null && new Set(labels).size === labels.length) {
    return { kind: 'total', input, axes: summed.map((label) => labels.indexOf(label)), other }
  }
  const squared = squareOf(unname(first))
  return squared !== null && isScalarLike(node.shape) ? { kind: 'length', input: squared, other } : null
}

const isUnit = (node: Node & { kind: 'contract' }, label: number): boolean => node.spec.sizes[label]?.key === '1'

/** The input that is squared entry by entry. */
function squareOf(node: Node): InputNode | null {
  if (node.kind !== 'map') return null
  const [base, second] = node.inputs as readonly [Node, Node?]
  const input = asInput(base)
  if (input === null || second === undefined) return null
  if (node.fn === 'mul') return unname(second) === input ? input : null
  const exponent = unname(second)
  return node.fn === 'pow' && exponent.kind === 'constant' && equals(exponent.value, rational(2)) ? input : null
}

function signs(node: Node, other: Node): Rule | null {
  const one = unname(other)
  if (one.kind !== 'constant' || !equals(one.value, ONE_RATIONAL) || node.kind !== 'map') return null
  const input = node.fn === 'abs' ? asInput(node.inputs[0] as Node) : squareOf(node)
  return input === null ? null : { kind: 'sign', input }
}
