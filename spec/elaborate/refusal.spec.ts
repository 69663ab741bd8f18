import { expect } from 'chai'
import { BackproveError } from '../../src/base/errors.ts'
import { placeOf, read } from './sheet.ts'

/** The first fault of a sheet, in a claim or outside. */
function firstFault(text: string): BackproveError {
  const { errors, claims } = read(text)
  const faults = [...errors, ...claims.map(({ subject }) => subject)].filter((each) => each instanceof BackproveError)
  if (faults[0] === undefined) throw new Error(`nothing is wrong with: ${text}`)
  return faults[0]
}

const ARRAYS = `W2 = param(n_2, n_1); dZ2 = input(n_2, m); A1 = input(n_1, m); s = input(); v = input(n_1); u = input(k); S = input(n_1, n_1); T = input(b, n_1, m)
L = 4; half = 1/2; J = sum(A1)
`

/** The statement stands in line 3. */
const cases: readonly (readonly [statement: string, fault: string, said: string])[] = [
  // Names.
  ['y = dZ3', 'unknown-name 3:5', 'did you mean `dZ2`?'],
  ['y = DZ2', 'unknown-name 3:5', 'did you mean `dZ2`?'],
  ['y = zzzz', 'unknown-name 3:5', 'a value is defined by'],
  ['y = 3i', 'unknown-name 3:6', 'complex'],
  ['y = 3 cm', 'unknown-name 3:7', 'units'],
  ['y = __proto__ + constructor', 'unknown-name 3:5', '__proto__'],
  ['y = later; later = 1', 'unknown-name 3:5', 'before its definition in line 3'],
  ['x = x*x', 'unknown-name 3:5', 'before its definition'],
  ['y = np.inf', 'unknown-name 3:5', 'np.pi'],
  ['y = tanh + 1', 'unknown-name 3:5', 'call it: `tanh(…)`'],
  ['y = Z[3]', 'unknown-name 3:5', '`Z[3]`'],
  ['y = tahn(A1)', 'unknown-function 3:5', 'did you mean `tanh`?'],
  ['y = evaluate(A1)', 'unknown-function 3:5', 'nothing is evaluated'],
  ['y = derivative(A1)', 'unknown-function 3:5', 'grad(y, x)'],
  ['y = random(3)', 'unknown-function 3:5', 'input(n, m)'],
  ['y = import(3)', 'unknown-function 3:5', 'imported'],
  ['y = ln(A1)', 'unknown-function 3:5', 'log(x)'],
  ['y = toString(A1)', 'unknown-function 3:5', 'toString'],
  ['y = np.softmax(A1)', 'unknown-function 3:5', 'write `softmax(…)`'],
  ['y = np.multipli(A1, A1)', 'unknown-function 3:5', 'np.multiply'],
  ['y = 1 + input(n)', 'unknown-function 3:9', 'statement of its own'],
  ['y = A1(s + 1)', 'implicit-multiplication 3:5', '`A1*(…)`'],
  ['y = m(s + 1)', 'implicit-multiplication 3:5', '`m*(…)`'],
  ['J = 3', 'redefinition 3:1', 'line 2'],
  ['m = 3', 'redefinition 3:1', 'size since line 1'],
  ['f(z) = z; f(z) = z', 'redefinition 3:11', 'line 3'],
  ['g = tanh; g = exp', 'redefinition 3:11', 'line 3'],
  ['f(z) = f(z)', 'recursion 3:8', 'itself'],
  ['tanh(z) = 1 - tanh(z)', 'recursion 3:15', 'built-in'],
  ['f(z) = h(z); h(z) = f(z)', 'unknown-function 3:8', 'before its definition'],
  ['f(z) = z + q', 'unknown-name 3:12', '`q`'],
  // Arguments.
  ['y = relu(A1, s)', 'arity 3:5', 'takes 1 argument; here are 2'],
  ['y = pow(A1)', 'arity 3:5', 'takes 2 arguments; here is 1'],
  ['y = max()', 'arity 3:5', 'takes 1 argument; here are 0'],
  ['f(a, b) = a; y = f(s)', 'arity 3:18', 'takes 2 arguments; here is 1'],
  ['f(a) = a; y = f(a=s)', 'argument 3:17', 'in order'],
  ["f(a, b) = a; y = f'(s)", 'arity 3:18', 'one argument'],
  ["y = max'(s, s)", 'arity 3:5', 'one argument'],
  ['y = sum(A1, axes=1)', 'argument 3:13', 'did you mean `axis=`?'],
  ['y = sum(A1, 1, axis=1)', 'argument 3:16', 'twice'],
  ['y = sum(A1, keepdims=1)', 'argument 3:22', '`True` or `False`'],
  ['y = sum(A1, axis=half)', 'argument 3:18', 'whole number'],
  ['y = W[s]', 'argument 3:7', 'whole number'],
  ['y = relu(True)', 'argument 3:10', 'keepdims'],
  ['y = relu([1])', 'unsupported 3:10', 'axes'],
  ['y = sum(A1, axis=2)', 'axis 3:5', '0 to 1'],
  ['y = sum(A1, 0)', 'axis 3:13', '`axis=0`'],
  ['y = sum(A1, 3)', 'axis 3:13', 'from 1 to 2'],
  ['y = sum(s, axis=0)', 'axis 3:5', 'no axes'],
  ['y = sum(A1, axis=[0,-2])', 'axis 3:18', 'twice'],
  ['y = transpose(A1, [0,0])', 'axis 3:5', ''],
  ['assume(A1)', 'argument 3:8', 'compares'],
  ['assume(u == v)', 'shape 3:8', 'k with n_1'],
  // Shapes.
  ['y = W2*dZ2', 'shape 3:5', "Did you mean `W2'*dZ2` (n_1×m)?"],
  ["y = W2'*A1", 'shape 3:5', 'Did you mean `W2*A1` (n_2×m)?'],
  ['y = W2*A1*A1', 'shape 3:5', "Did you mean `W2*A1*A1'` (n_2×n_1)?"],
  ["y = A1'*W2", 'shape 3:5', "Did you mean `A1'*W2'` (m×n_2)?"],
  ["y = A1 + A1'", 'shape 3:5', 'Did you mean `A1 + A1` (n_1×m)?'],
  ['y = A1*A1', 'shape 3:5', '`A1 .* A1` is the product entry by entry'],
  ['y = s + W2 + A1', 'shape 3:5', 's + W2 is n_2×n_1, A1 is n_1×m'],
  ['y = v*A1', 'shape 3:5', 'outer(a, b)'],
  ['y = A1/A1', 'shape 3:5', '`A1 ./ A1`'],
  ['y = s/A1', 'shape 3:5', '`s ./ A1`'],
  ['y = A1^2', 'shape 3:5', '`A1.^2`'],
  ['y = S^s', 'shape 3:5', 'whole power'],
  ['y = 2^A1', 'shape 3:5', '`2.^A1`'],
  ['y = S^1000', 'too-large 3:5', '64'],
  ["y = v'", 'shape 3:5', 'outer'],
  ["y = T'", 'shape 3:5', 'transpose(A, [0,2,1])'],
  ['y = max(A1, W2)', 'shape 3:5', 'A1 is n_1×m, W2 is n_2×n_1'],
  ['y = trace(A1)', 'shape 3:5', 'square'],
  ['y = inv(A1)', 'shape 3:5', 'square'],
  ['y = dot(A1, A1)', 'shape 3:5', 'vectors'],
  ['y = dot(u, v)', 'shape 3:5', 'lengths'],
  ['y = np.dot(u, v)', 'shape 3:5', 'needs k = n_1'],
  ['y = kron(s, A1)', 'shape 3:5', 'two matrices'],
  ['y = reshape(A1, [n_1])', 'shape 3:5', 'all lengths are written out'],
  ['y = reshape(A1, [m, -1])', 'size 3:21', 'from 1'],
  ['y = reshape(A1)', 'arity 3:5', 'takes 2'],
  ['y = mse(A1, W2)', 'shape 3:5', 'A1 is n_1×m'],
  ['f(a) = a*s + W2; y = f(A1)', 'shape 3:22', 'in `f`: '],
  ['f(a, b) = a*exp(b); y = f(A1, A1)', 'shape 3:25', '`a .* exp(b)`'],
  ['f(a) = S*a; y = f(S)', 'shape 3:17', '`S .* a`'],
  // Sizes.
  ['y = input(0)', 'size 3:11', 'from 1'],
  ['y = input(-1)', 'size 3:11', 'from 1'],
  ['y = input(2.5)', 'size 3:11', 'from 1'],
  ['y = input(1e30)', 'size 3:11', 'from 1'],
  ['y = input(9^9^9^9)', 'size 3:11', 'from 1'],
  ['y = input(half)', 'size 3:11', 'which is 1/2'],
  ['y = input(s)', 'size 3:11', 'a value, not a size'],
  ['y = input(q - 1)', 'size 3:11', 'may be less than 1'],
  ['y = input(tanh(q))', 'size 3:11', 'from 1'],
  ['y = input(m, name=2)', 'argument 3:14', 'name'],
  // Derivatives.
  ['y = grad(W2*S, S)', 'not-scalar 3:5', 'jacobian'],
  ['y = grad(W2*A1, A1)', 'not-scalar 3:5', 'n_2×m'],
  ['y = grad(J, A1 + 0)', 'argument 3:13', 'name it first'],
  ['y = grad(J, m)', 'not-differentiable 3:13', 'no value'],
  ['c = 2*m; y = grad(J, c)', 'not-differentiable 3:22', 'made of sizes'],
  ['y = jacobian(A1, v)', 'shape 3:5', 'no vector'],
  ['y = hessian(v, v)', 'not-scalar 3:5', 'scalar'],
  ["y = softmax'(A1)", 'not-scalar 3:5', 'jacobian'],
  // Loops.
  ['for l = 1:m\nend', 'argument 3:11', 'whole number'],
  ['for l = 1:0:3\nend', 'loop 3:1', 'never ends'],
  ['for l = 3:1\nend', 'loop 3:1', '`3:-1:1`'],
  ['for l = 1:1000000\nend', 'too-large 3:1', '100000'],
  ['for m = 1:2\nend', 'redefinition 3:5', 'size'],
  ['for J = 1:2\nend', 'redefinition 3:5', 'line 2'],
  ['for l = 1:2\nl = 3\nend', 'redefinition 4:1', 'line 3'],
  ['for l = 1:2\nh = l\nend\ny = h', 'unknown-name 6:5', 'index'],
  ['for l = 1:2\nZ = A1\nZ = A1\nend', 'redefinition 5:1', 'line 4'],
  ['for l = 1:2\nQ[1] = A1\nend', 'redefinition 4:1', 'line 4'],
]

