import { nameTex } from '../print/tex.ts'
import type { Derivation } from './derive.ts'
import type { Line, Steps } from './steps.ts'

/** Definitions and gradients in the sheet language, a line each. */
export function gradientsText({ definitions, gradients }: Derivation): string {
  const shared = new Set(definitions.map(({ name }) => name))
  const lines = [...definitions, ...gradients.filter(({ name }) => !shared.has(name))]
  return lines.map(({ name, text }) => `${name} = ${text}\n`).join('')
}

/** The same in LaTeX, aligned at the equality signs. */
export function gradientsTex({ of, definitions, gradients }: Derivation): string {
  const partial = new Map(
    gradients.map(({ name, wrt }) => [name, `\\frac{\\partial ${nameTex(of)}}{\\partial ${nameTex(wrt)}}`]),
  )
  const shared = new Set(definitions.map(({ name }) => name))
  return aligned([
    ...definitions.map(({ name, tex }) => {
      const meaning = partial.get(name)
      return `${nameTex(name)} ${meaning === undefined ? '' : `= ${meaning} `}&= ${tex}`
    }),
    ...gradients.flatMap(({ name, tex }) => (shared.has(name) ? [] : [`${partial.get(name)!} &= ${tex}`])),
  ])
}

function aligned(lines: readonly string[]): string {
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}\n`
}

/** A derivation by the chain rule; definitions are comments, so that the rest is the sheet language. */
export function stepsText({ factor, steps }: Steps): string {
  const head = factor === null ? [] : [`# derivatives by values between are divided by ${factor.text}`]
  const blocks = steps.map(({ name, through, chain, result }) => {
    const last = isSame(chain, result) ? [] : [`#${' '.repeat(Math.max(1, name.length))}= ${chain.text}`]
    return [...through.map(({ text }) => `# through ${text}`), ...last, `${name} = ${result.text}`]
  })
  return [head, ...blocks]
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n')
}

/** Signs in the sheet language of what fits next to a name on a page of LaTeX. */
const PAGE = 60

/** The same in LaTeX; what does not fit on a line goes on below it. */
export function stepsTex({ steps }: Steps): string {
  return aligned(
    steps.flatMap(({ name, chain, result }) => {
      const first = `${nameTex(name)} &= ${chain.tex}`
      if (isSame(chain, result)) return [first]
      if (chain.text.length + result.text.length > PAGE) return [first, `&= ${result.tex}`]
      return [`${first} = ${result.tex}`]
    }),
  )
}

const isSame = (a: Line, b: Line): boolean => a.text === b.text
