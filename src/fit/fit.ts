import { pause } from '../base/pause.ts'
import type { TrainingState } from './state.ts'
import { Trainer } from './trainer.ts'
import type { Problem, TrainOptions } from './trainer.ts'
import { vetWhole } from './vet.ts'

export interface FitOptions extends TrainOptions {
  /** Steps in all, those before a resumption included. */
  readonly iterations: number
  /** Called now and then, and after the last step, with the steps done and the last cost. */
  readonly onProgress?: (iteration: number, cost: number) => void
  /** Stops the training between two steps. */
  readonly signal?: AbortSignal
}

export interface Fit extends TrainingState {
  /** `diverged`: the cost is no longer finite; the state is that before the step which made it so. */
  readonly ended: 'done' | 'interrupted' | 'diverged'
  /** `null` unless diverged. */
  readonly divergence: Divergence | null
}

/** Where a training came to a cost, or to a gradient of it, that is not finite. */
export interface Divergence {
  /** Steps done when it was met. */
  readonly iteration: number
  /** The cost that was met; NaN also where only a gradient is not finite. */
  readonly cost: number
  /** The cost before the last step; `null` where it was met before any step. */
  readonly lastFinite: number | null
}

/** Milliseconds between two looks at what else goes on, such as a signal. */
const BREATH = 40

/**
 * Fits parameters by gradient descent. Never rejects for an interruption: what has been reached is the result.
 * Throws what `Trainer` throws.
 */
export async function fit(problem: Problem, options: FitOptions): Promise<Fit> {
  vetWhole('iterations', options.iterations, 0)
  const trainer = new Trainer(problem, options)
  const state = (ended: Fit['ended'], divergence: Divergence | null = null): Fit => {
    const reached = trainer.state()
    options.onProgress?.(trainer.iteration, trainer.history.at(-1) ?? NaN)
    return { ...reached, ended, divergence }
  }
  let last = performance.now()
  while (trainer.iteration < options.iterations) {
    if (options.signal?.aborted === true) return state('interrupted')
    const cost = trainer.step()
    if (!Number.isFinite(cost)) {
      const { iteration } = trainer
      const lastFinite = trainer.undo()
      return state('diverged', { iteration, cost, lastFinite })
    }
    if (performance.now() - last < BREATH) continue
    options.onProgress?.(trainer.iteration, cost)
    await pause()
    last = performance.now()
  }
  return state('done')
}
