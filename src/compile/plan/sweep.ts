import { Scalars } from '../scalar/scalars.ts'
import type { Access } from '../scalar/scalars.ts'
import type { Fill, Nest, Plan, Step, Store, Sweep } from './nest.ts'
import { IDENTITY } from './nest.ts'

/** Entries from which on an array is sure to be gone from the caches before it is read again. */
export const LARGE = 1 << 17

/** Shorter rows are not worth a call for each tile. */
const SHORTEST_ROW = 512

/** Bytes of a tile's rows: with two arrays as long as one row they fit the second cache. */
const TILE_BYTES = 640_000
/** Samples at a time at most: a sum for each, and what is read, fit the registers. */
const LARGEST_TILE = 8

/** A part of a plan that can be swept: steps `first` to `last` along one axis of each, of length `count`. */
interface Found {
  readonly first: number
  readonly last: number
  readonly count: number
  readonly axes: readonly number[]
}

const loadsOf = (nest: Nest): Access[] => nest.code.ops.flatMap((op) => (op.op === 'load' ? [op.access] : []))

/** The axis of the one nest along which the large array is contiguous is kept; the other is that of the samples. */
function samplesAxis(nest: Nest, buffer: number): number | null {
  if (nest.extents.length !== 2) return null
  const access = loadsOf(nest).find((load) => load.buffer === buffer)
  const contiguous = access?.strides.indexOf(1) ?? -1
  return contiguous < 0 || access!.strides.includes(0) ? null : 1 - contiguous
}

/**
 * Two nests that both read a large array, the first giving something for each sample and the second summing over
 * samples, with nothing between but work on single samples that waits for no sum over all of them.
 */
function find(plan: Plan): Found | null {
  for (const [first, nest] of plan.steps.entries()) {
    if (nest.kind !== 'nest') continue
    for (const { buffer } of loadsOf(nest)) {
      if (plan.buffers[buffer]!.entries < LARGE) continue
      const axis = samplesAxis(nest, buffer)
      if (
        axis === null ||
        nest.extents[1 - axis]! < SHORTEST_ROW ||
        nest.stores.some(({ access }) => access.strides[axis] === 0)
      )
        continue
      const found = findEnd(plan, first, axis, buffer)
      if (found !== null) return found
    }
  }
  return null
}

function findEnd(plan: Plan, first: number, axis: number, buffer: number): Found | null {
  const start = plan.steps[first] as Nest
  const count = start.extents[axis]!
  const axes = [axis]
  for (let last = first + 1; last < plan.steps.length; last++) {
    const nest = plan.steps[last]!
    if (nest.kind !== 'nest') return null
    const reads = loadsOf(nest).some((load) => load.buffer === buffer)
    const own = reads ? samplesAxis(nest, buffer) : nest.extents.length === 1 ? 0 : null
    if (own === null || nest.extents[own] !== count) return null
    axes.push(own)
    if (reads) {
      const found = { first, last, count, axes }
      return isIndependent(plan, found) ? found : null
    }
  }
  return null
}

/** Whether samples wait for nothing but themselves: what one nest stores and another loads moves with the sample alone. */
function isIndependent(plan: Plan, { first, last, axes }: Found): boolean {
  const perSample = new Map<number, Access>()
  for (let index = first; index <= last; index++) {
    const nest = plan.steps[index] as Nest
    const axis = axes[index - first]!
    for (const load of loadsOf(nest)) {
      const stored = perSample.get(load.buffer)
      if (stored === undefined) continue
      const sample = load.strides[axis]!
      if (sample === 0 || sample !== Math.max(...stored.strides) || load.offset !== stored.offset) return false
      if (load.strides.some((stride, other) => other !== axis && stride !== 0)) return false
    }
    for (const { access } of nest.stores) perSample.set(access.buffer, access)
  }
  return true
}

/** The nest for `tile` samples at once, written out one beside the other. */
function tiled(nest: Nest, axis: number, tile: number): Nest {
  const code = new Scalars()
  const rest = nest.extents.filter((_, other) => other !== axis)
  const moved = (access: Access, sample: number): Access => ({
    buffer: access.buffer,
    offset: access.offset + sample * access.strides[axis]!,
    strides: rest.length === 0 ? [0] : access.strides.filter((_, other) => other !== axis),
    sweep: access.strides[axis]!,
  })
  const values = Array.from({ length: tile }, (_, sample) => copyOps(nest, code, (access) => moved(access, sample)))
  const stores = nest.stores.flatMap((store): Store[] => {
    if (store.access.strides[axis] !== 0) {
      const combine = store.access.strides.includes(0) ? store.combine : null
      return values.map((ids, sample) => ({ value: ids[store.value]!, access: moved(store.access, sample), combine }))
    }
    const op = ({ sum: 'add', prod: 'mul', max: 'max', min: 'min' } as const)[store.combine!]
    const value = values.map((ids) => ids[store.value]!).reduce((a, b) => code.emit(op, a, b))
    return [{ value, access: moved(store.access, 0), combine: store.combine, across: true }]
  })
  return { kind: 'nest', extents: rest.length === 0 ? [1] : rest, code, stores }
}

/** Writes a nest's operations into `code`, loads changed by `moved`; gives the new number of each. */
function copyOps(nest: Nest, code: Scalars, moved: (access: Access) => Access): number[] {
  const ids: number[] = []
  for (const op of nest.code.ops) {
    const args = op.args.map((arg) => ids[arg]!)
    if (op.op === 'const') ids.push(code.const(op.value))
    else if (op.op === 'load') ids.push(code.load(moved(op.access)))
    else if (op.op === 'call') ids.push(code.external(op.fn, ...args))
    else ids.push(code.emit(op.op, ...args))
  }
  return ids
}

/** The plan with one sweep instead of two walks over a large array, or `null` where there are no such two; an entry has `bytes`. */
export function sweeping(plan: Plan, bytes: number): Plan | null {
  const found = find(plan)
  if (found === null) return null
  const { first, last, count, axes } = found
  const nests = plan.steps.slice(first, last + 1) as Nest[]
  const starts = nests.flatMap((nest, index) =>
    nest.stores.flatMap(({ access, combine }): Fill[] =>
      combine !== null && access.strides[axes[index]!] === 0
        ? [{ kind: 'fill', buffer: access.buffer, value: IDENTITY[combine] }]
        : [],
    ),
  )
  const all = (tile: number): Nest[] => nests.map((nest, index) => tiled(nest, axes[index]!, tile))
  const row = nests[0]!.extents[1 - axes[0]!]!
  const tile = Math.min(count, Math.max(2, Math.min(LARGEST_TILE, Math.floor(TILE_BYTES / bytes / row))))
  const left = count % tile
  const sweep: Sweep = { kind: 'sweep', count, tile, tiles: all(tile), rest: left === 0 ? [] : all(left) }
  const steps: Step[] = [...plan.steps.slice(0, first), ...starts, sweep, ...plan.steps.slice(last + 1)]
  return { ...plan, steps }
}
