import { expect } from 'chai'
import type { NestedArray } from '../../src/evaluate/nested.ts'
import { shapeText } from '../../src/shape/shape.ts'
import { reading, valuesOf } from './sheet.ts'

const ARRAYS = `
s = input(); t = input(); o = input(1, 1); v = input(n); w = input(n)
A = input(n, m); B = input(n, m); C = input(m, k); S = input(n, n); c = input(n, 1); r = input(1, m)
T = input(b, n, m); U = input(b, m, k); Z = input(n, 1)
`

describe('shapes', () => {
  const node = reading(ARRAYS)
  const shapes: Readonly<Record<string, string>> = {
    's + t': 'scalar',
    'A + B': 'n×m',
    'A + c': 'n×m',
    'A .* r + c': 'n×m',
    'c .* r': 'n×m',
    'A*C': 'n×k',
    'c*r': 'n×m',
    "c'*c": '1×1',
    "c'*c*A": 'n×m',
    "A*(c'*c)": 'n×m',
    'o*v': 'n',
    'v*o': 'n',
    'v/o': 'n',
    'T*U': 'b×n×k',
    'A*U': 'b×n×k',
    '2 m': 'scalar',
    "A'": 'm×n',
    "s'": 'scalar',
    'S^2': 'n×n',
    'S^-1': 'n×n',
    's^t': 'scalar',
    'o^2': '1×1',
    'A > B and not (A == 0)': 'n×m',
    's > 0 ? A : c': 'n×m',
    'sum(A)': 'scalar',
    'sum(A, 1)': '1×m',
    'sum(A, 2)': 'n×1',
    'sum(A, axis=0)': '1×m',
    'sum(A, axis=-1)': 'n×1',
    'sum(T, axis=[0,2])': '1×n×1',
    'sum(A, axis=0, keepdims=False)': 'm',
    'sum(A, keepdims=True)': '1×1',
    'np.sum(A)': 'scalar',
    'np.sum(A, 1)': 'n',
    'np.sum(A, axis=1)': 'n',
    'np.sum(A, axis=1, keepdims=True)': 'n×1',
    'np.sum(A, axis=None)': 'scalar',
    'np.sum(T, axis=[0,2])': 'n',
    'mean(A, axis=1)': 'n×1',
    'var(A, axis=1)': 'n×1',
    'std(A)': 'scalar',
    'norm(A)': 'scalar',
    'norm(A, axis=0)': '1×m',
    'prod(A, 1)': '1×m',
    'max(A)': 'scalar',
    'max(A, axis=0)': '1×m',
    'max(A, 0)': 'n×m',
    'max(A, c, r)': 'n×m',
    'logsumexp(A, axis=0)': '1×m',
    'logsumexp(A)': 'scalar',
    'softmax(A)': 'n×m',
    'softmax(v)': 'n',
    'log_softmax(A, axis=1)': 'n×m',
    'transpose(T, [0,2,1])': 'b×m×n',
    'transpose(A)': 'm×n',
    'np.transpose(T)': 'm×n×b',
    'diag(S)': 'n',
    'diag(v)': 'n×n',
    'diag(c)': 'n×n',
    'trace(S)': 'scalar',
    'dot(v, w)': 'scalar',
    'dot(c, c)': 'scalar',
    'dot(S, v)': 'n',
    'outer(v, w)': 'n×n',
    'outer(c, r)': 'n×m',
    'inv(S)': 'n×n',
    'det(S)': 'scalar',
    'logdet(S)': 'scalar',
    'kron(A, C)': 'm*n×k*m',
    'reshape(A, [m*n])': 'm*n',
    'reshape(A, 1, m, n)': '1×m×n',
    'np.reshape(A, [m, n])': 'm×n',
    'ones(n, m)': 'n×m',
    'zeros(2, n)': '2×n',
    'zeros()': 'scalar',
    'eye(n)': 'n×n',
    'mse(A, B)': 'scalar',
    'binary_cross_entropy(A, B)': 'scalar',
    'cross_entropy(A, B)': 'scalar',
    'np.dot(A, C)': 'n×k',
    'np.dot(T, C)': 'b×n×k',
    'np.dot(T, U)': 'b×n×b×k',
    'np.dot(v, w)': 'scalar',
    'np.matmul(T, U)': 'b×n×k',
    'np.matmul(v, S)': 'n',
    'np.outer(A, v)': 'm*n×n',
    'np.linalg.norm(A, axis=1)': 'n',
    'np.linalg.inv(S)': 'n×n',
    'np.ones([n, m])': 'n×m',
    'np.zeros_like(A)': 'n×m',
    'grad(sum(A), A)': 'n×m',
    'grad(tanh(A), A)': 'n×m',
    'jacobian(dot(S, v), v)': 'n×n',
    "hessian(c'*S*c, c)": 'n×n',
    "tanh'(A)": 'n×m',
    "tanh''(A)": 'n×m',
    "leaky_relu'(A, slope=0.2)": 'n×m',
  }
  for (const [text, shape] of Object.entries(shapes)) {
    it(`gives ${text} the shape ${shape}`, () => {
      expect(shapeText(node(text).shape)).to.equal(shape)
    })
  }
})

