import { BackproveError } from '../base/errors.ts'
import { nestedOf, tensorOf } from '../evaluate/nested.ts'
import type { NestedArray } from '../evaluate/nested.ts'
import type { Tensor } from '../evaluate/tensor.ts'

/** Where a training stands: enough to go on as if it had not stopped. */
export interface TrainingState {
  /** Steps done. */
  readonly iteration: number
  readonly params: ReadonlyMap<string, Tensor>
  /** The cost before each step, of the samples of that step. */
  readonly history: readonly number[]
}

interface Saved {
  readonly iteration: number
  readonly params: Readonly<Record<string, NestedArray>>
  readonly history: readonly number[]
}

/** The state as JSON: parameters as nested arrays by name. What is read back is the same to the last bit. */
export function writeState({ iteration, params, history }: TrainingState): string {
  const saved: Saved = {
    iteration,
    params: Object.fromEntries([...params].map(([name, value]) => [name, nestedOf(value)])),
    history,
  }
  return JSON.stringify(saved)
}

/** Throws `data` where the text is no state. Parameters alone will do: then no step is done. */
export function readState(text: string): TrainingState {
  let saved: unknown
  try {
    saved = JSON.parse(text)
  } catch {
    throw new BackproveError('data', 'the file of parameters is not JSON')
  }
  if (!isSaved(saved)) {
    throw new BackproveError('data', 'the file holds no parameters', {
      hint: 'it should be { "params": { "W1": [[…]] }, "iteration": 0, "history": [] }',
    })
  }
  const params = new Map(Object.entries(saved.params).map(([name, value]) => [name, tensorOf(value)]))
  return { iteration: saved.iteration ?? 0, params, history: saved.history ?? [] }
}

function isSaved(value: unknown): value is Pick<Saved, 'params'> & Partial<Saved> {
  if (typeof value !== 'object' || value === null || !('params' in value)) return false
  const { params } = value
  const { iteration, history } = value as { iteration?: unknown; history?: unknown }
  const counted =
    iteration === undefined || (typeof iteration === 'number' && Number.isInteger(iteration) && iteration >= 0)
  const listed = history === undefined || (Array.isArray(history) && history.every((cost) => typeof cost === 'number'))
  return typeof params === 'object' && params !== null && counted && listed
}
