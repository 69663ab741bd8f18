import { expect } from 'chai'
import {
  BackproveError,
  check,
  createCode,
  createCompilation,
  createEvaluation,
  createGraph,
  createTraining,
  createVerifier,
  derive,
  sheetToCode,
  train,
  verify,
} from '../../src/index.ts'

const g = createGraph()
const { evaluate, valueAndGrad } = createEvaluation(g.builder)
const { compile, compileValueAndGrad } = createCompilation(g.builder)
const { fit, trainer } = createTraining(g.builder)
const { verifyEqual } = createVerifier(g.builder)
const { toCode } = createCode(g.builder)
const X = g.input('X', 'n', 'm')
const w = g.param('w', 1, 'n')
const J = g.sum(g.square(g.matmul(w, X)))
const data = { X: [[1, 2]] }
const values = { ...data, w: [[1]] }
const SHEET = 'x = param(n)\nJ = sum(x.^2)\ngrad(J, x) == 2*x\n'

/** What somebody without a type checker may write. */
const slip = (options: object): never => options as never

const SLIPS: Readonly<Record<string, readonly [work: () => unknown, message: string, hint: string]>> = {
  evaluate: [() => evaluate(J, values, slip({ size: {} })), 'evaluate has no option `size`', '`sizes`'],
  valueAndGrad: [() => valueAndGrad(J, w)(values, slip({ Sizes: {} })), 'no option `Sizes`', '`sizes`'],
  compile: [() => compile([J], slip({ precison: 'f32' })), 'compile has no option `precison`', '`precision`'],
  precision: [() => compile([J], slip({ precision: 'f16' })), 'no precision `f16`', '`f32`'],
  backend: [() => compile([J], slip({ backend: 'cuda' })), 'no backend `cuda`', '`wasm`'],
  threads: [() => compile([J], { threads: 0 }), '`threads` is a count from 1', ''],
  roots: [() => compile(J as never), 'compile takes a list of expressions', '[W, b]'],
  wrt: [() => compileValueAndGrad(J, w as never), 'compileValueAndGrad takes a list', '[W, b]'],
  strange: [() => compileValueAndGrad(J, [createGraph().input('q')]), 'takes a list of expressions of its graph', ''],
  fit: [() => fit(J, data, slip({ iterations: 1, learningrate: 1 })), 'no option `learningrate`', '`learningRate`'],
  unknown: [() => fit(J, data, slip({ iterations: 1, momentum: 1 })), 'no option `momentum`', 'batch'],
  trainer: [() => trainer(J, data, slip({ learningRate: 1, iterations: 1 })), 'no option `iterations`', ''],
  resume: [() => fit(J, data, { iterations: 1, learningRate: 1, resume: slip({}) }), 'no parameters to go on', 'W1'],
  train: [() => train(SHEET, slip({ data: '{}', rate: 1 })), 'train has no option `rate`', 'learningRate'],
  verify: [() => verify(SHEET, slip({ trails: 3 })), 'verify has no option `trails`', '`trials`'],
  trials: [() => verify(SHEET, { trials: -3 }), 'trials takes a whole number, not `-3`', 'at least 1'],
  time: [() => verify(SHEET, { milliseconds: NaN }), 'milliseconds takes a positive number', ''],
  verifyEqual: [() => verifyEqual(X, X, slip({ seeed: 1 })), 'no option `seeed`', '`seed`'],
  derive: [() => derive(SHEET, slip({ fo: 'J' })), 'derive has no option `fo`', ''],
  check: [() => check(SHEET, slip({ step: 1 })), 'check has no option `step`', 'seed, data, of'],
  sheetToCode: [() => sheetToCode('numpy', SHEET, slip({ by: ['x'] })), 'no option `by`', 'wrt'],
  sheet: [() => verify(3 as never), 'a sheet is a text', ''],
  axes: [() => g.sum(X, slip({ axes: 0 })), 'no option `axes`', '`axis`'],
  operand: [() => g.mul(X, undefined as never), 'undefined is no expression', 'numbers'],
  text: [() => g.exp('X' as never), '"X" is no expression', 'numbers'],
  language: [() => toCode('matlab' as never, J, w), 'no programs are printed in `matlab`', 'numpy'],
}

describe('the library says what is wrong with', () => {
  for (const [name, [work, message, hint]] of Object.entries(SLIPS)) {
    it(name, async () => {
      let error: unknown = null
      try {
        await work()
      } catch (thrown) {
        error = thrown
      }
      expect(error).to.be.instanceOf(BackproveError)
      expect((error as BackproveError).message).to.include(message)
      expect((error as BackproveError).hint).to.include(hint)
    })
  }
})
