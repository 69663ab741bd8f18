import { spawnSync } from 'node:child_process'
import { expect } from 'chai'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { backprove, scratch } from '../support/cli.ts'
import { hasNumpy } from '../support/programs.ts'
import { EXAMPLES } from '../support/examples.ts'

/** The two-layer network without what was derived by hand. */
const PLAIN = readFileSync(join(EXAMPLES, 'two-layer.bp'), 'utf8').replace(/\n# What was derived[\s\S]*$/, '\n')

interface Derived {
  readonly of: string
  readonly gradients: readonly { wrt: string; name: string; shape: readonly string[]; text: string; tex: string }[]
  readonly definitions: readonly { name: string; text: string }[]
}

describe('backprove derive', () => {
  const folder = scratch()
  const sheet = (): string => folder.write('plain.bp', PLAIN)

  it('prints what a textbook prints', () => {
    const { status, stdout, stderr } = backprove(['derive', sheet()])
    expect(stderr).to.equal('')
    expect(stdout.trim().split('\n')).to.have.members([
      'dZ2 = A2 - Y',
      "dZ1 = (W2'*dZ2) .* (1 - A1.^2)",
      "dW1 = 1/m * dZ1*X'",
      'db1 = 1/m * sum(dZ1, axis=1)',
      "dW2 = 1/m * dZ2*A1'",
      'db2 = 1/m * sum(dZ2, axis=1)',
    ])
    expect(status).to.equal(0)
  })

  it('prints the sheet language: appended to the sheet, it is proved', () => {
    const derived = JSON.parse(backprove(['derive', '--json', sheet()]).stdout) as Derived
    expect(Object.keys(derived)).to.deep.equal(['of', 'gradients', 'definitions', 'numpyNames'])
    expect(derived.of).to.equal('J')
    expect(derived.gradients.map(({ wrt, shape }) => [wrt, ...shape])).to.deep.equal([
      ['W1', 'n_1', 'n_0'],
      ['b1', 'n_1', '1'],
      ['W2', '1', 'n_1'],
      ['b2', '1', '1'],
    ])
    const definitions = derived.definitions.map(({ name, text }) => `${name} = ${text}\n`)
    const claims = derived.gradients.map(({ wrt, text }) => `grad(J, ${wrt}) == ${text}\n`)
    const whole = folder.write('whole.bp', PLAIN + definitions.join('') + claims.join(''))
    const { status, stdout } = backprove(['verify', whole])
    expect(stdout).to.include('4 claims: 4 proved')
    expect(status).to.equal(0)
  })

  it('takes what is differentiated, and by what', () => {
    expect(backprove(['derive', '--of', 'L', '--wrt', 'Z2', sheet()]).stdout).to.match(/= A2 - Y\n$/)
  })

  it('prints the way there with --steps, as the sheet language', () => {
    const { status, stdout } = backprove(['derive', '--steps', sheet()])
    expect(stdout).to.include('# through A2 = sigmoid(Z2)\n#   = dA2.*A2.*(1 - A2)\ndZ2 = A2 - Y\n')
    expect(stdout).to.include("# through Z2 = W2*A1 + b2\ndA1 = W2'*dZ2\n")
    expect(backprove(['verify', folder.write('steps.bp', `${PLAIN}${stdout}\ngrad(L, Z1) == dZ1\n`)]).status).to.equal(
      0,
    )
    expect(status).to.equal(0)
  })

  it('prints TeX with --format tex', () => {
    const { stdout } = backprove(['derive', '--format', 'tex', sheet()])
    expect(stdout).to.match(/^\\begin\{aligned\}\n[\s\S]*\\frac\{1\}\{m\}[\s\S]*\\end\{aligned\}\n$/)
  })

  it('says what is wrong with a name, a format or a sheet', () => {
    const nothing = folder.write('nothing.bp', 'x = input(n)\nx == x\n')
    for (const [args, says] of [
      [['--of', 'JJ', sheet()], 'did you mean'],
      [['--of', 'Z1', sheet()], 'scalar'],
      [['--wrt', 'W3', sheet()], 'did you mean'],
      [['--format', 'text2', sheet()], 'did you mean `text`'],
      [[nothing], 'hint'],
      [[sheet(), sheet()], 'one sheet'],
    ] as const) {
      const { status, stdout, stderr } = backprove(['derive', ...args])
      expect(stderr).to.include(says)
      expect(stdout).to.equal('')
      expect(status).to.equal(2)
    }
  })

  it('prints programs that check themselves', function () {
    this.timeout(60_000)
    for (const format of ['numpy', 'js'] as const) {
      if (format === 'numpy' && !hasNumpy()) continue
      const { status, stdout } = backprove(['derive', '--format', format, sheet()])
      expect(status).to.equal(0)
      const file = folder.write(format === 'js' ? 'program.mjs' : 'program.py', stdout)
      const run = spawnSync(format === 'js' ? process.execPath : '/usr/bin/python3', [file], { encoding: 'utf8' })
      expect(run.stderr).to.equal('')
      expect(run.stdout).to.equal('ok\n')
    }
  })

  it('checks gradients by values between in a program, and finds one that is wrong', function () {
    this.timeout(60_000)
    for (const [format, name, right, wrong] of [
      ['numpy', 'between.py', '"Z2": dZ2', '"Z2": 2*dZ2'],
      ['js', 'between.mjs', 'Z2: dZ2', 'Z2: map((x) => 2 * x, dZ2)'],
    ] as const) {
      if (format === 'numpy' && !hasNumpy()) continue
      const { stdout } = backprove(['derive', '--wrt', 'W2,Z2', '--format', format, sheet()])
      expect(stdout).to.include(right)
      const run = (text: string) => {
        const file = folder.write(name, text)
        return spawnSync(format === 'js' ? process.execPath : '/usr/bin/python3', [file], { encoding: 'utf8' })
      }
      expect(run(stdout).stdout).to.equal('ok\n')
      const { status, stderr } = run(stdout.replace(right, wrong))
      expect(status).to.equal(1)
      expect(stderr).to.include('the gradient by Z2 is off by')
    }
  })

  it('runs the check of a JavaScript program that is started by a link', () => {
    const { stdout } = backprove(['derive', '--format', 'js', sheet()])
    const link = join(folder.path, 'link.mjs')
    symlinkSync(folder.write('a program # 1.mjs', stdout), link)
    expect(spawnSync(process.execPath, [link], { encoding: 'utf8' }).stdout).to.equal('ok\n')
  })

  it('prints no steps of a program', () => {
    const { stderr, status } = backprove(['derive', '--steps', '--format', 'numpy', sheet()])
    expect(stderr).to.include('--steps goes with')
    expect(status).to.equal(2)
  })
})
