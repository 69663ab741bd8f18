const GREEK_LETTERS =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho final_sigma sigma tau ' +
  'upsilon phi chi psi omega'

/** Small Greek letters from U+03B1 on, large ones from U+0391 on, and variants that mathematics writes. */
const GREEK: ReadonlyMap<string, string> = new Map([
  ...GREEK_LETTERS.split(' ').flatMap((name, at): [string, string][] => [
    [String.fromCodePoint(0x3b1 + at), name],
    [String.fromCodePoint(0x391 + at), name[0]!.toUpperCase() + name.slice(1)],
  ]),
])

/** What a mark above a letter is called. */
const MARKS: ReadonlyMap<string, string> = new Map([
  ['\u0302', '_hat'], ['\u0303', '_tilde'], ['\u0304', '_bar'], ['\u0307', '_dot'], ['\u0308', '_ddot'],
]) // prettier-ignore

/**
 * A name in letters, digits and underscores that both Python and JavaScript take: `W[1]` is `W1`, `W[1, 2]` is `W1_2`,
 * `ŷ` is `y_hat`, `λ` is `lambda`, `x₁` is `x1`. Different names may come out the same: see `SafeNames`.
 */
export function plainName(name: string): string {
  const indexed = name
    .replace(/\s+/g, '')
    .replace(/\]\[|,/g, '_')
    .replace(/\[|\]/g, '')
  let plain = ''
  // Compatibility forms bring subscripts to digits and mathematical letters to plain ones.
  for (const sign of indexed.normalize('NFKD')) {
    const greek = GREEK.get(sign)
    // A letter's name stands apart from one before it.
    if (greek !== undefined) plain += /[A-Za-z]$/.test(plain) && !/^d$/.test(plain) ? `_${greek}` : greek
    else if (/[A-Za-z0-9_]/.test(sign)) plain += sign
    else if (MARKS.has(sign)) plain += MARKS.get(sign)!
    else plain += `u${sign.codePointAt(0)!.toString(16)}`
  }
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`
}

/** Names that are valid, not reserved and different from one another. */
export class SafeNames {
  readonly #taken: Set<string>

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved)
  }

  /** Names for all of `wanted`, in order; those that can stay as they are go first. */
  takeAll(wanted: readonly string[]): string[] {
    const result = new Array<string | undefined>(wanted.length)
    for (const [at, name] of wanted.entries()) {
      if (plainName(name) !== name || this.#taken.has(name)) continue
      this.#taken.add(name)
      result[at] = name
    }
    return wanted.map((name, at) => result[at] ?? this.take(name))
  }

  /** `wanted` in plain letters, with as many underscores behind as it takes. */
  take(wanted: string): string {
    let name = plainName(wanted)
    while (this.#taken.has(name)) name += '_'
    this.#taken.add(name)
    return name
  }

  /** `t1`, `t2`, …: the first of these that is free. */
  temporary(): string {
    for (;;) {
      const name = `t${++this.#count}`
      if (this.#taken.has(name)) continue
      this.#taken.add(name)
      return name
    }
  }

  #count = 0
}
