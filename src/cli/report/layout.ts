/** Every line moved to the right by `columns`. */
export function indent(text: string, columns: number): string {
  const space = ' '.repeat(columns)
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : space + line))
    .join('\n')
}

/** The columns that a text takes on a terminal: accents take none, wide characters two. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text) {
    if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) continue
    columns += /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(character) ? 2 : 1 // prettier-ignore
  }
  return columns
}

export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - columnsOf(text)))

export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - columnsOf(text))) + text

/** A space at which `wrap` does not cut. */
export const JOINT = '\u00A0'

/** Cut at spaces into lines of at most `columns`; a word that is longer is cut where it must be. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (let word of text.split(/[ \t\r\n]+/).filter((part) => part !== '')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) <= columns) {
      line += ` ${word}`
      continue
    }
    if (line !== '') lines.push(line)
    while (columnsOf(word) > columns) {
      const characters = [...word]
      lines.push(characters.slice(0, columns).join(''))
      word = characters.slice(columns).join('')
    }
    line = word
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines.map((whole) => whole.replaceAll(JOINT, ' '))
}

/** Blocks of lines next to one another, as many in a row as fit, in order. */
export function beside(blocks: readonly (readonly string[])[], columns: number, gap = 3): string[] {
  const rows: { blocks: (readonly string[])[]; width: number }[] = []
  for (const block of blocks) {
    const width = widthOf(block)
    const row = rows.at(-1)
    if (row !== undefined && row.width + gap + width <= columns) {
      row.blocks.push(block)
      row.width += gap + width
    } else rows.push({ blocks: [block], width })
  }
  return rows.flatMap(({ blocks: row }) => {
    const height = Math.max(...row.map((block) => block.length))
    return Array.from(
      { length: height },
      (_, at) =>
      row.map((block) => padEnd(block[at] ?? '', widthOf(block))).join(' '.repeat(gap)).trimEnd(), // prettier-ignore
    )
  })
}

const widthOf = (block: readonly string[]): number => Math.max(0, ...block.map(columnsOf))
