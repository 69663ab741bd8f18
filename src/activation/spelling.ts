import { toNumber } from '../base/rational.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { ELEMENTWISE } from '../ops/elementwise.ts'
import type { ElementwiseName } from '../ops/names.ts'

/** Operations that a formula sheet spells out; math libraries bring the rest. */
const SPELT_OUT: ReadonlySet<ElementwiseName> = new Set([
  'sigmoid', 'softplus', 'silu', 'swish', 'mish', 'gelu', 'gelu_tanh', 'elu', 'selu', 'expm1', 'log1p',
]) // prettier-ignore

/** The expression with every node replaced, inputs first. */
export function rewritten(root: Node, builder: Builder, rewrite: (node: Node) => Node): Node {
  const done = new Map<Node, Node>()
  for (const node of reachable([root])) {
    const inputs = node.inputs.map((input) => done.get(input)!)
    const same = inputs.every((input, at) => input === node.inputs[at])
    done.set(node, rewrite(same ? node : builder.rebuild(node, inputs)))
  }
  return done.get(root)!
}

/** The formula behind an expression: `sigmoid(z)` becomes `1/(1 + exp(-z))`. */
export function speltOut(builder: Builder, root: Node): Node {
  let spelt = root
  for (;;) {
    const next = rewritten(spelt, builder, (node) => {
      if (isCall(node, 'mul')) return quotient(builder, node)
      if (node.kind !== 'map' || !SPELT_OUT.has(node.fn)) return node
      return ELEMENTWISE[node.fn].expansion!<Node>(builder, node.inputs)
    })
    if (next === spelt) return spelt
    spelt = next
  }
}

const isNumber = (node: Node, value: number): boolean => node.kind === 'constant' && toNumber(node.value) === value
const isCall = (node: Node, fn: ElementwiseName): boolean => node.kind === 'map' && node.fn === fn

/** `u` where the node is `1 + f(u)`, in either order. */
function onePlus(node: Node, fn: ElementwiseName): Node | null {
  if (!isCall(node, 'add')) return null
  const [a, b] = node.inputs as [Node, Node]
  if (isNumber(a, 1) && isCall(b, fn)) return b.inputs[0]!
  return isNumber(b, 1) && isCall(a, fn) ? a.inputs[0]! : null
}

/** `a*(1/b)` as it is written: `a/b`. */
function quotient(builder: Builder, node: Node): Node {
  const [a, b] = node.inputs as [Node, Node]
  if (isCall(b, 'div') && isNumber(b.inputs[0]!, 1)) return builder.call('div', a, b.inputs[1]!)
  return isCall(a, 'div') && isNumber(a.inputs[0]!, 1) ? builder.call('div', b, a.inputs[1]!) : node
}

/** `1 - cos(u)` as `2*sin(u/2)^2`. */
function versine(builder: Builder, u: Node): Node {
  const two = builder.whole(2)
  return builder.call('mul', two, builder.call('pow', builder.call('sin', builder.call('div', u, two)), two))
}

/** `sqrt(1 + v) - 1` as `v/(1 + sqrt(1 + v))`, given the root; `null` where it is the root of something else. */
function rootLessOne(builder: Builder, root: Node): Node | null {
  const sum = root.inputs[0]!
  if (!isCall(sum, 'add')) return null
  const [a, b] = sum.inputs as [Node, Node]
  const v = isNumber(a, 1) ? b : isNumber(b, 1) ? a : null
  return v === null ? null : builder.call('div', v, builder.call('add', builder.whole(1), root))
}

/** `log(cosh(u))` as `a + log1p(expm1(-2*a)/2)`, where `a` is the size of `u`. */
function logCosh(builder: Builder, u: Node): Node {
  const [size, two] = [builder.call('abs', u), builder.whole(2)]
  const less = builder.call('expm1', builder.call('neg', builder.call('mul', two, size)))
  return builder.call('add', size, builder.call('log1p', builder.call('div', less, two)))
}

/** The same function without intermediate values that overflow or cancel; the node itself where nothing is known to help. */
export function stableSpelling(builder: Builder, root: Node): Node {
  const negative = (u: Node): Node => (isCall(u, 'neg') ? u.inputs[0]! : builder.call('neg', u))
  return rewritten(root, builder, (node) => {
    if (node.kind !== 'map') return node
    const [a, b] = node.inputs as [Node, Node]
    switch (node.fn) {
      case 'log': {
        const u = onePlus(a, 'exp')
        if (u !== null) return builder.call('softplus', u)
        if (isCall(a, 'cosh')) return logCosh(builder, a.inputs[0]!)
        if (isCall(a, 'sigmoid')) return builder.call('neg', builder.call('softplus', negative(a.inputs[0]!)))
        if (!isCall(a, 'add')) return node
        const [p, q] = a.inputs as [Node, Node]
        return isNumber(p, 1) ? builder.call('log1p', q) : isNumber(q, 1) ? builder.call('log1p', p) : node
      }
      case 'log1p':
        return isCall(a, 'exp') ? builder.call('softplus', a.inputs[0]!) : node
      case 'div': {
        const u = onePlus(b, 'exp')
        if (u === null) return node
        const sameExponent = a.kind === 'map' && a.fn === 'exp' && a.inputs[0] === u
        const s = builder.call('sigmoid', sameExponent ? u : negative(u))
        return isNumber(a, 1) || sameExponent ? s : builder.call('mul', a, s)
      }
      case 'sub':
        if (isNumber(b, 1) && isCall(a, 'exp')) return builder.call('expm1', a.inputs[0]!)
        if (isNumber(a, 1) && isCall(b, 'cos')) return versine(builder, b.inputs[0]!)
        if (isNumber(b, 1) && isCall(a, 'sqrt')) return rootLessOne(builder, a) ?? node
        if (isNumber(a, 1) && isCall(b, 'sigmoid')) return builder.call('sigmoid', negative(b.inputs[0]!))
        return node
      case 'add': {
        const u = onePlus(node, 'tanh')
        if (u === null) return node
        const two = builder.whole(2)
        return builder.call('mul', two, builder.call('sigmoid', builder.call('mul', two, u)))
      }
      default:
        return node
    }
  })
}
