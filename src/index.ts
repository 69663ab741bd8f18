/**
 * The library: build expressions or read sheets, differentiate, evaluate, and judge whether formulas are equal.
 * `docs/library.md` shows each of these at work.
 */
import { createCode } from './library/code.ts'
import { createCompilation } from './library/compile.ts'
import { createEvaluation } from './library/evaluate.ts'
import { createGraph } from './library/graph.ts'
import { createVerifier } from './library/sheet.ts'
import { createTraining } from './library/train.ts'

export { BackproveError } from './base/errors.ts'
export type { ErrorCode, Span } from './base/errors.ts'
export type { ParameterCheck } from './check/check.ts'
export type { Compiled, Inputs, ValueAndGrad } from './compile/compile.ts'
export type { CompileOptions } from './compile/options.ts'
export { toNested } from './compile/tensor.ts'
export type { Data, Entries, Result } from './compile/tensor.ts'
export type { Derivation, Gradient } from './derive/derive.ts'
export type { NestedArray } from './evaluate/nested.ts'
export type { Node } from './graph/node.ts'
export type { Claim, Program, Warning } from './graph/program.ts'
export { createCode, sheetToCode } from './library/code.ts'
export type { CodeLanguage } from './library/code.ts'
export type { Divergence } from './fit/fit.ts'
export type { Initialisation } from './fit/initialise.ts'
export { Trainer } from './fit/trainer.ts'
export { createCompilation } from './library/compile.ts'
export { createEvaluation } from './library/evaluate.ts'
export type { EvaluateOptions, Values } from './library/evaluate.ts'
export { createGraph } from './library/graph.ts'
export type { AxisOptions, Graph, Length, Operand } from './library/graph.ts'
export { check, createVerifier, derive, parseSheet, verify } from './library/sheet.ts'
export type { GradientCheck, Verification, VerifyOptions } from './library/sheet.ts'
export { createTraining, train } from './library/train.ts'
export type { FitSettings, Progress, Trained, TrainedSheet, TrainerSettings, TrainSettings } from './library/train.ts'
export type { CheckOptions, JudgeOptions, Judgement } from './pipeline.ts'
export { toTex } from './print/tex.ts'
export { toText } from './print/text.ts'
export type { Counterexample, Diagnosis, Verdict } from './prove/verdict.ts'
export type { Shape } from './shape/shape.ts'

const graph = createGraph()

export const { input, param, label, onehot, constant, size, define } = graph
export const { add, sub, mul, div, pow, neg, square, maximum, minimum } = graph
export const { greater, greaterEqual, less, lessEqual, equal, notEqual, logicalAnd, logicalOr, logicalNot } = graph
export const { where, abs, sign, step, exp, log, log1p, expm1, sqrt, erf } = graph
export const { sin, cos, tan, sinh, cosh, tanh, asin, acos, atan } = graph
export const { sigmoid, softplus, relu, leakyRelu, elu, selu, gelu, geluTanh, silu, swish, mish } = graph
export const { matmul, transpose, einsum, reshape, broadcastTo, ones, zeros, eye, trace, inv, det, logdet } = graph
export const { sum, mean, std, max, min, prod, logsumexp, softmax, logSoftmax } = graph
/** The variance; `var` is a word of the language. */
export const variance = graph.var
export const { grad, vjp, jacobian, hessian } = graph
export const { evaluate, valueAndGrad, jvp } = createEvaluation(graph.builder)
export const { toCode } = createCode(graph.builder)
export const { compile, compileValueAndGrad } = createCompilation(graph.builder)
export const { fit, trainer } = createTraining(graph.builder)
export const { verifyEqual } = createVerifier(graph.builder)
