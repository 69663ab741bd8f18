import type { Node } from '../graph/node.ts'
import type { Size } from '../shape/size.ts'
import type { Free, Principle } from './rule.ts'

type Sides = readonly [Node, Node]

const ARITHMETIC = 'arithmetic of rational functions'
const INDICES = 'linearity of sums, and sums over an index that nothing carries'

const sizeOf = (free: Free, name: string): Size => free.matrix('s', name, 1).shape[0]!

/** Entry by entry: what `algebra.ts` keeps to. */
const RATIONAL: readonly Principle[] = [
  {
    name: 'like-terms',
    says: 'x + 2*x = 3*x',
    condition: '',
    source: ARITHMETIC,
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('add', x, b.call('mul', b.whole(2), x)), b.call('mul', b.whole(3), x)]
    },
  },
  {
    name: 'common-factor',
    says: 'x.*y + x.*z = x.*(y + z)',
    condition: '',
    source: ARITHMETIC,
    sides: (b, free): Sides => {
      const [x, y, z] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 1), free.matrix('z', 'n', 'm')]
      return [b.call('add', b.call('mul', x, y), b.call('mul', x, z)), b.call('mul', x, b.call('add', y, z))]
    },
  },
  {
    name: 'cancel-factor',
    says: 'x.*y./y = x',
    condition: 'y != 0, where the left side has a value',
    source: ARITHMETIC,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm')]
      return [b.call('div', b.call('mul', x, y), y), x]
    },
  },
  {
    name: 'cancel-polynomial',
    says: '(x.*y - x)./(y - 1) = x',
    condition: 'y != 1, where the left side has a value',
    source: "Cox, Little, O'Shea, Ideals, Varieties, and Algorithms, section 2.3",
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm')]
      return [b.call('div', b.call('sub', b.call('mul', x, y), x), b.call('sub', y, b.whole(1))), x]
    },
  },
  {
    name: 'common-denominator',
    says: '(1 - y)./(1 - x) - y./x = (x - y)./(x.*(1 - x))',
    condition: 'x != 0, x != 1, where the left side has a value',
    source: ARITHMETIC,
    sides: (b, free): Sides => {
      const [x, y, one] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm'), b.whole(1)]
      const rest = b.call('sub', one, x)
      const left = b.call('sub', b.call('div', b.call('sub', one, y), rest), b.call('div', y, x))
      return [left, b.call('div', b.call('sub', x, y), b.call('mul', x, rest))]
    },
  },
  {
    name: 'sign-into-difference',
    says: '-(x - y) = y - x',
    condition: '',
    source: ARITHMETIC,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm')]
      return [b.call('neg', b.call('sub', x, y)), b.call('sub', y, x)]
    },
  },
  {
    name: 'two-signs',
    says: '(-x).*(-y) = x.*y',
    condition: '',
    source: ARITHMETIC,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm')]
      return [b.call('mul', b.call('neg', x), b.call('neg', y)), b.call('mul', x, y)]
    },
  },
  {
    name: 'powers-add',
    says: 'x.^2.*x = x.^3',
    condition: 'whole exponents',
    source: ARITHMETIC,
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('mul', b.call('pow', x, b.whole(2)), x), b.call('pow', x, b.whole(3))]
    },
  },
  {
    name: 'square-of-root',
    says: 'x./sqrt(x) = sqrt(x)',
    condition: 'x > 0, where the left side has a value; never sqrt(x.^2) = x',
    source: 'the definition of the square root',
    sides: (b, free): Sides => {
      const x = free.positive('x', 'n', 'm')
      return [b.call('div', x, b.call('sqrt', x)), b.call('sqrt', x)]
    },
  },
  {
    name: 'sign-times-magnitude',
    says: 'sign(x).*abs(x) = x',
    condition: '',
    source: 'the definition of sign and absolute value',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('mul', b.call('sign', x), b.call('abs', x)), x]
    },
  },
  {
    name: 'sign-times-value',
    says: 'sign(x).*x = abs(x)',
    condition: '',
    source: 'the definition of sign and absolute value',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('mul', b.call('sign', x), x), b.call('abs', x)]
    },
  },
  {
    name: 'value-over-magnitude',
    says: 'x./abs(x) = sign(x)',
    condition: 'x != 0, where the left side has a value',
    source: 'the definition of sign and absolute value',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('div', x, b.call('abs', x)), b.call('sign', x)]
    },
  },
  {
    name: 'sign-over-magnitude',
    says: 'sign(x)./abs(x) = 1./x',
    condition: 'x != 0, where the left side has a value',
    source: 'the definition of sign and absolute value',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('div', b.call('sign', x), b.call('abs', x)), b.call('div', b.whole(1), x)]
    },
  },
  {
    name: 'magnitude-squared',
    says: 'abs(x).^2 = x.^2',
    condition: '',
    source: 'the definition of sign and absolute value',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('pow', b.call('abs', x), b.whole(2)), b.call('pow', x, b.whole(2))]
    },
  },
  {
    name: 'magnitude-of-multiple',
    says: 'abs(-2*x) = 2*abs(x)',
    condition: '',
    source: 'the definition of sign and absolute value',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('abs', b.call('mul', b.whole(-2), x)), b.call('mul', b.whole(2), b.call('abs', x))]
    },
  },
  {
    name: 'sign-of-multiple',
    says: 'sign(-2*x) = -sign(x)',
    condition: '',
    source: 'the definition of sign and absolute value',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('sign', b.call('mul', b.whole(-2), x)), b.call('neg', b.call('sign', x))]
    },
  },
  {
    name: 'truth-squared',
    says: '(x > y).*(x > y) = (x > y)',
    condition: '',
    source: 'truth values are 0 and 1',
    sides: (b, free): Sides => {
      const truth = b.call('gt', free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm'))
      return [b.call('mul', truth, truth), truth]
    },
  },
  {
    name: 'multiples-compared',
    says: '(x > 3*x) = (0 > x)',
    condition: '',
    source: 'the order of the real numbers: multiplying by a positive number keeps it',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.call('gt', x, b.call('mul', b.whole(3), x)), b.call('gt', b.whole(0), x)]
    },
  },
  {
    name: 'choice-common-factor',
    says: 'where(x > 0, y.*z, 2*z) = z.*where(x > 0, y, 2)',
    condition: 'z has a value everywhere',
    source: 'the definition of a choice',
    sides: (b, free): Sides => {
      const [x, y, z] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm'), free.matrix('z', 'n', 'm')]
      const above = b.call('gt', x, b.whole(0))
      const left = b.call('where', above, b.call('mul', y, z), b.call('mul', b.whole(2), z))
      return [left, b.call('mul', z, b.call('where', above, y, b.whole(2)))]
    },
  },
  {
    name: 'choice-beside-zero',
    says: 'where(x > 0, y, 0) = y.*(x > 0)',
    condition: 'y has a value everywhere',
    source: 'the definition of a choice',
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm')]
      const above = b.call('gt', x, b.whole(0))
      return [b.call('where', above, y, b.whole(0)), b.call('mul', y, above)]
    },
  },
]

