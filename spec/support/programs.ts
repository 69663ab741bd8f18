import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { Random } from '../../src/base/random.ts'
import { moduleSource } from '../../src/derive/code.ts'
import type { SubjectOptions } from '../../src/derive/subject.ts'
import { drawn } from '../../src/derive/samples.ts'
import { vjp } from '../../src/differentiate/reverse.ts'
import { evaluate } from '../../src/evaluate/evaluate.ts'
import type { Bindings } from '../../src/evaluate/evaluate.ts'
import type { Tensor } from '../../src/evaluate/tensor.ts'
import type { Builder } from '../../src/graph/builder.ts'
import type { InputNode, Node } from '../../src/graph/node.ts'
import { readProgram } from '../../src/pipeline.ts'
import { LANGUAGES } from '../../src/print/languages.ts'
import { printModule } from '../../src/print/module/module.ts'
import { plainName } from '../../src/print/module/names.ts'
import type { ModuleSource } from '../../src/print/module/module.ts'
import { inputsOf } from './points.ts'

/** A scalar with gradients, and data at which printed programs are to agree with the reference interpreter. */
export interface ProgramCase {
  readonly name: string
  readonly source: ModuleSource
  readonly point: Bindings
  /** Whether the program's own check is run as well. */
  readonly check: boolean
}

/** What a printed program computed, or why it failed. */
export interface Outcome {
  readonly error?: string
  readonly value?: Tensor
  readonly gradients?: readonly Tensor[]
  /** The same gradients by way of the library's own differentiation. */
  readonly differentiated?: readonly Tensor[]
}

/** The weighted sum of an array, so that no error cancels, and its gradients by all data in it. */
export function weighedCase(
  name: string,
  builder: Builder,
  y: Node,
  data: ReadonlyMap<Node, Tensor>,
  sizes: ReadonlyMap<string, number>,
  random: Random,
): ProgramCase {
  // prettier-ignore
  const weights = builder.input('weights', y.shape)
  const value = builder.sum(builder.call('mul', weights, y))
  const variables = inputsOf([value])
  const gradients = vjp(builder, value, variables).map((node, at) => ({ by: variables[at]!, node }))
  const lengths = y.shape.map((size) => [...size.terms].reduce((sum, { coefficient, powers }) => sum + Number(coefficient) * powers.reduce((product, [key, exponent]) => product * sizes.get(key)! ** exponent, 1), 0)) // prettier-ignore
  const point = { sizes, inputs: new Map([...data, [weights, drawn({ lengths, kind: 'uniform', range: [0.5, 1.5] }, random)]]) } // prettier-ignore
  return { name, source: { of: 'total', value, gradients, lengths: sizes }, point, check: false }
}

/** A sheet's scalar and its gradients as `derive` prints them. */
export function sheetCase(name: string, text: string, options: SubjectOptions = {}, seed = 7): ProgramCase {
  const program = readProgram(text)
  const source = moduleSource(program, options)
  const samples = source.samples!
  const random = new Random(seed)
  const inputs = new Map([...samples].map(([input, sample]): [Node, Tensor] => [input, drawn(sample, random)]))
  return { name, source, point: { sizes: source.lengths!, inputs }, check: true }
}

/** The values that the reference interpreter gives: the scalar, then its gradients. */
export const expectedOf = ({ source, point }: ProgramCase): Tensor[] =>
  evaluate([source.value, ...source.gradients.map(({ node }) => node)], point)

interface Prepared {
  readonly file: string
  readonly arguments: Readonly<Record<string, Tensor | number>>
  readonly wrt: readonly string[]
}

/** Prints a case to a file; the arguments stand in the order of the printed function. */
function prepared(
  language: string,
  { source, point }: ProgramCase,
  file: string,
  edit: (text: string) => string,
): Prepared {
  const text = printModule(LANGUAGES.get(language)!, source)
  writeFileSync(file, edit(text))
  const names = /(?:def|export function) forward\(([^)]*)\)/
    .exec(text)![1]!
    .split(', ')
    .filter((name) => name !== '')
  const inputs = inputsOf([source.value, ...source.gradients.map(({ node }) => node)])
  const all = [...new Set([...inputs, ...source.gradients.flatMap(({ by }) => (by.kind === 'input' ? [by] : []))])].sort((a, b) => a.id - b.id) // prettier-ignore
  const values = names.map((name, at): [string, Tensor | number] => {
    const input: InputNode | undefined = all[at]
    return [
      name,
      input === undefined
        ? point.sizes.get(name)!
        : { shape: point.inputs.get(input)!.shape, data: point.inputs.get(input)!.data },
    ]
  })
  const wrt = source.gradients.map(({ by }) => names[all.indexOf(by as InputNode)] ?? plainName(by.name))
  return { file, arguments: Object.fromEntries(values), wrt }
}

