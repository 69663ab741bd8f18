import type { Argument, Body, Module } from './language.ts'

/** What stands around the statements of a JavaScript module, for plain numbers and for TensorFlow.js. */

/** Words of the language and what printed modules use besides; no value of a sheet takes these names. */
export const JAVASCRIPT_RESERVED = (
  'abstract arguments await boolean break byte case catch char class const continue debugger default delete do double ' +
  'else enum eval export extends false final finally float for function goto if implements import in instanceof int ' +
  'interface let long native new null package private protected public return short static super switch synchronized ' +
  'this throw throws transient true try typeof undefined var void volatile while with yield async of ' +
  'Array Float64Array Infinity Math NaN Number Object String Error console process globalThis URL constructor ' +
  '__proto__ forward gradients valueAndGradients runForward runBackward runShifted isStarted check cache ' +
  Array.from({ length: 30 }, (_, at) => `u${at + 1}`).join(' ')
).split(' ')

const list = (names: readonly string[]): string => names.join(', ')

export const lines = (body: Body, indent: string): string =>
  [...body.sizes, ...body.assignments].map(({ name, text }) => `${indent}const ${name} = ${text}\n`).join('')

/** How a library takes values in and hands results out, and in what it wraps a pass. */
export interface Boundary {
  /** An expression around the function that computes: it frees what lies between. */
  readonly wrap: (body: string) => string
  readonly into: (name: string) => string
  readonly out: (name: string) => string
  readonly outDocument: string
}

/** The passes, and the functions made of them. */
export function functions(module: Module, { wrap, into, out, outDocument }: Boundary): string {
  const names = module.args.map(({ name }) => name)
  const args = list(names)
  const lengths = module.args.filter(({ sample }) => sample === null).map(({ name }) => name)
  const taken = module.args.map(({ name, sample }) => (sample === null ? name : into(name)))
  const handed = list(['cache', ...lengths])
  const unpack = module.cache.length === 0 ? '' : `  const [${list(module.cache)}] = cache\n`
  const results = module.gradients.map(({ wrt, value }) => `    ${wrt}: ${value},\n`).join('')
  const wrapped = module.gradients.map(({ wrt }) => `${wrt}: ${out(`slopes.${wrt}`)}`)
  return `function runForward(${args}) {
${lines(module.forward, '  ')}  return { value: ${module.value}, cache: [${list(module.cache)}] }
}

function runBackward(${handed}) {
${unpack}${lines(module.backward, '  ')}  return {
${results}  }
}

/**
 * ${module.of} of
${module.args.map(({ name, shape }) => ` * - ${name}: ${shape}\n`).join('')} * ${outDocument}
 */
export function forward(${args}) {
  return ${wrap(out(`runForward(${list(taken)}).value`))}
}

/** ${module.of} and its gradients by ${list(module.gradients.map(({ wrt }) => wrt))}, in one pass. */
export function valueAndGradients(${args}) {
  return ${wrap(`{
    const { value, cache } = runForward(${list(taken)})
    const slopes = runBackward(${handed})
    return { value: ${out('value')}, gradients: { ${list(wrapped)} } }
  }`)}
}

/** The gradients of ${module.of}. */
export const gradients = (${args}) => valueAndGradients(${args}).gradients
`
}

const draw = ({ sample, length }: Argument): string => {
  if (sample === null) return String(length)
  const { lengths, kind, range, entries } = sample
  const shape = `[${list(lengths.map(String))}]`
  if (entries !== undefined)
    return `draw(${shape}, (at) => [${list(entries.map(String))}][at.reduce((place, i, axis) => place * [${list(lengths.map(String))}][axis] + i, 0)])`
  if (kind === 'label') return `draw(${shape}, () => Math.round(random()))`
  if (kind === 'onehot') {
    // Every column holds one 1, all in the first rows in turn.
    return `draw(${shape}, (at) => (at[0] === at.slice(1).reduce((sum, i) => sum + i, 0) % ${lengths[0] ?? 1} ? 1 : 0))`
  }
  return `draw(${shape}, () => ${range[0]} + ${range[1] - range[0]} * random())`
}

/** The pass in which values between are moved, where there is one. */
function shiftedPass(module: Module): string {
  const { of, shifted } = module
  if (shifted === null) return ''
  const parameters = [...module.args.map(({ name }) => name), ...shifted.shifts.map(({ parameter }) => parameter)]
  return `/** ${of} with something added to ${list(shifted.shifts.map(({ wrt }) => wrt))}; for the check alone. */
function runShifted(${list(parameters)}) {
${lines(shifted.body, '  ')}  return ${shifted.value}
}

`
}

