import { nameTex } from '../print/tex.ts'
import type { Derivation } from './derive.ts'
import type { Steps } from './steps.ts'

/** Definitions and gradients in the sheet language, a line each. */
export const gradientsText = ({ definitions, gradients }: Derivation): string =>
  [...definitions, ...gradients].map(({ name, text }) => `${name} = ${text}\n`).join('')

const partial = (of: string, wrt: string): string => `\\frac{\\partial ${nameTex(of)}}{\\partial ${nameTex(wrt)}}`

const aligned = (lines: readonly string[]): string => `\\begin{aligned}\n${lines.join(' \\\\\n')}\n\\end{aligned}\n`

/** Definitions and gradients in LaTeX, aligned at their equality signs. */
export const gradientsTex = ({ of, definitions, gradients }: Derivation): string =>
  aligned([
    ...definitions.map(({ name, tex }) => `${nameTex(name)} &= ${tex}`),
    ...gradients.map(({ wrt, tex }) => `${partial(of, wrt)} &= ${tex}`),
  ])

/** A derivation by the chain rule in the sheet language: what a value enters, then its derivative. */
export const stepsText = ({ steps }: Steps): string =>
  steps
    .map(({ name, through, chain, result }) => {
      const short = result.text === chain.text ? '' : `${' '.repeat(name.length)} = ${result.text}\n`
      return `${through.map(({ text }) => `# ${text}\n`).join('')}${name} = ${chain.text}\n${short}`
    })
    .join('\n')

/** A derivation by the chain rule in LaTeX. */
export const stepsTex = ({ steps }: Steps): string =>
  aligned(
    steps.flatMap(({ name, through, chain, result }) => [
      ...through.map(({ tex }) => tex.replace(' = ', ' &= ')),
      `${nameTex(name)} &= ${chain.tex}`,
      ...(result.tex === chain.tex ? [] : [`&= ${result.tex}`]),
    ]),
  )
