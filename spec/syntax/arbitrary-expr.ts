import fc from 'fast-check'
import type { CallExpr, Expr, InfixOp, NameExpr } from '../../src/syntax/ast.ts'

const span = { line: 1, column: 1 }

const INFIX: readonly InfixOp[] = [
  '+',
  '-',
  '*',
  '/',
  '.*',
  './',
  '^',
  '.^',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
]
const NAMES = [
  'x',
  'Z',
  'W1',
  'dW_1',
  'ŷ',
  'α',
  '__proto__',
  'constructor',
  'toString',
  'e',
  'in',
  'T',
  't0',
  'var',
  '$a',
]

const nameText = fc.constantFrom(...NAMES)
const numberText = fc.constantFrom('0', '1', '2', '10', '0.5', '.5', '3.e2', '1e-5', '2.5E+3', '0.7978845608028654')

/** Any tree that a sheet can spell, spans aside. */
export const arbitraryExpr: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr; name: NameExpr; call: CallExpr }>((tie) => {
  const indices = fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    fc.array(tie('expr'), { minLength: 1, maxLength: 2 }),
  )
  const list = fc
    .array(tie('expr'), { minLength: 1, maxLength: 3 })
    .map((items): Expr => ({ kind: 'list', items, span }))
  const argument = fc.oneof({ weight: 5, arbitrary: tie('expr') }, list)
  const keywords = fc.uniqueArray(fc.record({ name: nameText, value: argument, span: fc.constant(span) }), {
    maxLength: 2,
    selector: (keyword) => keyword.name,
  })
  const numpyCallee = fc
    .constantFrom('sum', 'exp', 'linalg.inv')
    .map((name): NameExpr => ({ kind: 'name', name, indices: [], numpy: true, span }))
  return {
    name: fc.record({
      kind: fc.constant('name'),
      name: nameText,
      indices,
      numpy: fc.constant(false),
      span: fc.constant(span),
    }),
    call: fc.oneof(
      fc.record({
        kind: fc.constant('call'),
        callee: tie('name'),
        order: fc.constantFrom(0, 0, 1, 2),
        args: fc.array(argument, { maxLength: 3 }),
        keywords,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('call'),
        callee: numpyCallee,
        order: fc.constant(0),
        args: fc.array(argument, { maxLength: 3 }),
        keywords,
        span: fc.constant(span),
      }),
    ),
    expr: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      tie('name'),
      numberText.map((text): Expr => ({ kind: 'number', text, span })),
      fc.boolean().map((value): Expr => ({ kind: 'boolean', value, span })),
      tie('call'),
      fc
        .tuple(fc.constantFrom('-' as const, '+' as const, 'not' as const), tie('expr'))
        .map(([op, operand]): Expr => ({ kind: 'prefix', op, operand, span })),
      fc
        .tuple(fc.constantFrom(...INFIX), tie('expr'), tie('expr'))
        .map(([op, left, right]): Expr => ({ kind: 'infix', op, left, right, span })),
      tie('expr').map((operand): Expr => ({ kind: 'transpose', operand, span })),
      fc
        .tuple(tie('expr'), tie('expr'), tie('expr'))
        .map(([condition, yes, no]): Expr => ({ kind: 'conditional', condition, yes, no, span })),
    ),
  }
}).expr

/** The same value with every `span` moved to one place, for comparing what was read. */
export function withoutSpans<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'span' ? span : inner))) as T
}