/** How precisely the self-check can compare. */
export interface Precision {
  /** Of several the one that agrees best counts: a wide one may cross a kink, a narrow one loses digits. */
  readonly steps: readonly number[]
  readonly tolerance: number
  /** A result as a number, or as nested arrays. */
  readonly plain: (name: string) => string
}

/** A function that compares the gradients with central differences, and a call of it where the file is run by itself. */
export function selfCheck(
  module: Module,
  { wrap, into, out }: Boundary,
  { steps, tolerance, plain }: Precision,
): string {
  const names = module.args.map(({ name }) => name)
  const wanted = module.gradients.map(({ wrt }) => `'${wrt}'`)
  const shifts = module.shifted?.shifts ?? []
  const isLength = new Set(module.args.filter(({ sample }) => sample === null).map(({ name }) => name))
  const moved = [...names.map((name) => (isLength.has(name) ? `changed.${name}` : into(`changed.${name}`))), ...shifts.map(({ wrt }) => into(`added.${wrt}`))] // prettier-ignore
  const shifted = shifts.length === 0 ? '' : `  // What is added to values between, to move these alone.
  const zero = (x) => (Array.isArray(x) ? x.map(zero) : 0)
  const shifts = { ${list(shifts.map(({ wrt }) => `${wrt}: zero(${plain(`exact.${wrt}`)})`))} }
  const shifted = (changed, added) => sum(${plain(wrap(out(`runShifted(${list(moved)})`)))})
` // prettier-ignore
  const at = shifts.length === 0
    ? 'value({ ...values, [name]: moved(values[name], entry, by) })'
    : `name in shifts
        ? shifted(values, { ...shifts, [name]: moved(shifts[name], entry, by) })
        : value({ ...values, [name]: moved(values[name], entry, by) })` // prettier-ignore
  const data = module.args.map((arg) => `    ${arg.name}: ${draw(arg)},\n`).join('')
  const [step] = steps
  const numeric = steps.length === 1
    ? `    const numeric = slopes.map((_, entry) => estimate(entry, ${step}))\n`
    : `    // A wide step may cross a kink, a narrow one loses digits.
    const nearest = (x, ...found) => found.reduce((best, other) => (Math.abs(other - x) < Math.abs(best - x) ? other : best))
    const numeric = slopes.map((x, entry) => nearest(x, ${list(steps.map((width) => `estimate(entry, ${width})`))}))\n` // prettier-ignore
  return `${shiftedPass(module)}/** Compares the gradients with central differences at random data. */
export function check(seed = 1) {
  let state = (seed * 1234567891) % 2147483647
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647
  const draw = (shape, entry, at = []) =>
    shape.length === at.length ? entry(at) : Array.from({ length: shape[at.length] }, (_, i) => draw(shape, entry, [...at, i]))
  const values = {
${data}  }
  const names = [${list(names.map((name) => `'${name}'`))}]
  const flat = (value) => [value].flat(Infinity)
  const sum = (value) => flat(value).reduce((total, x) => total + x, 0)
  const value = (changed) => sum(${plain('forward(...names.map((name) => changed[name]))')})
  const exact = gradients(...names.map((name) => values[name]))
${shifted}  // The value with one entry moved.
  const moved = (array, count, by) => {
    let left = count
    const visit = (x) => (Array.isArray(x) ? x.map(visit) : left-- === 0 ? x + by : x)
    return visit(array)
  }
  for (const name of [${list(wanted)}]) {
    const slopes = flat(${plain('exact[name]')})
    const at = (entry, by) =>
      ${at}
    const slope = (entry, width) => (at(entry, width) - at(entry, -width)) / (2 * width)
    const estimate = (entry, width) => (4 * slope(entry, width) - slope(entry, 2 * width)) / 3
${numeric}    const difference = Math.hypot(...slopes.map((x, entry) => x - numeric[entry]))
    const scale = Math.hypot(...slopes) + Math.hypot(...numeric)
    if (!(difference <= ${tolerance} * scale + ${tolerance / 1000})) {
      throw new Error(\`the gradient by \${name} is off by \${difference} of \${scale}\`)
    }
  }
  return 'ok'
}

/** Whether Node was started with this file. */
function isStarted() {
  const file = globalThis.process?.argv?.[1]
  if (!file || !globalThis.process.getBuiltinModule) return false
  const { existsSync, realpathSync } = globalThis.process.getBuiltinModule('node:fs')
  const { pathToFileURL } = globalThis.process.getBuiltinModule('node:url')
  return existsSync(file) && pathToFileURL(realpathSync(file)).href === import.meta.url
}

if (isStarted()) console.log(check())
`
}

export const header = (module: Module, library: string): string =>
  `// ${module.of} and its gradients by ${list(module.gradients.map(({ wrt }) => wrt))}, in ${library}. To check it: node THIS_FILE.mjs\n`
