import type { Plan, Step } from './nest.ts'

/** Buffers start at multiples of this many bytes: a cache line. */
const ALIGNMENT = 64

export interface Layout {
  /** The first byte of each buffer. */
  readonly starts: readonly number[]
  readonly bytes: number
}

function buffersOf(step: Step): number[] {
  switch (step.kind) {
    case 'nest':
      return [
        ...step.code.ops.flatMap((op) => (op.op === 'load' ? [op.access.buffer] : [])),
        ...step.stores.map(({ access }) => access.buffer),
      ]
    case 'sweep':
      return [...step.tiles, ...step.rest].flatMap(buffersOf)
    case 'product':
      return [step.a.buffer, step.b.buffer, step.c.buffer]
    case 'matrix':
      return [step.input, step.output]
    case 'fill':
      return [step.buffer]
  }
}

/**
 * Places for a plan's buffers from `start` on: those whose lives do not meet share memory, first fit by time of birth.
 * Pinned buffers live throughout.
 */
export function layOut(plan: Plan, bytesPerEntry: number, start: number): Layout {
  const last = plan.steps.length
  const lives = plan.buffers.map(({ pinned }) => (pinned ? { from: -1, to: last } : { from: Infinity, to: -1 }))
  plan.steps.forEach((step, time) => {
    for (const buffer of buffersOf(step)) {
      const life = lives[buffer]!
      life.from = Math.min(life.from, time)
      life.to = Math.max(life.to, time)
    }
  })
  const starts = new Array<number>(plan.buffers.length).fill(start)
  const order = [...plan.buffers.keys()].filter((buffer) => lives[buffer]!.from < Infinity)
  order.sort((a, b) => lives[a]!.from - lives[b]!.from)
  let active: { at: number; bytes: number; to: number }[] = []
  let top = start
  for (const buffer of order) {
    const { from, to } = lives[buffer]!
    active = active.filter((other) => other.to >= from)
    const bytes = Math.ceil((plan.buffers[buffer]!.entries * bytesPerEntry) / ALIGNMENT) * ALIGNMENT
    let at = start
    for (const other of active) {
      if (at + bytes <= other.at) break
      at = Math.max(at, other.at + other.bytes)
    }
    starts[buffer] = at
    top = Math.max(top, at + bytes)
    active.push({ at, bytes, to })
    active.sort((a, b) => a.at - b.at)
  }
  return { starts, bytes: top - start }
}
