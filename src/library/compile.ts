import { compile as compileNodes, valueAndGrad } from '../compile/compile.ts'
import type { Compiled, ValueAndGrad } from '../compile/compile.ts'
import type { CompileOptions } from '../compile/options.ts'
import { expandDerivatives } from '../differentiate/expand.ts'
import type { Builder } from '../graph/builder.ts'
import type { Node } from '../graph/node.ts'
import { vetNodes, vetOptions } from './options.ts'
import type { OptionNames } from './options.ts'

const COMPILE_OPTIONS: OptionNames<CompileOptions> = {
  precision: true,
  backend: true,
  sizes: true,
  results: true,
  stable: true,
  fused: true,
  unroll: true,
  constants: true,
  threads: true,
}

/** The functions that make fast code of expressions of a graph. */
export function createCompilation(builder: Builder) {
  return {
    /** Several expressions as one function from values by name to results, in their order. */
    compile: (roots: readonly Node[], options: CompileOptions = {}): Compiled =>
      compileNodes(
        expandDerivatives(builder, vetNodes('compile', roots, builder)).roots,
        vetOptions('compile', options, COMPILE_OPTIONS),
      ),
    /** A scalar and its gradients as one function. */
    compileValueAndGrad: (y: Node, wrt: readonly Node[], options: CompileOptions = {}): ValueAndGrad =>
      valueAndGrad(
        builder,
        expandDerivatives(builder, vetNodes('compileValueAndGrad', [y], builder)).roots[0]!,
        vetNodes('compileValueAndGrad', wrt, builder),
        vetOptions('compileValueAndGrad', options, COMPILE_OPTIONS),
      ),
  }
}
