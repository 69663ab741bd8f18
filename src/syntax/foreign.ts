/** A spelling of some other language: what it is there, and what to write here. */
export interface Foreign {
  readonly spelling: string
  readonly hint: string
}

const COMMENT = '`#` starts a comment'
const MINUS = 'write the minus sign of the keyboard, `-`'
const TIMES = 'write `.*` for the product entry by entry, `*` for the matrix product or for scaling'
const QUOTE = 'there are no strings; names and numbers are written without quotes'
const TRANSPOSE = "write `A'` for the transpose"
const PRIME = "write the prime of the keyboard, `'`"
const BITS = 'there are no operations on bits'
const INDEX = 'write `W1`, `W_1` or `W[1]`'
const ONCE = 'a name is defined once: give the new value a new name'
const GROUP = 'group with parentheses; there are no sets or objects'
const GRADIENT = 'write `grad(L, Z)` for the derivative of `L` by `Z`'

/** Longer spellings come before their own beginnings. */
const FOREIGN: readonly Foreign[] = [
  { spelling: '===', hint: 'write `==`' },
  { spelling: '!==', hint: 'write `!=`' },
  { spelling: '>>>', hint: BITS },
  { spelling: '...', hint: 'a line goes on after an operator at its end, or inside brackets' },
  { spelling: '.**', hint: 'write `.^`' },
  { spelling: '**', hint: 'write `^` for a power of a scalar, `.^` entry by entry' },
  { spelling: ':=', hint: 'write `=`' },
  { spelling: '->', hint: 'write a function as `f(z) = …`' },
  { spelling: '=>', hint: 'write `>=` for a comparison, `f(z) = …` for a function' },
  { spelling: '=<', hint: 'write `<=`' },
  { spelling: '<>', hint: 'write `!=`' },
  { spelling: '~=', hint: 'write `!=`' },
  { spelling: '+=', hint: ONCE },
  { spelling: '-=', hint: ONCE },
  { spelling: '*=', hint: ONCE },
  { spelling: '/=', hint: ONCE },
  { spelling: '@=', hint: ONCE },
  { spelling: '//', hint: COMMENT },
  { spelling: '/*', hint: COMMENT },
  { spelling: '&&', hint: 'write `and`' },
  { spelling: '||', hint: 'write `or`; a norm is `norm(x)`' },
  { spelling: '<<', hint: BITS },
  { spelling: '>>', hint: BITS },
  { spelling: '^|', hint: BITS },
  { spelling: '??', hint: 'write `c ? a : b` or `where(c, a, b)`' },
  { spelling: '?.', hint: 'write a space after `?`' },
  { spelling: ".'", hint: TRANSPOSE },
  { spelling: '.+', hint: 'write `+`, which works entry by entry' },
  { spelling: '.-', hint: 'write `-`, which works entry by entry' },
  { spelling: '@', hint: 'write `*` for the matrix product' },
  { spelling: '!', hint: 'write `not` for the negation; there is no factorial' },
  { spelling: '%', hint: `${COMMENT}; there is no remainder` },
  { spelling: '&', hint: 'write `and`' },
  { spelling: '|', hint: 'write `abs(x)` for the absolute value, `or` between conditions' },
  { spelling: '~', hint: 'write `not`' },
  { spelling: '\\', hint: 'write `inv(A)*b`; a line goes on after an operator at its end, or inside brackets' },
  { spelling: '{', hint: GROUP },
  { spelling: '}', hint: GROUP },
  { spelling: '"', hint: QUOTE },
  { spelling: '`', hint: QUOTE },
  { spelling: '“', hint: QUOTE },
  { spelling: '”', hint: QUOTE },
  { spelling: '‘', hint: QUOTE },
  { spelling: '’', hint: PRIME },
  { spelling: '′', hint: PRIME },
  { spelling: '″', hint: PRIME },
  { spelling: '´', hint: PRIME },
  { spelling: '×', hint: 'write `*`' },
  { spelling: '·', hint: 'write `*`' },
  { spelling: '\u0387', hint: 'write `*`' },
  { spelling: '⋅', hint: 'write `*`' },
  { spelling: '∙', hint: 'write `*`' },
  { spelling: '•', hint: 'write `*`' },
  { spelling: '∗', hint: 'write `*`' },
  { spelling: '∘', hint: TIMES },
  { spelling: '⊙', hint: TIMES },
  { spelling: '⊗', hint: 'write `kron(A, B)` or `outer(a, b)`' },
  { spelling: '÷', hint: 'write `/`' },
  { spelling: '∕', hint: 'write `/`' },
  { spelling: '−', hint: MINUS },
  { spelling: '–', hint: MINUS },
  { spelling: '—', hint: MINUS },
  { spelling: '≤', hint: 'write `<=`' },
  { spelling: '≥', hint: 'write `>=`' },
  { spelling: '≠', hint: 'write `!=`' },
  { spelling: '≡', hint: 'write `==`' },
  { spelling: '≈', hint: 'a claim is exact: write `==`' },
  { spelling: '∧', hint: 'write `and`' },
  { spelling: '∨', hint: 'write `or`' },
  { spelling: '¬', hint: 'write `not`' },
  { spelling: '∂', hint: GRADIENT },
  { spelling: '∇', hint: GRADIENT },
  { spelling: '∆', hint: 'write the Greek letter, `Δ`' },
  { spelling: 'µ', hint: 'write the Greek letter, `μ`' },
  { spelling: '∑', hint: 'write `sum(A)` or `sum(A, axis=0)`' },
  { spelling: '∏', hint: 'write `prod(A)`' },
  { spelling: '√', hint: 'write `sqrt(x)`' },
  { spelling: '∞', hint: 'every number is finite' },
  { spelling: '←', hint: 'write `=`' },
  { spelling: '→', hint: 'write a function as `f(z) = …`' },
  { spelling: '⇒', hint: 'write a function as `f(z) = …`' },
  { spelling: 'ᵀ', hint: TRANSPOSE },
  { spelling: '⊤', hint: TRANSPOSE },
  { spelling: '⁻', hint: 'write `x^-1`, or `inv(A)` for a matrix' },
  { spelling: '²', hint: 'write `^2`, or `.^2` entry by entry' },
  { spelling: '³', hint: 'write `^3`, or `.^3` entry by entry' },
  { spelling: '½', hint: 'write `1/2`' },
  { spelling: '…', hint: 'write every term' },
  { spelling: '\u037E', hint: 'write `;`' },
  ...Array.from('₀₁₂₃₄₅₆₇₈₉ₙₘₗᵢⱼₖ').map((spelling) => ({ spelling, hint: INDEX })),
]