/** Over indices: what `contract.ts` keeps to. */
const LINEAR: readonly Principle[] = [
  {
    name: 'number-out-of-product',
    says: '(2*x)*(-y) = -2*x*y',
    condition: '',
    source: INDICES,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'k'), free.matrix('y', 'k', 'm')]
      const left = b.matmul(b.call('mul', b.whole(2), x), b.call('neg', y))
      return [left, b.call('neg', b.call('mul', b.whole(2), b.matmul(x, y)))]
    },
  },
  {
    name: 'sum-of-negative',
    says: 'sum(-x, axis=1) = -sum(x, axis=1)',
    condition: '',
    source: INDICES,
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.sum(b.call('neg', x), [1], true), b.call('neg', b.sum(x, [1], true))]
    },
  },
  {
    name: 'broadcast-factor-out-of-sum',
    says: 'sum(x.*y, axis=0) = sum(x, axis=0).*y with y of one row',
    condition: '',
    source: INDICES,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 1, 'm')]
      return [b.sum(b.call('mul', x, y), [0], true), b.call('mul', b.sum(x, [0], true), y)]
    },
  },
  {
    name: 'sum-of-repeated',
    says: 'sum(x.*ones(n, m), axis=1) = m*x with x of one column',
    condition: '',
    source: INDICES,
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 1)
      const wide = b.broadcast(x, [x.shape[0]!, sizeOf(free, 'm')])
      return [b.sum(wide, [1], true), b.call('mul', free.size('m'), x)]
    },
  },
  {
    name: 'sum-of-sum',
    says: 'sum(sum(x, axis=0)) = sum(x)',
    condition: '',
    source: INDICES,
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.sum(b.sum(x, [0], true)), b.sum(x)]
    },
  },
  {
    name: 'sum-of-outer-product',
    says: "sum(x.*y') = sum(x)*sum(y) with columns x, y",
    condition: '',
    source: INDICES,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 1), free.matrix('y', 'm', 1)]
      return [b.sum(b.call('mul', x, b.transpose(y))), b.call('mul', b.sum(x), b.sum(y))]
    },
  },
  {
    name: 'unit-matrix',
    says: 'eye(n)*x = x',
    condition: '',
    source: 'deltas identify indices',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      return [b.matmul(b.eye(x.shape[0]!), x), x]
    },
  },
  {
    name: 'transpose-of-transpose',
    says: "(x' + y')' = (x' + y')'",
    condition: '',
    source: INDICES,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm')]
      const sum = b.call('add', x, y)
      return [b.transpose(b.call('mul', b.whole(1), b.transpose(sum))), sum]
    },
  },
  {
    name: 'same-axes-join',
    says: "trace((x./y)*y') = sum(x) with y nowhere 0",
    condition: 'y != 0, where the left side has a value',
    source: INDICES,
    sides: (b, free): Sides => {
      const [x, y] = [free.matrix('x', 'n', 'm'), free.matrix('y', 'n', 'm')]
      return [b.einsum('ij,ij->', [b.call('div', x, y), y]), b.sum(x)]
    },
  },
  {
    name: 'softmax-sums-to-one',
    says: 'sum(softmax(x, axis=0), axis=0) = ones(1, m)',
    condition: '',
    source: 'the definition of softmax',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      const total = b.sum(b.normalise('softmax', x, [0]), [0], true)
      return [total, b.ones(total.shape)]
    },
  },
  {
    name: 'onehot-sums-to-one',
    says: 'sum(y, axis=0) = ones(1, m)',
    condition: 'y is declared onehot',
    source: 'the meaning of `onehot`',
    sides: (b, free): Sides => {
      const total = b.sum(free.onehot('y', 'n', 'm'), [0], true)
      return [total, b.ones(total.shape)]
    },
  },
]

