import { BackproveError } from '../../base/errors.ts'
import type { Span } from '../../base/errors.ts'
import type { JudgeOptions } from '../../pipeline.ts'
import { VERSION } from '../version.ts'
import { indent } from './layout.ts'

/** `file:line:column: message` and the hint below it. */
export function errorText(file: string, error: BackproveError): string {
  const { span, hint, message } = error
  const place = span === null ? file : `${file}:${span.line}:${span.column}`
  return `${place}: ${message}\n${hint === '' ? '' : `${indent(`hint: ${hint}`, 2)}\n`}`
}

/** What a reader can do about a fault of ours: report it, with what is needed to see it again. */
export function internalErrorText(error: unknown, args: readonly string[]): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `backprove: internal error: ${message}
  This is a fault of backprove, not of the sheet. To see it again:
    backprove ${args.map(quoted).join(' ')}
    backprove ${VERSION}, Node ${process.version}, ${process.platform} ${process.arch}
`
}

/** An argument as a shell takes it. */
export const quoted = (arg: string): string =>
  /^[\w./:=,@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`

/** A fault of ours in one claim, most often two methods that contradict one another: where, and how to see it again. */
export function reproductionText(file: string, span: Span, options: JudgeOptions, message: string): string {
  const { seed, trials } = options
  return `backprove: internal error: ${file}:${span.line}:${span.column}: ${message}
  This is a fault of backprove, not of the sheet. To see it again:
    backprove verify ${quoted(file)} --seed ${seed} --trials ${trials}
    backprove ${VERSION}, Node ${process.version}, ${process.platform} ${process.arch}
`
}

/** An error that was met while working on `file`, with the place in it. */
export class LocatedError extends Error {
  readonly file: string
  readonly error: BackproveError

  constructor(file: string, error: BackproveError) {
    super(error.message)
    this.file = file
    this.error = error
  }
}

/** Does `work`, and says of an error in which file it was met. */
export async function locating<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BackproveError && error.code !== 'internal') throw new LocatedError(file, error)
    throw error
  }
}
