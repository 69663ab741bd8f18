import type { TrainingState } from './state.ts'
import { Trainer } from './trainer.ts'
import type { Problem, TrainOptions } from './trainer.ts'

export interface FitOptions extends TrainOptions {
  /** Steps in all, those before a resumption included. */
  readonly iterations: number
  /** Called now and then, and after the last step, with the steps done and the last cost. */
  readonly onProgress?: (iteration: number, cost: number) => void
  /** Stops the training between two steps. */
  readonly signal?: AbortSignal
}

export interface Fit extends TrainingState {
  /** `diverged`: the cost is no longer finite; the parameters are those that gave it. */
  readonly ended: 'done' | 'interrupted' | 'diverged'
}

/** Milliseconds between two looks at what else goes on, such as a signal. */
const BREATH = 40

/**
 * Fits parameters by gradient descent. Never rejects for an interruption: what has been reached is the result.
 * Throws what `Trainer` throws.
 */
export async function fit(problem: Problem, options: FitOptions): Promise<Fit> {
  const trainer = new Trainer(problem, options)
  let cost = trainer.history.at(-1) ?? NaN
  let last = performance.now()
  let ended: Fit['ended'] = 'done'
  while (trainer.iteration < options.iterations) {
    if (options.signal?.aborted === true) {
      ended = 'interrupted'
      break
    }
    cost = trainer.step()
    if (!Number.isFinite(cost)) {
      ended = 'diverged'
      break
    }
    if (performance.now() - last < BREATH) continue
    options.onProgress?.(trainer.iteration, cost)
    await new Promise((resolve) => setImmediate(resolve))
    last = performance.now()
  }
  options.onProgress?.(trainer.iteration, cost)
  return { ...trainer.state(), ended }
}
