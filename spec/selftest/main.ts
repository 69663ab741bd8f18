import { parseArgs } from 'node:util'
import { holdMutants } from './hold.ts'

// `npm run selftest -- [--only TEXT] [--every N] [--from N] [--folder DIR] [--verbose]`: makes every single slip in both
// sides of every true claim of the examples and the own corpus, and holds the verdicts to numbers that the judge does not
// use. A slip that changes the value must not be proved, one that does not must not be refuted.

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    /** Only every so manieth mutant, counted from `from`. */
    every: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    /** Sheets whose true claims end in `# proved`, instead of our own. */
    folder: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})

const start = performance.now()
const { counts, faults, slow } = holdMutants({
  ...values,
  every: Number(values.every),
  from: Number(values.from),
  tell: (text) => {
    if (values.verbose) console.log(text)
  },
  progress: (name) => void process.stderr.write(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s\n`),
})
for (const [what, number] of [...counts].sort()) console.log(`${String(number).padStart(7)}  ${what}`)
for (const text of slow) console.log(`SLOW   ${text}`)
for (const fault of faults) console.log(`FALSE  ${fault}`)
console.log(`${faults.length} false verdicts`)
process.exitCode = faults.length > 0 || counts.size === 0 ? 1 : 0
