import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readActivation, readFromSheet } from '../../src/activation/subject.ts'
import { BackproveError } from '../../src/base/errors.ts'
import { curveOf, formulaOf, runTrials, spreadOf, withActivation } from '../../src/cli/training.ts'
import type { Run } from '../../src/cli/training.ts'
import { trainingText } from '../../src/cli/report/training.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'
import { backprove, scratch } from '../support/cli.ts'
import { EXAMPLES } from '../support/examples.ts'

const SHEET = join(EXAMPLES, 'iris-activation.bp')
const DATA = join(EXAMPLES, 'iris.csv')
const read = (file: string): string => readFileSync(file, 'utf8')

function refusal(sheet: string): BackproveError {
  try {
    withActivation(parseSheet(sheet), readActivation('relu'))
  } catch (error) {
    if (error instanceof BackproveError) return error
    throw error
  }
  return expect.fail('it was accepted')
}

describe('formulaOf', () => {
  it('writes numbers for parameters, and out what a sheet had names for', () => {
    expect(formulaOf(readActivation('z*sigmoid(beta*z)', new Map([['beta', '1.5']])))).to.equal('z*sigmoid(3/2 * z)')
    expect(formulaOf(readActivation('leaky_relu'))).to.equal('leaky_relu(z, 0.01)')
    const sheet = 'a = 3\nh(u) = tanh(a*u)\nX = input(n, m)\nY = h(X)'
    expect(formulaOf(readFromSheet(sheet, 'h'))).to.equal('tanh(3*z)')
  })
})

describe('withActivation', () => {
  it('wants a function g of one number that is called', () => {
    const missing = refusal('x = input()\ny = tanh(x)')
    expect(missing.message).to.equal('the sheet defines no `g(z)`')
    expect(missing.hint).to.include('g(z) = tanh(z)')
    expect(refusal('g(a, b) = a*b\nx = input()\ny = g(x, x)').message).to.include('one number')
    expect(refusal('g(z) = tanh(z)\nx = input()\ny = tanh(x)').message).to.equal('nothing in the sheet calls `g`')
  })

  it('takes the place of another name for a function', () => {
    const sheet = parseSheet('g = tanh\nx = input()\ny = g(x)')
    const [slot] = withActivation(sheet, readActivation('relu')).statements
    expect(slot!.kind).to.equal('function')
    expect(slot).to.deep.include({ target: (sheet.statements[0] as { target: unknown }).target })
    expect(elaborate({ statements: withActivation(sheet, readActivation('z^2')).statements }).errors).to.deep.equal([])
    // A value of that name is none.
    expect(refusal('a = input()\ng = a\ny = g*a').message).to.equal('nothing in the sheet calls `g`')
  })

  it('leaves the rest of the sheet, but not its claims', () => {
    const sheet = parseSheet("g(t) = tanh(t)\nx = input()\ny = g(x)\ngrad(y, x) == g'(x)")
    const { statements } = withActivation(sheet, readActivation('relu'))
    expect(statements.map(({ kind }) => kind)).to.deep.equal(['function', 'definition', 'definition'])
    expect(statements.slice(1)).to.deep.equal(sheet.statements.slice(1, 3))
  })
})

describe('runTrials', () => {
  const trials = (texts: readonly string[], options: { learningRate?: number; iterations?: number } = {}) =>
    runTrials(
      read(SHEET),
      { data: read(DATA) },
      texts.map((text) => readActivation(text)),
      { runs: 3, iterations: 40, learningRate: 0.1, ...options },
    )

  it("gives the sheet's own activation what training the sheet gives", async () => {
    const { trials: compared } = await trials(['tanh', 'relu'])
    const seed = ['--iterations', '40', '--seed', '2', '--json']
    const { stdout } = backprove(['train', join(EXAMPLES, 'iris.bp'), '--data', DATA, ...seed])
    expect(compared[0]!.runs[1]!.costs).to.deep.equal((JSON.parse(stdout) as { history: number[] }).history)
    expect(compared[1]!.runs[1]!.costs).not.to.deep.equal(compared[0]!.runs[1]!.costs)
    for (const { runs } of compared) for (const { accuracy } of runs) expect(accuracy).to.be.within(0.3, 1)
  })

  it('says which trainings failed, in at most 80 columns', async () => {
    const long = 'z*tanh(z)*tanh(z)*tanh(z)*tanh(z)*tanh(z)*tanh(z)*tanh(z)*tanh(z)*exp(z^2)'
    const result = await trials([long, 'tanh'])
    expect(result.trials[0]!.runs.every(({ diverged }) => diverged)).to.equal(true)
    const text = trainingText(result)
    expect(text).to.include('3 of 3').and.to.include('0 of 3')
    for (const line of text.split('\n')) expect([...line].length).to.be.at.most(80)
  })

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort()
    const subjects = [readActivation('tanh')]
    const options = { runs: 2, iterations: 9, learningRate: 0.1, signal }
    const { interrupted, trials: none } = await runTrials(read(SHEET), { data: read(DATA) }, subjects, options)
    expect(interrupted).to.equal(true)
    expect(none[0]!.runs).to.deep.equal([])
  })
})

