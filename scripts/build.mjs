// Builds dist/: main.cjs (the command line, one file), cli.js (what starts it from main.cache), vendor/ (large packages that a few commands load on demand) and
// lib/ (the library and its types).
//   --cli       only the command line
//   --if-older  nothing when dist is as new as its sources
import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const stamp = join(dist, '.built')

const { values: options } = parseArgs({ options: { cli: { type: 'boolean' }, 'if-older': { type: 'boolean' } } })

/** @param {string} path @returns {Promise<number>} */
const modified = async (path) => (await stat(path).catch(() => null))?.mtimeMs ?? 0

// A folder's own time tells of files that were deleted.
const newestSource = async () => {
  const sources = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/build.mjs',
    'src',
  ]
  const inside = await readdir(join(root, 'src'), { recursive: true })
  const times = [...sources, ...inside.map((file) => join('src', file))].map((file) => modified(join(root, file)))
  return Math.max(...(await Promise.all(times)))
}

/** Replaces a file at once, so that a process that starts meanwhile never reads half of it. @param {string} path @param {Uint8Array} contents */
const replace = async (path, contents) => {
  const temporary = `${path}.${String(process.pid)}`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(temporary, contents)
  if (path.endsWith('cli.js')) await chmod(temporary, 0o755)
  await rename(temporary, path)
}

/** @param {string[]} args @param {'inherit' | 'ignore'} stdio @returns {Promise<number | null>} */
const run = (args, stdio) =>
  new Promise((resolve) => {
    spawn(process.execPath, args, { cwd: root, stdio }).on('close', resolve)
  })

/** @param {string} name */
const vendorFile = (name) => `vendor/${name.replace(/^@/, '').replaceAll('/', '-')}.cjs`

/** @param {import('esbuild').BuildOptions} options */
const bundle = async (options) => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    minify: true,
    legalComments: 'eof',
    write: false,
    logLevel: 'warning',
    ...options,
  })
  for (const file of outputFiles ?? []) await replace(file.path, file.contents)
}

/**
 * Of mathjs, only what `parse` needs. A module that is loaded by `import()` keeps all that its packages export, and making
 * every function of mathjs takes longer than all the rest of a start.
 * @type {import('esbuild').Plugin}
 */
const parserOfMathjs = {
  name: 'parser-of-mathjs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^mathjs\/number$/ }, () => ({ path: 'mathjs/number', namespace: 'parser' }))
    onLoad({ filter: /.*/, namespace: 'parser' }, async () => {
      const { outputFiles } = await build({
        absWorkingDir: root,
        stdin: { contents: `export { create, parseDependencies } from 'mathjs/number'`, resolveDir: root },
        bundle: true,
        platform: 'node',
        format: 'esm',
        treeShaking: true,
        write: false,
      })
      return { contents: outputFiles[0]?.text ?? '', loader: 'js' }
    })
  },
}

const buildCli = async () => {
  /** @type {Set<string>} */
  const vendors = new Set()
  await bundle({
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/main.cjs',
    // CommonJS starts 3 ms sooner than a module here, of some 70.
    format: 'cjs',
    // Code that comes from V8's cache cannot import, but require.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    logOverride: { 'empty-import-meta': 'error' },
    plugins: [
      parserOfMathjs,
      {
        // `import('package')` stays a load at run time. Only packages are split off: were our own modules split, their
        // classes would exist twice.
        name: 'vendor',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ kind, path }) => {
            if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined
            vendors.add(path)
            return { path: `./${vendorFile(path)}`, external: true }
          })
        },
      },
    ],
  })
  await Promise.all(
    [...vendors].map((name) =>
      bundle({
        entryPoints: [name],
        outfile: join('dist', vendorFile(name)),
        format: 'cjs',
      }),
    ),
  )
  // The package is made of modules; its bundled command line is not.
  await replace(join(dist, 'package.json'), Buffer.from('{ "type": "commonjs" }\n'))
  await replace(join(dist, 'cli.js'), await readFile(join(root, 'scripts/launcher.cjs')))
  await run([join(root, 'scripts/code-cache.cjs')], 'ignore')
}

const buildLibrary = async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const status = await run([tsc, '-p', 'tsconfig.build.json'], 'inherit')
  if (status !== 0) throw new Error('tsc found errors; the library was not built')
  await replace(join(dist, 'lib/package.json'), Buffer.from('{ "type": "module", "sideEffects": false }\n'))
  for (const file of await readdir(join(dist, 'lib'), { recursive: true })) {
    const source = /^(.*?)(\.d\.ts|\.js)$/.exec(file)?.[1]
    if (source !== undefined && (await modified(join(root, 'src', `${source}.ts`))) === 0)
      await rm(join(dist, 'lib', file))
  }
}

const started = new Date()
if (options['if-older'] !== true || (await modified(stamp)) <= (await newestSource())) {
  const parts = await Promise.allSettled(options.cli === true ? [buildCli()] : [buildCli(), buildLibrary()])
  const failed = parts.filter((part) => part.status === 'rejected')
  // esbuild has printed its own errors.
  for (const { reason } of failed) if (!Array.isArray(reason.errors)) console.error(String(reason.message))
  if (failed.length > 0) process.exitCode = 1
  else if (options.cli !== true) {
    await writeFile(stamp, '')
    await utimes(stamp, started, started)
  }
}
