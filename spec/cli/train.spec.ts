import { expect } from 'chai'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
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
    const done = backprove([...usual(), ...batches, '--iterations', '100', '--from', file])
    expect(done.stderr).to.include(
      'half.json has taken 150 steps already, and --iterations 100 counts these: none is taken',
    )
    expect(done.stderr).to.include('--iterations 250')
    expect(done.status).to.equal(0)
  })

  for (const [signal, wanted] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`writes what it has reached on ${signal}, however often it comes, and says how to go on`, async () => {
      const child = startBackprove([...usual(), '--iterations', '100000000'], folder.path)
      let said = ''
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
      await setTimeout(1500)
      for (let count = 0; count < 3; count++) child.kill(signal)
      const [status] = (await once(child, 'close')) as [number]
      expect(status).to.equal(wanted)
      const [, kept = ''] = /the parameters are in (\S+)/.exec(said) ?? []
      expect(kept).to.match(/^two-layer-params(-2)?\.json$/)
      const { iteration, history } = stateIn(readFileSync(join(folder.path, kept), 'utf8'))
      expect(iteration).to.be.above(0).and.to.equal(history.length)
      const [, command = ''] = /to go on: backprove (.*)/.exec(said) ?? []
      const more = command.replace('100000000', String(iteration + 5)).split(' ')
      const { status: end, stdout } = backprove([...more, '--json'], { cwd: folder.path })
      expect(end).to.equal(0)
      expect(stateIn(stdout).iteration).to.equal(iteration + 5)
    })
  }

  it('writes to the file named when it is interrupted, and leaves no other', async () => {
    const file = join(folder.path, 'interrupted.json')
    const child = startBackprove([...usual(), '--iterations', '100000000', '--out', file], folder.path)
    await setTimeout(1500)
    child.kill('SIGINT')
    await once(child, 'close')
    expect(stateIn(readFileSync(file, 'utf8')).iteration).to.be.above(0)
    expect(readdirSync(folder.path).filter((name) => name.startsWith('interrupted.json'))).to.have.length(1)
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

  it('says at which step the cost is no longer finite, and keeps the parameters before', () => {
    const sheet = folder.write('steep.bp', 'x = input(m); w = param()\nJ = sum(exp(w*x))\nJ == J\n')
    const file = join(folder.path, 'steep.json')
    const given = folder.write('steep.csv', 'x\n1\n-1\n')
    const args = ['train', sheet, '--data', given, '--out', file]
    const { status, stderr } = backprove([...args, '--rate', '1e6'])
    expect(stderr).to.match(
      /J is Infinity after step 1; the last finite one was [\d.]+\n.*--rate 100000\n.*steep\.json/,
    )
    expect(status).to.equal(1)
    expect(stateIn(readFileSync(file, 'utf8')).history).to.deep.equal([])
    expect(backprove([...args, '--rate', '0.1', '--from', file]).status).to.equal(0)
  })

  it('says that the cost is not finite at the start, where no learning rate helps', () => {
    const sheet = folder.write('huge.bp', 'x = input(m); w = param()\nJ = sum((w*x).^2)\nJ == J\n')
    const given = folder.write('huge.csv', 'x\n1e200\n1\n')
    const { status, stderr } = backprove(['train', sheet, '--data', given], { cwd: folder.path })
    expect(stderr)
      .to.include('J is Infinity before the first step, at the starting values')
      .and.include('scale them')
      .and.not.include('--rate')
    expect(status).to.equal(1)
  })

  it('says which of several scalars it trains', () => {
    const sheet = folder.write('two-costs.bp', 'x = input(m); w = param()\nA = sum((w*x).^2)\nB = sum(w*x)\nA == A\n')
    const args = ['train', sheet, '--data', folder.write('x.csv', 'x\n1\n2\n'), '--iterations', '2', '--rate', '0.01']
    expect(backprove(args).stdout).to.include('B is trained, of the scalars B, A')
    expect(backprove([...args, '--of', 'A']).stdout).to.not.include('is trained')
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
      [[...usual(), '--batch', '151'], 'more than there are samples: 150'],
      [[...usual(), '--sizes', 'n_9=3'], 'there is no size `n_9`'],
      [[...usual(), '--sizes', 'm=3'], 'the size `m` is given as 3, and the data has 150'],
      [
        [...usual(), '--from', folder.write('other.json', '{"params":{"W1":[[1,2]],"v":[1]}}')],
        /other\.json.* lack `b1`, `W2`, `b2` and have `v`/,
      ],
      [['train', data(), '--data', TWO_LAYER], 'backprove train'],
      [
        [
          'train',
          folder.write('no-cost.bp', 'x = input(m); w = param(); z = w*x\nz == z'),
          '--data',
          folder.write('x.csv', 'x\n1\n2\n'),
        ],
        /no-cost\.bp.*no scalar/,
      ],
      [
        [
          'train',
          folder.write('no-param.bp', 'x = input(m); J = sum(x)\nJ == J'),
          '--data',
          folder.write('x.csv', 'x\n1\n2\n'),
        ],
        'w = param(',
      ],
    ] as const) {
      const { status, stdout, stderr } = backprove(args)
      if (typeof says === 'string') expect(stderr).to.include(says)
      else expect(stderr.replaceAll('\n', ' ')).to.match(says)
      expect(stderr).to.include('hint')
      expect(stdout).to.equal('')
      expect(status).to.equal(2)
    }
  })
})
