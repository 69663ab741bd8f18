import { expect } from 'chai'
import { Random } from '../../src/base/random.ts'
import { rational } from '../../src/base/rational.ts'
import { LANGUAGES } from '../../src/print/languages.ts'
import { printModule } from '../../src/print/module/module.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { ELEMENTWISE } from '../../src/ops/elementwise.ts'
import { ELEMENTWISE_NAMES } from '../../src/ops/names.ts'
import { multiplySizes, namedSize, ONE_SIZE } from '../../src/shape/size.ts'
import type { Size } from '../../src/shape/size.ts'
import { tensor } from '../../src/evaluate/tensor.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import { smoothArguments } from '../support/elementwise.ts'
import { examples } from '../support/examples.ts'
import { OPERATION_SHEETS } from '../support/operation-sheets.ts'
import { pointFor, signedTensor } from '../support/points.ts'
import { expectedOf, hasNumpy, runJavaScript, runPython, sheetCase, weighedCase } from '../support/programs.ts'
import type { Outcome, ProgramCase } from '../support/programs.ts'
import { scratch } from '../support/cli.ts'
import { expectClose } from '../support/relative.ts'

const [n, m, k] = [namedSize('n'), namedSize('m'), namedSize('k')]
const SIZES = new Map([['n', 2], ['m', 3], ['k', 4]]) // prettier-ignore

/** Every elementwise operation on arrays that broadcast, in its smooth region. */
function elementwiseCases(): ProgramCase[] {
  return ELEMENTWISE_NAMES.map((fn, at) => {
    const random = new Random(11, at)
    const builder = new Builder()
    const { arity } = ELEMENTWISE[fn]
    // The arguments are drawn together, so that none tie; the second is a column beside a matrix where it may be.
    const columns = Array.from({ length: 6 }, () => smoothArguments(fn, random))
    const inputs = Array.from({ length: arity }, (_, slot) => builder.input(`x${slot}`, [n, m]))
    const data = new Map(inputs.map((input, slot): [Node, Tensor] => [input, tensor([2, 3], columns.map((args) => args[slot]!))])) // prettier-ignore
    return weighedCase(fn, builder, builder.call(fn, ...inputs), data, SIZES, random)
  })
}

/** Operations with numbers made of sizes and constants, and with columns and scalars. */
function mixedCases(): ProgramCase[] {
  const expressions: Record<string, (b: Builder, x: Node, column: Node, s: Node) => Node> = {
    'a number and an array': (b, x) => b.call('mul', b.call('sqrt', b.size(m)), x),
    'a maximum with a number': (b, x) => b.call('max', b.whole(0), x),
    'a minimum with a number': (b, x) => b.call('min', x, b.call('div', b.size(n), b.size(k))),
    'a choice between numbers': (b, x) =>
      b.call('where', b.call('gt', x, b.whole(0)), b.whole(2), b.call('neg', b.size(n))),
    'a column': (b, x, column) => b.call('div', b.call('sub', x, column), b.call('add', b.whole(2), b.call('pow', column, b.whole(2)))), // prettier-ignore
    'a scalar': (b, x, _, s) => b.call('add', b.call('mul', s, x), b.call('exp', s)),
    'functions of numbers': (b, x) => b.call('mul', b.call('tanh', b.call('div', b.whole(1), b.size(m))), b.call('sigmoid', x)), // prettier-ignore
    'a comparison of sizes': (b, x) => b.call('mul', b.call('gt', b.size(n), b.whole(1)), x),
    'truth values': (b, x, column) => b.call('mul', x, b.call('or', b.call('gt', x, b.whole(0)), b.call('not', b.call('and', b.call('ge', column, b.whole(0)), b.call('ne', x, column))))), // prettier-ignore
    'signs and powers': (b, x) => b.call('sub', b.call('neg', b.call('pow', x, b.whole(2))), b.call('pow', b.call('neg', x), b.whole(3))), // prettier-ignore
    'long fractions': (b, x) => b.call('mul', b.constant(rational(12345678901234567891n, 7n ** 30n)), x),
    'a product of differences': (b, x, column) => b.call('sub', x, b.call('sub', column, b.call('div', x, b.call('mul', b.whole(3), b.call('exp', column))))), // prettier-ignore
    'log(sigmoid)': (b, x) => b.call('log', b.call('sigmoid', x)),
    'log(1 - sigmoid)': (b, x) => b.call('log', b.call('sub', b.whole(1), b.call('sigmoid', x))),
    'log(1 + exp)': (b, x) => b.call('log', b.call('add', b.whole(1), b.call('exp', x))),
    'log(exp + exp)': (b, x, column) => b.call('log', b.call('add', b.call('exp', x), b.call('exp', column))),
    'log(1 + square)': (b, x) => b.call('log', b.call('add', b.call('mul', x, x), b.whole(1))),
    'exp - 1': (b, x) => b.call('sub', b.call('exp', x), b.whole(1)),
    'log(softmax)': (b, x) => b.call('log', b.normalise('softmax', x, [0])),
    'log(sum(exp))': (b, x) => b.call('log', b.sum(b.call('exp', x), [1], true)),
  }
  return Object.entries(expressions).map(([name, build], at) => {
    const random = new Random(13, at)
    const builder = new Builder()
    const [x, column, s] = [
      builder.input('x', [n, m], 'param'),
      builder.input('c', [n, ONE_SIZE]),
      builder.input('s', []),
    ]
    const y = build(builder, x, column, s)
    return weighedCase(name, builder, y, pointFor([y], random, SIZES).inputs, SIZES, random)
  })
}

