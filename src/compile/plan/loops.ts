import type { Access, ScalarOp } from '../scalar/scalars.ts'
import type { Combine, Nest } from './nest.ts'

/** A store with its place in the loops. */
export interface LoopStore {
  readonly value: number
  readonly access: Access
  readonly combine: Combine | null
  /** Loops around the store itself; a combination runs over the loops within. */
  readonly level: number
  /** Whether loops around the store come back to the same entry, so that memory takes part in the combination. */
  readonly shared: boolean
  /** Whether the stored entries must be given the identity of their combination before the nest runs. */
  readonly starts: boolean
}

/** A nest whose loops are in order, outermost first, and merged where no access tells them apart. */
export interface Loops {
  readonly extents: readonly number[]
  readonly ops: readonly ScalarOp[]
  /** For each operation, the loops it must lie in: 0 is before all of them. */
  readonly levels: readonly number[]
  readonly stores: readonly LoopStore[]
  /** How often an operation is used, stores included. */
  readonly uses: readonly number[]
}

const loadsOf = (nest: Nest): Access[] => nest.code.ops.flatMap((op) => (op.op === 'load' ? [op.access] : []))

/** Relative cost of walking an access with this stride in the innermost loop. */
const walkCost = (stride: number): number => (stride === 0 ? 0 : stride === 1 ? 1 : 5)

/** Combining in memory instead of in a register, in units of a contiguous access. */
const MEMORY_COMBINE = 2

/** The axis to be innermost: the one along which most accesses are contiguous, unless it is very short. */
function innermost(nest: Nest): number {
  const loads = loadsOf(nest)
  let best = nest.extents.length - 1
  let least = Infinity
  nest.extents.forEach((extent, axis) => {
    let cost = 1
    for (const { strides } of loads) cost += walkCost(strides[axis]!)
    for (const { access, combine } of nest.stores) {
      cost += walkCost(access.strides[axis]!)
      if (combine !== null && access.strides[axis] !== 0) cost += MEMORY_COMBINE
    }
    const perEntry = cost * (1 + 6 / extent)
    if (perEntry <= least) [best, least] = [axis, perEntry]
  })
  return best
}

const permuted = (access: Access, order: readonly (readonly number[])[]): Access => ({
  ...access,
  strides: order.map((axes) => access.strides[axes.at(-1)!]!),
})

/** Runs of axes, outermost first, that can be walked as one. */
function mergedAxes(nest: Nest, order: readonly number[]): number[][] {
  const accesses = [...loadsOf(nest), ...nest.stores.map(({ access }) => access)]
  const runs: number[][] = []
  for (const axis of order) {
    const outer = runs.at(-1)?.at(-1)
    const joins = outer !== undefined &&
      accesses.every(({ strides }) => strides[outer] === strides[axis]! * nest.extents[axis]!) // prettier-ignore
    if (joins) runs.at(-1)!.push(axis)
    else runs.push([axis])
  }
  return runs
}

const depth = (access: Access): number => access.strides.findLastIndex((stride) => stride !== 0) + 1

/** Decides the order of a nest's loops and the place of each operation in them. */
export function arrange(nest: Nest): Loops {
  const axes = [...nest.extents.keys()]
  const inner = nest.extents.length === 0 ? -1 : innermost(nest)
  const order = inner < 0 ? [] : [...axes.filter((axis) => axis !== inner), inner]
  const runs = mergedAxes(nest, order)
  const extents = runs.map((run) => run.reduce((product, axis) => product * nest.extents[axis]!, 1))
  const live = liveOps(nest)
  const ops = nest.code.ops.map((op) => (op.op === 'load' ? { ...op, access: permuted(op.access, runs) } : op))
  const levels: number[] = []
  ops.forEach((op, id) => {
    const own = op.op === 'load' ? depth(op.access) : 0
    const level = op.args.reduce((most, arg) => Math.max(most, levels[arg]!), own)
    levels[id] = level
  })
  const uses = new Array<number>(ops.length).fill(0)
  ops.forEach((op, id) => {
    if (live[id]) for (const arg of op.args) uses[arg]!++
  })
  const stores = nest.stores.map(({ value, access, combine, across = false }): LoopStore => {
    const moved = permuted(access, runs)
    uses[value]!++
    const reach = depth(moved)
    const level = combine === null ? Math.max(reach, levels[value]!) : reach
    const shared = combine !== null && moved.strides.slice(0, reach).includes(0)
    return { value, access: moved, combine, level, shared: shared || across, starts: shared && !across }
  })
  return { extents, ops, levels, stores, uses }
}

function liveOps(nest: Nest): boolean[] {
  const live = new Array<boolean>(nest.code.ops.length).fill(false)
  for (const { value } of nest.stores) live[value] = true
  for (let id = live.length - 1; id >= 0; id--) {
    if (live[id]) for (const arg of nest.code.ops[id]!.args) live[arg] = true
  }
  return live
}
