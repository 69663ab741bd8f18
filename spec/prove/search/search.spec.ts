import { expect } from 'chai'
import type { SearchResult } from '../../../src/prove/search/problem.ts'
import { Search, search } from '../../../src/prove/search/search.ts'
import { FALSE_SHEETS, TRUE_SHEETS } from '../../support/claims.ts'
import { problemsOf } from '../../support/problem.ts'

const SEEDS = [1, 2, 3]
const last = (text: string) => problemsOf(text).problems.at(-1)!
const find = (text: string, seed = 1, trials = 8): SearchResult => search(last(text), { seed, trials, milliseconds: 10_000 }) // prettier-ignore
const shown = (result: SearchResult): string =>
  JSON.stringify(result, (key, value: unknown) =>
    key === 'points' || key === 'switches'
      ? undefined
      : value instanceof Map
        ? [...(value as Map<string, unknown>)]
        : value,
  )
const warned = (result: SearchResult): string[] => ('warnings' in result ? result.warnings.map(({ code }) => code) : [])

describe('search', () => {
  describe('never refutes a true claim', () => {
    for (const [name, text] of Object.entries(TRUE_SHEETS)) {
      it(name, () => {
        for (const seed of SEEDS) {
          const result = find(text, seed)
          expect(result.kind, shown(result)).to.equal('agreement')
          if (result.kind === 'agreement') expect(result.withinRounding, shown(result)).to.be.true
        }
      })
    }
  })

  describe('refutes a false one', () => {
    for (const [name, text] of Object.entries(FALSE_SHEETS)) {
      it(name, () => {
        for (const seed of SEEDS) {
          const result = find(text, seed)
          expect(result.kind, shown(result)).to.equal('difference')
        }
      })
    }
  })

  it('gives the same answer for the same seed, and a reader can tell which', () => {
    for (const text of [...Object.values(TRUE_SHEETS), ...Object.values(FALSE_SHEETS)]) {
      expect(shown(find(text, 5, 4))).to.equal(shown(find(text, 5, 4)))
    }
    const result = find('x = input(n)\nx == 2*x', 12)
    expect(result.kind === 'difference' && result.counterexample.seed).to.equal(12)
  })

  it('shows a small and plain counterexample', () => {
    const result = find(`
      W = param(h, n); X = input(n, m); b = param(h, 1); Y = input(h, m)
      A = tanh(W*X + b)
      grad(sum((A - Y).^2)/m, W) == 2*((A - Y).*(1 - A.^2))*X'`)
    if (result.kind !== 'difference') throw new Error(shown(result))
    const { sizes, values, lhs, rhs, entry } = result.counterexample
    expect(Object.fromEntries(sizes)).to.deep.equal({ h: 1, n: 1, m: 2 })
    expect([...values.keys()]).to.deep.equal(['W', 'X', 'b', 'Y'])
    const entries = [...values.values()].flat(3) as number[]
    expect(
      entries.every((x) => Math.abs(x * 10 - Math.round(x * 10)) < 1e-9),
      String(entries),
    ).to.be.true
    expect(entry).to.deep.equal([0, 0])
    expect(rhs / lhs).to.be.closeTo(2, 1e-12)
  })

  it('shows labels as declared: 0 or 1, one 1 in each column where they are one-hot', () => {
    for (const seed of SEEDS) {
      const result = find(
        `
        Y = onehot(K, m); L = label(K, m); s = input(s > 0); c = input(K, m)
        grad(cross_entropy(softmax(s*c), Y) + sum(L.*c), c) == softmax(s*c) - Y + s*L`,
        seed,
      )
      if (result.kind !== 'difference') throw new Error(shown(result))
      const { sizes, values } = result.counterexample
      const [Y, L] = [values.get('Y') as number[][], values.get('L') as number[][]]
      for (let column = 0; column < sizes.get('m')!; column++) {
        expect(Y.map((row) => row[column]).filter((x) => x !== 0)).to.deep.equal([1])
      }
      expect(L.flat().every((x) => x === 0 || x === 1)).to.be.true
    }
  })

  it('goes on where it stopped', () => {
    const whole = search(last(TRUE_SHEETS['two tanh layers']!), { seed: 4, trials: 6, milliseconds: 10_000 })
    const parts = new Search(last(TRUE_SHEETS['two tanh layers']!), 4)
    parts.run({ trials: 2, milliseconds: 10_000, thorough: false })
    expect(shown(parts.run({ trials: 6, milliseconds: 10_000 }))).to.equal(shown(whole))
  })

  it('stops when told to, or when its time is over', () => {
    const problem = last(TRUE_SHEETS['batch norm']!)
    const options = { seed: 1, trials: 1e9, thorough: false }
    expect(search(problem, { ...options, milliseconds: 20 }).kind).to.equal('agreement')
    expect(search(problem, { ...options, milliseconds: 1e9, signal: { aborted: true } }).kind).to.equal('none')
  })
})

