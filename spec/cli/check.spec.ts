import { expect } from 'chai'
import { join } from 'node:path'
import { backprove, scratch } from '../support/cli.ts'
import { EXAMPLES } from '../support/examples.ts'

const TWO_LAYER = join(EXAMPLES, 'two-layer.bp')

interface Checked {
  readonly version: number
  readonly of: string
  readonly parameters: readonly { name: string; relativeDifference: number; entries: number; checked: number }[]
  readonly pass: boolean
}

describe('backprove check', () => {
  const folder = scratch()

  it('prints the relative difference of each parameter and passes', () => {
    const { status, stdout, stderr } = backprove(['check', TWO_LAYER])
    expect(stderr).to.equal('')
    expect(stdout.match(/^✓ \w+ +\d\.\d\de-\d+ +\d+ of \d+$/gm)).to.have.lengthOf(4)
    expect(status).to.equal(0)
  })

  it('prints the JSON of the contract', () => {
    const checked = JSON.parse(backprove(['check', '--json', TWO_LAYER]).stdout) as Checked
    expect(Object.keys(checked)).to.deep.equal(['version', 'of', 'parameters', 'pass'])
    expect(checked).to.include({ version: 1, of: 'J', pass: true })
    for (const parameter of checked.parameters) {
      expect(Object.keys(parameter)).to.deep.equal(['name', 'relativeDifference', 'entries', 'checked'])
      expect(parameter.relativeDifference).to.be.within(0, 1e-7)
      expect(parameter.checked).to.equal(parameter.entries).and.to.be.above(0)
    }
  })

  it('takes its sizes from data: JSON, and CSV with a row for each example', () => {
    const json = folder.write(
      'data.json',
      '{ "X": [[1, -2, 3, 0.5], [0.1, 2, -1, 4]], "Y": [[0, 1, 1, 0]], "W1": [[1, 2], [3, 4], [5, 6]] }',
    )
    const csv = folder.write('data.csv', 'X1,X2,Y\n1,0.1,0\n-2,2,1\n3,-1,1\n0.5,4,0\n')
    for (const [file, w1] of [
      [json, 6],
      [csv, null],
    ] as const) {
      const { parameters, pass } = JSON.parse(
        backprove(['check', '--json', '--data', file, TWO_LAYER]).stdout,
      ) as Checked
      expect(pass).to.equal(true)
      const entries = parameters.find(({ name }) => name === 'W1')?.entries ?? 0
      if (w1 === null) expect(entries % 2).to.equal(0)
      else expect(entries).to.equal(w1)
    }
  })

  it('counts 0 against 0 as 0', () => {
    const sheet = folder.write('zero.bp', 'x = input(n); w = param(n)\nJ = sum(x.*w) - sum(w.*x) + sum(x)\nJ == J\n')
    const { parameters, pass } = JSON.parse(backprove(['check', '--json', sheet]).stdout) as Checked
    expect(parameters).to.have.lengthOf(1)
    expect(parameters[0]!.relativeDifference).to.equal(0)
    expect(pass).to.equal(true)
  })

  it('says what does not fit the sheet', () => {
    let count = 0
    const data = (contents: string, name = `bad${count++}.json`): string[] => [
      '--data',
      folder.write(name, contents),
      TWO_LAYER,
    ]
    for (const [args, says] of [
      [data('{ "XX": [[1]] }'), 'did you mean `X`'],
      [data('{ "X": [[1, 2], [3]] }'), 'differ in length'],
      [data('{ "X": [[1, "a"]] }'), '"a"'],
      [data('{ "X": [[1, 2]], "Y": [[1, 0, 1]] }'), 'm = 2'],
      [data('{ "X": [[1, 2]], "Y": [[1, 2]] }'), '`Y` is a label'],
      [data('{ "Y": [[[1]]] }'), '`Y` is declared 1×m'],
      [data('[1, 2]'), 'hint'],
      [data('{ "X": '), 'JSON'],
      [data('', 'empty.csv'), 'empty'],
      [data('1,2,3\n4,5,6\n', 'bare.csv'), '`Y` is a label: its entries are 0 or 1, not 3'],
      [data('X1,Y\n1,0\n2\n', 'short.csv'), 'short.csv:3:1'],
      [data('X1,Y\n1,0\nx,1\n', 'word.csv'), '`x` under `X1`'],
      [['--data', join(folder.path, 'missing.json'), TWO_LAYER], 'no such file'],
    ] as const) {
      const { status, stdout, stderr } = backprove(['check', ...args])
      expect(stderr, says).to.include(says)
      expect(stderr).to.include('hint')
      expect(stdout).to.equal('')
      expect(status).to.equal(2)
    }
  })
})
