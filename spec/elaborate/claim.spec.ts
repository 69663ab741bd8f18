import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { elaborateSide } from '../../src/elaborate/elaborate.ts'
import { shapeText } from '../../src/shape/shape.ts'
import { parseExpression } from '../../src/syntax/sheet.ts'
import { faultOf, placeOf, read, subjectOf } from './sheet.ts'

describe('claims', () => {
  it('give one claim for each link of a chain, with its text and place', () => {
    const { claims } = read('x = input()\ny = x\n y ==  x == 1*x')
    expect(claims.map(({ text, span }) => [text, span.line, span.column])).to.deep.equal([
      ['y ==  x', 3, 2],
      ['x == 1*x', 3, 8],
    ])
  })

  it('compare shapes: a scalar stands for an array of ones only, a literal 0 for zeros', () => {
    const text = `A = input(n, m); s = input(); o = input(1, 1); v = input(n); c = input(n, 1); q = input(1)
A == A; A == A'; A == 0; 0.0 == A; A == s; A == 1; o == s; s == o; o == 2; v == c; q == o; s == 0; A == 0*s`
    const shapes = read(text).claims.map(({ text: claim, subject }) => {
      if (subject instanceof BackproveError) throw subject
      const { shapesDiffer, lhs, rhs } = subject
      const found = shapesDiffer ?? { lhs: lhs.shape, rhs: rhs.shape }
      return `${claim}: ${shapeText(found.lhs)} ${shapesDiffer === null ? 'and' : 'or'} ${shapeText(found.rhs)}`
    })
    expect(shapes).to.deep.equal([
      'A == A: n×m and n×m',
      "A == A': n×m or m×n",
      'A == 0: n×m and n×m',
      '0.0 == A: n×m and n×m',
      'A == s: n×m or scalar',
      'A == 1: n×m or scalar',
      'o == s: 1×1 and 1×1',
      's == o: 1×1 and 1×1',
      'o == 2: 1×1 and 1×1',
      'v == c: n or n×1',
      'q == o: 1 or 1×1',
      's == 0: scalar and scalar',
      'A == 0*s: n×m or scalar',
    ])
  })

  it('are judged beside others that are not understood', () => {
    const program = read(`X = input(n, m)
Z = X*X
A = tanh(Z)
X == X
A == X
X @ X == X
X == zz
B = X )
B == X
X == X`)
    expect(program.errors.map(placeOf)).to.deep.equal(['shape 2:5', 'syntax 8:7'])
    expect(program.claims.map((_, index) => faultOf(program, index))).to.deep.equal([
      'understood',
      'depends-on-error 5:1',
      'foreign-syntax 6:3',
      'unknown-name 7:6',
      'depends-on-error 9:1',
      'understood',
    ])
  })

  it('carry the warnings of what they rest on', () => {
    const { claims, roundedConstants } = read(`x = input()
c = 0.7978845608*x
d = c + 1
d == x
x == 3.141592653589793
x == 3.14159; x == 2`)
    const rounded = '0.7978845608 is not sqrt(2/pi), only its first digits'
    expect(claims.map(({ warnings }) => warnings.map(({ code, message }) => `${code}: ${message}`))).to.deep.equal([
      [`rounded-constant: ${rounded}`],
      ['constant-recognised: 3.141592653589793 is taken for `pi`'],
      ['rounded-constant: 3.14159 is not pi, only its first digits'],
      [],
    ])
    expect([...roundedConstants.values()]).to.deep.equal(['sqrt(2/pi)', 'pi'])
  })

  it('let an edited side be read where they stand', () => {
    const program = read(`x = input()
for l = 1:2
  h = l*x
  h == x
end
y = x
h == 1`)
    const values = [0, 1].map((index) =>
      elaborateSide(program, parseExpression('h + l'), subjectOf(program, index).scope),
    )
    expect(values.map(({ inputs }) => inputs[0])).to.deep.equal([subjectOf(program, 0).lhs, subjectOf(program, 1).lhs])
    const early = subjectOf(program, 1).scope
    expect(() => elaborateSide(program, parseExpression('y'), early)).to.throw(BackproveError, 'before its definition')
    expect(() => elaborateSide(program, parseExpression("y' + q"), early)).to.throw(BackproveError)
    expect(faultOf(program, 2)).to.equal('unknown-name 7:1')
  })
})