describe('spellings', () => {
  const node = reading(`${ARRAYS}
L = 3; f(z) = exp(z)/sum(exp(z)); sq(z) = z*z; g[1] = tanh; g[2](z) = z^2; var = mean(A); ŷ = s; p(a, b) = a .* b`)
  const pairs: readonly (readonly [string, string])[] = [
    ['A.T', "A'"],
    ["A''", 'A'],
    ['sum(A, 1)', 'sum(A, axis=0)'],
    ['sum(A, 2)', 'sum(A, axis=-1)'],
    ['sum(T, axis=[2,0])', 'sum(T, axis=[0,2])'],
    ['np.sum(A, 1, keepdims=True)', 'sum(A, axis=1)'],
    ['np.sum(A, axis=0)', 'sum(A, axis=0, keepdims=False)'],
    ['np.dot(A.T, B)', "A'*B"],
    ['np.matmul(A.T, B)', "A'*B"],
    ['np.multiply(A, B)', 'A .* B'],
    ['np.maximum(A, 0)', 'max(A, 0)'],
    ['np.max(A)', 'max(A)'],
    ['np.less(A, B)', 'A < B'],
    ['np.exp(A)', 'exp(A)'],
    ['np.pi', 'pi'],
    ['np.arctan(A)', 'atan(A)'],
    ['A < B', 'B > A'],
    ['A <= B', 'B >= A'],
    ['max(s, t, 0)', 'max(max(s, t), 0)'],
    ['leaky_relu(A)', 'leaky_relu(A, slope=0.01)'],
    ['elu(A)', 'elu(A, alpha=1)'],
    ['swish(A)', 'swish(A, 1)'],
    ['softmax(A)', 'softmax(A, axis=0)'],
    ['S^3', 'S*S*S'],
    ['S^0', 'eye(n)'],
    ['S^-2', 'inv(S)*inv(S)'],
    ['A.^(1/2)', 'A.^0.5'],
    ['A.^-1', 'A.^(-1)'],
    ['1e-2', '0.01'],
    ['+s', 's'],
    ['dot(c, c)', 'sum(dot(c, c))'],
    ['mse(A, B)', 'sum((A - B).^2)'],
    ['cross_entropy(A, B)', '-sum(B .* log(A))'],
    ['binary_cross_entropy(A, B)', '-sum(B.*log(A) + (1 - B).*log(1 - A))'],
    ['mean(A, axis=1)', 'sum(A, axis=1)/m'],
    ['norm(A)', 'sqrt(sum(A.^2))'],
    ['std(A, axis=0)', 'sqrt(var(A, 1))'],
    ['f(A)', 'exp(A)/sum(exp(A))'],
    ['sq(A)', 'A .* A'],
    ['p(A, c)', 'A .* c'],
    ['g[1](A)', 'tanh(A)'],
    ['g[L - 1](A)', 'A.^2'],
    ['Z + L', 'Z + L'],
    ['y\u0302 + 1', 'ŷ + 1'],
    ['hessian(sum(c.^3), c)', 'jacobian(grad(sum(c.^3), c), c)'],
    ['3.141592653589793', 'pi'],
    ['2.718281828459045', 'e'],
    ['(((A)))', 'A'],
    ['transpose(A, [1,0])', "A'"],
  ]
  for (const [one, other] of pairs) {
    it(`reads ${one} as ${other}`, () => {
      expect(node(one).id).to.equal(node(other).id)
    })
  }

  it('keeps apart what is not the same', () => {
    const different: readonly (readonly [string, string])[] = [
      ['A*C', 'A*(C + 0)'],
      ['sum(A, axis=0)', 'sum(A, axis=1)'],
      ['relu(A) > 0', 'relu(A) >= 0'],
      ['3.14159265358979', 'pi'],
      ['sq(A)', "A*A'"],
    ]
    for (const [one, other] of different) expect(node(one).id, `${one} and ${other}`).not.to.equal(node(other).id)
  })
})

