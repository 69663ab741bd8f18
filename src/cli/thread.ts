import { parentPort, Worker, workerData } from 'node:worker_threads'
import { BackproveError } from '../base/errors.ts'
import { judgeClaimAt, readProgram } from '../pipeline.ts'
import type { JudgeOptions } from '../pipeline.ts'
import { paintFor } from './report/paint.ts'
import type { ClaimReport } from './report/report.ts'
import { reportOf } from './report/report.ts'
import type { Terminal } from './terminal.ts'

/** A claim to be judged in a thread of its own. */
export interface Task {
  readonly text: string
  /** The place of the claim among those of the sheet. */
  readonly at: number
  readonly options: JudgeOptions
  readonly style: { readonly isColoured: boolean; readonly width: number; readonly explain: boolean }
}

/** How often an interrupt is looked for. */
const PATIENCE = 50

/**
 * Judges a claim that takes long in a thread of its own: a thread that computes hears no signal, and this one is to hear an
 * interrupt. `null` if there was one.
 */
export function judgeInThread(task: Task, terminal: Terminal): Promise<ClaimReport | null> {
  const worker = new Worker(process.argv[1] ?? '', { workerData: task })
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (terminal.interrupted || terminal.closed) settle(() => resolve(null))
    }, PATIENCE)
    const settle = (result: () => void): void => {
      clearInterval(timer)
      void worker.terminate()
      result()
    }
    worker.once('message', (report: ClaimReport) => settle(() => resolve(report)))
    worker.once('error', (error) => settle(() => reject(error)))
    worker.once('exit', (code) => settle(() => reject(new BackproveError('internal', `a thread ended with ${code}`))))
  })
}

/** What the thread does. */
export function answer(): void {
  const { text, at, options, style } = workerData as Task
  const program = readProgram(text)
  const { width, explain, isColoured } = style
  const paint = paintFor(isColoured)
  parentPort?.postMessage(reportOf(judgeClaimAt(program, at, options), program, { paint, width, explain }))
}
