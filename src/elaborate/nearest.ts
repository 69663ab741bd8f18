/** The candidate with the fewest slips from `word`, or `null` where none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const most = word.length === 1 ? 0 : Math.max(1, Math.floor(word.length / 3))
  let best: string | null = null
  let bestDistance = most + 1
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > most) continue
    const isSameButCase = candidate.toLowerCase() === word.toLowerCase()
    // Of two that are as near, letters swapped or changed are likelier than one forgotten.
    const distance = isSameButCase ? 0 : slips(word, candidate) + (candidate.length === word.length ? 0 : 0.5)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/**
 * The least number of letters inserted, dropped, changed, or swapped with their neighbour.
 * Source: Damerau 1964; the restricted distance, in which no letter takes part in two slips.
 */
function slips(a: string, b: string): number {
  const row = (): number[] => Array<number>(b.length + 1).fill(0)
  let [beforeLast, last, current] = [row(), row().map((_, column) => column), row()]
  for (let i = 1; i <= a.length; i++) {
    current[0] = i
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let least = Math.min(change, last[j]! + 1, current[j - 1]! + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2]! + 1)
      current[j] = least
    }
    ;[beforeLast, last, current] = [last, current, beforeLast]
  }
  return last[b.length]!
}
