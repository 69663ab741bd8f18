import { expect } from 'chai'
import type { Expr, Statement } from '../../src/syntax/ast.ts'
import { parseExpression, parseExpressions, parseSheet } from '../../src/syntax/sheet.ts'
import { toSource } from '../../src/syntax/source.ts'

const statements = (text: string): readonly Statement[] => parseSheet(text).statements

/** One line for each statement: its place, kind and parts, each expression fully parenthesised by its shape. */
function outline(list: readonly Statement[]): string[] {
  return list.map((statement) => {
    const place = `${statement.span.line}:${statement.span.column} ${statement.kind}`
    switch (statement.kind) {
      case 'definition':
        return `${place} ${toSource(statement.target)} := ${shape(statement.value)}`
      case 'function':
        return `${place} ${toSource(statement.target)}(${statement.parameters.map(({ name }) => name).join()}) := ${shape(statement.body)}`
      case 'claim':
        return `${place} ${statement.links.map(({ text, span }) => `${text} @${span.column}`).join(' & ')}`
      case 'assume':
        return `${place} ${statement.conditions.map(shape).join(' & ')}`
      case 'loop': {
        const range = [statement.from, statement.step, statement.to].map((end) => (end === null ? '' : shape(end)))
        return `${place} ${statement.variable.name} ${range.join('~')} {${outline(statement.body).join('; ')}}`
      }
      case 'invalid':
        return `${place} ${statement.error.code} ${statement.claims.map(({ text }) => text).join(' & ')}`
    }
  })
}

