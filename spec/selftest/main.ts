import { parseArgs } from 'node:util'
import { holdLookalikes, holdMutants } from './hold.ts'

// `npm run selftest -- [--only TEXT] [--every N] [--from N] [--folder DIR] [--alike N] [--seed N] [--verbose]`: makes every
// single slip in both sides of every true claim of the examples and the own corpus, then random claims whose sides are
// alike at special points, and holds the verdicts to numbers that the judge does not use. A claim whose sides differ must
// not be proved, one whose sides are equal must not be refuted.

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    /** Only every so manieth mutant, counted from `from`. */
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    /** Sheets whose true claims end in `# proved`, instead of our own. */
    folder: { type: 'string' },
    /** Random claims of each kind. */
    alike: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
})

const start = performance.now()
const reporting = {
  tell: (text: string): void => {
    if (values.verbose) console.log(text)
  },
  progress: (name: string): void => {
    process.stderr.write(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`)
  },
}
const slips = holdMutants({ ...values, ...reporting, every: Number(values.every), from: Number(values.from) })
const claims = Number(values.alike)
const alike = holdLookalikes({ ...reporting, seed: Number(values.seed), expressions: 2 * claims, claims })
for (const [title, { counts }] of [
  ['slips', slips],
  ['lookalikes', alike],
] as const) {
  for (const [what, number] of [...counts].sort()) console.log(`${String(number).padStart(7)}  ${title}, ${what}`)
}
for (const text of [...slips.slow, ...alike.slow]) console.log(`SLOW   ${text}`)
const faults = [...slips.faults, ...alike.faults]
for (const fault of faults) console.log(`FALSE  ${fault}`)
console.log(`${faults.length} false verdicts`)
process.exitCode = faults.length > 0 || slips.counts.size === 0 ? 1 : 0
