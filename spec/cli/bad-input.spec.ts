import { expect } from 'chai'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { backprove, scratch } from '../support/cli.ts'

interface Case {
  readonly what: string
  readonly sheet: string | Uint8Array
  readonly status: number
  /** What must be said, in this order: the place, what is wrong, how to mend it. */
  readonly says: readonly (string | RegExp)[]
}

const wrong = (what: string, sheet: string, ...says: (string | RegExp)[]): Case => ({ what, sheet, status: 2, says })

const DECLARED = 'W = param(p, q); X = input(p, m)\n'

const CASES: readonly Case[] = [
  wrong('an unknown name', 'x = input()\nx == qqq\n', '2', 'column 6', '`qqq` is not defined', 'hint'),
  wrong('a misspelt name', 'alpha = input()\nalhpa == alpha\n', '2', '`alhpa`', 'did you mean `alpha`'),
  wrong('a misspelt function', 'x = input()\nsigmod(x) == x\n', '2', '`sigmod`', 'did you mean `sigmoid`'),
  wrong('shapes that do not fit', `${DECLARED}W*X == X\n`, '2', 'W is p×q', 'X is p×m', "`W'*X`"),
  wrong('a sum of shapes that do not fit', `${DECLARED}W + X == X\n`, '2', 'W is p×q', 'X is p×m'),
  wrong('a second definition', 'x = input()\nx = 2\nx == x\n', ':2:1', '`x`', 'line 1', 'hint'),
  wrong('a cycle', 'a = b\nb = a\na == b\n', ':1:5', '`b`', 'before its definition'),
  wrong('a function of itself', 'f(x) = f(x)\nf(1) == 1\n', ':1:8', '`f` is defined by itself', 'hint'),
  wrong('implicit multiplication', 'a = input(); b = input()\n1/a b == 1\n', '2', '`a` and `b`', 'write `*`'),
  wrong('a product of brackets', 'a = input()\n(a + 1)(a - 1) == a^2 - 1\n', '2', 'hint', '*'),
  wrong('@', `${DECLARED}W @ X == X\n`, '2', '`@`', 'write `*`'),
  wrong('**', 'x = input()\nx ** 2 == x^2\n', '2', '`**`', 'write `^`'),
  wrong(':=', 'x := 3\nx == 3\n', ':1:3', '`:=`', 'write `=`'),
  wrong('->', 'f = x -> x\nf == f\n', ':1', '->', 'hint'),
  wrong('&&', 'x = input()\n(x > 0 && x < 1) == 1\n', '2', '&&', 'and'),
  wrong('a unit', 'x = 3 cm\nx == 3\n', ':1:7', '`cm`', 'no units'),
  wrong('an imaginary number', 'x = 3i\nx == 3\n', ':1', '`i`', 'no complex numbers'),
  wrong('the imaginary unit', 'sqrt(-1) == i\n', '`i`', 'no complex numbers'),
  wrong('a string', 'x = "hello"\nx == x\n', ':1:5', 'strings', 'quotes'),
  wrong('an object', 'x = {a: 1}\nx == x\n', ':1', 'hint'),
  wrong('a range', 'x = 1:3\nx == x\n', ':1', 'hint'),
  wrong('a matrix literal', 'x = [1, 2; 3, 4]\nx == x\n', ':1', 'hint'),
  wrong('evaluate', 'x = input()\nevaluate(x) == 1\n', '2', '`evaluate`', 'hint'),
  wrong('import', 'x = input()\nimport(x) == 1\n', '2', '`import`', 'hint'),
  wrong('derivative', 'x = input()\nderivative(x, x) == 1\n', '2', '`derivative`', '`grad(y, x)`'),
  wrong('random', 'random() == 1\n', '`random`', 'input'),
  wrong('an empty file', '', 'no claim', 'lhs == rhs'),
  wrong('a file of comments', '# x == x\n', 'no claim', 'lhs == rhs'),
  wrong('a size of 0', 'A = input(0)\nA == A\n', ':1:11', '`0`', 'whole number'),
  wrong('a size of -1', 'A = input(-1)\nA == A\n', ':1:11', '`-1`', 'whole number'),
  wrong('a size of 2.5', 'A = input(2.5)\nA == A\n', ':1:11', '2.5', 'whole number'),
  wrong('a bare expression', 'x = input()\nx + 1\n', ':2', '=='),
  wrong('a conditional at the top', 'x = input()\nx == x > 0 ? 1 : 0\n', '2', 'parenthes'),
  wrong('a mixed chain', 'x = input()\nx == 1 < 2\n', '2', 'parenthes'),
  wrong('a bracket that is not closed', 'x = input()\ny = (x + 1\ny == x\n', ':2', '`(`'),
  wrong('a loop without its end', 'for l = 1:3\n1 == 1\n', ':1:1', '`end`'),
  wrong('an end without its loop', '1 == 1\nend\n', ':2:1', '`for`'),
  wrong('100,000 brackets', `x = input()\ny = ${'('.repeat(1e5)}x${')'.repeat(1e5)}\ny == x\n`, ':2', 'levels', 'hint'),
  wrong('100,000 signs', `x = input()\ny = ${'-'.repeat(1e5)}x\ny == x\n`, ':2', 'levels', 'hint'),
  wrong('a sum of a million terms', `x = input()\ny = x${'+x'.repeat(1e6)}\ny == x\n`, ':2:1', 'more than', 'hint'),
  wrong(
    '100,000 brackets in a claim',
    `x = input()\n${'('.repeat(1e5)}x${')'.repeat(1e5)} == x\n`,
    'column 201',
    'levels',
    'hint',
  ),
  wrong('a claim of a million terms', `x = input()\nx == x${'+x'.repeat(1e6)}\n`, 'more than', 'hint'),
  wrong('a number of a million digits', `x = 1${'0'.repeat(1e6)}\nx == x\n`, ':1:5', 'digits'),
  wrong(
    'x = x*x a hundred times',
    `x = input()\n${'x = x*x\n'.repeat(100)}x == x\n`,
    ':2:1',
    '`x`',
    'line 1',
    ':101:1',
  ),
  { what: 'bytes that are no text', sheet: Uint8Array.of(0, 1, 2, 255, 254), status: 2, says: ['not UTF-8', 'hint'] },
  { what: 'UTF-16', sheet: Uint8Array.of(255, 254, 120, 0), status: 2, says: ['UTF-16', 'save it as UTF-8'] },
  { what: 'a NUL character', sheet: 'x = input()\n\0 == x\n', status: 2, says: [':2:1', 'NUL'] },
  { what: '100 MB', sheet: new Uint8Array(1e8).fill(35), status: 2, says: ['more than 40 MB', 'cut it'] },
  { what: '9^9^9^9', sheet: 'x = 9^9^9^9\nx == x\n', status: 3, says: ['undecided', 'not defined, or too large'] },
  { what: '0/0', sheet: '0/0 == 0/0\n', status: 3, says: ['undecided', 'not defined, or too large'] },
  { what: '1/0', sheet: '1/0 == 1/0\n', status: 3, says: ['undecided', 'not defined, or too large'] },
  { what: 'a BOM and CRLF', sheet: '\uFEFFx = input()\r\nx == x\r\n', status: 0, says: ['proved'] },
  {
    what: 'names of the language that this is written in',
    sheet: '__proto__ = input()\nconstructor = input()\n__proto__ + constructor == constructor + __proto__\n',
    status: 0,
    says: ['proved'],
  },
  wrong('a name that every object has', 'toString == 1\n', '`toString` is not defined'),
  wrong('a function that every object has', 'hasOwnProperty(1) == 1\n', 'no function `hasOwnProperty`', 'hint'),
  wrong('an argument too many', 'x = input()\nexp(x, x) == 1\n', '2', '`exp`'),
  wrong('an axis that is not there', `${DECLARED}sum(X, axis=2) == 1\n`, '2', 'axis 2', 'hint'),
  wrong('a gradient of an array', `${DECLARED}grad(W'*X, X) == X\n`, '2', 'scalar', 'hint'),
  wrong('a gradient by a size', `${DECLARED}grad(sum(X), m) == 1\n`, '2', '`m`', 'hint', 'declared data'),
]

