/** One table of a benchmark. `null` stands where a peer is not installed or has no such thing. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
  readonly notes: readonly string[]
}

export interface SuiteOptions {
  /** Time for one round of one contestant. */
  readonly seconds: number
  /** Only what has this in its name, if given. */
  readonly only: string
  readonly progress: (text: string) => void
}

/** What a file in `suites/` exports as `suite`. */
export type Suite = (options: SuiteOptions) => AsyncIterable<Table>

/** Somebody who does the same work. `round` gives the seconds that one step took, on average over about so many seconds. */
export interface Contestant {
  readonly name: string
  /** What it is and in which version. */
  readonly about?: string
  readonly round: (seconds: number) => number | Promise<number>
  /** The results, each as entries row-major, to compare. */
  readonly results: () => readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** Seconds of one call of `step`, on average, running for about so many seconds. */
export function timed(step: () => void, seconds: number): number {
  let calls = 0
  const from = performance.now()
  let elapsed = 0
  for (let batch = 1; elapsed < seconds * 1000; batch = Math.min(batch * 2, 4096)) {
    for (let i = 0; i < batch; i++) step()
    calls += batch
    elapsed = performance.now() - from
    // A batch never takes much longer than what is left.
    while (batch > 1 && (elapsed / calls) * batch * 2 > seconds * 1000 - elapsed) batch = Math.floor(batch / 2)
    if (batch < 1) batch = 1
  }
  return elapsed / 1000 / calls
}

/** Medians over rounds in which the contestants take turns, after one round that does not count. */
export async function compete(contestants: readonly Contestant[], rounds: number, seconds: number): Promise<number[]> {
  const times = contestants.map((): number[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      const time = await contestant.round(seconds)
      if (round > 0) times[index]!.push(time)
    }
  }
  return times.map(median)
}

/** The largest difference between two lists of results, each relative to its own largest entry. */
export function disagreement(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  let worst = a.length === b.length ? 0 : Infinity
  a.forEach((entries, index) => {
    const other = b[index]!
    let scale = 0
    let difference = entries.length === other.length ? 0 : Infinity
    for (let i = 0; i < entries.length; i++) {
      scale = Math.max(scale, Math.abs(entries[i]!))
      difference = Math.max(difference, Math.abs(entries[i]! - other[i]!))
    }
    worst = Math.max(worst, scale === 0 ? difference : difference / scale)
  })
  return worst
}
