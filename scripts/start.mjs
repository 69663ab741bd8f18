// Judges the example sheets with the built command line. Some examples contain claims that are wrong on purpose, so
// that a reader sees a refutation; those do not make this fail. `npm test` holds every verdict to what is expected.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const examples = join('docs', 'examples')

/** @param {string[]} args */
const run = (args) => {
  const { status, signal, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) throw error
  return status ?? `ended by ${String(signal)}`
}

const built = run([join('scripts', 'build.mjs'), '--if-older'])
if (built !== 0) process.exit(1)

const sheets = readdirSync(join(root, examples))
  .filter((file) => file.endsWith('.bp'))
  .sort()
  .map((file) => join(examples, file))

const status = run([join('dist', 'cli.js'), 'verify', ...sheets])
if (status === 1 || status === 2 || status === 3) {
  console.log(
    `\nSome examples hold claims that are wrong on purpose (exit status ${String(status)}): their comments say why.`,
  )
} else if (status !== 0) {
  console.error(`\nJudging the examples failed: exit status ${String(status)}.`)
  process.exitCode = 1
}