/** By names: what `names.ts` keeps to. The right sides use a definition that the left sides mean. */
const NAMED: readonly Principle[] = [
  {
    name: 'body-by-name',
    says: 'sigmoid(x) + tanh(x).*d = a + tanh(x).*d where a = sigmoid(x), and d uses a',
    condition: 'the definition is in scope',
    source: 'definitions are equalities',
    sides: (b, free): Sides => {
      const x = free.matrix('x', 'n', 'm')
      const a = b.define('a', b.call('sigmoid', x))
      const rest = b.call('mul', b.call('tanh', x), b.define('d', b.call('log', a)))
      return [b.call('add', b.call('sigmoid', x), rest), b.call('add', a, rest)]
    },
  },
  {
    name: 'product-by-name',
    says: 'x./z + d = a + d where a = x./z, and d uses a',
    condition: 'the definition is in scope; no new denominator appears',
    source: 'definitions are equalities',
    sides: (b, free): Sides => {
      const [x, z] = [free.matrix('x', 'n', 'm'), free.matrix('z', 'n', 'm')]
      const a = b.define('a', b.call('div', x, z))
      const d = b.define('d', b.call('exp', a))
      const y = free.matrix('y', 'n', 'm')
      return [b.call('add', b.call('mul', y, b.call('div', x, z)), d), b.call('add', b.call('mul', y, a), d)]
    },
  },
  {
    name: 'quotient-by-name',
    says: 'exp(-x)./(1 + exp(-x)) + d = 1 - a + d where a = 1./(1 + exp(-x)), and d uses a',
    condition: 'the definition is in scope',
    source: 'division with remainder by the denominator',
    sides: (b, free): Sides => {
      const e = b.call('exp', b.call('neg', free.matrix('x', 'n', 'm')))
      const below = b.call('add', b.whole(1), e)
      const a = b.define('a', b.call('div', b.whole(1), below))
      const d = b.define('d', b.call('sin', a))
      const y = free.matrix('y', 'n', 'm')
      const right = b.call('mul', y, b.call('sub', b.whole(1), a))
      return [b.call('mul', b.call('mul', y, b.call('div', e, below)), d), b.call('mul', right, d)]
    },
  },
]

/** The rules that the normal forms keep to, each with an instance that tests sample. */
export const PRINCIPLES: readonly Principle[] = [...RATIONAL, ...LINEAR, ...NAMED]
