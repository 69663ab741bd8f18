import { BackproveError } from '../base/errors.ts'
import type { Builder } from '../graph/builder.ts'
import type { DerivativeNode, Node } from '../graph/node.ts'
import type { Warning } from '../graph/program.ts'
import { dependents, reachable } from '../graph/walk.ts'
import { isScalarLike, sameShape, shapeText } from '../shape/shape.ts'
import { jacobian } from './jacobian.ts'
import { vjp } from './reverse.ts'

export interface ExpansionWarning extends Warning {
  /** The derivative of which it speaks. */
  readonly of: DerivativeNode
}

export interface Expansion<R = Node> {
  readonly roots: R[]
  readonly warnings: readonly ExpansionWarning[]
}

const named = (node: Node): string =>
  node.kind === 'input' || node.kind === 'definition'
    ? `\`${node.name}\``
    : `an expression of shape ${shapeText(node.shape)}`

/** Whether every node on a path from `x` to `y` acts entry by entry on arrays of the shape of `x`. */
function entryByEntry(path: ReadonlySet<Node>, x: Node): boolean {
  return [...path].every(
    (node) => node === x || ((node.kind === 'map' || node.kind === 'definition') && sameShape(node.shape, x.shape)),
  )
}

function refuse(code: 'not-scalar' | 'not-differentiable', message: string, hint: string): BackproveError {
  return new BackproveError(code, message, { hint })
}

/**
 * Whether one may differentiate by a value: by data, by what is made of data, and by any named number or array that no
 * size enters. The argument of `g'(0)` moves, whatever stands there.
 */
function hasData(x: Node): boolean {
  if (x.kind === 'definition' && x.hidden) return true
  let sized = false
  const seen = new Set<Node>([x])
  // A set is visited in the order of adding, also what is added meanwhile; the first input found ends the search.
  for (const node of seen) {
    if (node.kind === 'input') return true
    sized ||= node.kind === 'size'
    for (const input of node.inputs) seen.add(input)
  }
  return x.kind === 'definition' && !sized
}

class Expander {
  readonly warnings: ExpansionWarning[] = []
  readonly #builder: Builder
  /** What each node became, or why it or something below it was refused. */
  readonly #built = new Map<Node, Node | BackproveError>()
  /** By the rebuilt value that is differentiated, the gradients taken so far: one sweep serves all that ask. */
  readonly #gradients = new Map<Node, Map<Node, Node>>()
  readonly #wanted = new Map<Node, Set<Node>>()
  readonly #below = new Map<Node, ReadonlySet<Node>>()

  constructor(builder: Builder) {
    this.#builder = builder
  }

  run(roots: readonly Node[]): (Node | BackproveError)[] {
    const order = reachable(roots)
    for (const node of order) {
      if (node.kind !== 'derivative' || node.fn !== 'grad') continue
      const [y, x] = node.inputs as [Node, Node]
      const asked = this.#wanted.get(y)
      if (asked === undefined) this.#wanted.set(y, new Set([x]))
      else asked.add(x)
    }
    for (const node of order) this.#built.set(node, this.#rebuilt(node))
    return roots.map((root) => this.#built.get(root)!)
  }

  #rebuilt(node: Node): Node | BackproveError {
    const inputs = node.inputs.map((input) => this.#built.get(input)!)
    const fault = inputs.find((input) => input instanceof BackproveError)
    if (fault !== undefined) return fault
    if (node.kind !== 'derivative') {
      if (inputs.every((input, slot) => input === node.inputs[slot])) return node
      return this.#builder.rebuild(node, inputs as Node[])
    }
    try {
      return this.#derivative(node, inputs[0] as Node, inputs[1] as Node)
    } catch (error) {
      if (error instanceof BackproveError) return error
      throw error
    }
  }

  #derivative(node: DerivativeNode, y: Node, x: Node): Node {
    if (!hasData(x)) {
      throw refuse(
        'not-differentiable',
        `${named(x)} is made of sizes: nothing can be differentiated by it`,
        'differentiate by a declared input or parameter, or by a definition made of them',
      )
    }
    if (!this.#reach(y).has(x)) {
      const message = `${named(y)} does not depend on ${named(x)}: the derivative is zero`
      this.warnings.push({ code: 'independent', message, of: node })
      return this.#builder.zeros(node.shape)
    }
    if (node.fn === 'jacobian') return jacobian(this.#builder, y, x)
    if (!isScalarLike(y.shape) && !entryByEntry(dependents([y], x), x)) {
      throw refuse(
        'not-scalar',
        `grad needs a scalar: ${named(y)} has the shape ${shapeText(y.shape)} and does not depend on ${named(x)} entry by entry`,
        'write grad(sum(…), …) for the gradient of the sum of its entries, or jacobian(…, …) for all derivatives',
      )
    }
    return this.#gradient(node, y, x)
  }

  #reach(y: Node): ReadonlySet<Node> {
    let below = this.#below.get(y)
    if (below === undefined) this.#below.set(y, (below = new Set(reachable([y]))))
    return below
  }

  #gradient(node: DerivativeNode, y: Node, x: Node): Node {
    let known = this.#gradients.get(y)
    if (known === undefined) this.#gradients.set(y, (known = new Map<Node, Node>()))
    const gradient = known.get(x)
    if (gradient !== undefined) return gradient
    const wrt = new Set([x])
    if (isScalarLike(y.shape)) {
      for (const asked of this.#wanted.get(node.inputs[0]!) ?? []) {
        const other = this.#built.get(asked)
        if (other !== undefined && !(other instanceof BackproveError) && this.#reach(y).has(other)) wrt.add(other)
      }
    }
    const sources = [...wrt].filter((other) => !known.has(other) && hasData(other))
    vjp(this.#builder, y, sources).forEach((result, at) => known.set(sources[at]!, result))
    return known.get(x)!
  }
}

/**
 * Takes every derivative below `roots`, innermost first, so that the results contain none. An inner gradient is an
 * expression in the same names, and an outer derivative frees its name in it. Roots without derivatives stay as they are.
 *
 * A root whose derivative is refused becomes the error, and the others are still expanded. Codes: `not-scalar` for the
 * gradient of an array that does not depend on `x` entry by entry, `not-differentiable` for an `x` made of sizes.
 */
export function expandEach(builder: Builder, roots: readonly Node[]): Expansion<Node | BackproveError> {
  const expander = new Expander(builder)
  return { roots: expander.run(roots), warnings: expander.warnings }
}

/** `expandEach` for roots that belong together: throws the first error. */
export function expandDerivatives(builder: Builder, roots: readonly Node[]): Expansion {
  const { roots: results, warnings } = expandEach(builder, roots)
  const expanded = results.map((result) => {
    if (result instanceof BackproveError) throw result
    return result
  })
  return { roots: expanded, warnings }
}