/** Contractions of every kind, in the letters of `einsum`: sizes i, n and so on by letter. */
const CONTRACTIONS = [
  'ij,jk->ik', 'ji,jk->ik', 'ij,kj->ik', 'ij->ji', 'ijk->kij', 'ij->i', 'ij->j', 'ij->', 'ijk->j', 'ii->', 'ii->i',
  'i->ii', 'i,i->', 'i,j->ij', 'i,j->ji', 'i->ij', 'i->ji', '->ij', 'ij,ij->', 'ij,ij->i', 'ij,ij->ij', 'ij,j->i',
  'i,ij->j', 'bij,bjk->bik', 'bij,bkj->bik', 'bij,jk->bik', 'ij,jk,kl->il', 'i,ij,j->', 'i,i,ij->j', 'ijk,k->ij',
  'iij->j', 'ij->iij', 'iij->ij', 'ij,kl->ijkl', 'ijk,jkl->il', 'ij,ik->ijk', 'i->iii', 'ij,ji->', 'ij,j->ji',
] as const // prettier-ignore

function contractionCases(): ProgramCase[] {
  const letters: Record<string, Size> = { i: n, j: m, k, l: namedSize('l'), b: namedSize('b') }
  const sizes = new Map([...SIZES, ['l', 5], ['b', 2]])
  const made = CONTRACTIONS.map((text, at) => {
    const random = new Random(17, at)
    const builder = new Builder()
    const [left = ''] = text.split('->')
    const operands = left.split(',').map((labels, slot) => builder.input(`a${slot}`, [...labels].map((letter) => letters[letter]!))) // prettier-ignore
    const y = builder.einsum(text, operands, letters)
    return weighedCase(text, builder, y, pointFor([y], random, sizes).inputs, sizes, random)
  })
  const fills = (['ones', 'eye', 'zeros', 'kept sums', 'a number spread'] as const).map((name, at) => {
    const random = new Random(19, at)
    const builder = new Builder()
    const x = builder.input('x', [n, m])
    const y = {
      ones: () => builder.call('mul', builder.ones([n, m]), x),
      eye: () => builder.matmul(builder.eye(n), x),
      zeros: () => builder.call('sub', x, builder.zeros([n, m])),
      'kept sums': () => builder.call('sub', x, builder.sum(x, [0], true)),
      'a number spread': () => builder.matmul(x, builder.broadcast(builder.size(m), [m, k])),
    }[name]()
    return weighedCase(name, builder, y, pointFor([y], random, SIZES).inputs, SIZES, random)
  })
  return [...made, ...fills]
}

