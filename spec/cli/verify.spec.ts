import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backprove, scratch, startBackprove } from '../support/cli.ts'
import { EXAMPLES } from '../support/examples.ts'

const TWO_LAYER = join(EXAMPLES, 'two-layer.bp')
const SQUARE = 'X = input(n, m); W = param(k, n); T = input(k, m)\nL = sum((W*X - T).^2)\n'
const TRUE_CLAIM = "grad(L, W) == 2*(W*X - T)*X'\n"
const FALSE_CLAIM = "grad(L, W) == (W*X - T)*X'\n"
const UNDECIDED = 'log(-1) == log(-1)\n'
const FAULTY = 'L == qqq\n'

/** Timings are the only thing in which two runs may differ. */
const untimed = (text: string): string => text.replace(/ *\d+(\.\d+)? m?s\b/g, '').replace(/"ms": [\d.]+/g, '')

interface Json {
  readonly version: number
  readonly seed: number
  readonly sheets: readonly {
    readonly file: string
    readonly claims: readonly Record<string, unknown>[]
    readonly errors: readonly Record<string, unknown>[]
  }[]
  readonly interrupted?: boolean
  readonly summary: Record<string, number>
}

describe('backprove verify', () => {
  const folder = scratch()
  const json = (sheet: string, ...args: string[]): Json =>
    JSON.parse(backprove(['verify', '--json', ...args, folder.write('sheet.bp', sheet)]).stdout) as Json

  it('judges a sheet: one line a claim and a summary, and exits with 0 when all hold', () => {
    const { status, stdout, stderr } = backprove(['verify', TWO_LAYER])
    expect(stderr).to.equal('')
    expect(stdout.match(/^✓ proved +\d+ {2}grad\(.* ms$/gm)).to.have.lengthOf(7)
    expect(stdout).to.match(/^7 claims: 7 proved in /m)
    expect(status).to.equal(0)
  })

  describe('exit status', () => {
    const table: readonly [what: string, sheet: string, plain: number, strict: number][] = [
      ['a claim that is proved', SQUARE + TRUE_CLAIM, 0, 0],
      ['a claim that is refuted', SQUARE + TRUE_CLAIM + FALSE_CLAIM, 1, 1],
      ['a claim that is undecided', SQUARE + TRUE_CLAIM + UNDECIDED, 3, 1],
      ['a claim that is not understood', SQUARE + TRUE_CLAIM + FAULTY, 2, 2],
      ['a statement that is not understood', `${SQUARE}y = qqq\n${TRUE_CLAIM}`, 2, 2],
      ['no claims', SQUARE, 2, 2],
      ['refuted and undecided', SQUARE + FALSE_CLAIM + UNDECIDED, 1, 1],
      ['an error, refuted and undecided', SQUARE + FALSE_CLAIM + UNDECIDED + FAULTY, 2, 2],
    ]
    for (const [what, sheet, plain, strict] of table) {
      it(`is ${plain} for ${what}, ${strict} with --strict`, () => {
        const file = folder.write('sheet.bp', sheet)
        expect(backprove(['verify', file]).status).to.equal(plain)
        expect(backprove(['verify', '--strict', file]).status).to.equal(strict)
        expect(backprove(['verify', '--json', file]).status).to.equal(plain)
      })
    }

    it('is 2 for bad usage, with the mend', () => {
      for (const [args, says] of [
        [['verify'], 'no sheet is named'],
        [['verify', '--sed', '1', TWO_LAYER], 'did you mean `--seed`'],
        [['verify', '--seed', 'x', TWO_LAYER], '--seed takes a whole number'],
        [['verify', '--trials', '0', TWO_LAYER], '--trials takes a whole number'],
        [['verify', '--timeout', '-1', TWO_LAYER], '--timeout'],
        [['verify', '--json=1', TWO_LAYER], '--json takes no value'],
        [['verfy', TWO_LAYER], 'did you mean `verify`'],
        [[TWO_LAYER], `backprove verify ${TWO_LAYER}`],
        [[], 'usage: backprove COMMAND'],
      ] as const) {
        const { status, stdout, stderr } = backprove(args)
        expect(stderr).to.include(says)
        expect(stdout).to.equal('')
        expect(status).to.equal(2)
      }
    })

    it('is 0 for help, which goes to standard output', () => {
      for (const args of [['--help'], ['verify', '--help'], ['help', 'verify']]) {
        const { status, stdout } = backprove(args)
        expect(stdout).to.include('usage: backprove')
        expect(status).to.equal(0)
      }
    })
  })

  describe('--json', () => {
    it('has exactly the fields of the contract', () => {
      const result = json(SQUARE + TRUE_CLAIM + FALSE_CLAIM + "grad(L, W) == X*(W*X - T)'\n" + FAULTY)
      expect(Object.keys(result)).to.deep.equal(['version', 'seed', 'sheets', 'summary'])
      expect(result.version).to.equal(1)
      expect(result.seed).to.equal(1)
      expect(result.summary).to.deep.equal({ proved: 1, tested: 0, refuted: 2, undecided: 0, error: 1 })
      const [sheet] = result.sheets
      expect(Object.keys(sheet!)).to.deep.equal(['file', 'claims', 'errors'])
      for (const claim of sheet!.claims) {
        expect(Object.keys(claim)).to.have.members([
          'line', 'column', 'iteration', 'text', 'verdict', 'conditions', 'warnings', 'method', 'trials', 'tolerance',
          'reason', 'shapes', 'counterexample', 'diagnosis', 'error', 'ms',
        ]) // prettier-ignore
      }
      const [proved, refuted, misshapen, faulty] = sheet!.claims
      expect(proved).to.include({
        line: 3,
        column: 1,
        text: "grad(L, W) == 2*(W*X - T)*X'",
        verdict: 'proved',
        error: null,
      })
      expect(misshapen!['shapes']).to.deep.equal({ lhs: ['k', 'n'], rhs: ['n', 'k'] })
      expect(misshapen!['counterexample']).to.equal(null)
      expect(faulty!['error']).to.include({ code: 'unknown-name' })
      const { sizes, values, entry, lhs, rhs } = refuted!['counterexample'] as { [name: string]: object } & {
        sizes: object
        values: object
      }
      expect(Object.keys(sizes)).to.have.members(['n', 'm', 'k'])
      expect(Object.keys(values)).to.have.members(['X', 'W', 'T'])
      expect(entry).to.have.lengthOf(2)
      expect(lhs).not.to.equal(rhs)
    })

    it('gives a claim for each link of a chain and each pass of a loop', () => {
      const { sheets } = json('x = input()\nfor l = 1:2\nx == x == x\nend\n')
      const claims = sheets[0]!.claims.map(({ line, iteration }) => ({ line, iteration }))
      expect(claims).to.deep.equal([1, 1, 2, 2].map((l) => ({ line: 3, iteration: { l } })))
    })

    it('keeps a name like __proto__ a name', () => {
      const { sheets } = json('__proto__ = input()\n__proto__ == 1 + __proto__\n')
      const { values } = sheets[0]!.claims[0]!['counterexample'] as { values: object }
      expect(Object.keys(values)).to.deep.equal(['__proto__'])
    })

    it('holds the errors of a sheet, and of a file that cannot be read', () => {
      const missing = join(folder.path, 'missing.bp')
      const faulty = folder.write('faulty.bp', 'x = input()\ny = qqq\nx == x\n')
      const { sheets } = JSON.parse(backprove(['verify', '--json', missing, faulty]).stdout) as Json
      expect(sheets.map(({ errors }) => errors.map(({ line, code }) => ({ line, code })))).to.deep.equal([
        [{ line: 1, code: 'file' }],
        [{ line: 2, code: 'unknown-name' }],
      ])
    })
  })

  it('shows a counterexample as small matrices with the differing entry in brackets', () => {
    const file = folder.write('sheet.bp', 'X = input(2, 3)\nX .* X == X .* X + outer(sum(X, axis=1), sum(X, axis=0))\n')
    const { stdout } = backprove(['verify', file])
    expect(stdout).to.match(/left .*, right .* at entry \[\d, \d\]/)
    expect(stdout).to.match(/^ {6}left +right$/m)
    expect(stdout).to.match(/\[-?[\d.]+\]/)
  })

  it('is readable at 80 columns', () => {
    const long = `X = input(n, m)\n${['X', ...Array.from({ length: 30 }, () => '2*X - X')].join(' + ')} == 7*X\n`
    for (const sheet of [long, SQUARE + FALSE_CLAIM + FAULTY, 'x = input()\ntanh(x) == sin(x)\n']) {
      const { stdout } = backprove(['verify', folder.write('a.bp', sheet)], { cwd: folder.path })
      for (const line of stdout.split('\n').slice(1)) expect([...line].length, line).to.be.at.most(80)
    }
  })

  it('uses no colour where nobody watches', () => {
    expect(backprove(['verify', TWO_LAYER]).stdout).not.to.include('\u001B')
  })

  it('reads standard input as `-`', () => {
    const { status, stdout } = backprove(['verify', '-'], { input: 'x = input()\nx + x == 2*x\n' })
    expect(stdout).to.match(/^-\n✓ proved/)
    expect(status).to.equal(0)
  })

  it('gives the same bytes for the same seed, timings aside', () => {
    const file = folder.write('sheet.bp', SQUARE + TRUE_CLAIM + FALSE_CLAIM + "grad(L, W) == 2*(W*X + T)*X'\n")
    for (const args of [['--json'], []]) {
      const runs = [1, 2].map(() => untimed(backprove(['verify', ...args, '--seed', '7', file]).stdout))
      expect(runs[0]).to.equal(runs[1])
      expect(runs[0]).to.include('refuted')
    }
  })

  it('prints steps and conditions of proofs with --explain', () => {
    const { stdout } = backprove(['verify', '--explain', TWO_LAYER])
    expect(stdout).to.match(/method: [\w-]+; agrees with \d+ trials/)
    expect(stdout.match(/^ {6}the claim: /gm)).to.have.lengthOf(7)
    expect(stdout).to.include('checked by a replay')
  })

  it('ends quietly when the reader of its output goes away', () => {
    const many = folder.write('many.bp', `x = input()\n${'x == x\n'.repeat(3000)}`)
    const command = `"${process.execPath}" "${join(EXAMPLES, '../../dist/cli.js')}" verify "${many}" | head -n 2`
    const { stdout, stderr, status } = spawnSync('bash', ['-c', command], { encoding: 'utf8', timeout: 30_000 })
    expect(stdout.split('\n')).to.have.lengthOf(3)
    expect(stderr).to.equal('')
    expect(status).to.equal(0)
  })

  describe('interrupted', () => {
    const many = `x = input()\n${'tanh(x + 1) == tanh(1 + x)\n'.repeat(20_000)}`

    for (const args of [[], ['--json']]) {
      it(`prints what is known so far and exits with 130 ${args.join('')}`, async () => {
        folder.write('many.bp', many)
        const child = startBackprove(['verify', ...args, 'many.bp'], folder.path)
        let stdout = ''
        child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
        setTimeout(() => child.kill('SIGINT'), 700)
        const [status] = (await once(child, 'close')) as [number]
        expect(status).to.equal(130)
        if (args.length === 0) expect(stdout).to.match(/\n\d+ claims: \d+ proved/)
        else {
          const { summary, interrupted } = JSON.parse(stdout) as Json
          expect(summary['proved']).to.be.within(1, 19_999)
          // A reader of the file alone must not take it for the whole.
          expect(interrupted).to.equal(true)
        }
      })
    }
  })

  it('hears an interrupt while one claim takes long, and while it waits for input', async () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => `x${at + 1} = sin(x${at})\n`).join('')
    const claim = 'grad(x20000, x0) == grad(x20000, x19999)*grad(x19999, x0)\n'
    folder.write('slow.bp', `x0 = input()\nx0 == x0\n${chain}${claim}`)
    for (const [file, wait] of [
      ['slow.bp', 6000],
      ['-', 700],
    ] as const) {
      const child = startBackprove(['verify', '--timeout', '100', file], folder.path)
      const start = performance.now()
      setTimeout(() => child.kill('SIGINT'), wait)
      const [status] = (await once(child, 'close')) as [number]
      expect(status).to.equal(130)
      // The claim itself has a hundred seconds.
      expect(performance.now() - start).to.be.below(wait + 15_000)
    }
  }).timeout(60_000)

  it('judges again with --watch when the sheet is saved, until interrupted', async () => {
    const file = folder.write('watched.bp', SQUARE + FALSE_CLAIM)
    const child = startBackprove(['verify', '--watch', file], folder.path)
    let stdout = ''
    const seen = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stdout.includes(text)) resolve()
          else setTimeout(look, 20)
        }
        look()
      })
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    await seen('1 claim: 1 refuted')
    writeFileSync(file, SQUARE + TRUE_CLAIM)
    await seen('1 claim: 1 proved')
    child.kill('SIGINT')
    const [status] = (await once(child, 'close')) as [number]
    expect(status).to.equal(130)
  })
})
