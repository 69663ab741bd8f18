import { BackproveError } from '../base/errors.ts'
import { CODE_FORMATS, codeOf } from '../derive/code.ts'
import type { DeriveOptions } from '../derive/derive.ts'
import { expandDerivatives } from '../differentiate/expand.ts'
import { vjp } from '../differentiate/reverse.ts'
import type { Builder } from '../graph/builder.ts'
import type { DefinitionNode, InputNode, Node } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { programOf, SUBJECT_OPTIONS, vetOptions } from './options.ts'
import { LANGUAGES } from '../print/languages.ts'
import { printModule } from '../print/module/module.ts'
import { shiftedBy } from '../print/module/shifted.ts'
import { shorten } from '../rewrite/shorten.ts'
import { isScalarLike, shapeText } from '../shape/shape.ts'

/** The languages in which programs are printed. */
export type CodeLanguage = 'numpy' | 'torch' | 'jax' | 'tfjs' | 'js'

/** A program that computes a sheet's cost and its gradients, as `backprove derive --format` prints it. */
export const sheetToCode = (language: CodeLanguage, sheet: string | Program, options: DeriveOptions = {}): string =>
  codeOf(programOf(sheet), language, vetOptions('sheetToCode', options, SUBJECT_OPTIONS))

/** The function that prints programs of expressions of a graph. */
export function createCode(builder: Builder) {
  return {
    /** A program that computes a scalar and its gradients by named expressions; `name` is what the scalar is called. */
    toCode: (language: CodeLanguage, value: Node, wrt: Node | readonly Node[], name = 'value'): string => {
      const found = LANGUAGES.get(language)
      if (found === undefined) throw new BackproveError('argument', `no programs are printed in \`${language}\``, { hint: `languages: ${CODE_FORMATS.join(', ')}` }) // prettier-ignore
      if (!isScalarLike(value.shape)) {
        throw new BackproveError('not-scalar', `a gradient is of a scalar, not of the shape ${shapeText(value.shape)}`)
      }
      const by = [wrt].flat().map(named)
      const [scalar] = expandDerivatives(builder, [value]).roots as [Node]
      const gradients = shorten(builder, vjp(builder, scalar, by))
      return printModule(found, {
        of: name,
        value: scalar,
        gradients: by.map((node, at) => ({ by: node, node: gradients[at]! })),
        shifted: shiftedBy(builder, scalar, by),
      })
    },
  }
}

function named(node: Node): InputNode | DefinitionNode {
  if (node.kind === 'input' || node.kind === 'definition') return node
  throw new BackproveError('argument', 'a program differentiates by what has a name', {
    hint: 'give the expression a name: `define("Z", ...)`',
  })
}
