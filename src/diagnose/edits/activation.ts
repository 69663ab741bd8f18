import type { Node } from '../../graph/node.ts'
import { unname } from '../../graph/walk.ts'
import type { Expr } from '../../syntax/ast.ts'
import { toSource } from '../../syntax/source.ts'
import type { Edit, Surroundings, Value } from '../edit.ts'
import { call, factorsOf, infix, number, productOf } from '../make.ts'
import type { Factor } from '../make.ts'
import { said } from './words.ts'

const one = number('1')
const two = number('2')

/** Derivatives as they are written from the value `a` and the argument `z`; the first is the usual spelling. */
const SPELLINGS: Readonly<Record<string, (a: Expr, z: Expr | null) => readonly (readonly Expr[])[]>> = {
  sigmoid: (a) => [[a, infix('-', one, a)], [infix('-', a, infix('.^', a, two))]],
  tanh: (a) => [[infix('-', one, infix('.^', a, two))], [infix('-', one, infix('.*', a, a))]],
  relu: (a, z) => [
    ...(z === null ? [] : [[call('step', [z])], [infix('>', z, number('0'))]]),
    [call('step', [a])],
    [infix('>', a, number('0'))],
  ],
  exp: (a) => [[a]],
  softplus: (_, z) => (z === null ? [] : [[call('sigmoid', [z])]]),
  sin: (_, z) => (z === null ? [] : [[call('cos', [z])]]),
}

/** The entry-by-entry function that a value is of another one. */
function functionOf(node: Node): { fn: string; argument: Node } | null {
  const inner = unname(node)
  return inner.kind === 'map' && inner.inputs.length >= 1 ? { fn: inner.fn, argument: inner.inputs[0]! } : null
}

interface Activation {
  readonly value: Value
  readonly fn: string
  readonly argument: Value | null
}

function activationsOf({ values }: Surroundings): Activation[] {
  return values.flatMap((value) => {
    const found = functionOf(value.node)
    if (found === null) return []
    const argument = values.find(({ node }) => node === found.argument) ?? null
    return [{ value, fn: found.fn, argument }]
  })
}

const article = (fn: string): string => (/^[aeiou]/.test(fn) ? 'an' : 'a')

/** `A.*(1 - A)` for `1 - A.^2`: the derivative of another activation than the sheet's. */
export const activation: Edit = {
  name: 'activation',
  *propose({ expr, parent }, around) {
    const factors = factorsOf(expr)
    if (parent?.kind === 'infix' && parent.left === expr && factorsOf(parent).length > factors.length) return
    for (const { value, fn, argument } of activationsOf(around)) {
      const z = argument?.expr ?? null
      const right: readonly Factor[][] = [
        ...(SPELLINGS[fn]?.(value.expr, z) ?? []).slice(0, 1),
        ...(z === null ? [] : [[{ ...call(fn, [z]), order: 1 } as Expr]]),
      ].map((spelling) => spelling.map((part) => ({ op: '.*' as const, expr: part })))
      for (const [wrong, spell] of Object.entries(SPELLINGS)) {
        if (wrong === fn) continue
        const spellings = [...spell(value.expr, z), ...(z === null ? [] : spell(z, null))]
        // The derivative of exp is its value: more likely the function itself was written.
        const isValue = wrong === 'exp'
        for (const spelling of spellings) {
          const rest = without(factors, spelling)
          if (rest === null) continue
          const phrase = (): string =>
            isValue
              ? `${said(spelling[0]!)} stands where the derivative of ${fn} belongs`
              : `this is the derivative of ${wrong}; ${said(value.expr)} is ${article(fn)} ${fn}`
          for (const product of right) yield { expr: joined(rest, product), phrase }
        }
      }
    }
  },
}

/** The factors besides those of a spelling, or `null` where one of these is missing. */
function without(factors: readonly Factor[], spelling: readonly Expr[]): Factor[] | null {
  const rest = [...factors]
  for (const part of spelling) {
    const text = toSource(part)
    const at = rest.findIndex(({ op, expr }) => (op === '.*' || op === '*') && toSource(expr) === text)
    if (at < 0) return null
    rest.splice(at, 1)
  }
  return rest
}

const joined = (rest: readonly Factor[], product: readonly Factor[]): Expr =>
  productOf(rest.length === 0 ? product : [...rest, ...product])

/** `T .* P .* (1 - P)`, the diagonal of softmax's Jacobian, for `P .* (T - sum(T .* P))`. */
export const softmaxJacobian: Edit = {
  name: 'softmax-jacobian',
  *propose({ expr, parent }, { values, nodeOf }) {
    const factors = factorsOf(expr)
    if (parent?.kind === 'infix' && parent.left === expr && factorsOf(parent).length > factors.length) return
    const own = factors.flatMap((factor) => {
      const node = nodeOf(factor.expr)
      return node === null ? [] : [{ expr: factor.expr, node }]
    })
    for (const { expr: p, node } of [...values, ...own]) {
      const inner = unname(node)
      if (inner.kind !== 'normalise' || inner.fn !== 'softmax') continue
      const rest = without(factors, [p, infix('-', one, p)])
      if (rest === null || rest.length === 0) continue
      const t = productOf([{ op: '*', expr: rest[0]!.expr }, ...rest.slice(1)])
      const keywords = { axis: number(String(inner.axes[0])) }
      const weighted = call('sum', [infix('.*', t, p)], keywords)
      yield {
        expr: infix('.*', p, infix('-', t, weighted)),
        phrase: () => `this is only the diagonal of softmax's Jacobian`,
      }
    }
  },
}
