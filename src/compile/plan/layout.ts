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

interface Gap {
  at: number
  bytes: number
}

/** Memory that grows upwards; what is given back is given out again, the lowest place that fits first. */
class Pool {
  /** By address; no two touch. */
  readonly #gaps: Gap[] = []
  top: number

  constructor(start: number) {
    this.top = start
  }

  take(bytes: number): number {
    const gap = this.#gaps.find((one) => one.bytes >= bytes)
    if (gap !== undefined) {
      const { at } = gap
      gap.at += bytes
      gap.bytes -= bytes
      if (gap.bytes === 0) this.#gaps.splice(this.#gaps.indexOf(gap), 1)
      return at
    }
    // A gap at the end is the beginning of the new place.
    const last = this.#gaps.at(-1)
    const at = last !== undefined && last.at + last.bytes === this.top ? this.#gaps.pop()!.at : this.top
    this.top = at + bytes
    return at
  }

  give(at: number, bytes: number): void {
    const found = this.#gaps.findIndex((gap) => gap.at > at)
    const index = found < 0 ? this.#gaps.length : found
    const [before, after] = [this.#gaps[index - 1], this.#gaps[index]]
    const gap = before !== undefined && before.at + before.bytes === at ? before : { at, bytes: 0 }
    gap.bytes += bytes
    if (gap !== before) this.#gaps.splice(index, 0, gap)
    if (after !== undefined && gap.at + gap.bytes === after.at) {
      gap.bytes += after.bytes
      this.#gaps.splice(this.#gaps.indexOf(after), 1)
    }
  }
}

/** The steps between which each buffer is in use, both included; pinned ones throughout, unused ones never. */
function livesOf(plan: Plan): { from: number; to: number }[] {
  const lives = plan.buffers.map(({ pinned }) => (pinned ? { from: -1, to: Infinity } : { from: Infinity, to: -1 }))
  plan.steps.forEach((step, time) => {
    for (const buffer of buffersOf(step)) {
      const life = lives[buffer]!
      life.from = Math.min(life.from, time)
      life.to = Math.max(life.to, time)
    }
  })
  return lives
}

/** Places for a plan's buffers from `start` on: those whose lives do not meet share memory. */
export function layOut(plan: Plan, bytesPerEntry: number, start: number): Layout {
  const lives = livesOf(plan)
  const size = (buffer: number): number =>
    Math.ceil((plan.buffers[buffer]!.entries * bytesPerEntry) / ALIGNMENT) * ALIGNMENT
  const starts = new Array<number>(plan.buffers.length).fill(start)
  const pool = new Pool(start)
  const ending = plan.steps.map((): number[] => [])
  const used = [...plan.buffers.keys()].filter((buffer) => lives[buffer]!.from < Infinity)
  used.sort((a, b) => lives[a]!.from - lives[b]!.from)
  let time = 0
  for (const buffer of used) {
    const { from, to } = lives[buffer]!
    for (; time < from; time++) for (const over of ending[time]!) pool.give(starts[over]!, size(over))
    starts[buffer] = pool.take(size(buffer))
    ending[to]?.push(buffer)
  }
  return { starts, bytes: pool.top - start }
}
