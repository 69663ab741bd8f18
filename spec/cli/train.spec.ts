import { expect } from 'chai'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../../src/base/random.ts'
import { backprove, scratch, startBackprove } from '../support/cli.ts'
import { EXAMPLES } from '../support/examples.ts'

const TWO_LAYER = join(EXAMPLES, 'two-layer.bp')

/** Points, those within a disc labelled 1: what no single neuron can tell apart. */
function disc(): string {
  const random = new Random(3)
  const rows = Array.from({ length: 150 }, () => {
    const [x, y] = [random.between(-1, 1), random.between(-1, 1)]
    return `${x.toFixed(3)},${y.toFixed(3)},${x ** 2 + y ** 2 < 0.5 ? 1 : 0}`
  })
  return `X1,X2,Y\n${rows.join('\n')}\n`
}

interface State {
  readonly iteration: number
  readonly params: Readonly<Record<string, unknown>>
  readonly history: readonly number[]
}

const stateIn = (text: string): State => JSON.parse(text) as State

describe('backprove train', () => {
  const folder = scratch()
  const data = (): string => folder.write('disc.csv', disc())
  const usual = (): string[] => ['train', TWO_LAYER, '--data', data(), '--rate', '1.2', '--sizes', 'n_1=6']

  it('fits a network to data and says how well', () => {
    const { status, stdout, stderr } = backprove([...usual(), '--iterations', '4000'])
    expect(stderr).to.equal('')
    expect(Number(/^accuracy ([\d.]+) %$/m.exec(stdout)?.[1])).to.be.above(95)
    expect(stdout).to.match(/^J from [\d.]+ to [\d.]+ in 4000 steps$/m)
    for (const line of stdout.split('\n')) expect([...line].length).to.be.at.most(80)
    expect(status).to.equal(0)
  })

  it('goes the same way in two parts as in one', () => {
    const file = join(folder.path, 'half.json')
    const batches = ['--batch', '32']
    backprove([...usual(), ...batches, '--iterations', '150', '--out', file])
    expect(Object.keys(stateIn(readFileSync(file, 'utf8')).params)).to.have.members(['W1', 'b1', 'W2', 'b2'])
    const two = backprove([...usual(), ...batches, '--iterations', '300', '--from', file, '--json']).stdout
    const one = backprove([...usual(), ...batches, '--iterations', '300', '--json']).stdout
    expect(two).to.equal(one)
    expect(stateIn(one).history).to.have.lengthOf(300)
  })

  it('writes what it has reached when it is interrupted', async () => {
    const file = join(folder.path, 'interrupted.json')
    const child = startBackprove([...usual(), '--iterations', '100000000', '--out', file], folder.path)
    setTimeout(() => child.kill('SIGINT'), 1500)
    const [status] = (await once(child, 'close')) as [number]
    expect(status).to.equal(130)
    const { iteration, history } = stateIn(readFileSync(file, 'utf8'))
    expect(iteration).to.be.above(0).and.to.equal(history.length)
  })

  it('tells the irises of the examples apart, and draws the curve', () => {
    const plot = join(folder.path, 'curve.svg')
    const [sheet, csv] = [join(EXAMPLES, 'iris.bp'), join(EXAMPLES, 'iris.csv')]
    const args = ['train', sheet, '--data', csv, '--iterations', '3000', '--plot', plot]
    const { status, stdout } = backprove(args)
    expect(status).to.equal(0)
    expect(Number(/^accuracy ([\d.]+) %$/m.exec(stdout)?.[1])).to.be.at.least(96)
    const svg = readFileSync(plot, 'utf8')
    expect(svg)
      .to.match(/^<svg [^]*<polyline [^]*<\/svg>\n$/)
      .and.to.not.match(/NaN|Infinity/)
  })

  it('says that the cost is no longer finite, and keeps parameters that are', () => {
    const sheet = folder.write('steep.bp', 'x = input(m); w = param()\nJ = sum(exp(w*x))\nJ == J\n')
    const file = join(folder.path, 'steep.json')
    const given = folder.write('steep.csv', 'x\n1\n-1\n')
    const { status, stdout } = backprove(['train', sheet, '--data', given, '--rate', '1e6', '--out', file])
    expect(stdout).to.include('no longer finite')
    expect(status).to.equal(1)
    expect(readFileSync(file, 'utf8')).to.not.include('null')
  })

  it('takes lengths that nothing tells as small ones, and says so', () => {
    const { stdout } = backprove(['train', TWO_LAYER, '--data', data(), '--iterations', '5'])
    expect(stdout).to.match(/^assumed n_1 = 4/m)
  })

  it('says what is wrong', () => {
    const half = folder.write('half.csv', 'X1,X2\n1,2\n3,4\n')
    for (const [args, says] of [
      [['train', TWO_LAYER], '--data'],
      [['train', TWO_LAYER, '--data', half], '`Y`'],
      [['train', TWO_LAYER, '--data', join(folder.path, 'missing.csv')], 'no such file'],
      [[...usual(), '--rate', '-1'], '--rate'],
      [[...usual(), '--init', 'hee'], 'small, he, xavier'],
      [[...usual(), '--sizes', 'n_1'], 'n_1=4'],
      [[...usual(), '--from', folder.write('bad.json', '{}')], 'parameters'],
      [[...usual(), '--out', join(folder.path, 'no/such/folder.json'), '--iterations', '2'], 'cannot be written'],
      [[...usual(), '--of', 'Z1'], 'scalar'],
    ] as const) {
      const { status, stdout, stderr } = backprove(args)
      expect(stderr).to.include(says).and.include('hint')
      expect(stdout).to.equal('')
      expect(status).to.equal(2)
    }
  })
})
