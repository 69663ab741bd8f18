import { expect } from 'chai'
import { judgeClaims, readProgram } from '../../src/pipeline.ts'
import { toText } from '../../src/print/text.ts'
import type { Certificate } from '../../src/prove/certificate.ts'
import { explain } from '../../src/prove/explain.ts'

function certificateOf(text: string): Certificate {
  const verdict = [...judgeClaims(readProgram(text), { seed: 1, trials: 4, milliseconds: 20_000 })].at(-1)!.verdict
  if (verdict.verdict !== 'proved' || verdict.certificate === undefined) throw new Error(verdict.verdict)
  return verdict.certificate
}

const explained = (text: string): string[] => explain(certificateOf(text), toText)

describe('explain', () => {
  it('shows both sides once in index notation, under the names of the sheet', () => {
    expect(explained('X = input(n, m); Y = X\nX + Y == Y + X')).to.deep.equal([
      'both sides are the same expression once names are looked through',
      'checked by exact residues: the sides agree at 2 random points, modulo 61-bit primes',
    ])
    const lines = explained('A = input(n, k); B = input(k, m); t = input()\nt*A*B/n == A*(t*B)/n')
    expect(lines).to.include('  either side at [i,j]: t·(Σ_k A[i,k]·B[k,j])/n')
    expect(lines).to.include('  equal term by term')
  })

  it('names what it kept closed and the laws that it applied', () => {
    const lines = explained(`Z = input(k, m); Y = onehot(k, m); P = softmax(Z, axis=0)
      grad(-sum(Y.*log(P)), Z) == P - Y`)
    expect(lines[0]).to.match(/^the claim: .* == P - Y$/)
    expect(lines.join('\n')).to.include('declared: Y is one-hot')
    const closed = explained(`W = param(k, n); X = input(n, m); U = input(k, m); A = sigmoid(W*X)
      grad(sum(U.*A), W) == (U.*A - U.*A.^2)*X'`)
    expect(closed).to.include('  kept closed: A; what holds for any arrays in their place holds for them')
    expect(closed.join('\n')).to.match(/either side at \[i,j\]: .*A\[i,k\]\^2/)
  })

  it('says how the difference was seen to vanish', () => {
    const cases = explained('x = input(n)\nabs(x) - x == 2*max(-x, 0)')
    expect(cases.join('\n')).to.match(/either side|in each case of the signs of/)
    const cleared = explained('x = input(n); y = input(n)\n1./(1 + x.^2) - 1./(1 + y.^2) == (y.^2 - x.^2)./((1 + x.^2).*(1 + y.^2))') // prettier-ignore
    expect(cleared.join('\n')).to.include('multiplied by denominators, none zero where the claim is defined')
    const opened = explained('x = input(n)\nsigmoid(2*x) == (1 + tanh(x))/2')
    expect(opened).to.include('  tanh and sigmoid are written with exp')
  })

  it('goes from lemma to lemma, saying which each one uses', () => {
    const lines = explained(`X = input(n[0], m); Y = label(n[4], m); A[0] = X
      g[1](z) = tanh(z); g[2](z) = max(0, z); g[3](z) = max(0.01*z, z); g[4](z) = sigmoid(z)
      for l = 1:4
        W[l] = param(n[l], n[l-1]); b[l] = param(n[l], 1); Z[l] = W[l]*A[l-1] + b[l]; A[l] = g[l](Z[l])
      end
      J = -sum(Y.*log(A[4]) + (1 - Y).*log(1 - A[4]))/m
      dZ[4] = A[4] - Y
      for l = 3:-1:1
        dZ[l] = (W[l+1]'*dZ[l+1]).*g[l]'(Z[l])
      end
      grad(J, W[1]) == 1/m*dZ[1]*X'`)
    const titles = lines.filter((line) => !line.startsWith(' ') && !line.startsWith('checked'))
    expect(titles.slice(0, -1).every((line, at) => line.startsWith(`lemma ${at + 1}: `))).to.be.true
    expect(titles.at(-1)).to.match(/^the claim: /)
    expect(lines.join('\n')).to.match(/== 1\/m \* \(A\[4\] - Y\)$/m)
    expect(lines.some((line) => line.startsWith('  by lemma '))).to.be.true
    for (const [at, line] of lines.entries()) {
      const [, used] = /^ {2}by lemma (\d+)/.exec(line) ?? []
      const here = lines.slice(0, at + 1).findLast((other) => other.startsWith('lemma ')) ?? ''
      if (used !== undefined && !titles.at(-1)!.startsWith(lines[at - 1]!))
        expect(Number(used)).to.be.below(Number(/^lemma (\d+)/.exec(here)![1]))
    }
    expect(lines.at(-1)).to.match(/all \d+ steps were shown again from nothing; .* agree for \d+ of them$/)
  })

  it('says what the independent checks could not see', () => {
    expect(explained('x = input(n, x > 0)\nlog(x.^2) == 2*log(x)').join('\n')).to.match(
      /they cannot tell: log took part/,
    )
    const assumed = explained(`x = input(n, 1); y = input(n, 1); assume(x'*x == 1)
      y*(x'*x) == y`)
    expect(assumed.join('\n')).to.match(/not defined: no random values obey x'\*x == 1/)
  })

  it('cuts what is too long to help', () => {
    const sum = Array.from({ length: 60 }, (_, at) => `x^${at + 1}/${at + 2}`).join(' + ')
    const lines = explained(`x = input()\n3*(${sum}) - (${sum}) == 2*(${sum})`)
    expect(Math.max(...lines.map((line) => line.length))).to.be.below(600)
    expect(lines.join('\n')).to.include('(60 terms in all)')
  })
})
