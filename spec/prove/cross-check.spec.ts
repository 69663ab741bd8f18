import { expect } from 'chai'
import type { Node } from '../../src/graph/node.ts'
import { declarationsOf } from '../../src/prove/declarations.ts'
import type { Certificate } from '../../src/prove/certificate.ts'
import { crossCheck } from '../../src/prove/cross-check.ts'
import type { CrossCheck } from '../../src/prove/cross-check.ts'
import { problemsOf } from '../support/problem.ts'

/** What the checks say of a one-step proof of a sheet's claim, whether it is one or not. */
function checked(text: string, change: Partial<Certificate> = {}, deadline = Infinity): CrossCheck {
  const problem = problemsOf(text).problems.at(-1)!
  const { lhs, rhs, inputs, assumptions } = problem
  const setting = { inputs, assumptions, generic: true, declared: declarationsOf(inputs, assumptions, [lhs, rhs]) }
  const lemma = {
    lhs,
    rhs,
    scale: null,
    opaque: new Set<Node>(),
    open: false,
    steps: [],
    assumptions: [],
    uses: new Map(),
  }
  return crossCheck({ lemmas: [lemma], steps: [], setting, ...change }, problem, 7, deadline)
}

describe('crossCheck', () => {
  it('adds to a certificate what was found', () => {
    const check = checked('x = input(n)\n(x + 1).^2 == x.^2 + 2*x + 1')
    if (!('certificate' in check)) throw new Error(JSON.stringify(check))
    expect(check.certificate.residues).to.include({ kind: 'agrees', points: 2 })
    expect(check.certificate.replay!.lemmas).to.equal(1)
    expect(check.certificate.replay!.residues.map(({ kind }) => kind)).to.deep.equal(['agrees'])
  })

  it('contradicts a proof of what residues deny, with what is needed to see it again', () => {
    const check = checked('A = input(n, m); B = input(n, m)\nA + B == A - B')
    expect(check).to.have.property('contradiction')
    if ('contradiction' in check)
      expect(check.contradiction).to.match(/^the sides differ modulo \d{19} at n = 2, m = 3$/)
    const plain = checked('x = input()\nx == 2*x')
    if ('contradiction' in plain)
      expect(plain.contradiction).to.match(/^the sides differ modulo \d{19} at a random point$/)
    else throw new Error('was accepted')
  })

  it('contradicts a certificate that does not replay, also where residues cannot tell', () => {
    const check = checked('x = input(n, x > 0)\nlog(x) == x')
    if (!('contradiction' in check)) throw new Error('was accepted')
    expect(check.contradiction).to.match(/^the replay of the certificate rejects lemma 1: it cannot be shown again/)
    expect(checked('x = input(n)\n2*x == x + x', { lemmas: [] })).to.have.property('contradiction')
  })

  it('says neither where time ran out', () => {
    const sum = '(a + b + c + d)'
    const long = `a = input(n); b = input(n); c = input(n); d = input(n)\n${sum}.^13 == ${sum}.^6.*${sum}.^7`
    expect(checked(long, {}, 0)).to.have.property('unfinished')
    expect(checked(long)).to.have.property('certificate')
  })
})
