import { setImmediate } from 'node:timers/promises'
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
  /** The reader of standard output is gone. */
  readonly closed: boolean
  /** From now on an interrupt leaves time to print what is known; before, it ends the program. */
  hold(): void
  /** Lets waiting signals in. True while there is reason to go on. */
  breathe(): Promise<boolean>
}

/** The narrowest width for which output is laid out. */
const NARROWEST = 40
/** Where nothing tells how wide the reader's page is. */
const USUAL_WIDTH = 80

export function openTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr } = process
  let interrupted = false
  let closed = false
  let isHeld = false
  process.on('SIGINT', () => {
    // Who asks twice wants no more output.
    if (interrupted || !isHeld) process.exit(130)
    interrupted = true
  })
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
    closed = true
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
    get interrupted() {
      return interrupted
    },
    get closed() {
      return closed
    },
    breathe: async () => {
      await setImmediate()
      return !interrupted && !closed
    },
  }
}