describe('curveOf', () => {
  const run = (...costs: number[]): Run => ({ seed: 1, costs, diverged: costs.length < 2, accuracy: null })

  it('lies between the lowest and the highest run, and knows a failed one', () => {
    const subject = readActivation('tanh')
    expect(curveOf({ subject, runs: [run(3, 1), run(5, 4), run(4, 2)] }, 2)).to.deep.equal([
      { step: 0, low: 3, median: 4, high: 5 },
      { step: 1, low: 1, median: 2, high: 4 },
    ])
    expect(curveOf({ subject, runs: [run(3, 1), run(5)] }, 2)[1]).to.deep.equal({
      step: 1,
      low: 1,
      median: Infinity,
      high: Infinity,
    })
  })

  it('goes with a mean and the deviation of the sample', () => {
    expect(spreadOf([1, 3])).to.deep.equal({ mean: 2, deviation: Math.SQRT2 })
    expect(spreadOf([2])).to.deep.equal({ mean: 2, deviation: 0 })
    expect(spreadOf([])).to.equal(null)
  })
})

describe('backprove activation --train', () => {
  const folder = scratch()
  const usual = ['activation', '--compare', 'relu,z*tanh(z)', '--train', SHEET, '--data', DATA, '--runs', '2']

  it('puts the trainings below the table, and their curves into the plot', () => {
    const svg = join(folder.path, 'curves.svg')
    const { status, stdout, stderr } = backprove([...usual, '--iterations', '60', '--plot', svg])
    expect(stderr).to.equal('')
    expect(stdout).to.match(/^relu +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+ %$/m)
    expect(stdout).to.include('after 60 steps: mean ± standard deviation of 2 runs')
    for (const line of stdout.split('\n')) expect([...line].length).to.be.at.most(80)
    const picture = read(svg)
    expect(picture).to.include('J: median and extent of 2 runs').and.not.to.include('NaN')
    expect(picture.match(/aria-label="area"/g)).to.have.lengthOf(2)
    expect(status).to.equal(0)
  })

  it('draws learning curves on the terminal, with the names where they end', () => {
    const { stdout } = backprove([...usual, '--iterations', '60', '--plot', '-'])
    const drawing = stdout.slice(stdout.indexOf('J: median'))
    expect(drawing)
      .to.match(/[\u2801-\u28ff]{3}/)
      .and.to.include('step 59')
    expect(drawing)
      .to.match(/[\u2800-\u28ff] +relu$/m)
      .and.to.match(/ z\*tanh\(z\)$/m)
    for (const line of stdout.split('\n')) expect([...line].length).to.be.at.most(80)
  })

  it('gives curves as data', () => {
    const { stdout } = backprove([...usual, '--iterations', '30', '--json'])
    const { activations, training } = JSON.parse(stdout) as {
      activations: unknown[]
      training: {
        trials: { formula: string; runs: unknown[]; curve: { low: number; median: number; high: number }[] }[]
      }
    }
    expect(activations).to.have.lengthOf(2)
    expect(training.trials.map(({ formula }) => formula)).to.deep.equal(['relu(z)', 'z*tanh(z)'])
    for (const { runs, curve } of training.trials) {
      expect(runs).to.have.lengthOf(2)
      expect(curve).to.have.lengthOf(30)
      for (const { low, median, high } of curve) expect(median).to.be.within(low, high)
    }
  })

  it('tells what is missing', () => {
    const lone = backprove(['activation', 'relu', '--train', join(EXAMPLES, 'iris.bp'), '--data', DATA])
    expect(lone.stderr).to.include('the sheet defines no `g(z)`').and.to.include('hint: define g(z) = tanh(z)')
    expect(lone.status).to.equal(2)
    expect(backprove(['activation', 'relu', '--train', SHEET]).stderr).to.include('--data FILE')
    expect(backprove(['activation', 'relu', '--runs', '3']).stderr).to.include('--runs goes with --train SHEET')
  })
})
