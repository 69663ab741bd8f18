import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { readData } from '../../src/data/data.ts'
import { nestedOf } from '../../src/evaluate/nested.ts'
import { readProgram } from '../../src/pipeline.ts'

const { inputs } = readProgram('X = input(n, m); Y = label(1, m); w = param(n); c = input(); R = input(m, 3)')

const read = (text: string): { values: Record<string, unknown>; sizes: Record<string, number> } => {
  const { values, sizes } = readData(text, inputs)
  return {
    values: Object.fromEntries([...values].map(([{ name }, value]) => [name, nestedOf(value)])),
    sizes: Object.fromEntries(sizes),
  }
}

const faultOf = (text: string): BackproveError => {
  try {
    readData(text, inputs)
  } catch (error) {
    if (error instanceof BackproveError) return error
  }
  throw new Error('no error')
}

describe('readData', () => {
  it('reads JSON by the names of the sheet, and tells the sizes', () => {
    const { values, sizes } = read('{ "X": [[1, 2], [3, 4], [5, 6]], "w": [7, 8, 9], "c": 0.5 }')
    expect(values).to.deep.equal({ X: [[1, 2], [3, 4], [5, 6]], w: [7, 8, 9], c: 0.5 }) // prettier-ignore
    expect(sizes).to.deep.equal({ n: 3, m: 2 })
  })

  it('takes a list where an axis of length 1 is declared', () => {
    expect(read('{ "Y": [1, 0, 1] }')).to.deep.equal({ values: { Y: [[1, 0, 1]] }, sizes: { m: 3 } })
  })

  it('puts the columns of a table where the examples are columns, and where they are rows', () => {
    const { values } = read('X1,X2,Y,R[0],R[1],R[2]\n1,2,0,7,8,9\n3,4,1,10,11,12\n')
    expect(values).to.deep.equal({ X: [[1, 3], [2, 4]], Y: [[0, 1]], R: [[7, 8, 9], [10, 11, 12]] }) // prettier-ignore
  })

  it('refuses lengths that contradict one another, naming axis and lengths', () => {
    expect(faultOf('{ "X": [[1, 2]], "Y": [[1, 0, 1]] }').message).to.equal('axis 1 of `Y` has length 3, not 2')
    expect(faultOf('{ "R": [[1, 2]] }').message).to.equal('axis 1 of `R` has length 2, not 3')
  })

  it('refuses what is no number, no label, no name of the sheet', () => {
    expect(faultOf('{ "X": [[1, null]] }').message).to.include('null')
    expect(faultOf('{ "Y": [[0.5]] }').message).to.include('0 or 1')
    expect(faultOf('{ "x": [[1]] }').hint).to.include('`X`')
    expect(faultOf('{ "X": [[1], [2, 3]] }').message).to.include('differ in length')
    expect(faultOf('{ "X": [] }').message).to.include('empty')
    expect(faultOf('{}').message).to.include('no value')
  })

  it('refuses one-hot data of which a column holds no 1, or two', () => {
    const { inputs: declared } = readProgram('Y = onehot(k, m)')
    const readLabels = (text: string): unknown => readData(text, declared)
    expect(() => readLabels('{ "Y": [[1, 0], [1, 1]] }')).to.throw('column 1 of `Y` holds 2 ones')
    expect(() => readLabels('{ "Y": [[1, 0], [0, 0]] }')).to.throw('column 2 of `Y` holds no 1')
    expect(() => readLabels('{ "Y": [[1, 0], [0, 1]] }')).to.not.throw()
  })
})
