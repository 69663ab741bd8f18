import type { Progress } from '../check/check.ts'
import type { Terminal } from './terminal.ts'

/** Nothing is shown of what is done within this time. */
const AFTER = 1000
/** How often the bar is drawn and signals are let in. */
const EVERY = 50
const WIDTH = 30

/** A bar on the terminal for work that takes over a second. */
export class ProgressBar {
  readonly #label: string
  readonly #terminal: Terminal
  readonly #start = performance.now()
  #last = performance.now()
  #isShown = false

  constructor(label: string, terminal: Terminal) {
    this.#label = label
    this.#terminal = terminal
  }

  /** Draws the bar when it is time to; true then. */
  isDue({ done, total }: Progress): boolean {
    const now = performance.now()
    if (now - this.#last < EVERY) return false
    this.#last = now
    if (this.#terminal.showsProgress && now - this.#start > AFTER) {
      const filled = Math.round((WIDTH * done) / total)
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
      const left = Math.ceil(((now - this.#start) * (total - done)) / done / 1000)
      this.#terminal.message(`\r${this.#label} ${bar} ${done}/${total}, ${left} s left\u001B[K`)
      this.#isShown = true
    }
    return true
  }

  clear(): void {
    if (this.#isShown) this.#terminal.message('\r\u001B[K')
  }
}
