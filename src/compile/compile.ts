import { BackproveError } from '../base/errors.ts'
import { vjp } from '../differentiate/reverse.ts'
import type { Builder } from '../graph/builder.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { reachable } from '../graph/walk.ts'
import { isScalarLike, shapeText } from '../shape/shape.ts'
import { sizeNames } from '../shape/size.ts'
import { Bound } from './bound.ts'
import type { CompileOptions } from './options.ts'
import { prepare, stabilise } from './stabilise/prepare.ts'
import { inferSizes, lacking } from './tensor.ts'
import type { Data, Result } from './tensor.ts'

/** Data by the name of the input. */
export type Inputs = Readonly<Record<string, Data>>

/**
 * Roots as a fast function. A call gives the results in the order of the roots; it throws `data` where an input is
 * missing or does not fit and `size` where a size stays unknown. Sizes that the options do not give are read off the
 * data, and code is made anew for sizes not seen before.
 */
export interface Compiled {
  (inputs: Inputs): Result[]
  /** What the roots are made of, in order of declaration. */
  readonly inputs: readonly InputNode[]
  /** Code at fixed sizes, for many calls on the same data; made once for each sizes. */
  readonly bind: (sizes?: Readonly<Record<string, number>>) => Bound
  /** Lets all threads go. */
  readonly close: () => void
}

/** More would find no shares to take. */
const MOST_THREADS = 256

/**
 * Compiles `roots`. Derivatives in them must have been expanded. Without sizes of its own, a function serves all sizes;
 * each new one costs about a millisecond.
 */
export function compile(roots: readonly Node[], options: CompileOptions = {}): Compiled {
  if (!['f64', 'f32'].includes(options.precision ?? 'f64')) {
    throw new BackproveError('argument', `there is no precision \`${String(options.precision)}\``, {
      hint: '`f64` is usual, `f32` takes half the memory',
    })
  }
  if (!['auto', 'wasm', 'js'].includes(options.backend ?? 'auto')) {
    throw new BackproveError('argument', `there is no backend \`${String(options.backend)}\``, {
      hint: '`auto` is usual: `wasm` where the engine has it, else `js`',
    })
  }
  const { threads = 1 } = options
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new BackproveError('argument', `\`threads\` is a count from 1 to ${MOST_THREADS}, not ${threads}`)
  }
  const prepared = prepare(roots, options.stable ?? true)
  const inputs = reachable(roots).filter((node) => node.kind === 'input')
  const names = [...new Set(reachable(roots).flatMap((node) => node.shape.flatMap(sizeNames)))]
  const given = new Map(Object.entries(options.sizes ?? {}))
  const made = new Map<string, Bound>()

  const boundAt = (sizes: ReadonlyMap<string, number>): Bound => {
    const missing = names.find((name) => !sizes.has(name))
    if (missing !== undefined) throw new BackproveError('size', `size \`${missing}\` has no value`)
    const key = names.map((name) => sizes.get(name)).join(' ')
    const known = made.get(key)
    if (known !== undefined) return known
    const bound = new Bound(prepared, new Map(names.map((name) => [name, sizes.get(name)!])), options)
    made.set(key, bound)
    return bound
  }

  const call = (data: Inputs): Result[] => {
    const described = inputs.map(({ name, shape }) => ({ name, shape, data: data[name] }))
    const bound = boundAt(inferSizes(given, described, data))
    for (const { name, data: value } of described) {
      if (!bound.reads(name)) continue
      if (value === undefined) throw lacking(name, Object.keys(data), described)
      bound.set(name, value)
    }
    bound.run()
    if (options.results === 'reused') return [...bound.outputs]
    return bound.outputs.map(({ shape, data: entries }) => ({ shape, data: entries.slice() }))
  }

  const bind = (sizes: Readonly<Record<string, number>> = {}): Bound => boundAt(new Map([...given, ...Object.entries(sizes)])) // prettier-ignore
  if (names.every((name) => given.has(name))) boundAt(given)
  const close = (): void => made.forEach((bound) => bound.close())
  return Object.assign(call, { inputs, bind, close })
}

/** A scalar and its gradients; see `valueAndGrad`. */
export interface ValueAndGrad {
  (inputs: Inputs): { readonly value: number; readonly gradients: Result[] }
  /** The value first, then the gradients. */
  readonly compiled: Compiled
}

/**
 * The scalar `y` and its gradients by `wrt`, as roots to compile; throws `not-scalar` where `y` has more than one entry.
 * Where `wrt` are inputs, the stable way of working out `y` is what is differentiated, so that gradients through saturated
 * outputs stay finite too.
 */
export function valueAndGradRoots(builder: Builder, y: Node, wrt: readonly Node[], stable = true): Node[] {
  if (!isScalarLike(y.shape)) {
    throw new BackproveError('not-scalar', `a gradient needs a scalar, not ${shapeText(y.shape)}`, {
      hint: 'take a sum or a mean first',
    })
  }
  if (!stable || wrt.some((node) => node.kind !== 'input')) return [y, ...vjp(builder, y, wrt)]
  const stabilised = stabilise([y, ...wrt], true)
  const [cost, ...params] = stabilised.roots as [Node, ...Node[]]
  return [cost, ...vjp(stabilised.builder, cost, params)]
}

/** Compiles the scalar `y` together with its gradients by `wrt`: see `valueAndGradRoots`. */
export function valueAndGrad(
  builder: Builder,
  y: Node,
  wrt: readonly Node[],
  options: CompileOptions = {},
): ValueAndGrad {
  const compiled = compile(valueAndGradRoots(builder, y, wrt, options.stable), options)
  const call = (inputs: Inputs): { value: number; gradients: Result[] } => {
    const [value, ...gradients] = compiled(inputs) as [Result, ...Result[]]
    return { value: value.data[0]!, gradients }
  }
  return Object.assign(call, { compiled })
}