describe('the domain', () => {
  it('is empty where assumptions contradict one another', () => {
    const texts = [
      'x = input(n, x > 1, x < 0)\nx == 2*x',
      'x = input(n); assume(x.^2 == -1)\nx == 2*x',
      'x = input(n, m); assume(m >= n); assume(n > m)\nx == 2*x',
      'Y = label(n, m); assume(sum(Y, axis=0) == 0.5)\nY == 2*Y',
    ]
    for (const text of texts) {
      const result = find(text)
      expect(result.kind, shown(result)).to.equal('none')
      expect(result.kind === 'none' && result.reason).to.contain('assumptions')
    }
  })

  it('is empty where a side is never defined', () => {
    const result = find('x = input(n)\nlog(-x.^2 - 1) == x')
    expect(result.kind === 'none' && result.reason).to.contain('defined')
  })

  it('is found where it is narrow', () => {
    const texts = [
      'x = input(n, m)\nlog(x).*0 == asin(x).*0',
      'A = input(n, n, det(A) > 5)\nlog(det(A)) == logdet(A)',
      'a = input(n); b = input(n, b > a); c = input(n, c > b)\nsqrt(c - a).^2 == c - a',
      'x = input(n, sum(x) > 10)\nsqrt(sum(x)).^2 == sum(x)',
      'x = input(n, x >= 2, x <= 2)\nx.^2 == 2*x',
      'A = input(n, m); B = input(m, n); assume(A*B == eye(n)); assume(m > n)\nsum(A*B) == n',
      'W = input(n, n); assume(sum(W, axis=0) == 1); assume(sum(W, axis=1) == 1)\nsum(W) == n',
      'm0 = input(n, k); assume(m0 == ones(n, k))\nm0.^2 == m0',
      'x = input(p); y = input(q); assume(p == 2*q)\nsum(x)*sum(y) == sum(y)*sum(x)',
    ]
    for (const text of texts) {
      const result = find(text)
      expect(result.kind, text + shown(result)).to.equal('agreement')
    }
  })

  it('is that of the value that is differentiated: log(x) has no derivative below zero', () => {
    const result = find('x = input(n)\ngrad(sum(log(x)), x) == 1./abs(x)')
    expect(result.kind, shown(result)).to.equal('agreement')
  })

  it('has points for it warned of, at which one side alone is defined', () => {
    const result = find('x = input(n); y = input(n)\nlog(x.*y) == log(x) + log(y)')
    expect(result.kind).to.equal('agreement')
    expect(warned(result)).to.deep.equal(['domain'])
  })
})

describe('warnings', () => {
  it('says when both sides are always zero', () => {
    expect(warned(find('x = input(n)\nx - x == 0'))).to.deep.equal(['vacuous'])
  })

  it('says when a spelling overflows', () => {
    expect(warned(find('z = input(n)\nexp(z)./(1 + exp(z)) == sigmoid(z)'))).to.deep.equal(['overflow'])
    expect(warned(find('z = input(n)\n1./(1 + exp(-z)) == sigmoid(z)'))).to.deep.equal([])
  })

  it('lets the last digit of a rounded constant explain a difference, and no other digit', () => {
    const explained = find('x = input(n)\n3.1416*x == pi*x')
    expect(explained.kind, shown(explained)).to.equal('agreement')
    if (explained.kind === 'agreement') {
      expect(explained.explainedByRounding).to.be.true
      expect(explained.withinRounding).to.be.false
    }
    expect(find('x = input(n)\n3.1426*x == pi*x').kind).to.equal('difference')
  })
})

describe('comparisons', () => {
  it('reports the outcomes that were met', () => {
    const result = find('x = input(n)\ngrad(sum(min(max(x, 0), 6)), x) == (x > 0).*(x < 6)')
    if (result.kind !== 'agreement') throw new Error(shown(result))
    expect(result.switches.every(({ above, below }) => above && below)).to.be.true
  })

  it('reports an outcome that no point has', () => {
    const result = find('x = input(n)\n(x.^2 + 1 > 0) == ones(n)')
    if (result.kind !== 'agreement') throw new Error(shown(result))
    expect(result.switches.map(({ above, below, tie }) => [above, below, tie])).to.deep.equal([[true, false, false]])
  })

  it('takes a tie on an open set as written', () => {
    expect(find('Z = input(n, m)\n(relu(Z) > 0) == ones(n, m)').kind).to.equal('difference')
    expect(find('Z = input(n, m)\n(relu(Z) == 0) == (Z < 0)').kind).to.equal('agreement')
  })

  it('does not judge at a kink', () => {
    // At zero the sides differ: 0 against 1. A claim speaks of the points off the kink.
    expect(find('x = input(n)\ngrad(sum(relu(x)), x) == (x >= 0)').kind).to.equal('agreement')
  })
})
