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
  }[]
  readonly definitions: readonly { readonly name: string; readonly text: string; readonly tex: string }[]
}

/** A derivation as plain data. */
export const derivationJson = ({ of, gradients, definitions }: Derivation): DerivationJson => ({
  of,
  gradients: gradients.map(({ wrt, name, shape, text, tex }) => ({ wrt, name, shape, text, tex })),
  definitions: definitions.map(({ name, text, tex }) => ({ name, text, tex })),
})
