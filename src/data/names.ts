import { BackproveError } from '../base/errors.ts'
import type { Span } from '../base/errors.ts'
import { nearest } from '../elaborate/nearest.ts'
import type { InputNode } from '../graph/node.ts'

/** What the sheet declares under a name; throws `data` where it declares nothing. */
export function named(name: string, inputs: readonly InputNode[], span: Span | null = null): InputNode {
  const found = inputs.find((input) => input.name === name.normalize('NFC'))
  if (found !== undefined) return found
  const names = inputs.map((input) => input.name)
  const near = nearest(name, names)
  throw new BackproveError('data', `the sheet declares no \`${name}\``, {
    hint: near === null ? `it declares ${names.join(', ')}` : `did you mean \`${near}\`?`,
    span,
  })
}
