import { rational, toNumber, parseRational } from '../../base/rational.ts'
import type { Expr } from '../../syntax/ast.ts'
import type { Edit } from '../edit.ts'
import { infix, minus, number } from '../make.ts'
import { said } from './words.ts'

/** What a number may have been meant to be. */
function* near(text: string): Generator<Expr> {
  const value = parseRational(text)
  const seen = new Set<number>([toNumber(value)])
  const shifted = (by: bigint): { n: bigint; d: bigint } => rational(value.n + by * value.d, value.d)
  const candidates = [
    shifted(-1n), shifted(1n), rational(1n), rational(2n), rational(3n), rational(0n), rational(value.n * 2n, value.d),
    rational(value.n, value.d * 2n), shifted(-2n), shifted(2n), rational(4n), rational(value.n * 10n, value.d), rational(value.n, value.d * 10n),
    ...(value.n === 0n ? [] : [rational(value.d, value.n)]),
  ] // prettier-ignore
  for (const { n, d } of candidates) {
    const size = n < 0n ? -n : n
    const key = Number(n) / Number(d)
    if (seen.has(key)) continue
    seen.add(key)
    const decimal = String(Number(size) / Number(d))
    const isShort = decimal.length <= 8 && !decimal.includes('e')
    const positive =
      d === 1n || (isShort && text.includes('.'))
        ? number(decimal)
        : infix('/', number(String(size)), number(String(d)))
    yield n < 0n ? minus(positive) : positive
  }
}

/** A number, exponents among them. */
export const constant: Edit = {
  name: 'constant',
  *propose({ expr, parent }) {
    if (expr.kind !== 'number') return
    const isExponent = parent?.kind === 'infix' && (parent.op === '^' || parent.op === '.^') && parent.right === expr
    const what = isExponent ? 'the exponent' : 'the number'
    for (const other of near(expr.text)) {
      yield { expr: other, phrase: () => `${what} ${expr.text} must be ${said(other)}` }
    }
    yield { expr: minus(expr), phrase: () => `the sign of ${expr.text} is wrong` }
  },
}

/** `var` for `var + eps`. */
export const eps: Edit = {
  name: 'eps',
  *propose({ expr }, { values, shapeOf }) {
    if (expr.kind === 'number' || shapeOf(expr) === null) return
    for (const { expr: small } of values) {
      if (small.kind !== 'name' || !/^(?:eps|epsilon|ε|delta|tiny|c)(?:_|\d|$)/i.test(small.name)) continue
      yield { expr: infix('+', expr, small), phrase: () => `${said(small)} is missing beside ${said(expr)}` }
    }
  },
}

const one = number('1')
const two = number('2')

/** `A` for `1 - A`, `A` for `A.^2`, and the reverse. */
export const complement: Edit = {
  name: 'complement',
  *propose({ expr, parent }) {
    if (expr.kind === 'number') return
    if (expr.kind === 'infix' && expr.op === '-' && expr.left.kind === 'number') {
      yield { expr: expr.right, phrase: () => `${said(expr)} must be ${said(expr.right)}` }
    } else if (!(parent?.kind === 'infix' && parent.op === '-' && parent.left.kind === 'number')) {
      const other = infix('-', one, expr)
      yield { expr: other, phrase: () => `${said(expr)} must be ${said(other)}` }
    }
    if (parent?.kind === 'infix' && (parent.op === '.^' || parent.op === '^')) return
    for (const exponent of [two, number('3')]) {
      const power = infix('.^', expr, exponent)
      yield { expr: power, phrase: () => `${said(expr)} must be ${said(power)}` }
    }
  },
}
