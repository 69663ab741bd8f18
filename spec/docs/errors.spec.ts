import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackproveError } from '../../src/base/errors.ts'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import { blocksOf } from '../support/markdown.ts'

const ROOT = join(import.meta.dirname, '../..')
const union =
  /export type ErrorCode =([\s\S]*?)\n\n/.exec(readFileSync(join(ROOT, 'src/base/errors.ts'), 'utf8'))?.[1] ?? ''
const CODES = [...union.matchAll(/["']([\w-]+)["']/g)].map((match) => match[1]!)
const SECTIONS = [...readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(/^## `([\w-]+)`$/gm)].map(
  (match) => match[1]!,
)
const sheets = blocksOf('docs/errors.md').filter(({ language }) => language === 'bp')

function errorsOf(sheet: string): BackproveError[] {
  const program = readProgram(sheet)
  const judged = [...judgeClaims(program, USUAL_OPTIONS)].flatMap(({ verdict }) =>
    verdict.verdict === 'error' ? [verdict.error] : [],
  )
  return [...program.errors, ...judged]
}

describe('docs/errors.md', () => {
  it('explains every code, and no other', () => {
    expect(CODES.length).to.be.above(20)
    expect(SECTIONS).to.have.members(CODES)
  })

  for (const code of CODES) {
    const [faulty, mended, ...more] = sheets.filter(({ heading }) => heading === `\`${code}\``)
    if (faulty === undefined) continue

    it(`shows a sheet with \`${code}\`, with a place and a mend`, () => {
      const found = errorsOf(faulty.text)
      expect(found.map((error) => error.code)).to.include(code)
      for (const error of found) {
        expect(error.hint).not.to.equal('')
        expect(error.span).not.to.equal(null)
      }
    })

    it(`shows it mended`, () => {
      expect(mended, 'the mended sheet').not.to.equal(undefined)
      expect(errorsOf(mended!.text)).to.deep.equal([])
      expect(more).to.deep.equal([])
    })
  }
})
