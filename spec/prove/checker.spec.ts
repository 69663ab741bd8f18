import { expect } from 'chai'
import type { InputNode, Node } from '../../src/graph/node.ts'
import { reachable } from '../../src/graph/walk.ts'
import { judgeClaims, readProgram } from '../../src/pipeline.ts'
import { neededLemmas } from '../../src/prove/certificate.ts'
import type { Lemma } from '../../src/prove/certificate.ts'
import { checkCertificate } from '../../src/prove/checker.ts'
import type { CheckRequest } from '../../src/prove/checker.ts'
import type { EqualityResult } from '../../src/prove/equal.ts'
import { TRUE_SHEETS } from '../support/claims.ts'
import { problemsOf } from '../support/problem.ts'

/** The certificate of a sheet's last claim, and what it is to prove; `null` where there is no proof. */
function certified(text: string): CheckRequest | null {
  const verdict = [...judgeClaims(readProgram(text), { seed: 1, trials: 4, milliseconds: 20_000 })].at(-1)!.verdict
  const { lemmas, setting } = (verdict.verdict === 'proved' && verdict.certificate) || { lemmas: [], setting: null }
  if (setting === null || lemmas.length === 0) return null
  const { lhs, rhs } = lemmas.at(-1)!
  return { ...setting, lemmas, lhs, rhs, seed: 1, deadline: Infinity }
}

/** Four layers: a proof of thirteen lemmas, some with a factor of a size. */
const DEEP = `
  X = input(n[0], m); Y = label(n[4], m); A[0] = X
  g[1](z) = tanh(z); g[2](z) = max(0, z); g[3](z) = max(0.01*z, z); g[4](z) = sigmoid(z)
  for l = 1:4
    W[l] = param(n[l], n[l-1]); b[l] = param(n[l], 1); Z[l] = W[l]*A[l-1] + b[l]; A[l] = g[l](Z[l])
  end
  J = -sum(Y.*log(A[4]) + (1 - Y).*log(1 - A[4]))/m
  dZ[4] = A[4] - Y
  for l = 3:-1:1
    dZ[l] = (W[l+1]'*dZ[l+1]).*g[l]'(Z[l])
  end
  grad(J, W[1]) == 1/m*dZ[1]*X'`

/** A proof of several thousand products. */
const LONG = `
  a = input(n); b = input(n); c = input(n); d = input(n)
  (a + b + c + d).^13 == (a + b + c + d).^6.*(a + b + c + d).^7`

let deep: CheckRequest
/** Places of a lemma with a factor, of one that uses another, and of the claim. */
let [scaled, using, last] = [-1, -1, -1]

const check = (lemmas: readonly Lemma[], request = deep): string => {
  const result = checkCertificate({ ...request, lemmas })
  return result.accepted ? 'accepted' : result.reason
}
const changed = (at: number, change: Partial<Lemma>): Lemma[] =>
  deep.lemmas.map((lemma, index) => (index === at ? { ...lemma, ...change } : lemma))
