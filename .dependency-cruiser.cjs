'use strict'

// The floors of src: an entry imports only from itself and from lower floors. `beside` names entries of its own floor
// that it may import as well.
/** @type {{ floor: number, path: string, beside?: string[] }[]} */
const floors = [
  { floor: 0, path: 'base/' },
  { floor: 1, path: 'shape/' },
  { floor: 1, path: 'syntax/' },
  { floor: 2, path: 'index/' },
  { floor: 3, path: 'ops/' },
  { floor: 4, path: 'graph/' },
  { floor: 5, path: 'elaborate/' },
  { floor: 5, path: 'differentiate/' },
  { floor: 5, path: 'rewrite/' },
  { floor: 5, path: 'evaluate/' },
  { floor: 5, path: 'prove/', beside: ['evaluate/'] },
  { floor: 5, path: 'print/' },
  { floor: 6, path: 'compile/' },
  { floor: 6, path: 'data/' },
  { floor: 6, path: 'derive/' },
  { floor: 6, path: 'diagnose/' },
  { floor: 7, path: 'activation/' },
  { floor: 7, path: 'check/' },
  { floor: 7, path: 'draw/' },
  { floor: 7, path: 'fit/' },
  { floor: 7, path: 'library/', beside: ['check/', 'fit/', 'pipeline.ts'] },
  { floor: 7, path: 'pipeline.ts', beside: ['activation/', 'check/', 'draw/', 'fit/'] },
  { floor: 7, path: 'index.ts', beside: ['activation/', 'check/', 'draw/', 'fit/', 'library/', 'pipeline.ts'] },
  { floor: 8, path: 'cli/' },
]

// What an entry does not get from below although it lies there.
/** @type {Record<string, string[]>} */
const closed = { 'index/': ['syntax/'] }

/** @param {string[]} paths */
const anyOf = (paths) =>
  `^src/(?:${paths.map((path) => (path.endsWith('.ts') ? `${path.replaceAll('.', '\\.')}$` : path)).join('|')})`

const layers = floors.map(({ floor, path, beside = [] }) => {
  const below = floors.filter((other) => other.floor < floor).map((other) => other.path)
  const allowed = [path, ...beside, ...below].filter((other) => !(closed[path] ?? []).includes(other))
  return {
    name: `floor-${floor}-${path.replace(/\/$|\.ts$/, '')}`,
    comment: `src/${path} lies on floor ${floor} and may import only ${allowed.join(', ')}`,
    severity: 'error',
    from: { path: anyOf([path]) },
    to: { path: '^src/', pathNot: anyOf(allowed) },
  }
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'no-floor',
      comment: 'every folder of src has a floor: name it in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^src/', pathNot: anyOf(floors.map(({ path }) => path)) },
      to: {},
    },
    {
      name: 'outside',
      comment: 'src imports nothing of the rest of the project',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:spec|scripts|docs|dist)/' },
    },
    {
      name: 'cycle',
      comment: 'a cycle of types alone is no cycle at run time',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'only-importer-of-mathjs',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/syntax/mathjs\\.ts$' },
      to: { path: '^node_modules/mathjs/' },
    },
    {
      name: 'only-importer-of-graphology',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/graph/' },
      to: { path: '^node_modules/graphology' },
    },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'development-only', severity: 'error', from: { path: '^src/' }, to: { dependencyTypes: ['npm-dev'] } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: '^node_modules/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
}
