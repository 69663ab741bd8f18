import type { Expr, InfixOp } from '../../src/syntax/ast.ts'

/** A wrong formula made of a right one by one slip. */
export interface Mutant {
  readonly slip: string
  readonly expr: Expr
}

type Rewrite = (part: Expr) => readonly (readonly [slip: string, expr: Expr])[]

const span = { line: 1, column: 1 }
const two: Expr = { kind: 'number', text: '2', span }
const times = (left: Expr, right: Expr, op: InfixOp = '*'): Expr => ({ kind: 'infix', op, left, right, span })

/** Slips at one part, apart from the table that mends them. */
const SLIPS: readonly Rewrite[] = [
  (part) => (part.kind === 'transpose' ? [['transpose lost', part.operand]] : []),
  (part) => (part.kind === 'name' ? [['transpose added', { kind: 'transpose', operand: part, span }]] : []),
  (part) =>
    part.kind === 'infix' && part.op === '*' ? [['order', { ...part, left: part.right, right: part.left }]] : [],
  (part) => (part.kind === 'infix' && part.op.startsWith('.*') ? [['left factor lost', part.right], ['right factor lost', part.left], ['matrix product', { ...part, op: '*' }]] : []), // prettier-ignore
  (part) => (part.kind === 'infix' && part.op === '*' ? [['left factor lost', part.right], ['right factor lost', part.left]] : []), // prettier-ignore
  (part) => (part.kind === 'infix' && part.op === '-' ? [['sign', { ...part, op: '+' }], ['turned', { ...part, left: part.right, right: part.left }]] : []), // prettier-ignore
  (part) => (part.kind === 'infix' && part.op === '+' ? [['sign', { ...part, op: '-' }], ['term lost', part.left], ['term lost', part.right]] : []), // prettier-ignore
  (part) => (part.kind === 'number' && part.text === '2' ? [['constant', { ...part, text: '3' }], ['constant', { ...part, text: '1' }]] : []), // prettier-ignore
  (part) => (part.kind === 'infix' && part.op === '/' ? [['divisor lost', part.left], ['multiplied', { ...part, op: '*' }]] : []), // prettier-ignore
  (part) => (part.kind === 'infix' && part.op === '.^' ? [['power lost', part.left]] : []),
  (part) => (part.kind === 'name' ? [['doubled', times(two, part)]] : []),
  (part) => (part.kind === 'prefix' ? [['sign lost', part.operand]] : []),
  (part) => (part.kind === 'call' && part.callee.name === 'sum' ? [['sum lost', part.args[0]!], ['mean', { ...part, callee: { ...part.callee, name: 'mean' } }]] : []), // prettier-ignore
  (part) =>
    part.kind === 'call' && part.keywords[0]?.value.kind === 'number'
      ? [['axis', { ...part, keywords: [{ ...part.keywords[0], value: { ...part.keywords[0].value, text: part.keywords[0].value.text === '0' ? '1' : '0' } }] }]] // prettier-ignore
      : [],
]

/** All wrong formulas that are one slip away. */
export function mutantsOf(expr: Expr): Mutant[] {
  const own = SLIPS.flatMap((slip) => slip(expr)).map(([slip, mutant]): Mutant => ({ slip, expr: mutant }))
  const within = (part: Expr, rebuild: (part: Expr) => Expr): Mutant[] =>
    mutantsOf(part).map(({ slip, expr: mutant }) => ({ slip, expr: rebuild(mutant) }))
  switch (expr.kind) {
    case 'transpose':
    case 'prefix':
      return [...own, ...within(expr.operand, (operand) => ({ ...expr, operand }))]
    case 'infix':
      return [
        ...own,
        ...within(expr.left, (left) => ({ ...expr, left })),
        ...within(expr.right, (right) => ({ ...expr, right })),
      ]
    case 'call':
      return [
        ...own,
        ...expr.args.flatMap((arg, at) => within(arg, (part) => ({ ...expr, args: expr.args.with(at, part) }))),
      ]
    default:
      return own
  }
}
