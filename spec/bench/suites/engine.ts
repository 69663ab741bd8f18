import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { vjp } from '../../../src/differentiate/reverse.ts'
import { Builder } from '../../../src/graph/builder.ts'
import { reachable } from '../../../src/graph/walk.ts'
import { shorten } from '../../../src/rewrite/shorten.ts'
import { ACTIVATIONS, buildNetwork, LOSSES } from '../../support/networks.ts'
import { median } from '../suite.ts'
import type { Suite, Table } from '../suite.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Milliseconds that a process takes from its start to its end. */
function processTime(args: readonly string[]): number {
  const from = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}`)
  return performance.now() - from
}

/** Processes take turns, so that what else the machine does falls on both. */
function coldStart(): Table {
  const sheet = join('docs/examples', 'two-layer.bp')
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['node -e 0', ['-e', '0']],
    ['backprove --version', ['dist/cli.js', '--version']],
    ['backprove verify two-layer.bp', ['dist/cli.js', 'verify', sheet]],
  ]
  const times = commands.map((): number[] => [])
  for (let round = 0; round < 15; round++) {
    for (const [at, [, args]] of commands.entries()) times[at]!.push(processTime(args))
  }
  const medians = times.map(median)
  return {
    title: 'a whole process',
    columns: ['', 'milliseconds', 'over node -e 0'],
    rows: commands.map(([name], at) => [name, medians[at]!, medians[at]! / medians[0]!]),
    notes: ['to reach: verify at most 3.5 times node -e 0'],
  }
}

const PLAIN = { shared: false, residual: false }

interface Growth {
  readonly layers: number
  readonly nodes: number
  readonly build: number
  readonly differentiate: number
  readonly shorten: number
}

function grow(layers: number): Growth {
  const hidden = Array.from({ length: layers - 1 }, () => 'tanh' as const)
  const start = performance.now()
  const { builder, cost: loss, params } = buildNetwork({ hidden, loss: 'binary-cross-entropy', ...PLAIN })
  const built = performance.now()
  const gradients = vjp(builder, loss, params)
  const differentiated = performance.now()
  shorten(builder, gradients)
  const shortened = performance.now()
  return {
    layers,
    nodes: reachable([loss]).length,
    build: built - start,
    differentiate: differentiated - built,
    shorten: shortened - differentiated,
  }
}

/** The power of the size with which a time grows: the slope of the logarithms by least squares. */
function exponent(points: readonly (readonly [size: number, time: number])[]): number {
  const logs = points.map(([size, time]) => [Math.log(size), Math.log(time)] as const)
  const [x, y] = [0, 1].map((at) => logs.reduce((sum, log) => sum + log[at as 0 | 1], 0) / logs.length) as [
    number,
    number,
  ]
  const covariance = logs.reduce((sum, [u, v]) => sum + (u - x) * (v - y), 0)
  return covariance / logs.reduce((sum, [u]) => sum + (u - x) ** 2, 0)
}

function depth(progress: (text: string) => void): Table {
  // What runs first runs in code that is not compiled yet.
  for (let round = 0; round < 3; round++) grow(300)
  const best = [10, 100, 1000, 10_000].map((layers) => {
    progress(`${layers} layers`)
    const runs = Array.from({ length: layers < 1000 ? 9 : 3 }, () => grow(layers))
    const of = (key: 'build' | 'differentiate' | 'shorten'): number => median(runs.map((run) => run[key]))
    return { ...runs[0]!, build: of('build'), differentiate: of('differentiate'), shorten: of('shorten') }
  })
  const passes = ['build', 'differentiate', 'shorten'] as const
  const large = best.filter(({ layers }) => layers >= 100)
  return {
    title: 'networks of many layers: milliseconds, and microseconds a node of the loss',
    columns: ['layers', 'nodes', ...passes, 'together', 'µs a node'],
    rows: [
      ...best.map((row) => {
        const together = row.build + row.differentiate + row.shorten
        return [
          String(row.layers),
          row.nodes,
          row.build,
          row.differentiate,
          row.shorten,
          together,
          (1000 * together) / row.nodes,
        ]
      }),
      [
        'growth exponent from 100',
        null,
        ...passes.map((pass) => exponent(large.map((row) => [row.nodes, row[pass]]))),
        exponent(large.map((row) => [row.nodes, row.build + row.differentiate + row.shorten])),
        null,
      ],
    ],
    notes: ['to reach: exponent at most 1.1, 10,000 layers together under 3000 ms'],
  }
}

function gradientSize(): Table {
  const rows: [string, number, number, number][] = []
  for (const activation of ACTIVATIONS) {
    for (const loss of LOSSES) {
      const { builder, cost, params } = buildNetwork({ hidden: [activation, activation], loss, ...PLAIN })
      const forward = new Set(reachable([cost]))
      const added = reachable(vjp(builder, cost, params)).filter((node) => !forward.has(node)).length
      rows.push([`${activation}, ${loss}`, forward.size, added, added / forward.size])
    }
  }
  rows.sort((a, b) => b[3] - a[3])
  return {
    title: 'nodes of all gradients that are not of the loss, before shortening: the largest five',
    columns: ['network', 'loss', 'gradients', 'ratio'],
    rows: rows.slice(0, 5),
    notes: [`${rows.length} networks; to reach: at most 3`],
  }
}

function composed(): Table {
  const rows = [1, 2, 5, 10, 20].map((times): [string, number, number, number] => {
    let nodes = 0
    const runs = Array.from({ length: 9 }, () => {
      const builder = new Builder()
      const z = builder.input('z', [])
      let value = z
      for (let time = 0; time < times; time++) {
        value = builder.call('mul', value, builder.call('tanh', builder.call('softplus', value)))
      }
      const start = performance.now()
      const [derivative] = vjp(builder, value, [z])
      const elapsed = performance.now() - start
      nodes = reachable([derivative!]).length
      return elapsed
    })
    return [`${times} deep`, nodes, nodes / times, median(runs)]
  })
  return {
    title: 'mish of mish of …: the derivative',
    columns: ['', 'nodes', 'nodes a level', 'milliseconds'],
    rows,
    notes: ['to reach: ten deep under 5 ms, nodes growing linearly'],
  }
}

export const suite: Suite = async function* ({ progress }) {
  progress('processes')
  yield await Promise.resolve(coldStart())
  yield depth(progress)
  yield gradientSize()
  yield composed()
}