const PYTHON = '/usr/bin/python3'
const RUNNER = join(import.meta.dirname, 'python/run.py')

/** Whether NumPy can be run here. */
export const hasNumpy = (): boolean => spawnSync(PYTHON, ['-c', 'import numpy']).status === 0

/** Runs all cases in one Python process. `found` says which libraries were installed, and which only stand-ins. */
export function runPython(cases: readonly ProgramCase[], languages: readonly string[], folder: string) {
  const jobs = cases.flatMap((one, at) =>
    languages.map((language) => ({
      ...prepared(language, one, join(folder, `case_${at}_${language}.py`), (text) => text),
      language,
      check: one.check,
      differentiate: one.source.gradients.every(({ by }) => by.kind === 'input'),
    })),
  )
  const plain = JSON.stringify(jobs, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value))
  const file = join(folder, 'cases.json')
  writeFileSync(file, plain)
  const compiled = spawnSync(PYTHON, ['-m', 'py_compile', ...jobs.map((job) => job.file)], { encoding: 'utf8' })
  if (compiled.status !== 0) throw new Error(compiled.stderr)
  const { status, stdout, stderr } = spawnSync(PYTHON, [RUNNER, file], { encoding: 'utf8', maxBuffer: 1e9 })
  if (status !== 0) throw new Error(stderr)
  const { found, results } = JSON.parse(stdout) as { found: Record<string, string>; results: Outcome[] }
  return { found, outcomes: jobs.map(({ language }, at) => ({ language, case: cases[Math.floor(at / languages.length)]!, outcome: results[at]! })) } // prettier-ignore
}

/** Expressions in NumPy, in order, in the names of the values given and of those before. */
export interface ExpressionCase {
  readonly values: Readonly<Record<string, Tensor | number>>
  readonly expressions: readonly (readonly [name: string, text: string])[]
}

/** What NumPy makes of expressions. */
export function runExpressions(cases: readonly ExpressionCase[], folder: string): Outcome[] {
  const file = join(folder, 'expressions.json')
  const jobs = cases.map(({ values, expressions }) => ({ language: 'expressions', arguments: values, expressions }))
  writeFileSync(
    file,
    JSON.stringify(jobs, (_, value: unknown) => (value instanceof Float64Array ? [...value] : value)),
  )
  const { status, stdout, stderr } = spawnSync(PYTHON, [RUNNER, file], { encoding: 'utf8', maxBuffer: 1e9 })
  if (status !== 0) throw new Error(stderr)
  return (JSON.parse(stdout) as { results: Outcome[] }).results
}

type Nested = number | readonly Nested[]

interface PrintedModule {
  readonly valueAndGradients: (...args: readonly unknown[]) => { value: unknown; gradients: Record<string, unknown> }
  readonly check: () => void
}

const nested = ({ shape, data }: Tensor): Nested => {
  const build = (axis: number, start: number, count: number): Nested =>
    axis === shape.length
      ? data[start]!
      : Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, start + (i * count) / shape[axis]!, count / shape[axis]!)) // prettier-ignore
  return build(0, 0, data.length)
}

const flat = (value: Nested): number[] => {
  const result: number[] = []
  const stack = [value]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (typeof top === 'number') result.push(top)
    else stack.push(...(top as Nested[]).toReversed())
  }
  return result
}

const shapeOf = (value: Nested): number[] => (typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0]!)])

/** Runs a case as a JavaScript module; `from` says where TensorFlow.js, or what stands in for it, is imported from. */
export async function runJavaScript(
  language: 'js' | 'tfjs',
  one: ProgramCase,
  folder: string,
  at: number,
  from = '',
): Promise<Outcome> {
  // prettier-ignore
  const file = join(folder, `case_${at}_${language}.mjs`)
  const edit = (text: string): string => text.replace("'@tensorflow/tfjs'", `'${from}'`)
  const { arguments: values, wrt } = prepared(language, one, file, edit)
  const module = (await import(pathToFileURL(file).href)) as PrintedModule
  const args = Object.values(values).map((value) => (typeof value === 'number' ? value : nested(value)))
  const result = module.valueAndGradients(...args)
  if (one.check) module.check()
  const tensor = (value: unknown): Tensor => {
    const array = (typeof value === 'object' && value !== null && 'arraySync' in value ? (value as { arraySync: () => unknown }).arraySync() : value) as Nested // prettier-ignore
    return { shape: shapeOf(array), data: Float64Array.from(flat(array)) }
  }
  return { value: tensor(result.value), gradients: wrt.map((name) => tensor(result.gradients[name])) }
}
