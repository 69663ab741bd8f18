import { expect } from 'chai'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../src/pipeline.ts'
import { backprove } from '../support/cli.ts'
import { blocksOf } from '../support/markdown.ts'
import type { Block } from '../support/markdown.ts'

const ROOT = join(import.meta.dirname, '../..')
const PROMISE = / # (proved|tested|refuted|undecided|error)$/

/** By line, the verdict that a comment promises. */
function promisesOf(text: string): Map<number, string> {
  const lines = text.split('\n').map((line, at) => [at + 1, PROMISE.exec(line)?.[1]] as const)
  return new Map(lines.filter((entry): entry is readonly [number, string] => entry[1] !== undefined))
}

function judgeBlock({ text }: Block): void {
  const program = readProgram(text)
  expect(program.errors.map(({ message }) => message)).to.deep.equal([])
  const promises = promisesOf(text)
  const verdicts = [...judgeClaims(program, USUAL_OPTIONS)].map(({ claim, verdict }) => ({
    text: claim.text,
    line: claim.span.line,
    verdict: verdict.verdict,
  }))
  expect(verdicts).to.deep.equal(verdicts.map((one) => ({ ...one, verdict: promises.get(one.line) })))
  expect(verdicts.length).to.be.at.least(promises.size).and.above(0)
}

/** The lines of comments that follow each `console.log`. */
const printed = (text: string): string[] => [...text.matchAll(/^ *\/\/ (.*)$/gm)].map((match) => match[1]!)

async function runBlock({ text }: Block, name: string): Promise<void> {
  const folder = join(ROOT, 'node_modules/.cache/snippets')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  const library = pathToFileURL(join(ROOT, 'src/index.ts')).href
  writeFileSync(file, `export {}\n${text.replaceAll("from 'backprove'", `from '${library}'`)}`)
  const output: string[] = []
  const { log } = console
  console.log = (...args: unknown[]): void => void output.push(...format(...args).split('\n'))
  try {
    await import(pathToFileURL(file).href)
  } finally {
    console.log = log
    rmSync(file)
  }
  expect(output).to.deep.equal(printed(text))
  expect(output).not.to.deep.equal([])
}

const untimed = (text: string): string =>
  text
    .replace(/ in \d+(\.\d+)? m?s$/gm, '')
    .replace(/ +\d+(\.\d+)? m?s$/gm, '')
    .trim()

/** What each `$ command` of a console block prints, and what the document says that it does. */
function runConsole(path: string, { text, line }: Block): void {
  const printed = text
    .split(/^\$ /m)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const [command = ''] = piece.split('\n')
      const [, input, args = ''] = /^(?:echo '(.*)' \| )?backprove (.*)$/.exec(command) ?? []
      expect(args, `\`${command}\` runs backprove`).not.to.equal('')
      const words = [...args.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!)
      const { stdout, stderr } = backprove(words, {
        cwd: ROOT,
        ...(input === undefined ? {} : { input: `${input}\n` }),
      })
      const [head = '', ...rest] = stdout.split('\n')
      // On a terminal, the name of the file comes before its errors.
      const isName = head.endsWith('.bp') || head === '-'
      return `$ ${command}\n${isName ? `${head}\n${stderr}${rest.join('\n')}` : stderr + stdout}`.trimEnd()
    })
    .join('\n')
  if (process.env['UPDATE_DOCS'] === '1') replaceBlock(path, line, text, printed)
  else expect(untimed(printed)).to.equal(untimed(text))
}

/** With `UPDATE_DOCS=1`, what the commands print is written into the document instead of being compared with it. */
function replaceBlock(path: string, line: number, before: string, after: string): void {
  if (untimed(before) === untimed(after)) return
  const file = join(ROOT, path)
  const text = readFileSync(file, 'utf8')
  const at = text.indexOf(`\`\`\`console\n${before}\n\`\`\``)
  if (at < 0) throw new Error(`${path}:${line}: the block is not found again`)
  writeFileSync(file, text.slice(0, at) + text.slice(at).replace(before, () => after))
}

const DOCUMENTS = [
  'README.md',
  'docs/language.md',
  'docs/tour.md',
  'docs/activations.md',
  'docs/library.md',
  'docs/proofs.md',
  'docs/errors.md',
  'docs/adding-an-op.md',
]

for (const path of DOCUMENTS) {
  describe(path, () => {
    const blocks = blocksOf(path)
    for (const block of blocks) {
      const { language, heading, line } = block
      // The sheets of errors.md have a test of their own.
      if (language === 'bp' && path !== 'docs/errors.md') {
        it(`line ${line}, ${heading}: the claims of a sheet get the verdicts beside them`, () => judgeBlock(block))
      }
      if (language === 'ts' && path === 'docs/library.md') {
        it(`line ${line}, ${heading}: the code prints what stands below it`, () => runBlock(block, `line-${line}.mts`))
      }
      if (language === 'console') {
        it(`line ${line}, ${heading}: the commands print what stands below them`, () => runConsole(path, block))
      }
    }

    it('has links that lead somewhere', () => {
      const text = readFileSync(join(ROOT, path), 'utf8')
        .replace(/^```[\s\S]*?^```$/gm, '')
        .replace(/`[^`\n]*`/g, '')
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        expect(existsSync(join(ROOT, path, '..', target)), target).to.equal(true)
      }
    })
  })
}
