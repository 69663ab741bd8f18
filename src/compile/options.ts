/** How roots are compiled. */
export interface CompileOptions {
  /** Entries of 64 bits (unless given) or of 32. */
  readonly precision?: 'f64' | 'f32'
  /** `auto` is WebAssembly where it may be made, else JavaScript. */
  readonly backend?: 'auto' | 'wasm' | 'js'
  /** Values of size names that are known now; others are read off the data of each call. */
  readonly sizes?: Readonly<Record<string, number>>
  /** `fresh` results (unless given) are the caller's; `reused` ones are overwritten by the next call. */
  readonly results?: 'fresh' | 'reused'
  /** Whether what may overflow is worked out another way; true unless given. See `stabilise/rules.ts`. */
  readonly stable?: boolean
  /** Whether fused multiply-add is used where the engine has it; true unless given. Results then differ in the last bit. */
  readonly fused?: boolean
  /** Whether a small graph is written out entry by entry, as one pass over the samples; true unless given. */
  readonly unroll?: boolean
  /**
   * Inputs that change rarely, by name. They are set by copying only, not written in place, and may be laid out anew for
   * it, once, so that every run reads them in order.
   */
  readonly constants?: readonly string[]
  /**
   * How many threads work on large matrix products, the calling one included; 1 unless given. More than one needs Node
   * and WebAssembly. They end with the process, or with `close`.
   */
  readonly threads?: number
}
