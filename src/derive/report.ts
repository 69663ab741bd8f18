import { nameTex } from '../print/tex.ts'
import type { Derivation } from './derive.ts'
import type { Line, Steps } from './steps.ts'

/** Definitions and gradients in the sheet language, a line each. */
/** The same in LaTeX, aligned at the equality signs. */
export function gradientsText({ definitions, gradients }: Derivation): string {
  return [...definitions, ...gradients].map(({ name, text }) => `${name} = ${text}\n`).join('')
}

/** The same in LaTeX, aligned at the equality signs. */
export function gradientsTex({ of, definitions, gradients }: Derivation): string {
  return aligned([
    ...definitions.map(({ name, tex }) => `${nameTex(name)} &= ${tex}`),
    ...gradients.map(({ wrt, tex }) => `\\frac{\\partial ${nameTex(of)}}{\\partial ${nameTex(wrt)}} &= ${tex}`),
  ])
}

function aligned(lines: readonly string[]): string {
  return `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}\n`
}

/** A derivation by the chain rule; definitions are comments, so that the rest is the sheet language. */
/** The same in LaTeX. */
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

/** The same in LaTeX. */
export function stepsTex({ steps }: Steps): string {
  return aligned(
    steps.map(({ name, chain, result }) => {
      const last = isSame(chain, result) ? '' : ` = ${result.tex}`
      return `${nameTex(name)} &= ${chain.tex}${last}`
    }),
  )
}

const isSame = (a: Line, b: Line): boolean => a.text === b.text