describe('definitions', () => {
  it('are told apart though they are equal, and shared where they are one', () => {
    const program = read('x = input(); a = tanh(x); b = tanh(x); a == b; a == a')
    const [apart, same] = [subjectOf(program, 0), subjectOf(program, 1)]
    expect(apart.lhs).not.to.equal(apart.rhs)
    expect(apart.lhs.inputs[0]).to.equal(apart.rhs.inputs[0])
    expect(same.lhs).to.equal(same.rhs)
  })

  it('list what a reader can name', () => {
    const program = read(`X = input(n_x, m); n[0] = n_x; W[1] = param(n[1], n[0])
for l = 1:2; h = l; Z[l] = h; end
f(z) = z; g = f`)
    expect(program.errors).to.deep.equal([])
    expect([...program.definitions.keys()]).to.deep.equal(['n[0]', 'Z[1]', 'Z[2]'])
    expect(program.inputs.map(({ name, role }) => `${role} ${name}`)).to.deep.equal(['input X', 'param W[1]'])
    expect(program.sizes).to.deep.equal(['n_x', 'm', 'n[1]'])
  })

  it('may be called like constants and functions', () => {
    const { errors, claims } = read('X = input(e, m); pi = X; var = mean(X); var(X) == var; pi == X; 1/e == 1/e')
    expect(errors).to.deep.equal([])
    expect(claims.map(({ subject }) => subject instanceof BackproveError)).to.deep.equal([false, false, false])
  })

  it('may be called as objects are', () => {
    const program = read(
      '__proto__ = input(); constructor = __proto__; toString = constructor; hasOwnProperty(z) = z\nhasOwnProperty(toString) == constructor',
    )
    expect(program.errors).to.deep.equal([])
    expect(subjectOf(program).lhs.kind).to.equal('definition')
    expect(faultOf(read('x == valueOf'))).to.equal('unknown-name 1:1')
  })
})

describe('sizes', () => {
  it('are names, whole numbers, and their sums and products', () => {
    const text = `L = 4; half = 1/2; p = 2*n; X = input(n, 2*m + 1, L - 1, n*m, n^2, p, 2*half)
r(k) = ones(k + 1, 1); r(3) == ones(4, 1); X == X`
    const program = read(text)
    expect(program.errors).to.deep.equal([])
    expect(shapeText(subjectOf(program, 1).lhs.shape)).to.equal('n×2*m+1×3×m*n×n^2×2*n×1')
    expect(subjectOf(program).lhs).to.equal(subjectOf(program).rhs)
  })

  it('are numbers elsewhere, also before the shape in which they stand', () => {
    const program = read('assume(m >= 2)\nX = input(n, m)\nsum(X)/m == mean(X)*n')
    expect(program.errors).to.deep.equal([])
    expect(program.sizes).to.deep.equal(['m', 'n'])
    expect(program.assumptions.map(({ aboutSizes }) => aboutSizes)).to.deep.equal([true])
  })

  it('cannot be values as well', () => {
    expect(read('n = 1/2\nX = input(n, 2)').errors.map(placeOf)).to.deep.equal(['size 2:11'])
    expect(read('X = input(n, 2)\nn = 3').errors.map(placeOf)).to.deep.equal(['redefinition 2:1'])
    expect(read('n = input()\nX = input(n, 2)').errors.map(placeOf)).to.deep.equal(['size 2:11'])
  })
})

describe('assumptions', () => {
  it('stand in declarations and in statements, turned to greater and at-least', () => {
    const text =
      "P = input(n, n, P > 0, P <= 1); eps = input(eps > 0)\nassume(det(P) > 0 and P' == P, 1 < eps, P != eps)"
    expect(read(text).assumptions.map(({ relation, text: said }) => `${relation}: ${said}`)).to.deep.equal([
      'greater: P > 0',
      'at-least: P <= 1',
      'greater: eps > 0',
      'greater: det(P) > 0',
      "equal: P' == P",
      'greater: 1 < eps',
      'not-equal: P != eps',
    ])
  })

  it('put the greater side first', () => {
    const [assumption] = read('x = input(); assume(1 < x)').assumptions
    expect(assumption?.lhs.kind).to.equal('input')
    expect(assumption?.rhs.kind).to.equal('constant')
  })
})