function wholeArrayCases(): ProgramCase[] {
  const cases: ProgramCase[] = []
  const add = (name: string, shape: readonly Size[], build: (b: Builder, x: Node) => Node): void => {
    const random = new Random(23, cases.length)
    const builder = new Builder()
    const x = builder.input('x', shape)
    const lengths = shape.map((size) => SIZES.get(size.key)!)
    let values = signedTensor(random, lengths)
    // Far from singular, with a positive determinant.
    if (shape[0] === shape[1]) values = { ...values, data: values.data.map((entry, at) => entry / 5 + (at % (lengths[0]! + 1) === 0 ? 1 : 0)) } // prettier-ignore
    cases.push(weighedCase(name, builder, build(builder, x), new Map([[x, values]]), SIZES, random))
  }
  for (const fn of ['max', 'min', 'prod'] as const) {
    for (const axes of [[0], [1, 2], [0, 1, 2]])
      add(`${fn} over ${axes.join()}`, [n, m, k], (b, x) => b.reduce(fn, x, axes))
  }
  for (const fn of ['softmax', 'log_softmax', 'logsumexp'] as const) {
    for (const axes of [[0], [2], [0, 2]])
      add(`${fn} over ${axes.join()}`, [n, m, k], (b, x) => b.normalise(fn, x, axes))
  }
  for (const fn of ['inv', 'det', 'logdet'] as const) add(fn, [m, m], (b, x) => b.matrix(fn, x))
  add('reshape', [n, m, k], (b, x) => b.reshape(x, [k, multiplySizes(n, m)]))
  add('axes of length 1 put in', [n, m], (b, x) => b.reshape(x, [ONE_SIZE, n, ONE_SIZE, m]))
  return cases
}

/** Sheets whose names and sizes are hard to print. */
const AWKWARD: Readonly<Record<string, string>> = {
  'keywords, builtins, Greek, subscripts and indices': `
    lambda = param(n, 1); np = param(n, 1); class = param(n, 1); λ = param(n, 1); ŷ = input(n, 1); W1 = param(n, 1)
    W[1] = param(n, 1); W[1,2] = param(n, 1); sum = param(n, 1); softmax = param(n, 1); map = param(n, 1)
    var = mean(lambda); constructor = np + W[1,2]; __proto__ = class + constructor; t1 = param(n, 1); sigmoid = λ
    J = sum((lambda + np).*class + λ.*ŷ.*W1 + W[1].*sum.*softmax + softmax(map).*map) + var^2 + sum(__proto__.^2.*sigmoid(t1)) + sum(sigmoid)`, // prettier-ignore
  'sizes that only products and sums tell': `
    A = param(2*n + 1, k + m); B = param(m + 3, 1); x = input(k + m)
    J = sum(A.^2)/n + sum(B)/m*k + sum(x.^2)`,
  'a size that no array tells': `
    x = param(n*r); J = sum(x.^2)/r + n`,
  'a parameter on which nothing depends': `
    x = param(n); w = param(n, 2); J = sum(x.^3)`,
  'data that obey each other': `
    a = input(n); b = input(n); w = param(n); assume(b > a + 1); J = sum(w.^2.*log(b - a - 1))`,
  'a symmetric matrix': `
    A = input(n, n); x = param(n, 1); assume(A' == A); J = x'*A*x`,
  scalars: `
    a = param(); b = param(); J = a*exp(b) + a^2/3 - b`,
  'a loss of shape 1×1': `
    w = param(n, 1); x = input(n, 1); J = (w'*x - 1)^2`,
}

