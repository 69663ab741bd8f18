import { expect } from 'chai'
import { collapsed } from '../../src/draw/collapse.ts'
import { drawProgram, DRAWING_FORMATS } from '../../src/draw/draw.ts'
import { layOut } from '../../src/draw/layout.ts'
import type { Box } from '../../src/draw/layout.ts'
import { layerOf, pictureOf } from '../../src/draw/picture.ts'
import type { Picture } from '../../src/draw/picture.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Program } from '../../src/graph/program.ts'
import { parseSheet } from '../../src/syntax/sheet.ts'

const read = (text: string): Program => elaborate(parseSheet(text))

const TWO_LAYERS = `
X = input(n_x, m); Y = label(1, m)
W1 = param(n_1, n_x); b1 = param(n_1, 1); W2 = param(1, n_1); b2 = param(1, 1)
Z1 = W1*X + b1
A1 = tanh(Z1)
Z2 = W2*A1 + b2
A2 = sigmoid(Z2)
L = -sum(Y.*log(A2) + (1 - Y).*log(1 - A2))
J = L/m`

const deep = (depth: number): string => `
X = input(n[0], m)
A[0] = X
for l = 1:${depth}
  W[l] = param(n[l], n[l-1]); b[l] = param(n[l], 1)
  Z[l] = W[l]*A[l-1] + b[l]
  A[l] = tanh(Z[l])
end
J = sum(A[${depth}])/m`

const picture = (text: string): Picture => {
  const program = read(text)
  return pictureOf(program.builder, program.definitions.get('J')!)
}

describe('pictureOf', () => {
  it('has the values of the sheet by their names, inputs before outputs', () => {
    const { nodes, edges } = picture(TWO_LAYERS)
    expect(nodes.map(({ name }) => name)).to.have.members([
      'X',
      'Y',
      'W1',
      'b1',
      'W2',
      'b2',
      'Z1',
      'A1',
      'Z2',
      'A2',
      'L',
      'J',
    ])
    const place = new Map(nodes.map(({ id }, at) => [id, at]))
    for (const { from, to } of edges) expect(place.get(from)).to.be.below(place.get(to)!)
    expect(nodes.find(({ name }) => name === 'Z1')).to.include({ kind: 'operation', shape: 'n_1×m', layer: '1' })
    expect(nodes.find(({ name }) => name === 'Z1')!.lines).to.deep.equal(['W1*X + b1'])
  })

  it('puts on each edge how the gradient passes it', () => {
    const { edges, nodes } = picture(TWO_LAYERS)
    const edge = (from: string, to: string): string | undefined =>
      edges.find((candidate) => candidate.from === from && candidate.to === to)?.derivative
    expect(edge('W1', 'Z1')).to.equal("dZ1*X'")
    expect(edge('A1', 'Z2')).to.equal("W2'*dZ2")
    expect(edge('Z1', 'A1')).to.equal('dA1.*(1 - A1.^2)')
    expect(edge('L', 'J')).to.equal('1/m')
    expect(edge('X', 'Z1'), 'nobody asks for the gradient of data').to.equal('')
    expect(nodes.find(({ name }) => name === 'b2')!.gradient).to.deep.equal(['sum(dZ2, axis=1)'])
  })

  it('calls gradients otherwise where the sheet uses such names', () => {
    const { nodes } = picture('w = param(); dz = input()\nz = w*dz\nJ = z^2')
    expect(nodes.find(({ name }) => name === 'z')!.gradientName).to.equal('d_z')
  })
})

describe('layerOf', () => {
  it('is the index or the trailing number of a name', () => {
    expect(['W2', 'W_2', 'W[2]', 'A[l,3]', 'loss', '2'].map(layerOf)).to.deep.equal(['2', '2', '2', 'l,3', null, null])
  })
})

describe('collapsed', () => {
  it('makes one node of each layer and leaves out the middle of many', () => {
    const few = collapsed(picture(deep(4)))
    expect(few.nodes.map(({ name }) => name)).to.deep.equal([
      'X',
      'A[0]',
      'layer 1',
      'layer 2',
      'layer 3',
      'layer 4',
      'J',
    ])
    const many = collapsed(picture(deep(40)))
    expect(many.nodes.map(({ name }) => name)).to.include('layers 4 to 37')
    expect(many.nodes).to.have.length(10)
    expect(many.edges).to.have.length(9)
  })
})

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