/** Every grouping shown, so that precedence is asserted and not the printer. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.text
    case 'boolean':
      return String(expr.value)
    case 'name':
      return `${expr.numpy ? 'np.' : ''}${expr.name}${expr.indices.length > 0 ? `[${expr.indices.map(shape).join()}]` : ''}`
    case 'call': {
      const keywords = expr.keywords.map(({ name, value }) => `${name}=${shape(value)}`)
      return `${shape(expr.callee)}${"'".repeat(expr.order)}(${[...expr.args.map(shape), ...keywords].join()})`
    }
    case 'prefix':
      return `{${expr.op} ${shape(expr.operand)}}`
    case 'infix':
      return `{${shape(expr.left)} ${expr.op} ${shape(expr.right)}}`
    case 'transpose':
      return `{${shape(expr.operand)} T}`
    case 'conditional':
      return `{${shape(expr.condition)} ? ${shape(expr.yes)} : ${shape(expr.no)}}`
    case 'list':
      return `[${expr.items.map(shape).join()}]`
  }
}

const grouping = (text: string): string => shape(parseExpression(text))

describe('parseSheet', () => {
  it('ends a statement at a line end or a semicolon and goes on inside brackets and after operators', () => {
    const text = 'W = param(n, 1);  b = param(1)  # two\n\nZ = W +   # go on\n  b\nJ = sum(Z\n  .* Z,\n axis=0)\n'
    expect(outline(statements(text))).to.deep.equal([
      '1:1 definition W := param(n,1)',
      '1:19 definition b := param(1)',
      '3:1 definition Z := {W + b}',
      '5:1 definition J := sum({Z .* Z},axis=0)',
    ])
  })

  it('accepts a byte order mark, tabs, and all line ends', () => {
    const lines = ['\uFEFFx = input()', '\ty = x # c', 'y == x']
    const expected = ['1:1 definition x := input()', '2:2 definition y := x', '3:1 claim y == x @1']
    for (const end of ['\n', '\r\n', '\r']) {
      expect(outline(statements(lines.join(end)))).to.deep.equal(expected)
    }
  })

  it('gives no statements for an empty sheet', () => {
    for (const text of ['', '\uFEFF', '\n\n', '  # nothing', ';;']) expect(statements(text)).to.deep.equal([])
  })

  it('reads functions, aliases and assumptions', () => {
    const text = 'f(a, b) = a*b\ng[1] = tanh\nh[2](z) = z\nassume(m >= n, sum(Y, axis=0) == 1)\nmask = a == b'
    expect(outline(statements(text))).to.deep.equal([
      '1:1 function f(a,b) := {a * b}',
      '2:1 definition g[1] := tanh',
      '3:1 function h[2](z) := z',
      '4:1 assume {m >= n} & {sum(Y,axis=0) == 1}',
      '5:1 definition mask := {a == b}',
    ])
  })

  it('keeps the text of each link of a claim as it is spelt, without comments', () => {
    const text = "grad( L,Z ) ==  A-Y == dZ  # c\ngrad(J, W) == 1/m * # a\n   # b\n  dZ*A'   # c"
    expect(outline(statements(text))).to.deep.equal([
      '1:1 claim grad( L,Z ) ==  A-Y @1 & A-Y == dZ @17',
      "2:1 claim grad(J, W) == 1/m * dZ*A' @1",
    ])
  })

  it('nests loops', () => {
    const text = 'for l = 1:L\n  for k = 3:-1:1; Z[l,k] = W[l]; end\n  Z[l] == 0\nend\nx = 1'
    expect(outline(statements(text))).to.deep.equal([
      '1:1 loop l 1~~L {2:3 loop k 3~{- 1}~1 {2:19 definition Z[l, k] := W[l]}; 3:3 claim Z[l] == 0 @3}',
      '5:1 definition x := 1',
    ])
  })

  it('reads the statements after one that it cannot read', () => {
    const text = [
      'A = W @ X',
      'grad(J, W) == dZ @ X',
      'B = tanh(W*X',
      'C = W +',
      'D = 1',
      'a == b < c == d',
      'E = 2)',
      'a == b == c d',
      'F = 3',
    ]
    expect(outline(statements(text.join('\n')))).to.deep.equal([
      '1:1 invalid foreign-syntax ',
      '2:1 invalid foreign-syntax grad(J, W) == dZ @ X',
      '3:1 invalid syntax ',
      '4:1 invalid syntax ',
      '5:1 definition D := 1',
      '6:1 invalid mixed-chain a == b < c == d',
      '7:1 invalid syntax ',
      '8:1 invalid implicit-multiplication a == b & b == c d',
      '9:1 definition F := 3',
    ])
  })

  it('keeps the loops whole around a statement that it cannot read', () => {
    expect(outline(statements('for l = 1:2\nZ[l] = (1 +\nend\nx = 1'))).to.deep.equal([
      '1:1 loop l 1~~2 {2:1 invalid syntax }',
      '4:1 definition x := 1',
    ])
  })

  it('turns the claims of a loop that it cannot read into claims that cannot be judged', () => {
    expect(outline(statements('for l in 1:2\nx = 1\nx == y == z\nend\nx == 1'))).to.deep.equal([
      '1:1 invalid loop ',
      '2:1 invalid depends-on-error ',
      '3:1 invalid depends-on-error x == y & y == z',
      '5:1 claim x == 1 @1',
    ])
  })

  it('says that an `end` is missing and judges what stands in the loop', () => {
    expect(outline(statements('for l = 1:2\nx == l'))).to.deep.equal([
      '1:1 invalid loop ',
      '1:1 loop l 1~~2 {2:1 claim x == l @1}',
    ])
  })

  it('compares names in NFC and takes any name', () => {
    expect(outline(statements('y\u0302 = __proto__ + constructor'))).to.deep.equal([
      '1:1 definition ŷ := {__proto__ + constructor}',
    ])
  })
})

describe('parseExpression', () => {
  const groupings: readonly (readonly [string, string])[] = [
    ["g'(Z).^2", "{g'(Z) .^ 2}"],
    ["-g'(z)", "{- g'(z)}"],
    ["a*g'(z)*b", "{{a * g'(z)} * b}"],
    ["g''(Z)*g'(Z)", "{g''(Z) * g'(Z)}"],
    ["g[l]'(Z[l])", "g[l]'(Z[l])"],
    ["g[l]'(Z')'", "{g[l]'({Z T}) T}"],
    ["W'*dZ", '{{W T} * dZ}'],
    ['W.T*dZ.T', '{{W T} * {dZ T}}'],
    ["A'^2", '{{A T} ^ 2}'],
    ['-x^2', '{- {x ^ 2}}'],
    ['x^-y^z', '{x ^ {- {y ^ z}}}'],
    ['2^3^2', '{2 ^ {3 ^ 2}}'],
    ['a - b - c', '{{a - b} - c}'],
    ['a/b*c', '{{a / b} * c}'],
    ['2 m', '{2 * m}'],
    ['2 m^2/n', '{{2 * {m ^ 2}} / n}'],
    ['-2 m', '{{- 2} * m}'],
    ['1 ./ m', '{1 ./ m}'],
    ['1./m', '{1 ./ m}'],
    ['2.^x', '{2 .^ x}'],
    ['1.5e-3*e', '{1.5e-3 * e}'],
    ['a > 0 and not b or c', '{{{a > 0} and {not b}} or c}'],
    ['a > 0 ? b : c < d ? 1 : 2', '{{a > 0} ? b : {{c < d} ? 1 : 2}}'],
    ['(a == b) * (c)', '{{a == b} * c}'],
    ['W[l][k]', 'W[l,k]'],
    ['np.sum(np.dot(W.T, X), axis=1, keepdims=True)', 'np.sum(np.dot({W T},X),axis=1,keepdims=true)'],
    ['np.linalg.inv(A)', 'np.linalg.inv(A)'],
    ['np.T', '{np T}'],
    ['transpose(A, [0,-1])', 'transpose(A,[0,{- 1}])'],
  ]
  for (const [text, expected] of groupings) {
    it(`groups ${text} as ${expected}`, () => {
      expect(grouping(text)).to.equal(expected)
    })
  }

  it('gives the place of every part', () => {
    const expr = parseExpression("((a)) + f( -b, k = (c*d)' )")
    const spans: string[] = []
    JSON.stringify(expr, (_, value: unknown) => {
      if (typeof value === 'object' && value !== null && 'span' in value) {
        const { kind, span } = value as { kind?: string; span: { line: number; column: number } }
        spans.push(`${kind ?? 'keyword'} ${span.line}:${span.column}`)
      }
      return value
    })
    expect(spans).to.deep.equal([
      'infix 1:1',
      'name 1:3',
      'call 1:9',
      'name 1:9',
      'prefix 1:12',
      'name 1:13',
      'keyword 1:16',
      'transpose 1:20',
      'infix 1:21',
      'name 1:21',
      'name 1:23',
    ])
  })

  it('cuts a list at the commas outside brackets', () => {
    expect(parseExpressions('relu, max(z, 0), z*sigmoid(z)').map(shape)).to.deep.equal([
      'relu',
      'max(z,0)',
      '{z * sigmoid(z)}',
    ])
  })
})
