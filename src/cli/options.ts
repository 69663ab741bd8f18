import { parseArgs } from 'node:util'
import { BackproveError } from '../base/errors.ts'
import { nearest } from '../elaborate/nearest.ts'

/** What an option takes: nothing, or a value that `value` says. */
export type OptionKinds = Readonly<Record<string, 'flag' | 'text'>>

export type Options<K extends OptionKinds> = {
  readonly [name in keyof K]: K[name] extends 'flag' ? boolean : string | undefined
}

export interface Arguments<K extends OptionKinds> {
  readonly options: Options<K>
  readonly positionals: readonly string[]
}

/** The arguments of a command; throws `usage` for one that it does not know. */
export function readArguments<K extends OptionKinds>(command: string, args: readonly string[], kinds: K): Arguments<K> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [
        name,
        { type: kind === 'flag' ? 'boolean' : 'string', ...(name === 'output' ? { short: 'o' } : {}) } as const,
      ]),
    ),
  })
  const values = new Map<string, boolean | string>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const kind = Object.hasOwn(kinds, token.name) ? kinds[token.name] : undefined
    if (kind === undefined) throw unknown(command, token.rawName, kinds)
    if (kind === 'flag' && token.value !== undefined) throw usageError(`${token.rawName} takes no value`, command)
    if (kind === 'text' && token.value === undefined) throw usageError(`${token.rawName} needs a value`, command)
    values.set(token.name, token.value ?? true)
  }
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [name, values.get(name) ?? (kind === 'flag' ? false : undefined)]),
  )
  return { options: options as Options<K>, positionals }
}

function unknown(command: string, name: string, kinds: OptionKinds): BackproveError {
  const names = Object.keys(kinds).map((known) => `--${known}`)
  const near = nearest(name, names)
  const hint = near === null ? `backprove ${command} takes ${names.join(', ')}` : `did you mean \`${near}\`?`
  return new BackproveError('usage', `there is no option \`${name}\``, { hint })
}

export const usageError = (message: string, command: string): BackproveError =>
  new BackproveError('usage', message, { hint: `\`backprove ${command} --help\` shows how it is called` })

interface Bounds {
  readonly least: number
  readonly most: number
}

/** A whole number that an option gives, or `usual`. */
export function wholeOption(name: string, text: string | undefined, usual: number, { least, most }: Bounds): number {
  if (text === undefined) return usual
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new BackproveError('usage', `--${name} takes a whole number, not \`${text}\``, {
      hint: `from ${least} to ${most}`,
    })
  }
  return value
}

/** A number of seconds that an option gives, in milliseconds, or `usual`. */
export function secondsOption(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  const value = Number(text)
  if (!/^\d*\.?\d+$/.test(text) || !(value > 0) || value > 86_400) {
    throw new BackproveError('usage', `--${name} takes a number of seconds, not \`${text}\``, {
      hint: 'above 0, at most 86400',
    })
  }
  return value * 1000
}