describe('bad input', () => {
  const folder = scratch()

  for (const { what, sheet, status, says } of CASES) {
    it(`answers ${what} with its place and its mend`, () => {
      const result = backprove(['verify', folder.write('sheet.bp', sheet)])
      const text = result.stderr + result.stdout
      expect(text).not.to.match(/\n\s+at |internal error|NaN == NaN/)
      expect(result.status, text.slice(0, 2000)).to.equal(status)
      let rest = text
      for (const part of says) {
        const found = typeof part === 'string' ? rest.indexOf(part) : rest.search(part)
        expect(found, `${String(part)} is not said in: ${text.slice(0, 2000)}`).to.be.at.least(0)
        rest = rest.slice(found)
      }
      if (status === 2) expect(text).to.include('hint: ')
      expect(result.milliseconds).to.be.below(5000)
    })
  }

  it('names a file that is missing, and judges the others', () => {
    const good = folder.write('good.bp', 'x = input()\nx == x\n')
    const missing = join(folder.path, 'missing.bp')
    const result = backprove(['verify', missing, good])
    expect(result.stderr).to.include(`${missing}: there is no such file`).and.include('hint')
    expect(result.stdout).to.include('proved')
    expect(result.status).to.equal(2)
  })

  it('says that a directory is one', () => {
    const path = join(folder.path, 'directory.bp')
    mkdirSync(path)
    const result = backprove(['verify', path])
    expect(result.stderr).to.include('directory').and.include('hint')
    expect(result.status).to.equal(2)
  })

  it('judges the other claims of a sheet in which one is not understood', () => {
    const sheet = folder.write('one.bp', 'x = input()\nx == y\nx == x\ny = z\nx + x == 2*x\n')
    const { claims, errors } = sheetOf(backprove(['verify', '--json', sheet]).stdout)
    expect(claims.map(({ verdict }) => verdict)).to.deep.equal(['error', 'proved', 'proved'])
    expect(errors.map(({ line }) => line)).to.deep.equal([4])
  })

  it('is an ordinary sheet that squares a hundred times', () => {
    const squares = Array.from({ length: 100 }, (_, at) => `x${at + 1} = x${at}*x${at}\n`).join('')
    const sheet = folder.write('squares.bp', `x0 = input()\n${squares}x100 == x99^2\n`)
    const result = backprove(['verify', sheet])
    expect(result.stderr).to.equal('')
    expect(result.stdout).to.include('proved')
    expect(result.milliseconds).to.be.below(10_000)
  })

  it('is an ordinary sheet that chains 100,000 operations', () => {
    const chain = Array.from({ length: 1e5 }, (_, at) => `x${at + 1} = tanh(x${at})\n`).join('')
    const sheet = folder.write('chain.bp', `x0 = input()\n${chain}grad(x100000, x99999) == 1 - x100000^2\n`)
    const result = backprove(['verify', '--timeout', '5', sheet])
    expect(result.stderr).to.equal('')
    expect(result.stdout).to.match(/proved|tested/)
    expect(result.status).to.equal(0)
  }).timeout(60_000)
})

interface SheetJson {
  readonly claims: readonly { readonly verdict: string }[]
  readonly errors: readonly { readonly line: number }[]
}

const sheetOf = (stdout: string): SheetJson => (JSON.parse(stdout) as { sheets: [SheetJson] }).sheets[0]
