import type { Bound } from '../compile/bound.ts'
import { compile } from '../compile/compile.ts'
import type { Sizes } from '../evaluate/algebra.ts'
import { entriesOf, indexOf, stridesOf } from '../evaluate/tensor.ts'
import type { Tensor } from '../evaluate/tensor.ts'
import type { InputNode, Node } from '../graph/node.ts'
import { evaluateSize } from '../shape/size.ts'
import type { LossProbe } from './difference.ts'
import type { Slices, Source } from './slices.ts'

/** How nearly the compiled loss must give the value at rest to be trusted. */
const AGREEING = 1e-9

/** An input of the compiled function, filled anew when the index of the entry changes on one of `axes`. */
interface Feed {
  readonly axes: readonly number[]
  readonly fill: (index: readonly number[]) => void
}

/** The loss as compiled code for what one entry of a parameter reaches. */
export class SliceProbe implements LossProbe {
  readonly #bound: Bound
  readonly #entry: Float64Array
  readonly #feeds: readonly Feed[]
  readonly #shape: readonly number[]
  #index: readonly number[] = []
  #at = -1

  constructor(slices: Slices, parameter: InputNode, values: ReadonlyMap<Node, Tensor>, sizes: Sizes) {
    // Nothing is worked out another way: what is checked is the loss as it stands. Written out entry by entry, code of this
    // size runs a third slower.
    const compiled = compile([slices.loss, slices.crossings], { stable: false, unroll: false })
    this.#bound = compiled.bind(Object.fromEntries(sizes))
    this.#shape = parameter.shape.map((size) => evaluateSize(size, sizes))
    const feeds: Feed[] = []
    let entry: Float64Array = new Float64Array(1)
    for (const [name, source] of slices.sources) {
      if (!this.#bound.reads(name)) continue
      const into = this.#bound.input(name) as Float64Array
      if (source.kind === 'entry') entry = into
      else feeds.push(source.kind === 'mark' ? markFeed(source.axis, into) : partFeed(source, values, into))
    }
    this.#entry = entry
    this.#feeds = feeds
  }

  /** The loss with one entry of the parameter at `x`; `null` if something switches on the way, or nothing is defined there. */
  lossAt(entry: number, x: number): number | null {
    if (entry !== this.#at) this.#goTo(entry)
    this.#entry[0] = x
    this.#bound.run()
    const [loss, crossings] = this.#bound.outputs
    const value = loss!.data[0]!
    return Number.isFinite(value) && crossings!.data[0] === 0 ? value : null
  }

  /** Whether the loss comes out as it is known to be where the entry stays what it is. */
  agrees(entry: number, x: number, loss: number): boolean {
    const value = this.lossAt(entry, x)
    return value !== null && Math.abs(value - loss) <= AGREEING * Math.max(1, Math.abs(loss))
  }

  #goTo(entry: number): void {
    const index = indexOf(this.#shape, entry)
    const isFirst = this.#at < 0
    for (const { axes, fill } of this.#feeds) {
      if (isFirst || axes.some((axis) => index[axis] !== this.#index[axis])) fill(index)
    }
    this.#index = index
    this.#at = entry
  }
}

const markFeed = (axis: number, into: Float64Array): Feed => ({
  axes: [axis],
  fill: (index) => {
    into.fill(0)
    into[index[axis]!] = 1
  },
})

/** Copies the entries of a value that lie at the fixed indices, in their order. */
function partFeed(
  { of, fixed }: Source & { kind: 'part' },
  values: ReadonlyMap<Node, Tensor>,
  into: Float64Array,
): Feed {
  const { shape, data } = values.get(of)!
  const strides = stridesOf(shape)
  const steps = [...fixed].map(([axis, at]) => ({ at, stride: strides[axis]! }))
  const free = shape.map((length, axis) => (fixed.has(axis) ? 1 : length))
  const places = new Int32Array(entriesOf(free))
  let known = 1
  for (const [axis, length] of [...free.entries()].reverse()) {
    for (let i = known; i < known * length; i++) places[i] = places[i - known]! + strides[axis]!
    known *= length
  }
  const isRun = places.every((place, i) => place === i)
  const fill = (index: readonly number[]): void => {
    let from = 0
    for (const { at, stride } of steps) from += index[at]! * stride
    if (isRun) into.set(data.subarray(from, from + places.length))
    else for (let i = 0; i < places.length; i++) into[i] = data[from + places[i]!]!
  }
  return { axes: [...new Set(fixed.values())], fill }
}