describe('the checker of certificates', () => {
  before(() => {
    deep = certified(DEEP)!
    scaled = deep.lemmas.findIndex(({ scale }) => scale !== null)
    using = deep.lemmas.findIndex(({ uses }) => uses.size > 0)
    last = deep.lemmas.length - 1
  })

  it('accepts what the prover gives, and says of each lemma what residues said', () => {
    for (const [name, text] of Object.entries(TRUE_SHEETS)) {
      const request = certified(text)
      if (request === null) continue
      const result = checkCertificate(request)
      expect(result, name).to.deep.include({ accepted: true })
      if (!result.accepted) continue
      expect(result.replay.lemmas).to.equal(request.lemmas.length)
      expect(result.replay.residues).to.have.lengthOf(request.lemmas.length)
    }
  }).timeout(60_000)

  it('accepts a proof of many lemmas', () => {
    expect(deep.lemmas.length).to.be.above(8)
    expect([scaled, using].every((at) => at >= 0)).to.be.true
    const result = checkCertificate(deep)
    expect(result).to.deep.include({ accepted: true })
    const kinds = result.accepted ? result.replay.residues.map(({ kind }) => kind) : []
    expect(kinds.filter((kind) => kind === 'agrees')).to.have.length.above(8)
    expect(kinds).not.to.include('differs')
  })

  it('rejects a certificate without a lemma that others use', () => {
    const needed = neededLemmas(deep.lemmas)
    expect(needed).to.have.lengthOf(deep.lemmas.length)
    for (const at of deep.lemmas.keys()) {
      const reason = check(deep.lemmas.filter((_, index) => index !== at))
      expect(reason, `without lemma ${at + 1}`).to.match(
        at === last
          ? /^lemma \d+: it is not the claim$/
          : /^lemma \d+: it uses an equality that no earlier lemma shows$/,
      )
    }
    expect(check([])).to.equal('lemma 1: there is no lemma, and the sides are not the same expression')
  })

  it('rejects lemmas in another order', () => {
    const moved = [...deep.lemmas]
    const [first] = moved.splice(0, 1)
    expect(check([...moved.slice(0, -1), first!, deep.lemmas[last]!])).to.match(/no earlier lemma shows/)
    expect(check(deep.lemmas.toReversed())).to.match(/^lemma 1: .*no earlier lemma shows/)
    // A lemma may not rest on itself.
    const circular = changed(0, { uses: new Map([[deep.lemmas[0]!.lhs, { node: deep.lemmas[0]!.rhs, scale: null }]]) })
    expect(check(circular)).to.match(/^lemma 1: .*no earlier lemma shows/)
  })

  it('rejects another factor, in a lemma and in what uses it', () => {
    const { scale, lhs } = deep.lemmas[scaled]!
    for (const wrong of [
      null,
      { ...scale!, n: 2n },
      { ...scale!, n: -scale!.n },
      { ...scale!, d: 3n },
      { ...scale!, powers: new Map() },
      { ...scale!, powers: new Map([['m', 1]]) },
      { ...scale!, powers: new Map([...scale!.powers, ['n', 1]]) },
    ]) {
      expect(check(changed(scaled, { scale: wrong })), 'in the lemma').to.match(
        new RegExp(`^lemma ${scaled + 1}: it cannot be shown again`),
      )
      const user = deep.lemmas.findIndex(({ uses }) => uses.has(lhs))
      const uses = new Map(deep.lemmas[user]!.uses)
      uses.set(lhs, { ...uses.get(lhs)!, scale: wrong })
      expect(check(changed(user, { uses })), 'where it is used').to.match(/no earlier lemma shows/)
    }
    for (const wrong of [
      { ...scale!, n: 0n },
      { ...scale!, d: 0n },
    ])
      expect(check(changed(scaled, { scale: wrong }))).to.equal(`lemma ${scaled + 1}: its factor is zero or infinite`)
    expect(check(changed(last, { scale: { n: 1n, d: 1n, powers: new Map() } }))).to.match(/it is not the claim/)
  })

  it('takes factors for the same where they are the same number', () => {
    const { scale, lhs } = deep.lemmas[scaled]!
    const spelt = { n: 2n * scale!.n, d: 2n * scale!.d, powers: new Map([...scale!.powers, ['n', 0]]) }
    const respelt = deep.lemmas.map((lemma) => {
      const merge = lemma.uses.get(lhs)
      return merge === undefined ? lemma : { ...lemma, uses: new Map(lemma.uses).set(lhs, { ...merge, scale: spelt }) }
    })
    expect(check(respelt)).to.equal('accepted')
    expect(check(changed(scaled, { scale: spelt }))).to.equal('accepted')
    const missing = { ...spelt, powers: new Map([['n', 2]]) }
    expect(check(respelt.map((lemma) => lemma.uses.has(lhs) ? { ...lemma, uses: new Map(lemma.uses).set(lhs, { node: lemma.uses.get(lhs)!.node, scale: missing }) } : lemma))).to.match(/no earlier lemma shows/) // prettier-ignore
  })

  it('rejects more nodes closed than the equality can do without', () => {
    const request = certified(`x = input(n); y = exp(x)
      1 + exp(2*x) == 1 + y.^2`)!
    const [lemma] = request.lemmas
    const powers = reachable([lemma!.lhs, lemma!.rhs]).filter((node) => node.kind === 'map' && node.fn === 'exp')
    expect(powers).to.have.lengthOf(2)
    expect(check([lemma!], request)).to.equal('accepted')
    expect(check([{ ...lemma!, opaque: new Set(powers) }], request)).to.match(/^lemma 1: it cannot be shown again/)
    const [first] = deep.lemmas
    expect(check(changed(0, { opaque: new Set([first!.lhs]) }))).to.equal(
      'lemma 1: it keeps one of its own sides closed',
    )
    expect(check(changed(0, { opaque: new Set([first!.rhs]) }))).to.equal(
      'lemma 1: it keeps one of its own sides closed',
    )
    const stranger = deep.lemmas[last]!.lhs
    expect(check(changed(0, { opaque: new Set([...first!.opaque, stranger]) }))).to.equal(
      'lemma 1: it keeps a node closed that neither side contains',
    )
  })

  it('rejects a merge with another node than was shown', () => {
    const { uses } = deep.lemmas[using]!
    const [[node]] = [...uses] as [[Node, unknown]]
    const other = new Map(uses)
    const [shown, strange] = [deep.lemmas.find(({ lhs }) => lhs === node)!, deep.lemmas[last]!]
    for (const scale of [null, shown.scale]) {
      other.set(node, { node: strange.rhs, scale })
      expect(check(changed(using, { uses: other })), 'another partner').to.match(/no earlier lemma shows/)
    }
    const added = new Map(uses).set(strange.rhs, { node: shown.rhs, scale: shown.scale })
    expect(check(changed(using, { uses: added })), 'a partner of another').to.match(/no earlier lemma shows/)
    const factor = { n: 1n, d: 1n, powers: new Map<string, number>() }
    const equal = deep.lemmas.find((lemma) => lemma.scale === null && lemma !== strange)!
    const user = deep.lemmas.findIndex((lemma) => lemma.uses.has(equal.lhs))
    const scaledUse = new Map(deep.lemmas[user]!.uses).set(equal.lhs, { node: equal.rhs, scale: factor })
    expect(check(changed(user, { uses: scaledUse })), 'a factor where none was shown').to.match(
      /no earlier lemma shows/,
    )
    expect(check(changed(using, { uses: new Map() }))).to.match(/cannot be shown again|neither side contains/)
  })

  it('rejects a false lemma, whatever it is taken for', () => {
    const { lhs, rhs } = deep.lemmas[last]!
    const [a, b] = [deep.lemmas[0]!, deep.lemmas[1]!]
    expect(check(changed(0, { rhs: b.rhs, opaque: new Set() }))).to.match(/^lemma 1: it cannot be shown again/)
    expect(check(deep.lemmas, { ...deep, lhs: a.lhs })).to.equal(`lemma ${last + 1}: it is not the claim`)
    expect(check(deep.lemmas, { ...deep, rhs: a.lhs })).to.match(/it is not the claim/)
    expect(check(deep.lemmas, { ...deep, lhs: rhs, rhs: lhs })).to.match(/it is not the claim/)
  })

  it('rejects assumptions that the sheet does not declare, and proofs that need them', () => {
    expect(check(changed(0, { assumptions: ['m == 1'] }))).to.equal(
      'lemma 1: it assumes `m == 1`, which is not declared',
    )
    const request = certified(`A = input(n, n); x = input(n, 1); assume(A' == A)
      grad(x'*A*x, x) == 2*A*x`)!
    expect(check(request.lemmas, request)).to.equal('accepted')
    expect(check(request.lemmas, { ...request, assumptions: [] })).to.match(
      /it assumes `A' == A`, which is not declared/,
    )
    const silent = request.lemmas.map((lemma) => ({ ...lemma, assumptions: [] }))
    expect(check(silent, { ...request, assumptions: [] })).to.match(/^lemma 1: it cannot be shown again/)
  })

  it('knows a one-hot array as such without an assumption', () => {
    const request = certified(TRUE_SHEETS['cross-entropy under one-hot labels']!)!
    const named = request.lemmas.map((lemma) => ({ ...lemma, assumptions: ['Y is one-hot'] }))
    expect(check(named, request)).to.equal('accepted')
    const plain = request.inputs.map((input): InputNode => ({ ...input, role: 'input' }))
    expect(check(named, { ...request, inputs: plain })).to.match(/it assumes `Y is one-hot`/)
  })

  it('does not read ties as left out unless it may', () => {
    const request = certified(`x = input(n)
      grad(sum(abs(x)), x) == (x > 0) - (x < 0)`)!
    expect(check(request.lemmas, request)).to.equal('accepted')
    const folded = certified(`x = input(n)
      (x > 0) + (x < 0) == 1 + 0*x`)!
    expect(check(folded.lemmas, folded)).to.equal('accepted')
    expect(check(folded.lemmas, { ...folded, generic: false })).to.match(/cannot be shown again/)
  })

  it('accepts the same expression without a lemma, and says when time ran out', () => {
    const [lemma] = deep.lemmas
    const same = { ...deep, lhs: lemma!.lhs, rhs: lemma!.lhs, lemmas: [] }
    expect(checkCertificate(same)).to.deep.equal({ accepted: true, replay: { lemmas: 0, residues: [] } })
    const late = checkCertificate({ ...certified(LONG)!, deadline: 0 })
    expect(late).to.deep.include({ accepted: false, spent: true })
    const wrong = checkCertificate({ ...deep, lemmas: [] })
    expect(wrong).to.deep.include({ accepted: false, spent: false })
  })

  describe('with a kernel that believes everything', () => {
    const believe = (): EqualityResult => ({ equal: true, steps: [], assumptions: [], uses: new Map() })
    const checkResidues = (lemmas: readonly Lemma[], request = deep): string => {
      const result = checkCertificate({ ...request, lemmas }, believe)
      return result.accepted ? 'accepted' : result.reason
    }

    it('rejects another factor by residues alone', () => {
      expect(checkResidues(deep.lemmas)).to.equal('accepted')
      const { scale } = deep.lemmas[scaled]!
      for (const wrong of [null, { ...scale!, n: 2n }, { ...scale!, powers: new Map([['m', 1]]) }])
        expect(checkResidues(changed(scaled, { scale: wrong }))).to.match(
          new RegExp(`^lemma ${scaled + 1}: its sides differ modulo \\d+$`),
        )
    })

    it('rejects by residues alone more nodes closed than the equality can do without', () => {
      const request = certified(`x = input(n); y = exp(x)
        1 + exp(2*x) == 1 + y.^2`)!
      const [lemma] = request.lemmas
      const powers = reachable([lemma!.lhs, lemma!.rhs]).filter((node) => node.kind === 'map' && node.fn === 'exp')
      expect(checkResidues([{ ...lemma!, opaque: new Set() }], request)).to.equal('accepted')
      expect(checkResidues([{ ...lemma!, opaque: new Set(powers) }], request)).to.match(/its sides differ/)
    })

    it('looks at sizes that have room for all index variables', () => {
      const lemma = (claim: string): CheckRequest => {
        const { lhs, rhs, inputs, assumptions } = problemsOf(`x = input(n); A = input(n, n)\n${claim}`).problems[0]!
        const one = { lhs, rhs, scale: null, opaque: new Set<Node>(), open: false, steps: [], assumptions: [], uses: new Map() } // prettier-ignore
        return { lemmas: [one], lhs, rhs, inputs, assumptions, generic: true, seed: 1, deadline: Infinity }
      }
      const judged = (claim: string): string => {
        const request = lemma(claim)
        return checkResidues(request.lemmas, request)
      }
      // Two index variables are looked at where n is 2, more of them where it is 3.
      for (const few of ['(n - 2)*sum(x) == 0', '(n - 2)*x == 0*x', '(n - 2)*A == 0*A', "(n - 2)*A' == 0*A'"])
        expect(judged(few), few).to.equal('accepted')
      for (const many of ['(n - 2)*sum(x)*sum(A) == 0', '(n - 2)*A*A == 0*A', '(n - 3)*sum(x) == 0'])
        expect(judged(many), many).to.match(/its sides differ/)
      // What is kept closed brings no variables in.
      const request = lemma('(n - 2)*sum(x)*sum(A) == 0')
      const sums = reachable([request.lhs]).filter((node) => node.kind === 'contract' && node.inputs.length === 1)
      expect(sums).to.have.lengthOf.at.least(2)
      const [one] = request.lemmas
      expect(checkResidues([{ ...one!, opaque: new Set(sums) }], request)).to.equal('accepted')
    })
  })
})