describe('loops', () => {
  it('give one claim for each pass, in order, with the loops around it', () => {
    const { claims } = read('for i = 1:2; for k = 3:-1:2; i*k == i; end; end; 1 == 1')
    expect(claims.map(({ iteration }) => (iteration === null ? null : [...iteration]))).to.deep.equal([
      [['i', 1], ['k', 3]], // prettier-ignore
      [['i', 1], ['k', 2]], // prettier-ignore
      [['i', 2], ['k', 3]], // prettier-ignore
      [['i', 2], ['k', 2]], // prettier-ignore
      null,
    ])
  })

  it('unroll a network whose names, sizes and functions take indices', () => {
    const program = read(`L = 3; A[0] = input(n[0], m); g[1] = tanh; g[2] = tanh; g[L] = sigmoid
for l = 1:L
  W[l] = param(n[l], n[l-1])
  Z[l] = W[l]*A[l-1]
  A[l] = g[l](Z[l])
end
J = sum(A[L])
for l = L:-1:1
  grad(J, Z[l]) == g[l]'(Z[l])
end`)
    expect(program.errors).to.deep.equal([])
    expect(
      program.claims.map(({ subject }) => (subject instanceof BackproveError ? subject.message : '')),
    ).to.deep.equal(['', '', ''])
    expect(shapeText(subjectOf(program).lhs.shape)).to.equal('n[3]×m')
  })

  it('keep the same local name of two passes apart', () => {
    const program = read('x = input(); J = x\nfor l = 1:2\n h = x\n grad(h*x, h) == x\nend')
    const [first, second] = [0, 1].map((index) => subjectOf(program, index).lhs)
    expect(first).not.to.equal(second)
  })

  it('report a fault once that every pass repeats', () => {
    expect(read('X = input(n, m)\nfor l = 1:3\nZ[l] = X*X\nend').errors.map(placeOf)).to.deep.equal(['shape 3:8'])
  })

  it('that cannot run have claims that cannot be judged', () => {
    const program = read('x = input(n)\nfor l = 1:n\nx == l\nend\nx == x')
    expect(program.errors.map(placeOf)).to.deep.equal(['argument 2:11'])
    expect([faultOf(program, 0), faultOf(program, 1)]).to.deep.equal(['depends-on-error 2:1', 'understood'])
  })
})

describe('functions', () => {
  it('free their argument for a prime, which is no name of the sheet', () => {
    const program = read("z = input(n); f(x) = x^2 + z; f'(z) == z")
    const { lhs } = subjectOf(program)
    expect(lhs.kind).to.equal('derivative')
    const free = lhs.inputs[1]
    expect(free?.kind === 'definition' && free.hidden).to.equal(true)
    expect(program.definitions.size).to.equal(0)
  })

  it('do not confuse the arguments of two primes at one place', () => {
    const program = read("z = input(); f(x) = x^3; g(x) = x*f'(z); g'(z) == z")
    const { lhs } = subjectOf(program)
    // The derivative of `g` is by its own argument only; that of `f` inside is by another.
    const [body, free] = lhs.inputs
    const inner = body?.inputs[1]
    expect(inner?.kind).to.equal('derivative')
    expect(inner?.inputs[1]).not.to.equal(free)
  })

  it('hide the built-in ones from where they stand', () => {
    const program = read('x = input(); relu(x) == max(x, 0); relu(z) = z; relu(x) == x')
    expect(subjectOf(program, 0).lhs).not.to.equal(subjectOf(program, 1).lhs)
    expect(subjectOf(program, 1).lhs).to.equal(subjectOf(program, 1).rhs)
  })

  it('are whole where their body, or what it calls, mixes entries', () => {
    const program = read(`A = input(n, n); s(x) = x/sum(x); d(x) = s(x)*x; e(x) = x*x; t(x) = x*x'
d(A) == A/sum(A)*A; e(A) == A .* A; t(A) == A*A'`)
    for (const index of [0, 1, 2]) expect(subjectOf(program, index).lhs).to.equal(subjectOf(program, index).rhs)
  })
})
