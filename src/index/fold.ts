import { atomPoly, boundName, NO_TRAITS, polyKey, polyLevel } from './algebra.ts'
import type { Kernel } from './kernel.ts'
import type { Binder, Poly } from './term.ts'
import { hasSign, isAnalytic } from './traits.ts'

/** The largest value (or the product) of `of` over its binders, kept closed under names that depend on structure alone. */
export function closedFold(k: Kernel, name: 'max' | 'prod', of: Poly, binders: readonly Binder[]): Poly {
  const level = 1 + polyLevel(of)
  let best: { of: Poly; binders: Binder[]; key: string } | null = null
  for (const order of orders(binders)) {
    const names = order.map(({ size }, at) => ({ index: boundName(level, at), size }))
    const renamed = k.rename(of, new Map(order.map(({ index }, at) => [index, (names[at] as Binder).index] as const)))
    const key = names.map(({ size }) => size.key).join(',') + polyKey(renamed)
    if (best === null || key < best.key) best = { of: renamed, binders: names, key }
  }
  const { of: inner, binders: names } = best as { of: Poly; binders: Binder[] }
  const traits = {
    ...NO_TRAITS,
    positive: hasSign(inner, 1, true),
    nonnegative: hasSign(inner, 1, false),
    analytic: name === 'prod' && isAnalytic(inner),
  }
  return atomPoly(k.algebra, k.algebra.atom({ kind: 'fold', name, of: inner, binders: names, traits }))
}

function orders(binders: readonly Binder[]): readonly (readonly Binder[])[] {
  if (binders.length <= 1) return [binders]
  if (binders.length > 4) return [binders]
  return binders.flatMap((first) => orders(binders.filter((other) => other !== first)).map((rest) => [first, ...rest]))
}
