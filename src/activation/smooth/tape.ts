import { BackproveError } from '../../base/errors.ts'
import { E, ONE } from '../interval/interval.ts'
import type { Interval } from '../interval/interval.ts'
import type { Rational } from '../../base/rational.ts'
import type { Node } from '../../graph/node.ts'
import type { Primitive } from './field.ts'
import { TapeBuilder } from './tape-builder.ts'

/** One step of a straight program; `a` and `b` are positions of earlier steps. */
export type Instruction =
  | { readonly op: 'z' }
  | { readonly op: 'constant'; readonly value: Interval }
  | { readonly op: 'add' | 'sub' | 'mul' | 'div'; readonly a: number; readonly b: number }
  | { readonly op: 'neg'; readonly a: number }
  | { readonly op: 'power'; readonly a: number; readonly exponent: number }
  | { readonly op: 'apply'; readonly fn: Primitive; readonly a: number }

/** A condition under which a tape is the function: the step's value keeps this relation to zero. */
export interface Guard {
  readonly index: number
  /** A `switch` chooses between branches; the others bound the domain. */
  readonly kind: 'switch' | 'positive' | 'nonnegative' | 'nonzero'
}

/** A smooth function of one variable: the branches that one piece of a piecewise function takes. */
export interface Tape {
  readonly instructions: readonly Instruction[]
  readonly result: number
  readonly guards: readonly Guard[]
  /** Whether the function is defined at the sample for which the tape was made. */
  readonly defined: boolean
  /** Whether each branch was chosen by proof. */
  readonly certain: boolean
  /** Removable singularities: places where the tape is 0/0 and the function has a limit, the value that is meant there. */
  readonly removable: readonly number[]
}

/**
 * The function `root` of the input `z` as it is around the point `sample`: every comparison is decided there. Parameters
 * are inputs too, their values given. Throws `unsupported` for what is not a scalar function made of elementwise operations.
 */
export function tapeAround(root: Node, z: Node, values: ReadonlyMap<Node, Rational>, sample: number): Tape {
  const builder = new TapeBuilder(sample)
  const refs = new Map<Node, number>()
  const conditions = lazily(root, z, values, builder, refs)
  return builder.finish(conditions)
}

/** Only branches that are taken are entered, so that an untaken one imposes nothing. */
function lazily(
  root: Node,
  z: Node,
  values: ReadonlyMap<Node, Rational>,
  builder: TapeBuilder,
  refs: Map<Node, number>,
): number {
  const stack: Node[] = [root]
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    if (refs.has(node)) {
      stack.pop()
      continue
    }
    const [condition, yes, no] = node.inputs
    if (node.kind === 'map' && node.fn === 'where' && refs.has(condition!)) {
      const branch = builder.isTrue(refs.get(condition!)!) ? yes! : no!
      if (refs.has(branch)) refs.set(node, refs.get(branch)!)
      else stack.push(branch)
      continue
    }
    const wanted = node === z ? [] : node.kind === 'map' && node.fn === 'where' ? [condition!] : node.inputs
    const missing = wanted.filter((input) => !refs.has(input))
    if (missing.length > 0) stack.push(...missing)
    else refs.set(node, emit(node, z, values, builder, refs))
  }
  return refs.get(root)!
}

function emit(
  node: Node,
  z: Node,
  values: ReadonlyMap<Node, Rational>,
  builder: TapeBuilder,
  refs: ReadonlyMap<Node, number>,
): number {
  if (node === z) return builder.variable()
  const given = values.get(node)
  if (given !== undefined) return builder.constant(given)
  switch (node.kind) {
    case 'constant':
      return builder.constant(node.value)
    case 'symbol':
      return node.name === 'pi' ? builder.pi() : builder.number(E)
    case 'definition':
      return refs.get(node.inputs[0]!)!
    case 'map':
      return builder.call(node.fn, ...node.inputs.map((input) => refs.get(input)!))
    case 'input':
      throw new BackproveError('data', `\`${node.name}\` has no value`, { hint: `give it one: --set ${node.name}=1` })
    case 'contract':
      // Of scalars, a contraction is a product.
      if (node.spec.sizes.length > 0) break
      return node.inputs.reduce((product, input) => builder.call('mul', product, refs.get(input)!), builder.number(ONE))
    case 'size':
    case 'reduce':
    case 'normalise':
    case 'matrix':
    case 'reshape':
    case 'derivative':
  }
  throw new BackproveError('unsupported', `an activation is a function of one number; it has a \`${node.kind}\``, {
    hint: 'whole-array operations such as sum and softmax are not analysed here',
  })
}

/** The positions that an instruction reads. */
export function operandsOf(instruction: Instruction): number[] {
  if (instruction.op === 'z' || instruction.op === 'constant') return []
  return 'b' in instruction ? [instruction.a, instruction.b] : [instruction.a]
}

/** Only what the step at `index` is made of, with the guards on steps among these. */
export function partOf(tape: Tape, index: number): Tape {
  const used = new Set([index])
  for (let at = index; at >= 0; at--) {
    if (used.has(at)) for (const operand of operandsOf(tape.instructions[at]!)) used.add(operand)
  }
  const places = new Map([...used].sort((a, b) => a - b).map((old, place) => [old, place]))
  const instructions = [...places.keys()].map((old) => {
    const instruction = tape.instructions[old]!
    if (instruction.op === 'z' || instruction.op === 'constant') return instruction
    const a = places.get(instruction.a)!
    return 'b' in instruction ? { ...instruction, a, b: places.get(instruction.b)! } : { ...instruction, a }
  })
  const guards = tape.guards.flatMap((guard) => {
    const place = places.get(guard.index)
    return place === undefined ? [] : [{ ...guard, index: place }]
  })
  return { ...tape, instructions, result: places.get(index)!, guards }
}
