import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const EXAMPLES = join(import.meta.dirname, '../../docs/examples')

export interface Example {
  readonly name: string
  readonly file: string
  readonly text: string
  /** By line, the verdict that its comment promises. */
  readonly expected: ReadonlyMap<number, string>
}

/** The sheets of docs/examples; a claim's line ends in `# expect: proved`, or another verdict. */
export const examples: readonly Example[] = readdirSync(EXAMPLES)
  .filter((name) => name.endsWith('.bp'))
  .map((name) => {
    const file = join(EXAMPLES, name)
    const text = readFileSync(file, 'utf8')
    const expected = new Map<number, string>()
    for (const [at, line] of text.split('\n').entries()) {
      const verdict = /# expect: (\w+)$/.exec(line)?.[1]
      if (verdict !== undefined) expected.set(at + 1, verdict)
    }
    return { name, file, text, expected }
  })
