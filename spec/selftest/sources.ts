import { join } from 'node:path'
import { examples } from '../support/examples.ts'
import { markedSheets } from '../support/marked.ts'

/** A sheet and the lines of its true claims. */
export interface Source {
  readonly name: string
  readonly text: string
  readonly trueLines: ReadonlySet<number>
}

const marked = (folder: string): Source[] =>
  markedSheets(folder).map(({ name, text }) => {
    const lines = text.split('\n').flatMap((line, at) => (/# proved\b[^#]*$/.test(line) ? [at + 1] : []))
    return { name, text, trueLines: new Set(lines) }
  })

/** The sheets of the documentation and of the specification; or those of another folder, marked as the latter are. */
export function sources(folder: string | undefined): Source[] {
  if (folder !== undefined) return marked(folder)
  const shown = examples
    .filter(({ name }) => !name.includes('misprints'))
    .map(({ name, text, expected }) => {
      const lines = [...expected].filter(([, verdict]) => verdict === 'proved').map(([line]) => line)
      return { name, text, trueLines: new Set(lines) }
    })
  const own = ['corpus', 'traps'].flatMap((name) => marked(join(import.meta.dirname, '..', name)))
  return [...shown, ...own]
}
