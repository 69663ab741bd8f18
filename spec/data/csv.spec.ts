import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { readCsv } from '../../src/data/csv.ts'

const cells = (text: string): { head: readonly string[] | null; rows: readonly (readonly string[])[] } => {
  const { head, rows } = readCsv(text)
  return { head: head?.cells ?? null, rows: rows.map((row) => row.cells) }
}

describe('readCsv', () => {
  it('reads quotes, spaces, blank lines, line ends of Windows and a byte order mark', () => {
    expect(cells('\uFEFF"a" , b\r\n\r\n1, -2.5e3\r\n"3",4')).to.deep.equal({ head: ['a', 'b'], rows: [['1', '-2.5e3'], ['3', '4']] }) // prettier-ignore
    expect(cells('a,b\n"say ""no"", twice","two\r\nlines"\n').rows).to.deep.equal([['say "no", twice', 'two\nlines']])
    expect(cells('a,b\r1,\r').rows).to.deep.equal([['1', '']])
  })

  it('takes a first line with a number in it for data', () => {
    expect(cells('5.1,3.5,setosa\n').head).to.equal(null)
    expect(cells('5.1,3.5,setosa\n').rows).to.have.length(1)
  })

  it('gives line and column of a fault', () => {
    for (const [text, line, column, says] of [
      ['a,b\n1,2\n3\n', 3, 1, '1 cell where the first line has 2'],
      ['a,b\n1,2\n3, 4,5\n', 3, 6, '3 cells'],
      ['a,b\n1, "2\n3,4\n', 2, 4, 'not closed'],
      ['a,b\n1,"2"3\n', 2, 6, 'behind a closed quote'],
      ['a;b\n1;2\n', 1, 1, 'not separated by commas'],
    ] as const) {
      expect(() => readCsv(text))
        .to.throw(BackproveError, says)
        .that.has.property('span')
        .that.deep.equals({ line, column })
    }
    expect(() => readCsv('\n \n')).to.throw(BackproveError, 'empty')
    expect(() => readCsv('a,b\n')).to.throw(BackproveError, 'no rows')
  })
})
