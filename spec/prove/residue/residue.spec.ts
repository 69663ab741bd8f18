import { expect } from 'chai'
import { declaredTraits, withOneHot } from '../../../src/prove/assumptions.ts'
import { compareResidues } from '../../../src/prove/residue/residue.ts'
import type { ResidueRequest, ResidueResult } from '../../../src/prove/residue/residue.ts'
import { FALSE_SHEETS, TRUE_SHEETS } from '../../support/claims.ts'
import { problemsOf } from '../../support/problem.ts'

function requestOf(text: string, seed: number): ResidueRequest {
  const { lhs, rhs, inputs, assumptions } = problemsOf(text).problems.at(-1)!
  const declared = withOneHot(declaredTraits(inputs, assumptions), assumptions)
  return { lhs, rhs, scale: null, closed: new Set(), merged: new Map(), assumptions, declared, seed, points: 2 }
}

const compare = (text: string, seed = 1): ResidueResult => compareResidues(requestOf(text, seed))
const shown = (result: ResidueResult): string =>
  JSON.stringify(result, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value instanceof Map ? [...(value as Map<string, number>)] : value,
  )

describe('exact residues', () => {
  it('never tell the sides of a true claim apart', () => {
    for (const [name, text] of Object.entries(TRUE_SHEETS)) {
      for (const seed of [1, 2, 3]) {
        const result = compare(text, seed)
        expect(result.kind, `${name}: ${shown(result)}`).not.to.equal('differs')
      }
    }
  })

  it('tell those of most false claims apart, and find none equal unless by a comparison', () => {
    let apart = 0
    for (const [name, text] of Object.entries(FALSE_SHEETS)) {
      const result = compare(text)
      if (result.kind === 'differs') apart++
      if (result.kind === 'agrees')
        expect(text, `${name}: ${shown(result)}`).to.match(/[<>]|max|min|abs|relu|clip|sign|label/)
    }
    expect(apart).to.be.above(Object.keys(FALSE_SHEETS).length / 3)
  })

  const agree: Readonly<Record<string, string>> = {
    'a polynomial identity': 'x = input(n); y = input(n)\n(x + y).^3 == x.^3 + 3*x.^2.*y + 3*x.*y.^2 + y.^3',
    'the law of exp': 'x = input(n); y = input(n)\nexp(x + y) == exp(x).*exp(y)',
    'exp of exp': 'x = input(n); y = input(n)\nexp(exp(x) + y) == exp(exp(x)).*exp(y)',
    'exp within exp within exp': 'x = input(n)\nexp(exp(exp(2*x))) == exp(exp(exp(x).*exp(x)))',
    'e as exp(1)': 'x = input(n)\nexp(1 + x) == e*exp(x)',
    'sigmoid by tanh': 'x = input(n)\nsigmoid(2*x) == (1 + tanh(x))/2',
    'a derivative of a deep composition': 'x = input(n)\ngrad(tanh(sigmoid(x)), x) == (1 - tanh(sigmoid(x)).^2).*sigmoid(x).*(1 - sigmoid(x))', // prettier-ignore
    'roots of products of positive data': 'x = input(n, x > 0); y = input(n, y > 0)\nsqrt(x.*y) == sqrt(x).*sqrt(y)',
    'a cube root': 'x = input(n, x > 0)\nx.^(1/3).*x.^(2/3) == x',
    'the root of a square': 'x = input(n)\nsqrt(x.^2) == abs(x)',
    'an inverse': 'A = input(n, n); B = input(n, n)\ninv(A*B) == inv(B)*inv(A)',
    'a determinant': 'A = input(n, n); B = input(n, n)\ndet(A*B) == det(A)*det(B)',
    'softmax shifted by its maximum': 'z = input(n, m); c = max(z, axis=0)\nexp(z - c)./sum(exp(z - c), axis=0) == softmax(z, axis=0)', // prettier-ignore
    'a product over an axis': 'x = input(n, m); y = input(n, m)\nprod(x.*y, axis=0) == prod(x, axis=0).*prod(y, axis=0)',
    'sizes as numbers': 'x = input(n, m)\nsum(x - mean(x)) == 0',
    pi: 'x = input(n)\n(x + pi).^2 == x.^2 + 2*pi*x + pi^2',
    'sin and cos': 'x = input(n)\nsin(x).^2 + cos(x).^2 == 1 + sin(x) + sin(-x)',
    'a choice that is not taken': 'x = input(n)\nwhere(x == x, x, 1./(x - x)) == x',
    'labels': 'Y = label(n, m)\nY.^2 == Y',
    'one-hot columns': 'Y = onehot(n, m)\nsum(Y, axis=0) == 1',
    'declared sums': 'P = input(n, m, P > 0); assume(sum(P, axis=1) == 1)\nsum(P) == n',
    'declared signs': 'y = input(n); assume(y.^2 == 1)\ny.^3 == y',
    'a declared symmetry': 'A = input(n, n); x = input(n, 1); assume(A\' == A)\ngrad(x\'*A*x, x) == 2*A*x',
    'a declared definition': 'x = input(n); y = input(n); assume(y == x.^2)\ny.^2 == x.^4',
    'a declared order of sizes': 'X = input(m, n); assume(m >= n)\nX*inv(X\'*X)*X\'*X == X',
    'an array of one entry as a scalar': 'x = input(n, 1)\nsum(x.^2) == x\'*x',
  } // prettier-ignore
  for (const [name, text] of Object.entries(agree)) {
    it(`agree on ${name}`, () => {
      for (const seed of [1, 2, 3]) expect(compare(text, seed).kind, shown(compare(text, seed))).to.equal('agrees')
    })
  }

  const differ: Readonly<Record<string, string>> = {
    'a wrong power': 'x = input(n)\n(x + 1).^2 == x.^2 + 1',
    'a wrong factor of a size': 'x = input(n)\nmean(x) == sum(x)/(n + 1)',
    'a wrong law of exp': 'x = input(n); y = input(n)\nexp(x + y) == exp(x) + exp(y)',
    'a wrong order of a product': 'A = input(n, n); B = input(n, n)\nA*B == B*A',
    'a transposition left out': "A = input(n, n)\nA' == A",
    'a wrong derivative': 'x = input(n)\ngrad(sum(tanh(x)), x) == 1 - tanh(x)',
    'sums that are declared for another axis': 'P = input(n, m); assume(sum(P, axis=0) == 1)\nsum(P, axis=1) == 1',
    'e and exp(2)': 'x = input(n)\nx*e == x*exp(2)',
    'one entry of many': 'x = input(n, n)\nx == x + 0*x + (inv(x)*x - eye(n)) + eye(n)',
  }
  for (const [name, text] of Object.entries(differ)) {
    it(`tell ${name} from the right one`, () => {
      const result = compare(text)
      expect(result.kind, shown(result)).to.equal('differs')
      if (result.kind === 'differs') expect(result.point.seed).to.equal(1)
    })
  }

  it('say nothing where a stand-in took part that lacks the laws of what it stands for', () => {
    for (const text of [
      'x = input(n, x > 0)\nlog(x.^2) == 2*log(x)',
      'x = input(n)\nerf(x) == tanh(x)',
      'x = input(n)\nmax(x, 0) == x',
      'x = input(n, x > 0); y = input(n, y > 0)\nsqrt(x + y) == sqrt(x)',
    ])
      expect(compare(text).kind, text).to.equal('inconclusive')
  })

  it('say nothing of a claim under an assumption that no random values are made to obey', () => {
    const result = compare("x = input(n, 1); assume(x'*x == 1)\nsum(x.^2) == 1")
    expect(result.kind).to.equal('undefined')
    if (result.kind === 'undefined') expect(result.reason).to.contain("x'*x == 1")
    for (const wrong of [
      "Q = input(n, n); A = input(n, m); assume(Q'*Q == eye(n))\nsum((Q*A).^2) == sum(A.^2)",
      'a = input(n); b = input(k); assume(sum(a) == sum(b))\nsum(a)*n == sum(b)*n',
      'y = input(n); assume(y.^2 == 3)\ny.^4 == 9',
    ])
      expect(compare(wrong).kind, wrong).to.equal('undefined')
    // But an identity is one without its assumptions too.
    expect(compare("x = input(n, 1); assume(x'*x == 1)\nsum(x.^2)*2 == 2*x'*x").kind).to.equal('agrees')
  })

  it('are not defined where either side divides by zero throughout', () => {
    expect(compare('x = input(n)\n1./(x - x) == 2./(x - x)')).to.deep.include({ kind: 'undefined' })
    expect(compare('A = input(n, n)\ninv(A - A) == A')).to.deep.include({ kind: 'undefined' })
  })

  it('compare at sizes that differ from one another, in both orders', () => {
    const result = compare('A = input(n, m); B = input(n, m)\nA == B')
    expect(result.kind === 'differs' && [...result.point.sizes]).to.deep.equal([['n', 2], ['m', 3]]) // prettier-ignore
    const agreed = compare('A = input(n, m); B = input(n, m)\nA + B == B + A')
    expect(agreed.kind === 'agrees' && new Set(agreed.primes).size).to.equal(2)
  })

  it('give arrays that are kept closed values of their own, the same for a name and what it names', () => {
    const text = 'x = input(n); y = exp(x); z = 1 + exp(x)\nz == 1 + y'
    const request = requestOf(text, 1)
    const { lhs, rhs } = request
    const named = [...problemsOf(text).program.definitions.values()][0]!
    expect(named.name).to.equal('y')
    const { definitions } = problemsOf(text).program
    expect(definitions.size).to.equal(2)
    expect(compareResidues(request).kind).to.equal('agrees')
    const sum = rhs.inputs[1]!
    expect(compareResidues({ ...request, closed: new Set([sum]) }).kind, 'only the name is closed').to.equal('differs')
    expect(compareResidues({ ...request, closed: new Set([sum, sum.inputs[0]!]) }).kind).to.equal('agrees')
    expect(compareResidues({ ...request, closed: new Set([lhs]) }).kind).to.equal('differs')
  })

  it('read merged nodes as what they are merged with, times the factor', () => {
    const request = requestOf('x = input(n); m = input(); y = input(n)\nx == y', 1)
    const { lhs, rhs } = request
    const scale = { n: 2n, d: 3n, powers: new Map([['n', -1]]) }
    const merged = new Map([[lhs, { node: rhs, scale }]])
    expect(compareResidues({ ...request, merged }).kind).to.equal('differs')
    expect(compareResidues({ ...request, merged, scale }).kind).to.equal('agrees')
    expect(compareResidues({ ...request, merged: new Map([[lhs, { node: rhs, scale: null }]]) }).kind).to.equal(
      'agrees',
    )
    const circle = new Map([[lhs, { node: rhs, scale: null }], [rhs, { node: lhs, scale: null }]]) // prettier-ignore
    expect(compareResidues({ ...request, merged: circle }).kind).to.equal('undefined')
  })
})
