import { compile as compileNodes, valueAndGrad } from '../compile/compile.ts'
import type { Compiled, ValueAndGrad } from '../compile/compile.ts'
import type { CompileOptions } from '../compile/options.ts'
import { expandDerivatives } from '../differentiate/expand.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'

/** The functions that make fast code of expressions of a graph. */
export function createCompilation(builder: Builder) {
  return {
    /** Several expressions as one function from values by name to results, in their order. */
    compile: (roots: readonly Node[], options: CompileOptions = {}): Compiled =>
      compileNodes(expandDerivatives(builder, roots).roots, options),
    /** A scalar and its gradients as one function. */
    compileValueAndGrad: (y: Node, wrt: readonly Node[], options: CompileOptions = {}): ValueAndGrad =>
      valueAndGrad(builder, expandDerivatives(builder, [y]).roots[0]!, wrt, options),
  }
}
