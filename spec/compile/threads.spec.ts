import { spawnSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { compile, valueAndGradRoots } from '../../src/compile/compile.ts'
import type { Bound } from '../../src/compile/bound.ts'
import type { CompileOptions } from '../../src/compile/options.ts'
import { BackproveError } from '../../src/base/errors.ts'
import { Builder } from '../../src/graph/builder.ts'
import type { Node } from '../../src/graph/node.ts'
import { namedSize } from '../../src/shape/size.ts'

const [r, k, c] = [namedSize('r'), namedSize('k'), namedSize('c')]

/** A layer and the gradients of its weights and its input: products with either factor transposed. */
function layer(): Node[] {
  const b = new Builder()
  const [w, x] = [b.input('w', [r, k]), b.input('x', [k, c])]
  const a = b.call('tanh', b.matmul(w, x))
  return valueAndGradRoots(b, b.sum(b.call('mul', a, a)), [w, x])
}

function bound(sizes: Record<string, number>, options: CompileOptions): Bound {
  const made = compile(layer(), options).bind(sizes)
  for (const name of ['w', 'x']) made.input(name).forEach((_, i, all) => (all[i] = Math.sin(i * 1.7 + name.length) / 9))
  return made
}

async function helped(made: Bound, threads: number): Promise<void> {
  for (let wait = 0; wait < 1000 && made.threads() < threads; wait++) await pause(10)
  expect(made.threads()).to.equal(threads)
}

/** The results of a run that starts from nothing. */
function results(made: Bound): number[][] {
  for (const { data } of made.outputs) data.fill(NaN)
  made.run()
  return made.outputs.map(({ data }) => [...data])
}

describe('threads', () => {
  for (const precision of ['f64', 'f32'] as const) {
    for (const threads of [2, 3]) {
      for (const sizes of [
        { r: 131, k: 67, c: 103 },
        { r: 20, k: 1900, c: 21 },
        { r: 301, k: 300, c: 9 },
      ]) {
        it(`give what one thread gives: ${threads}, ${precision}, ${Object.values(sizes).join('×')}`, async () => {
          const alone = results(bound(sizes, { precision }))
          const made = bound(sizes, { precision, threads })
          try {
            // Before the others have started, while they take part, and after they have gone.
            expect(results(made)).to.deep.equal(alone)
            await helped(made, threads)
            for (let round = 0; round < 20; round++) expect(results(made)).to.deep.equal(alone)
            // Long enough for them to fall asleep.
            await pause(20)
            expect(results(made)).to.deep.equal(alone)
          } finally {
            made.close()
          }
          expect(made.threads()).to.equal(1)
          expect(results(made)).to.deep.equal(alone)
        })
      }
    }
  }

  it('are not started where no product is large', () => {
    const { outputs } = bound({ r: 10, k: 20, c: 30 }, { threads: 4 })
    expect(outputs[0]!.data.buffer).to.be.instanceOf(ArrayBuffer)
  })

  it('do not keep a process alive', () => {
    const source = `
      import { Builder } from './src/graph/builder.ts'
      import { compile } from './src/compile/compile.ts'
      import { literalSize } from './src/shape/size.ts'
      const b = new Builder()
      const a = b.input('a', [literalSize(200), literalSize(200)])
      const made = compile([b.matmul(a, a)], { threads: 2 }).bind()
      while (made.threads() < 2) await new Promise((done) => setTimeout(done, 5))
      made.run()
      console.log('done')`
    const args = ['--import', 'tsx', '--input-type=module', '-e', source]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 })
    expect([status, stdout]).to.deep.equal([0, 'done\n'])
  })

  const refused = (options: CompileOptions): unknown => {
    try {
      bound({ r: 10, k: 20, c: 30 }, options)
      return null
    } catch (error) {
      return error instanceof BackproveError ? error.code : error
    }
  }

  it('are refused where there can be none', () => {
    expect(refused({ threads: 2, backend: 'js' })).to.equal('unsupported')
    for (const threads of [0, 1.5, NaN, 1000]) expect(refused({ threads })).to.equal('argument')
    expect(refused({ threads: 1, backend: 'js' })).to.equal(null)
  })

  it('are refused where the engine has none', () => {
    const hidden = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule')!
    try {
      Object.defineProperty(process, 'getBuiltinModule', { ...hidden, value: undefined })
      expect(() => bound({ r: 200, k: 200, c: 200 }, { threads: 2 })).to.throw(BackproveError, /no threads/)
    } finally {
      Object.defineProperty(process, 'getBuiltinModule', hidden)
    }
  })
})
