import type { Node } from '../graph/node.ts'
import { printExpressions } from '../print/module/expressions.ts'
import { NUMPY, NUMPY_INLINE } from '../print/targets/numpy.ts'
import type { Derivation } from './derive.ts'

/** What `derive --json` prints. */
export interface DerivationJson {
  readonly of: string
  readonly gradients: readonly {
    readonly wrt: string
    readonly name: string
    readonly shape: readonly string[]
    readonly text: string
    readonly tex: string
    /** A NumPy expression in the sheet's names (sizes included), those of `definitions` before it. */
    readonly numpy: string
  }[]
  readonly definitions: readonly {
    readonly name: string
    readonly text: string
    readonly tex: string
    readonly numpy: string
  }[]
  /** Names of the sheet that Python does not take, and what stands for them in `numpy`: `W[1]` is `W1`. */
  readonly numpyNames: Readonly<Record<string, string>>
}

/** A derivation as plain data. */
export const derivationJson = ({ of, gradients, definitions }: Derivation): DerivationJson => {
  const bodies = definitions.map(({ node }) => node.inputs[0]!)
  const { texts, renamed } = printExpressions(NUMPY, [...bodies, ...gradients.map(({ node }) => node)], NUMPY_INLINE)
  const numpy = (node: Node): string => texts.get(node)!
  return {
    of,
    gradients: gradients.map(({ wrt, name, shape, node, text, tex }) => ({ wrt, name, shape, text, tex, numpy: numpy(node) })), // prettier-ignore
    definitions: definitions.map(({ name, text, tex }, at) => ({ name, text, tex, numpy: numpy(bodies[at]!) })),
    numpyNames: Object.fromEntries(renamed),
  }
}