const byFirst = new Map<string, Foreign[]>()
for (const entry of FOREIGN) {
  const first = entry.spelling.charAt(0)
  byFirst.set(first, [...(byFirst.get(first) ?? []), entry])
}

/** The foreign spelling that stands at `index`, or `null`. */
export function foreignAt(text: string, index: number): Foreign | null {
  return byFirst.get(text.charAt(index))?.find((entry) => text.startsWith(entry.spelling, index)) ?? null
}

/** Words that begin a statement of other languages. They are names like any other unless an operand follows. */
const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ['if', 'write `c ? a : b` or `where(c, a, b)`'],
  ['else', 'write `c ? a : b` or `where(c, a, b)`'],
  ['elif', 'write `c ? a : b` or `where(c, a, b)`'],
  ['while', 'write `for l = 1:L` … `end`'],
  ['def', 'write a function as `f(z) = …`'],
  ['function', 'write a function as `f(z) = …`'],
  ['lambda', 'write a function as `f(z) = …`'],
  ['return', 'write a function as `f(z) = …`'],
  ['import', 'nothing is imported: the functions of the language are there'],
  ['from', 'nothing is imported: the functions of the language are there'],
  ['let', 'write `name = …`'],
  ['const', 'write `name = …`'],
  ['var', 'write `name = …`'],
  ['print', 'nothing is printed from a sheet'],
  ['mod', 'there is no remainder'],
  ['xor', 'write `a != b`'],
  ['to', 'there are no units'],
  ['in', 'there are no units; a loop is `for l = 1:L` … `end`'],
  ['is', 'write `==`'],
])

export const foreignWordHint = (word: string): string | null => FOREIGN_WORDS.get(word) ?? null
