import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { readData } from '../../src/data/data.ts'
import { nestedOf } from '../../src/evaluate/nested.ts'
import { readProgram } from '../../src/pipeline.ts'

const BINARY = 'X = input(n, m); Y = label(1, m); w = param(1, n)'
const CLASSES = 'X = input(2, m); Y = onehot(3, m)'
const LIST = 'x = input(m); y = input(m)'

const read = (sheet: string, text: string): { values: Record<string, unknown>; classes: Record<string, unknown> } => {
  const { values, classes } = readData(text, readProgram(sheet).inputs)
  return {
    values: Object.fromEntries([...values].map(([{ name }, value]) => [name, nestedOf(value)])),
    classes: Object.fromEntries([...classes].map(([{ name }, names]) => [name, names])),
  }
}

const faultOf = (sheet: string, text: string): BackproveError => {
  try {
    read(sheet, text)
  } catch (error) {
    if (error instanceof BackproveError) return error
  }
  throw new Error('no error')
}

describe('readTable', () => {
  it('makes a row for each class of names of classes, in the order of the names', () => {
    const { values, classes } = read(CLASSES, 'X1,X2,Y\n1,2,virginica\n3,4,setosa\n5,6,versicolor\n')
    expect(values).to.deep.equal({ X: [[1, 3, 5], [2, 4, 6]], Y: [[0, 1, 0], [0, 0, 1], [1, 0, 0]] }) // prettier-ignore
    expect(classes).to.deep.equal({ Y: ['setosa', 'versicolor', 'virginica'] })
  })

  it('makes 0 and 1 of two words, and leaves 0 and 1 alone', () => {
    expect(read(BINARY, 'X1,Y\n1,yes\n2,no\n')).to.deep.equal({ values: { X: [[1, 2]], Y: [[1, 0]] }, classes: { Y: ['no', 'yes'] } }) // prettier-ignore
    expect(read(BINARY, 'X1,Y\n1,1\n2,1\n')).to.deep.equal({ values: { X: [[1, 2]], Y: [[1, 1]] }, classes: {} })
  })

  it('takes numbers of classes by their size, not as words', () => {
    const sheet = 'X = input(1, m); Y = onehot(k, m)'
    expect(read(sheet, 'X,Y\n1,10\n2,9\n').values['Y']).to.deep.equal([[0, 1], [1, 0]]) // prettier-ignore
  })

  it('reads a table without names in the order of the sheet', () => {
    const wanted = { X: [[1, 3], [2, 4]], Y: [[0, 1]] } // prettier-ignore
    expect(read(BINARY, '1,2,0\n3,4,1\n').values).to.deep.equal(wanted)
    expect(read(CLASSES, '1,2,b\n3,4,a\n5,6,c\n').values['Y']).to.deep.equal([[0, 1, 0], [1, 0, 0], [0, 0, 1]]) // prettier-ignore
    expect(read(CLASSES, '1,2,0,0,1\n').values['Y']).to.deep.equal([[0], [0], [1]])
    expect(faultOf(CLASSES, '1,2,3,4\n').hint).to.equal('name the columns: X1,X2,…,Y1,Y2,…')
  })

  it('orders columns by their numbers', () => {
    expect(read(BINARY, 'X2,Y,X1\n2,0,1\n').values['X']).to.deep.equal([[1], [2]])
    expect(faultOf(BINARY, 'X1,X3,Y\n1,2,0\n').message).to.include('none numbered 2')
    expect(faultOf(BINARY, 'X1,X1,Y\n1,2,0\n').message).to.include('two columns `X1`')
    expect(read('W1 = input(2, m)', 'W11,W12\n1,2\n').values).to.deep.equal({ W1: [[1], [2]] })
  })

  it('reads a single row, also of lists', () => {
    expect(read(LIST, 'x,y\n1,2\n').values).to.deep.equal({ x: [1], y: [2] })
  })

  it('says what is wrong in which cell', () => {
    for (const [sheet, text, says, line, column] of [
      [BINARY, 'X1,Y\n1,0\n,1\n', 'the cell under `X1` is empty', 3, 1],
      [BINARY, 'X1,Y\n1,0\n2,\n', 'the cell under `Y` is empty', 3, 3],
      [BINARY, 'X1,Y\n1,0\n  NA,1\n', '`NA` under `X1` is not a number', 3, 3],
      [BINARY, 'X1,Y\n1,0\n1e999,1\n', 'too large', 3, 1],
      [BINARY, 'X1,Y\n0x10,1\n', '`0x10` under `X1` is not a number', 2, 1],
      [BINARY, 'X1,Y\n1,a\n2,b\n3,c\n', 'tells 2 classes apart, the table has 3: a, b, c', 2, 3],
      [CLASSES, 'X1,X2,Y\n1,2,0\n1,2,1\n', 'tells 3 classes apart, the table has 2: 0, 1', 2, 5],
      [BINARY, 'X1,Z\n1,2\n', 'declares no `Z`', 1, 4],
    ] as const) {
      const fault = faultOf(sheet, text)
      expect(fault.message).to.include(says)
      expect(fault.span).to.deep.equal({ line, column })
    }
  })
})
