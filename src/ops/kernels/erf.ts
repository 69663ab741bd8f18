/**
 * The error function to double precision: its Maclaurin-type series below 2.5, the continued fraction of `erfc` above.
 * Source: Abramowitz and Stegun 7.1.6 and 7.1.14.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN
  const size = Math.abs(x)
  if (size > 6) return Math.sign(x)
  return Math.sign(x) * (size < 2.5 ? series(size) : 1 - complement(size, 60))
}

/** `1 - erf(x)`, without the cancellation: to full relative accuracy far to the right. */
export function erfc(x: number): number {
  if (x < 1) return 1 - erf(x)
  return complement(x, x < 2 ? 200 : 60)
}

function series(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** The continued fraction converges more slowly towards zero: 200 terms reach a double's accuracy from 1 on, 60 from 2 on. */
function complement(x: number, terms: number): number {
  let fraction = x
  for (let k = terms; k >= 1; k--) fraction = x + k / 2 / fraction
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}
