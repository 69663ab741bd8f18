import { BackproveError } from '../base/errors.ts'
import type { Program } from '../graph/program.ts'
import { LANGUAGES } from '../print/languages.ts'
import { printModule } from '../print/module/module.ts'
import type { ModuleSource } from '../print/module/module.ts'
import { shiftedBy } from '../print/module/shifted.ts'
import { deriveNodes } from './derive.ts'
import { samplesFor } from './samples.ts'
import type { SubjectOptions } from './subject.ts'

/** The names of the languages that `codeOf` knows: `numpy`, `torch`, `jax`, `tfjs`, `js`. */
export const CODE_FORMATS: readonly string[] = [...LANGUAGES.keys()]

/**
 * A program in a language that computes a sheet's scalar and its gradients: a file of its own, with a self-check.
 * Throws what `deriveNodes` throws, `argument` for an unknown language, `unsupported` for what the language lacks.
 */
export function codeOf(program: Program, language: string, options: SubjectOptions = {}): string {
  const found = LANGUAGES.get(language)
  if (found === undefined) {
    throw new BackproveError('argument', `no programs are printed in \`${language}\``, {
      hint: `languages: ${CODE_FORMATS.join(', ')}`,
    })
  }
  return printModule(found, moduleSource(program, options))
}

/** What is computed, and random data for which it is defined. */
export function moduleSource(program: Program, options: SubjectOptions = {}): ModuleSource {
  const { subject, gradients: found } = deriveNodes(program, options, false)
  const { of, value, wrt } = subject
  const gradients = found.map(({ node }, at) => ({ by: wrt[at]!, node }))
  return {
    of: of.name,
    value,
    gradients,
    shifted: shiftedBy(program.builder, value, wrt),
    ...samplesFor(program, [value, ...wrt, ...gradients.map(({ node }) => node)]),
  }
}
