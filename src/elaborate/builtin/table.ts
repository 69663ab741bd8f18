import type { Builtin } from '../call.ts'
import { arrayFunctions } from './array.ts'
import { derivatives } from './derivative.ts'
import { entrywiseFunctions } from './entrywise.ts'
import { losses } from './loss.ts'
import { reductions } from './reduction.ts'

/** The functions of the language. */
export const FUNCTIONS: ReadonlyMap<string, Builtin> = new Map([
  ...entrywiseFunctions,
  ...reductions,
  ...arrayFunctions,
  ...losses,
  ...derivatives,
])

/** What to write for functions that other systems have. */
export const FOREIGN_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['ln', 'write `log(x)`'],
  ['log2', 'write `log(x)/log(2)`'],
  ['log10', 'write `log(x)/log(10)`'],
  ['square', 'write `x^2`, or `x.^2` entry by entry'],
  ['maximum', 'write `max(a, b)`'],
  ['minimum', 'write `min(a, b)`'],
  ['clip', 'write `min(max(x, a), b)`'],
  ['average', 'write `mean(A)`'],
  ['heaviside', 'write `step(x)`'],
  ['matmul', 'write `A*B`'],
  ['multiply', 'write `A .* B`'],
  ['logistic', 'write `sigmoid(x)`'],
  ['expit', 'write `sigmoid(x)`'],
  ['ReLU', 'write `relu(x)`'],
  ['BCE', 'write `binary_cross_entropy(A, Y)`'],
  ['arcsin', 'write `asin(x)`'],
  ['arccos', 'write `acos(x)`'],
  ['arctan', 'write `atan(x)`'],
  ['ctranspose', "write `A'`"],
  ['derivative', "write `grad(y, x)`, or `g'(z)` for a function"],
  ['diff', "write `grad(y, x)`, or `g'(z)` for a function"],
  ['gradient', 'write `grad(y, x)`'],
  ['simplify', 'the engine simplifies by itself'],
  ['evaluate', 'a sheet states formulas; nothing is evaluated in it'],
  ['eval', 'a sheet states formulas; nothing is evaluated in it'],
  ['parse', 'a sheet states formulas; nothing is evaluated in it'],
  ['compile', 'a sheet states formulas; nothing is evaluated in it'],
  ['import', 'nothing is imported: the functions of the language are there'],
  ['createUnit', 'there are no units'],
  ['unit', 'there are no units'],
  ['complex', 'there are no complex numbers'],
  ['random', 'declare unknown data: `X = input(n, m)`'],
  ['randn', 'declare unknown data: `X = input(n, m)`'],
  ['rand', 'declare unknown data: `X = input(n, m)`'],
  ['matrix', 'declare arrays: `X = input(n, m)`'],
  ['range', 'a loop is `for l = 1:L` … `end`'],
  ['assume', 'an assumption is a statement of its own'],
  ['input', 'a declaration is a statement of its own: `X = input(r, c)`'],
  ['param', 'a declaration is a statement of its own: `W = param(r, c)`'],
  ['label', 'a declaration is a statement of its own: `Y = label(r, c)`'],
  ['onehot', 'a declaration is a statement of its own: `Y = onehot(r, c)`'],
])