describe('values', () => {
  const value = valuesOf(
    'A = input(n, m); C = input(m, k); S = input(n, n); v = input(n); w = input(n); T = input(p, n, m)\nrow(x) = x/sum(x)',
    { n: 2, m: 3, k: 1, p: 2 },
    {
      A: [
        [1, 2, 3],
        [4, 5, 7],
      ],
      C: [[1], [-1], [2]],
      S: [
        [2, 1],
        [0, 4],
      ],
      v: [1, 2],
      w: [3, 5],
      T: [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [
          [0, 1, 0],
          [1, 0, 1],
        ],
      ],
    },
  )
  const cases: readonly (readonly [string, NestedArray])[] = [
    ['A*C', [[5], [13]]],
    ['T*C', [[[5], [11]], [[-1], [3]]]], // prettier-ignore
    ['np.dot(T, C)', [[[5], [11]], [[-1], [3]]]], // prettier-ignore
    ['sum(A, axis=0)', [[5, 7, 10]]],
    ['np.sum(A, axis=0)', [5, 7, 10]],
    ['mean(A, axis=1)', [[2], [16 / 3]]],
    ['var(v)', 0.25],
    ['std(v)', 0.5],
    ['prod(A, axis=1)', [[6], [140]]],
    ['max(A, axis=0)', [[4, 5, 7]]],
    ['min(A, 4)', [[1, 2, 3], [4, 4, 4]]], // prettier-ignore
    ['norm(w - v)', Math.sqrt(13)],
    ['dot(v, w)', 13],
    ['dot(S, v)', [4, 8]],
    ['dot(v, S)', [2, 9]],
    ['np.dot(S, v)', [4, 8]],
    ['np.dot(v, S)', [2, 9]],
    ['outer(v, w)', [[3, 5], [6, 10]]], // prettier-ignore
    ['kron(S, eye(1) + 1)', [[4, 2], [0, 8]]], // prettier-ignore
    ['kron(v, w)', [3, 5, 6, 10]],
    ['reshape(A, [m*n])', [1, 2, 3, 4, 5, 7]],
    ['diag(S)', [2, 4]],
    ['diag(v)', [[1, 0], [0, 2]]], // prettier-ignore
    ['trace(S)', 6],
    ['det(S)', 8],
    ['S^2', [[4, 6], [0, 16]]], // prettier-ignore
    ['1/2*m - n/4', 1],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['2^3^2', 512],
    ['(1 < 2) + (2 <= 2) + (3 != 3) + (1 == 1 and not (2 > 1))', 2],
    ['1 > 2 ? 3 : 2 > 1 ? 4 : 5', 4],
    ['step(0) + step(2)', 1],
    ['where(A > 3, 1, 0)', [[0, 0, 0], [1, 1, 1]]], // prettier-ignore
    ['np.clip(v, 1.5, 1.75)', [1.5, 1.75]],
    ['row(v)', [1 / 3, 2 / 3]],
    ['transpose(T, [2,0,1])', [[[1, 4], [0, 1]], [[2, 5], [1, 0]], [[3, 6], [0, 1]]]], // prettier-ignore
    ['np.transpose(v)', [1, 2]],
    ['np.outer(S, v)', [[2, 4], [1, 2], [0, 0], [4, 8]]], // prettier-ignore
    ['logsumexp(zeros(2))', Math.log(2)],
    ['mse(v, w)', 13],
  ]
  for (const [text, expected] of cases) {
    it(`of ${text}`, () => {
      const found = value(text)
      const flat = (array: NestedArray): readonly number[] => [array].flat(9) as number[]
      expect(JSON.stringify(shapeOf(found))).to.equal(JSON.stringify(shapeOf(expected)))
      for (const [at, entry] of flat(found).entries()) expect(entry).to.be.closeTo(flat(expected)[at]!, 1e-12)
    })
  }
})

function shapeOf(array: NestedArray): number[] {
  return typeof array === 'number' ? [] : [array.length, ...shapeOf(array[0] ?? 0)]
}
