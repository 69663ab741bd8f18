import { FORMATS } from './format.ts'
import type { FloatFormat } from './format.ts'
import type { Program, Trace } from './program.ts'

/**
 * What is forgiven a spelling: the error that a change of `z` by so many units of roundoff makes. Whoever computes `z` has
 * moved it by as much, so that no spelling could mend it.
 */
const MOVES = 8

/**
 * The error that a spelling may make: half of the digits, and what a rounded `z` explains. What is too small for the format
 * has no digits to lose.
 */
export function allowance(size: number, z: number, slope: number, format: FloatFormat): number {
  const moved = MOVES * format.unit * Math.abs(z * slope)
  return (size < format.smallest ? format.smallest : format.tolerance * size) + (Number.isFinite(moved) ? moved : 0)
}

/** The bound on the error as a share of what is allowed; infinite where there is none. */
export function strainOf(trace: Trace, z: number, format: FloatFormat): number {
  const share = trace.bound / allowance(Math.abs(trace.precise), z, trace.slope, format)
  return Number.isNaN(share) ? Infinity : share
}

/** The same in doubles, at a place; zero where there is no result. */
export function strain(program: Program, z: number): number {
  const trace = program.at(z, FORMATS.f64)
  return trace.broken === null ? strainOf(trace, z, FORMATS.f64) : 0
}
