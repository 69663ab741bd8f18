import { pause } from '../base/pause.ts'
import { STATUS } from './command.ts'
import type { Status } from './command.ts'
import type { Paint } from './report/paint.ts'
import { paintFor, wantsColour } from './report/paint.ts'

/** Where a command writes, and what it must know of who reads. */
export interface Terminal {
  /** Results: standard output. */
  print(text: string): void
  /** Messages: standard error. */
  message(text: string): void
  readonly paint: Paint
  readonly isColoured: boolean
  readonly width: number
  /** Whether somebody watches standard error, so that progress may be shown there. */
  readonly showsProgress: boolean
  /** An interrupt was asked for. */
  readonly interrupted: boolean
  /** The exit status of the signal by which it was; `null` for none. */
  readonly signalStatus: Status | null
  /** Aborts when an interrupt is asked for, or the reader of standard output is gone. */
  readonly stop: AbortSignal
  /** The reader of standard output is gone. */
  readonly closed: boolean
  /** From now on an interrupt leaves time to print what is known; before, it ends the program. */
  hold(): void
  /** From now on no interrupt ends the program, however often: what is known must be written first. */
  protect(): void
  /** Lets waiting signals in. True while there is reason to go on. */
  breathe(): Promise<boolean>
}

/** What asks the program to end, with the exit status that shells give it. */
const SIGNALS = [
  ['SIGINT', STATUS.interrupted],
  ['SIGTERM', STATUS.terminated],
] as const

/** The narrowest width for which output is laid out. */
const NARROWEST = 40
/** Where nothing tells how wide the reader's page is. */
const USUAL_WIDTH = 80

export function openTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr } = process
  let status: Status | null = null
  let closed = false
  let isHeld = false
  let isProtected = false
  const controller = new AbortController()
  for (const [signal, itsStatus] of SIGNALS) {
    process.on(signal, () => {
      // Who asks twice wants no more output.
      if ((status !== null || !isHeld) && !isProtected) process.exit(itsStatus)
      status ??= itsStatus
      controller.abort()
    })
  }
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    closed = true
    controller.abort()
  }
  stdout.on('error', onError)
  stderr.on('error', onError)
  const isColoured = wantsColour(stdout.isTTY, process.env)
  return {
    print: (text) => {
      if (!closed) stdout.write(text)
    },
    message: (text) => {
      if (!closed) stderr.write(text)
    },
    paint: paintFor(isColoured),
    isColoured,
    hold: () => {
      isHeld = true
    },
    width: Math.max(NARROWEST, stdout.isTTY ? stdout.columns : USUAL_WIDTH),
    showsProgress: stderr.isTTY,
    protect: () => {
      isProtected = true
    },
    stop: controller.signal,
    get interrupted() {
      return status !== null
    },
    get signalStatus() {
      return status
    },
    get closed() {
      return closed
    },
    breathe: async () => {
      await pause()
      return status === null && !closed
    },
  }
}
