import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import type { Profiler } from 'node:inspector'
import { join } from 'node:path'
import { judgeClaims, readProgram, USUAL_OPTIONS } from '../../../src/pipeline.ts'
import { markedSheets } from '../../support/marked.ts'
import type { Suite, Table } from '../suite.ts'

const CORPUS = join(import.meta.dirname, '../../corpus')

interface Timed {
  readonly milliseconds: number
  readonly verdict: string
}

function judged(text: string): Timed[] {
  return [...judgeClaims(readProgram(text), USUAL_OPTIONS)].map(({ milliseconds, verdict }) => ({
    milliseconds,
    verdict: verdict.verdict,
  }))
}

const corpusSheets = (): string[] => markedSheets(CORPUS).map(({ text }) => text)

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** A network of tanh layers with its gradients derived by hand, as the course writes them. */
function deepSheet(layers: number): string {
  return `
L = ${layers}
A[0] = input(n[0], m)
for l = 1:L
  W[l] = param(n[l], n[l-1]);  b[l] = param(n[l], 1)
  Z[l] = W[l]*A[l-1] + b[l]
  A[l] = tanh(Z[l])
end
U = input(n[L], m)
C = sum(U.*A[L])
J = C/m
dA[L] = U
for l = L:-1:1
  dZ[l] = dA[l].*(1 - A[l].^2)
  dA[l-1] = W[l]'*dZ[l]
end
grad(J, W[1]) == 1/m * dZ[1]*A[0]'
grad(J, b[1]) == 1/m * sum(dZ[1], axis=1)
`
}

function row(name: string, claims: readonly Timed[]): (string | number)[] {
  const times = claims.map(({ milliseconds }) => milliseconds)
  const total = times.reduce((sum, time) => sum + time, 0)
  return [name, claims.length, quantile(times, 0.5), quantile(times, 0.95), total / 1000]
}

function speed(): Table {
  const sheets = corpusSheets()
  // A first pass warms the engine up.
  sheets.forEach(judged)
  const claims = sheets.flatMap(judged)
  const holding = claims.filter(({ verdict }) => verdict === 'proved' || verdict === 'tested')
  const falling = claims.filter(({ verdict }) => verdict === 'refuted' || verdict === 'error')
  const through = readFileSync(join(CORPUS, 'lstm-through-time.bp'), 'utf8')
  return {
    title: 'verdicts on spec/corpus, warm, every check and diagnosis included',
    columns: ['', 'claims', 'median ms', '95 % under ms', 'all, seconds'],
    rows: [
      row('the corpus', claims),
      row('claims that hold', holding),
      row('claims that fall', falling),
      row('five steps of an LSTM', judged(through)),
      row('a 50-layer network', judged(deepSheet(50))),
    ],
    notes: ['to reach: median under 5 ms, 95 % under 60 ms, all under 10 s'],
  }
}

/** Milliseconds in frames of files that `isIn` accepts and in all that they call. */
function timeIn({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, isIn: (url: string) => boolean): number {
  const inside = new Map<number, boolean>()
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const visit = (id: number, above: boolean): void => {
    const node = byId.get(id)!
    const here = above || isIn(node.callFrame.url)
    inside.set(id, here)
    for (const child of node.children ?? []) visit(child, here)
  }
  visit(nodes[0]!.id, false)
  return samples.reduce((sum, id, at) => (inside.get(id) === true ? sum + timeDeltas[at]! / 1000 : sum), 0)
}

/** What evaluation at points takes of the time of verdicts. */
async function whereTimeGoes(): Promise<Table> {
  const sheets = corpusSheets()
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  const claims = sheets.flatMap(judged).length
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const all = timeIn(profile, (url) => url.includes('/src/pipeline.ts'))
  const row = (name: string, time: number): (string | number)[] => [name, time / claims, (100 * time) / all]
  return {
    title: 'what evaluation at points takes of the verdicts on spec/corpus',
    columns: ['', 'ms a claim', '% of all'],
    rows: [
      row('all', all),
      row(
        'src/evaluate',
        timeIn(profile, (url) => url.includes('/src/evaluate/')),
      ),
      row('of it, bounds and many digits', timeIn(profile, (url) => /\/src\/evaluate\/(?:bigfloat|bound|precise)/.test(url))), // prettier-ignore
      row(
        'src/prove/search',
        timeIn(profile, (url) => url.includes('/src/prove/search/')),
      ),
    ],
    notes: [`${claims} claims; the last column of the suite \`gradients\` says what compiling costs`],
  }
}

export const suite: Suite = async function* ({ progress }) {
  progress('judging the corpus')
  yield await Promise.resolve(speed())
  yield await whereTimeGoes()
}
