import { BackproveError } from '../base/errors.ts'
import type { Expr, Loop } from '../syntax/ast.ts'

/** Passes of all loops of a sheet together. */
const MAX_PASSES = 100_000

/** The values that a loop's name takes, in order; `before` counts the passes of the sheet so far. */
export function passesOf(loop: Loop, whole: (expr: Expr) => number, before: number): number[] {
  const from = whole(loop.from)
  const step = loop.step === null ? 1 : whole(loop.step)
  const to = whole(loop.to)
  const { span } = loop
  if (step === 0)
    throw new BackproveError('loop', 'a loop whose step is 0 never ends', { hint: 'count by 1 or by -1', span })
  const count = Math.max(0, Math.floor((to - from) / step) + 1)
  if (before + count > MAX_PASSES) {
    throw new BackproveError('too-large', `more than ${MAX_PASSES} passes of loops`, {
      hint: 'state claims for sizes by name instead',
      span,
    })
  }
  // `2:L` has no pass where L is 1; `3:1` is more likely meant to count down.
  if (count === 0 && Math.abs(from - to) > Math.abs(step)) {
    throw new BackproveError('loop', `nothing lies between ${from} and ${to} in steps of ${step}`, {
      hint: `to count down write \`${from}:-1:${to}\``,
      span,
    })
  }
  return Array.from({ length: count }, (_, pass) => from + pass * step)
}
