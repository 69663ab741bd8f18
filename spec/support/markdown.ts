import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export interface Block {
  readonly language: string
  readonly text: string
  /** The line in the file at which the text begins, from 1. */
  readonly line: number
  /** The heading above, without its signs. */
  readonly heading: string
}

/** The fenced blocks of a document, by its path from the root. */
export function blocksOf(path: string): Block[] {
  const blocks: Block[] = []
  let heading = ''
  let open: { language: string; line: number; lines: string[] } | null = null
  for (const [at, line] of readFileSync(join(ROOT, path), 'utf8').split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line)
    if (open !== null && fence !== null) {
      blocks.push({ language: open.language, text: open.lines.join('\n'), line: open.line, heading })
      open = null
    } else if (open !== null) open.lines.push(line)
    else if (fence !== null) open = { language: fence[1] ?? '', line: at + 2, lines: [] }
    else heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading
  }
  if (open !== null) throw new Error(`${path}:${open.line}: a block that is not closed`)
  return blocks
}
