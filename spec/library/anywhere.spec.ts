import { expect } from 'chai'
import { build } from 'esbuild'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'

const ROOT = join(import.meta.dirname, '../..')

const PROGRAM = `
  import { fit, input, matmul, mean, param, square, sub, verify } from './src/index.ts'
  const [X, y, w] = [input('X', 'm', 2), input('y', 'm', 1), param('w', 2, 1)]
  const J = mean(square(sub(matmul(X, w), y)))
  const data = { X: [[1, 0], [1, 1], [1, 2]], y: [[1], [3], [5]] }
  const pauses = []
  globalThis.result = fit(J, data, { learningRate: 0.001, iterations: 1e9, signal: globalThis.stop, onProgress: () => pauses.push(1) })
    .then(({ ended, params }) => ({ ended, w: params.w, pauses: pauses.length, holds: verify('x = input(); grad(x^2, x) == 2*x').holds }))
`

/** What browsers, workers, Deno and Bun have besides the language itself. */
const COMMON = { performance, TextEncoder, TextDecoder, setTimeout }

describe('the library outside Node', () => {
  let code = ''
  before(async function () {
    this.timeout(60_000)
    const { outputFiles, metafile } = await build({
      stdin: { contents: PROGRAM, resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      write: false,
      metafile: true,
      logLevel: 'silent',
    })
    const reached = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path))
    expect(reached.filter((path) => path.startsWith('node:'))).to.deep.equal([])
    code = outputFiles[0]!.text
  })

  for (const [name, more] of [
    ['messages', { MessageChannel }],
    ['nothing but timers', {}],
  ] as const) {
    it(`trains, and can be stopped, where there are ${name}`, async () => {
      const stop = { aborted: false }
      const context = createContext({ ...COMMON, ...more, stop })
      runInContext(code, context)
      setTimeout(() => (stop.aborted = true), 200)
      const result = (await context['result']) as { ended: string; pauses: number; holds: boolean }
      expect(result.ended).to.equal('interrupted')
      expect(result.pauses).to.be.above(1)
      expect(result.holds).to.equal(true)
    })
  }
})
