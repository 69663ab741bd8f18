/** A function and its derivative, written apart from the expressions under test. */
export interface Reference {
  readonly g: (z: number) => number
  readonly slope: (z: number) => number
}

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/**
 * The averages of `g`, `g^2`, `g'`, `g'^2` over a standard normal variable by Simpson's rule between the given cuts, which
 * must lie close where the function bends.
 */
export function byBruteForce({ g, slope }: Reference, cuts: readonly number[], steps = 400): number[] {
  const sums = [0, 0, 0, 0]
  for (let panel = 1; panel < cuts.length; panel++) {
    const [from, to] = [cuts[panel - 1]!, cuts[panel]!]
    const h = (to - from) / steps
    for (let k = 0; k <= steps; k++) {
      const z = from + k * h
      const weight = ((k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) * h * density(z)) / 3
      const [value, rise] = [g(z), slope(z)]
      ;[value, value ** 2, rise, rise ** 2].forEach((x, at) => (sums[at]! += weight * x))
    }
  }
  return sums
}

/** Cuts that crowd, in powers of two, towards a place where something of the given size happens. */
export function crowded(centre: number, size: number): number[] {
  const cuts = [-12, 12, centre]
  for (let r = size; r < 24; r *= 2) cuts.push(centre - r, centre + r)
  return cuts.filter((cut) => Math.abs(cut) <= 12).sort((a, b) => a - b)
}
