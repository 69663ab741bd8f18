import { BackproveError } from '../base/errors.ts'
import type { InputNode } from '../graph/node.ts'
import { shapeText } from '../shape/shape.ts'
import { evaluateSize, sizeNames } from '../shape/size.ts'
import { INITIALISATIONS } from './initialise.ts'
import type { Initialisation } from './initialise.ts'
import type { TrainingState } from './state.ts'

const LARGEST = Number.MAX_SAFE_INTEGER

/** Gives the rate back; throws `argument` unless it is a positive finite number. `name` is what the user calls it. */
export function vetRate(rate: unknown, name = 'learningRate'): number {
  if (typeof rate === 'number' && rate > 0 && Number.isFinite(rate)) return rate
  throw new BackproveError('argument', `${name} takes a positive number, not \`${String(rate)}\``, {
    hint: 'for instance 0.01',
  })
}

/** Gives the name back; throws `argument` where no initialisation has it. */
export function vetInitialisation(how: unknown): Initialisation {
  const found = INITIALISATIONS.find((known) => known === how)
  if (found !== undefined) return found
  throw new BackproveError('argument', `there is no initialisation \`${String(how)}\``, {
    hint: `one of ${INITIALISATIONS.join(', ')}`,
  })
}

/** Throws `argument` unless `value` is a whole number from `least` to `most`. */
export function vetWhole(name: string, value: unknown, least: number, most = LARGEST): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return
  throw new BackproveError('argument', `${name} takes a whole number, not \`${String(value)}\``, {
    hint: most === LARGEST ? `at least ${least}` : `from ${least} to ${most}`,
  })
}

/** Throws `argument` unless `batch` is a number of samples for one step. */
export function vetBatch(batch: unknown, samples: number): void {
  vetWhole('batch', batch, 1)
  if ((batch as number) <= samples) return
  throw new BackproveError('argument', `a batch of ${String(batch)} is more than there are samples: ${samples}`, {
    hint: 'leave it out, and each step sees all of them',
  })
}

/** Throws `argument` for a size that is no length or that the problem does not name, `data` for one that the data tells otherwise. */
export function vetSizes(
  given: ReadonlyMap<string, number>,
  ofData: ReadonlyMap<string, number>,
  names: readonly string[],
): void {
  const known = [...new Set(names)].join(', ')
  for (const [name, length] of given) {
    vetWhole(`the size \`${name}\``, length, 1)
    if (!names.includes(name)) {
      throw new BackproveError('argument', `there is no size \`${name}\``, {
        hint: `the sizes are ${known}`,
      })
    }
    const told = ofData.get(name)
    if (told === undefined || told === length) continue
    throw new BackproveError('data', `the size \`${name}\` is given as ${length}, and the data has ${told}`, {
      hint: 'sizes need to be given only where the data do not tell them',
    })
  }
}

/** Throws `data` unless the state holds each parameter in its shape, and nothing else. */
export function vetState(
  { params: saved }: TrainingState,
  params: readonly InputNode[],
  sizes: ReadonlyMap<string, number>,
): void {
  const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
  const names = params.map(({ name }) => name)
  const strange = [...saved.keys()].filter((name) => !names.includes(name))
  const missing = names.filter((name) => !saved.has(name))
  if (strange.length + missing.length > 0) {
    const lacking = missing.length === 0 ? '' : `lack ${quoted(missing)}`
    const having = strange.length === 0 ? '' : `have ${quoted(strange)}, which the cost has not`
    const both = [lacking, having].filter((part) => part !== '').join(' and ')
    throw new BackproveError('data', `the saved parameters ${both}`, {
      hint: `they may be another network's: the parameters here are ${names.join(', ')}`,
    })
  }
  const misfits = params.flatMap(({ name, shape }) => {
    const wanted = shape.map((size) => evaluateSize(size, sizes))
    const value = saved.get(name)!
    if (value.shape.length === wanted.length && wanted.every((length, axis) => length === value.shape[axis])) return []
    return [{ name, shape, text: `\`${name}\` is ${lengthsText(value.shape)}, not ${lengthsText(wanted)}` }]
  })
  if (misfits.length === 0) return
  const lengths = new Set(misfits.flatMap(({ shape }) => shape.flatMap(sizeNames)))
  const known = [...lengths].map((name) => `${name} = ${sizes.get(name) ?? ''}`).join(', ')
  const declared = misfits.map(({ name, shape }) => `${name} is declared ${shapeText(shape)}`).join(', ')
  throw new BackproveError('data', `the saved parameters do not fit: ${misfits.map(({ text }) => text).join(', ')}`, {
    hint: known === '' ? declared : `${declared}; here ${known}`,
  })
}

const lengthsText = (lengths: readonly number[]): string => (lengths.length === 0 ? 'a number' : lengths.join('×'))