const trueExamples = examples.filter(({ text }) => /\bparam\(/.test(text))

/** Sheets of which `derive` finds gradients. */
function sheetCases(): ProgramCase[] {
  const sheets = trueExamples.map(({ name, text }) => sheetCase(name, text))
  const operations = Object.entries(OPERATION_SHEETS).map(([name, { text, options }]) => sheetCase(name, text, options))
  return [...sheets, ...operations, ...Object.entries(AWKWARD).map(([name, text]) => sheetCase(name, text))]
}

const operationCases = [...elementwiseCases(), ...mixedCases(), ...contractionCases(), ...wholeArrayCases()]
const allCases = [...operationCases, ...sheetCases()]

function expectAgreement(one: ProgramCase, outcome: Outcome, tolerance: number): void {
  if (outcome.error !== undefined) throw new Error(outcome.error)
  const [value, ...gradients] = expectedOf(one) as [Tensor, ...Tensor[]]
  const found = (result: Tensor): Tensor => ({ shape: result.shape, data: Float64Array.from(result.data) })
  expectClose(found(outcome.value!), value, tolerance, 'the value')
  for (const list of [outcome.gradients!, outcome.differentiated ?? outcome.gradients!]) {
    gradients.forEach((gradient, at) => expectClose(found(list[at]!), gradient, tolerance, `the gradient by ${one.source.gradients[at]!.by.name}`)) // prettier-ignore
  }
}

describe('printed Python', () => {
  const folder = scratch()
  const PYTHON_LANGUAGES = ['numpy', 'torch', 'jax']
  let ran: ReturnType<typeof runPython> | null = null
  before(function () {
    this.timeout(120_000)
    if (hasNumpy()) ran = runPython(allCases, PYTHON_LANGUAGES, folder.path)
  })

  for (const language of PYTHON_LANGUAGES) {
    it(`agrees with the reference interpreter in ${language}`, function () {
      if (ran === null) {
        console.log('      NumPy is not installed for /usr/bin/python3: printed Python was not run')
        this.skip()
      }
      if (language !== 'numpy') console.log(`      ${language}: ${ran.found[language]!}`)
      const failures: string[] = []
      for (const { case: one, outcome } of ran.outcomes.filter((result) => result.language === language)) {
        try {
          expectAgreement(one, outcome, 1e-10)
        } catch (error) {
          failures.push(`${one.name}: ${(error as Error).message}`)
        }
      }
      expect(failures.join('\n')).to.equal('')
    })
  }
})

/** TensorFlow.js computes with 32 bits where it is installed; its stand-in with 64. */
async function tensorflow(): Promise<{ from: string; tolerance: number; found: string }> {
  const name = '@tensorflow/tfjs'
  const installed = await import(name).then(() => true, () => false) // prettier-ignore
  if (installed) return { from: import.meta.resolve(name), tolerance: 1e-3, found: 'installed' }
  return { from: new URL('../support/tensorflow.ts', import.meta.url).href, tolerance: 1e-10, found: 'stand-in' }
}

describe('printed JavaScript', function () {
  this.timeout(60_000)
  const folder = scratch()
  for (const language of ['js', 'tfjs'] as const) {
    it(`agrees with the reference interpreter in ${language}`, async () => {
      const { from, tolerance, found } =
        language === 'tfjs' ? await tensorflow() : { from: '', tolerance: 1e-10, found: '' }
      if (found !== '') console.log(`      tfjs: ${found}`)
      const failures: string[] = []
      for (const [at, one] of allCases.entries()) {
        try {
          expectAgreement(one, await runJavaScript(language, one, folder.path, at, from), tolerance)
        } catch (error) {
          failures.push(`${one.name}: ${(error as Error).message}`)
        }
      }
      expect(failures.join('\n')).to.equal('')
    })
  }

  it('computes a graph that is 100,000 nodes deep', async () => {
    const builder = new Builder()
    const x = builder.input('x', [n], 'param')
    let y = builder.call('mul', x, x)
    for (let depth = 0; depth < 50_000; depth++) y = builder.call('sin', builder.call('add', y, x))
    const value = builder.sum(y)
    const source = {
      of: 'y',
      value,
      gradients: [{ by: x as Node & { kind: 'input' }, node: builder.call('mul', y, x) }],
    }
    const point = { sizes: SIZES, inputs: new Map([[x, tensor([2], [0.3, -0.4])]]) }
    const one = { name: 'deep', source, point, check: false }
    for (const language of LANGUAGES.values()) expect(printModule(language, source).length).to.be.above(500_000)
    expectAgreement(one, await runJavaScript('js', one, folder.path, 100_000), 1e-10)
  })
})