describe('layOut', () => {
  it('keeps gradients beside those from which they flow, as values are beside theirs', async () => {
    const gates = ['i', 'f', 'o']
    const text = `x = input(n, m)\n${gates.map((gate) => `W${gate} = param(n, n); b${gate} = param(n, 1)\nz${gate} = W${gate}*x + b${gate}`).join('\n')}
J = sum(sigmoid(zi).*sigmoid(zf).*sigmoid(zo))`
    const { boxes } = await layOut(picture(text), true)
    const middleOf = (name: string): number => {
      const { y, height } = boxes.find(({ node, lane }) => lane === 'gradient' && node.name === name)!
      return y + height / 2
    }
    for (const gate of gates) {
      const inputs = [middleOf(`W${gate}`), middleOf(`b${gate}`)]
      expect(middleOf(`z${gate}`)).to.be.within(Math.min(...inputs) - 30, Math.max(...inputs) + 30)
    }
  })

  it('leads no gradient through the box of another', async () => {
    // From h to go an arrow passes the column of c.
    const cell = `
x = input(n, m); W = param(n, n); V = param(n, n); b = param(n, 1)
zc = W*x; zo = V*x + b
go = sigmoid(zo); gc = tanh(zc)
c = gc.*gc
h = go.*tanh(c)
J = sum(h) + sum(c)`
    for (const text of [TWO_LAYERS, cell]) {
      const { boxes, arrows } = await layOut(picture(text), true)
      const gradients = boxes.filter(({ lane }) => lane === 'gradient')
      for (const { points } of arrows.filter(({ lane }) => lane === 'gradient')) {
        points.slice(1).forEach((point, at) => {
          const before = points[at]!
          const [left, right] = [Math.min(before.x, point.x), Math.max(before.x, point.x)]
          const [top, bottom] = [Math.min(before.y, point.y), Math.max(before.y, point.y)]
          const hit = gradients.find(
            (box) =>
              left < box.x + box.width - 1 && right > box.x + 1 && top < box.y + box.height - 1 && bottom > box.y + 1,
          )
          expect(hit?.texts[0]).to.equal(undefined)
        })
      }
    }
  })

  for (const [name, text] of [
    ['two layers', TWO_LAYERS],
    ['four layers', deep(4)],
  ] as const) {
    it(`keeps the boxes of ${name} apart, and inputs to the left of what is made of them`, async () => {
      const drawn = picture(text)
      for (const withGradient of [false, true]) {
        const { boxes, width, height } = await layOut(drawn, withGradient)
        boxes.forEach((a, at) => {
          for (const b of boxes.slice(at + 1))
            expect(overlaps(a, b), `${a.texts[0]!} and ${b.texts[0]!}`).to.equal(false)
          expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).to.equal(true)
        })
        const left = new Map(boxes.filter(({ lane }) => lane === 'forward').map((box) => [box.node.id, box.x]))
        for (const { from, to } of drawn.edges) expect(left.get(from)).to.be.below(left.get(to)!)
      }
    })
  }
})

describe('drawProgram', () => {
  it('writes every format, with and without gradients', async () => {
    for (const format of DRAWING_FORMATS) {
      const plain = await drawProgram(read(TWO_LAYERS), format)
      const both = await drawProgram(read(TWO_LAYERS), format, { gradient: true })
      for (const name of ['W1', 'Z2', 'J']) expect(plain, format).to.include(name)
      expect(both, format).to.include('dW1')
      expect(both.length).to.be.above(plain.length)
    }
  })

  it('writes JSON that parses, DOT and GEXF that quote what they must', async () => {
    const json = JSON.parse(await drawProgram(read(TWO_LAYERS), 'json')) as { nodes: unknown[]; edges: unknown[] }
    expect(json.nodes).to.have.length(12)
    const gexf = await drawProgram(read('w = param()\nz = w > 0\nJ = w*z'), 'gexf')
    expect(gexf)
      .to.include('&gt;')
      .and.to.not.match(/label="[^"]*[<>]/)
    const dot = await drawProgram(read(TWO_LAYERS), 'dot', { gradient: true })
    expect(dot).to.include('"W1" -> "Z1"').and.to.include('"dZ1" -> "dW1"')
  })

  it('collapses a deep network by itself', async () => {
    const svg = await drawProgram(read(deep(12)), 'svg', { gradient: true })
    expect(svg).to.include('layers 4 to 9')
  })

  it('names a scalar that does not exist', async () => {
    let message = ''
    await drawProgram(read(TWO_LAYERS), 'svg', { of: 'K' }).catch(
      (error: unknown) => (message = (error as Error).message),
    )
    expect(message).to.include('K')
  })
})
