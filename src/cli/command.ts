import type { Terminal } from './terminal.ts'

/** The exit statuses of the contract. */
export const STATUS = {
  holds: 0,
  refuted: 1,
  faulty: 2,
  undecided: 3,
  disagreement: 4,
  interrupted: 130,
  /** Interrupted by SIGTERM: 128 and the number of the signal. */
  terminated: 143,
} as const

export type Status = (typeof STATUS)[keyof typeof STATUS]

/** Where several apply, the most serious one. */
const BY_SERIOUSNESS: readonly Status[] = [
  STATUS.terminated,
  STATUS.interrupted,
  STATUS.disagreement,
  STATUS.faulty,
  STATUS.refuted,
  STATUS.undecided,
  STATUS.holds,
]

export function worst(statuses: Iterable<Status>): Status {
  const met = new Set(statuses)
  return BY_SERIOUSNESS.find((status) => met.has(status)) ?? STATUS.holds
}

/** One command of the command line. */
export interface Command {
  /** What `--help` prints: the first line says how it is called. */
  readonly help: string
  run(args: readonly string[], terminal: Terminal): Promise<Status>
}
