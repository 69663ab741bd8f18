/** A plan made ready to run: one memory, and a function that does all steps. */
export interface Machine {
  /** The memory as entries. */
  readonly memory: Float64Array | Float32Array
  /** The first entry of each buffer. */
  readonly starts: readonly number[]
  readonly run: () => void
  readonly backend: 'wasm' | 'js'
}
