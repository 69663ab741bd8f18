import { expect } from 'chai'
import { hasCycle, topologicalSort } from 'graphology-dag'
import { localDerivative } from '../../src/differentiate/local.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { Builder } from '../../src/graph/builder.ts'
import { toGraphology } from '../../src/graph/view.ts'
import { reachable } from '../../src/graph/walk.ts'
import { namedSize } from '../../src/shape/size.ts'
import { Expressions, randomShape } from '../support/expressions.ts'
import { forAllStreams } from '../support/property.ts'

const n = namedSize('n')

describe('toGraphology', () => {
  it('is a DAG with an edge for each argument, which agrees with the order of ids', () => {
    forAllStreams((random) => {
      const builder = new Builder()
      const root = new Expressions(builder, random).of(randomShape(random), 5)
      const nodes = reachable([root])
      const graph = toGraphology([root])
      expect(hasCycle(graph)).to.be.false
      expect(graph.order).to.equal(nodes.length)
      expect(graph.size).to.equal(nodes.reduce((sum, node) => sum + node.inputs.length, 0))
      const place = new Map(topologicalSort(graph).map((key, at) => [key, at]))
      for (const node of nodes) {
        node.inputs.forEach((input, slot) => {
          const edge = `${node.id}.${slot}`
          expect(graph.extremities(edge)).to.deep.equal([`${input.id}`, `${node.id}`])
          expect(graph.getEdgeAttribute(edge, 'slot')).to.equal(slot)
          expect(place.get(`${input.id}`)).to.be.below(place.get(`${node.id}`)!)
        })
      }
    }, 30)
  })

  it('has two edges where an operation uses one input twice', () => {
    const builder = new Builder()
    const x = builder.input('x', [])
    const square = builder.call('mul', x, x)
    expect(toGraphology([square]).edges(x.id, square.id)).to.have.length(2)
  })

  it('says of each node what it is', () => {
    const builder = new Builder()
    const w = builder.input('W', [n, n], 'param')
    const z = builder.define('Z', builder.matmul(w, builder.normalise('softmax', w, [0])))
    const graph = toGraphology([z, builder.size(n), builder.call('exp', builder.pi())])
    const ops = graph.mapNodes((_, { kind, op, name, shape }) => [kind, op, name, shape].join(' '))
    expect(ops).to.have.members([
      'input param W n×n',
      'normalise softmax axis=[0]  n×n',
      'contract ij,jk->ik  n×n',
      'definition = Z n×n',
      'size n  scalar',
      'symbol pi  scalar',
      'map exp  scalar',
    ])
  })

  it('carries local derivatives, made when they are asked for and once', () => {
    const builder = new Builder()
    const x = builder.input('x', [n])
    const y = builder.call('mul', builder.call('tanh', x), x)
    let made = 0
    const graph = toGraphology([y], (node, slot) => {
      made++
      return localDerivative(builder, node, slot)
    })
    expect(made).to.equal(0)
    const { local } = graph.getEdgeAttributes(`${y.inputs[0]!.id}.0`)
    const first = local()
    if (first?.kind !== 'factor') throw new Error('no factor')
    expect(first.factor).to.equal(vjp(builder, y.inputs[0]!, [x])[0])
    expect(local()).to.equal(first)
    expect(made).to.equal(1)
    expect(toGraphology([y]).getEdgeAttributes(`${y.id}.0`).local()).to.equal(null)
  })
})
