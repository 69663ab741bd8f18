/** A plan made ready to run: one memory, and a function that does all steps. */
export interface Machine {
  /** The memory as entries. */
  readonly memory: Float64Array | Float32Array
  /** The first entry of each buffer. */
  readonly starts: readonly number[]
  readonly run: () => void
  /** How many threads a run would use now. */
  readonly threads: () => number
  /** Lets threads go that take part; a later run does without them. */
  readonly close: () => void
  readonly backend: 'wasm' | 'js'
}
