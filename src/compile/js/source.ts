import { ELEMENTWISE } from '../../ops/elementwise.ts'
import { erfc } from '../../ops/kernels/erf.ts'
import { arrange } from '../plan/loops.ts'
import type { Loops, LoopStore } from '../plan/loops.ts'
import { IDENTITY } from '../plan/nest.ts'
import type { Combine, Nest } from '../plan/nest.ts'
import type { Access, Primitive, ScalarOp } from '../scalar/scalars.ts'

export type Kernel = (...args: number[]) => number

/** Numbers the kernels that generated code calls; code knows them by number only. */
export class KernelSlots {
  readonly kernels: Kernel[] = []

  slot(kernel: Kernel): number {
    const known = this.kernels.indexOf(kernel)
    return known >= 0 ? known : this.kernels.push(kernel) - 1
  }
}

/** A primitive on variables. Those whose meaning at the ends of their domain is not `Math`'s go to their kernels. */
function expression(op: Primitive, args: readonly string[], slots: KernelSlots): string {
  const [a, b, c] = args as [string, string, string]
  switch (op) {
    case 'add':
      return `${a} + ${b}`
    case 'sub':
      return `${a} - ${b}`
    case 'mul':
      return `${a} * ${b}`
    case 'quot':
      return `${a} / ${b}`
    case 'div':
      return `${b} === 0 ? NaN : ${a} / ${b}`
    case 'neg':
      return `-${a}`
    case 'select':
      return `${a} !== ${a} ? NaN : ${a} !== 0 ? ${b} : ${c}`
    case 'gt':
    case 'ge': // prettier-ignore
      return `${a} !== ${a} || ${b} !== ${b} ? NaN : ${a} ${op === 'gt' ? '>' : '>='} ${b} ? 1 : 0`
    case 'log':
      return `${a} > 0 ? Math.log(${a}) : NaN`
    case 'log1p':
      return `${a} > -1 ? Math.log1p(${a}) : NaN`
    case 'erf':
    case 'eq':
    case 'ne': // prettier-ignore
      return `k[${slots.slot(ELEMENTWISE[op].kernel)}](${args.join(', ')})`
    case 'erfc':
      return `k[${slots.slot(erfc)}](${a})`
    case 'abs':
    case 'min':
    case 'max':
    case 'sqrt':
    case 'exp':
    case 'expm1':
    case 'tanh':
    case 'sin':
    case 'cos': // prettier-ignore
      return `Math.${op}(${args.join(', ')})`
  }
}

const literal = (value: number): string =>
  Object.is(value, -0) || value < 0 ? `(${Object.is(value, -0) ? '-0' : value})` : `${value}`

function combination(combine: Combine, old: string, value: string): string {
  if (combine === 'sum') return `${old} + ${value}`
  if (combine === 'prod') return `${old} * ${value}`
  return `Math.${combine}(${old}, ${value})`
}

/** Writes a nest as JavaScript loops over the array `m`; `starts` are the buffers' first entries. */
class NestSource {
  readonly #lines: string[] = []
  readonly #loops: Loops
  readonly #starts: readonly number[]
  readonly #slots: KernelSlots

  constructor(loops: Loops, starts: readonly number[], slots: KernelSlots) {
    this.#loops = loops
    this.#starts = starts
    this.#slots = slots
  }

  text(): string {
    for (const store of this.#loops.stores) {
      if (store.combine !== null && store.starts) this.#start(store, store.combine)
    }
    this.#level(0)
    return this.#lines.join('\n')
  }

  #start(store: LoopStore, combine: Combine): void {
    const around = [...store.access.strides.keys()].filter((axis) => store.access.strides[axis] !== 0)
    for (const axis of around) this.#lines.push(this.#loop(axis))
    this.#lines.push(`${this.#place(store.access)} = ${literal(IDENTITY[combine])}`, '}'.repeat(around.length))
  }

  #loop(axis: number): string {
    return `for (let i${axis} = 0; i${axis} < ${this.#loops.extents[axis]!}; i${axis}++) {`
  }

  #place({ buffer, offset, strides, sweep = 0 }: Access): string {
    const terms = strides.flatMap((stride, axis) => (stride === 0 ? [] : [stride === 1 ? `i${axis}` : `${stride} * i${axis}`])) // prettier-ignore
    if (sweep !== 0) terms.push(`${sweep} * o`)
    return `m[${[`${this.#starts[buffer]! + offset}`, ...terms].join(' + ')}]`
  }

  #text(op: ScalarOp): string {
    const args = op.args.map((arg) => this.#name(arg))
    switch (op.op) {
      case 'const':
        return literal(op.value)
      case 'load':
        return this.#place(op.access)
      case 'call':
        return `k[${this.#slots.slot(ELEMENTWISE[op.fn].kernel)}](${args.join(', ')})`
      default:
        return expression(op.op, args, this.#slots)
    }
  }

  #name(id: number): string {
    const op = this.#loops.ops[id]!
    return op.op === 'const' ? literal(op.value) : `v${id}`
  }

  #level(level: number): void {
    const { extents, ops, levels, stores, uses } = this.#loops
    ops.forEach((op, id) => {
      if (levels[id] === level && uses[id]! > 0 && op.op !== 'const')
        this.#lines.push(`const v${id} = ${this.#text(op)}`)
    })
    stores.forEach((store, index) => {
      if (store.combine === null) {
        if (store.level === level) this.#lines.push(`${this.#place(store.access)} = ${this.#name(store.value)}`)
      } else if (level === extents.length) this.#combine(store, index, store.combine)
    })
    if (level === extents.length) return
    const within = [...stores.entries()].filter(([, store]) => store.combine !== null && store.level === level)
    for (const [index, { combine }] of within) this.#lines.push(`let s${index} = ${literal(IDENTITY[combine!])}`)
    this.#lines.push(this.#loop(level))
    this.#level(level + 1)
    this.#lines.push('}')
    for (const [index, { access, combine, shared }] of within) {
      const place = this.#place(access)
      this.#lines.push(`${place} = ${shared ? combination(combine!, place, `s${index}`) : `s${index}`}`)
    }
  }

  #combine(store: LoopStore, index: number, combine: Combine): void {
    const target = store.level === this.#loops.extents.length ? this.#place(store.access) : `s${index}`
    this.#lines.push(`${target} = ${combination(combine, target, this.#name(store.value))}`)
  }
}

/** A nest as statements over `m` (one array of entries), `k` (kernels by slot) and `o` (the first sample of a sweep). */
export function nestSource(nest: Nest, starts: readonly number[], slots: KernelSlots): string {
  return new NestSource(arrange(nest), starts, slots).text()
}
