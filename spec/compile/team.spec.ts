import { setTimeout as pause } from 'node:timers/promises'
import { expect } from 'chai'
import { Assembler } from '../../src/compile/wasm/assembler.ts'
import { encodeModule } from '../../src/compile/wasm/encode.ts'
import { webAssembly } from '../../src/compile/wasm/engine.ts'
import { I32, op } from '../../src/compile/wasm/opcodes.ts'
import { SHARE_BYTES } from '../../src/compile/wasm/products.ts'
import { Team } from '../../src/compile/wasm/team.ts'

const FIRST = 1024
const I32_STORE = 0x36

/** A team in which other threads add 7 at the address of each share they take; `count` shares. */
async function started(threads: number, counts: readonly number[]): Promise<{ team: Team; cells: Int32Array }> {
  const bodies = Array.from({ length: threads }, (_, thread) => {
    const asm = new Assembler({ params: [I32], results: [] })
    asm.get(0)
    asm.get(0)
    asm.memory(op.i32Load, 0)
    asm.i32(7)
    asm.byte(op.i32Add)
    asm.memory(I32_STORE, 0)
    return asm.body(`share${thread + 1}`)
  })
  const { Module, Memory } = webAssembly()!
  const module = new Module(encodeModule({ imports: [], functions: bodies, memory: { pages: 1, shared: true } }))
  const memory = new Memory({ initial: 1, maximum: 1, shared: true })
  const spans = counts.map((count) => ({ first: FIRST, count }))
  const team = new Team(module, memory, spans, threads)
  for (let wait = 0; wait < 1000 && !team.isReady; wait++) await pause(10)
  expect(team.isReady).to.equal(true)
  return { team, cells: new Int32Array(memory.buffer) }
}

const cell = (share: number): number => (FIRST + share * SHARE_BYTES) / 4

describe('Team', () => {
  it('leaves shares to others while the calling thread is busy', async () => {
    const { team, cells } = await started(2, [9])
    let own: number | null = null
    team.work(0, (at) => {
      own ??= at
      const limit = performance.now() + 10_000
      const others = (): number => Array.from({ length: 9 }, (_, share) => Atomics.load(cells, cell(share))).filter((value) => value === 7).length // prettier-ignore
      while (others() < 8 && performance.now() < limit);
    })
    team.close()
    const shares = Array.from({ length: 9 }, (_, share) => cells[cell(share)])
    expect(shares).to.deep.equal(shares.map((_, share) => (cell(share) * 4 === own ? 0 : 7)))
  })

  it('has every share done once, and all of them before it goes on', async () => {
    const counts = [1, 5, 2, 8, 3]
    const { team, cells } = await started(2, counts)
    const own = new Int32Array(8)
    let turns = 0
    for (; turns < 3000; turns++) {
      team.work(turns % counts.length, (at) => own[(at - FIRST) / SHARE_BYTES]!++)
      const sum = own.reduce((total, value, share) => total + value + cells[cell(share)]! / 7, 0)
      const wanted = Math.floor((turns + 1) / 5) * 19 + counts.slice(0, (turns + 1) % 5).reduce((a, b) => a + b, 0)
      if (sum !== wanted) expect.fail(`${sum} shares done after turn ${turns}, not ${wanted}`)
    }
    team.close()
    const times = own.map((value, share) => value + cells[cell(share)]! / 7)
    expect([...times]).to.deep.equal([3000, 2400, 1800, 1200, 1200, 600, 600, 600])
  })

  it('does all itself once the others have been let go', async () => {
    const { team, cells } = await started(1, [6])
    team.close()
    expect(team.isReady).to.equal(false)
    const taken: number[] = []
    for (let round = 0; round < 50; round++) team.work(0, (at) => taken.push(at))
    expect(taken).to.have.length(300)
    expect(cells[cell(0)]).to.equal(0)
  })
})
