import type { Contraction } from '../ops/contraction.ts'
import type { Shape } from '../shape/shape.ts'
import { ONE_SIZE } from '../shape/size.ts'
import type { Size } from '../shape/size.ts'

/** The indices of a contraction while it is rewritten; a delta makes two of them one. */
export class Labels {
  readonly #sizes = new Map<number, Size>()
  readonly #parents = new Map<number, number>()

  constructor(sizes: readonly Size[]) {
    for (let label = 0; label < sizes.length; label++) this.#sizes.set(label, sizes[label]!)
  }

  fresh(size: Size): number {
    const label = this.#sizes.size
    this.#sizes.set(label, size)
    return label
  }

  size(label: number): Size {
    return this.#sizes.get(label)!
  }

  get sizes(): ReadonlyMap<number, Size> {
    return this.#sizes
  }

  /** Nothing depends on an index of an axis of length 1. */
  isOne(label: number): boolean {
    return this.#sizes.get(label) === ONE_SIZE
  }

  root(label: number): number {
    let top = label
    for (let up = this.#parents.get(top); up !== undefined; up = this.#parents.get(top)) top = up
    return top
  }

  #identify(a: number, b: number): void {
    const [p, q] = [this.root(a), this.root(b)]
    if (p !== q) this.#parents.set(Math.max(p, q), Math.min(p, q))
  }

  /** The labels of an array that broadcasts to axes labelled `full`: an axis that is repeated has one of its own. */
  aligned(shape: Shape, full: readonly number[]): number[] {
    const offset = full.length - shape.length
    return shape.map((size, axis) => {
      const label = this.root(full[axis + offset]!)
      return size === ONE_SIZE && !this.isOne(label) ? this.fresh(ONE_SIZE) : label
    })
  }

  /** Gives the labels of an inner contraction, whose result carries `outer`, a meaning here. */
  adopt(inner: Contraction, outer: readonly number[]): (label: number) => number {
    const names = new Map<number, number>()
    inner.output.forEach((label, axis) => {
      const known = names.get(label)
      if (known === undefined) names.set(label, outer[axis]!)
      else this.#identify(known, outer[axis]!)
    })
    return (label) => {
      const known = names.get(label)
      if (known !== undefined) return this.root(known)
      const made = this.fresh(inner.sizes[label]!)
      names.set(label, made)
      return made
    }
  }
}