describe('elaborate refuses', () => {
  for (const [statement, fault, said] of cases) {
    it(`${JSON.stringify(statement)} with ${fault}`, () => {
      const error = firstFault(ARRAYS + statement)
      expect(placeOf(error)).to.equal(fault)
      expect(`${error.message}\n${error.hint}`).to.include(said)
    })
  }

  it('calls that would fill memory', () => {
    const doubling = Array.from({ length: 40 }, (_, i) => `f${i + 1}(z) = f${i}(z + 1) + f${i}(z + 2)`)
    expect(firstFault(['f0(z) = z', ...doubling, 'x = input(); y = f40(x)'].join('\n')).code).to.equal('too-large')
  })

  it('functions that call one another too deep', () => {
    const chain = Array.from({ length: 5000 }, (_, i) => `f${i + 1}(z) = f${i}(z) + 1`)
    expect(firstFault(['f0(z) = z', ...chain, 'x = input(); y = f5000(x)'].join('\n')).code).to.equal('too-large')
  })

  it('nothing that the stack could not hold', () => {
    const nested = `x = input()\ny = ${'(x or x and x == x + x*'.repeat(199)}x${')'.repeat(199)}\ny == 0`
    expect(read(nested).errors.map(placeOf)).to.deep.equal([])
  })
})
