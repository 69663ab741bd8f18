import type { BackproveError } from '../../base/errors.ts'
import type { Judgement } from '../../pipeline.ts'
import type { Counterexample, Nested, ShapesDiffer, Verdict } from '../../prove/verdict.ts'
import type { Shape } from '../../shape/shape.ts'
import { sizeText } from '../../shape/size.ts'
import type { VerdictName } from './summary.ts'
import { nameOf } from './summary.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface JsonClaim {
  readonly verdict: VerdictName
  readonly [key: string]: Json
}

/** Numbers that JSON lacks are strings. */
export const jsonNumber = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

const jsonNested = (value: Nested): Json => (typeof value === 'number' ? jsonNumber(value) : value.map(jsonNested))

// `Object.fromEntries` makes own properties of names such as `__proto__` as well.
const jsonMap = <V>(map: ReadonlyMap<string, V>, value: (item: V) => Json): Json =>
  Object.fromEntries([...map].map(([name, item]) => [name, value(item)]))

/** A claim and its verdict as the contract has them. */
export function claimJson({ claim, verdict, milliseconds }: Judgement): JsonClaim {
  const isRefuted = verdict.verdict === 'refuted'
  return {
    line: claim.span.line,
    column: claim.span.column,
    iteration: claim.iteration === null ? null : jsonMap(claim.iteration, (value) => value),
    text: claim.text,
    verdict: nameOf(verdict.verdict),
    ...evidence(verdict),
    warnings: verdict.warnings.map(({ message }) => message),
    shapes: isRefuted && verdict.witness.kind === 'shapes' ? shapesJson(verdict.witness.shapes) : null,
    counterexample: counterexampleJson(verdict),
    diagnosis: diagnosisJson(verdict),
    error: faultJson(verdict),
    ms: Math.round(milliseconds * 10) / 10,
  }
}

function diagnosisJson(verdict: Verdict): Json {
  if (verdict.verdict !== 'refuted' && verdict.verdict !== 'error') return null
  const { diagnosis } = verdict
  return diagnosis === null || diagnosis === undefined ? null : { ...diagnosis }
}

/** What a verdict rests on. */
interface Evidence {
  readonly conditions: readonly string[]
  readonly method: string | null
  readonly trials: number
  readonly tolerance: number | null
  readonly reason: string | null
}

function evidence(verdict: Verdict): Evidence & Record<string, Json> {
  const none = { conditions: [], method: null, trials: 0, tolerance: null, reason: null }
  switch (verdict.verdict) {
    case 'proved': {
      const { conditions, method, trials } = verdict
      return { ...none, conditions, method, trials }
    }
    case 'tested': {
      const { conditions, method, trials, tolerance, reason } = verdict
      return { conditions, method, trials, tolerance, reason }
    }
    case 'refuted':
      return { ...none, method: verdict.method, trials: verdict.trials }
    case 'undecided':
      return { ...none, trials: verdict.trials, reason: verdict.reason }
    case 'error':
    case 'disagreement':
      return none
  }
}

const shapesJson = ({ lhs, rhs }: ShapesDiffer): Json => ({ lhs: shapeJson(lhs), rhs: shapeJson(rhs) })

const shapeJson = (shape: Shape): Json => shape.map(sizeText)

function counterexampleJson(verdict: Verdict): Json {
  const found = counterexampleOf(verdict)
  if (found === null) return null
  return {
    sizes: jsonMap(found.sizes, (length) => length),
    values: jsonMap(found.values, jsonNested),
    entry: found.entry,
    lhs: jsonNumber(found.lhs),
    rhs: jsonNumber(found.rhs),
  }
}

export function counterexampleOf(verdict: Verdict): Counterexample | null {
  if (verdict.verdict === 'disagreement') return verdict.counterexample
  return verdict.verdict === 'refuted' && verdict.witness.kind === 'counterexample'
    ? verdict.witness.counterexample
    : null
}

function faultJson(verdict: Verdict): Json {
  if (verdict.verdict === 'error') {
    const { code, message, hint } = verdict.error
    return { code, message, hint }
  }
  if (verdict.verdict !== 'disagreement') return null
  return { code: 'internal', message: verdict.message, hint: 'this is a fault of backprove: please report it' }
}

/** An error outside the claims. One without a place is about the whole file. */
export function errorJson({ span, code, message, hint }: BackproveError): Json {
  return { line: span?.line ?? 1, column: span?.column ?? 1, code, message, hint }
}
