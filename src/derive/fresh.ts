import { sourcesOf } from '../elaborate/elaborate.ts'
import type { Program } from '../graph/program.ts'
import { sizeNames } from '../shape/size.ts'

/** Names that a sheet does not use. `Z[1]` keeps the plain `Z` from being used, and the other way round. */
export class FreshNames {
  readonly #taken = new Set<string>()
  /** The names before any indices. */
  readonly #stems = new Set<string>()
  readonly #given = new Set<string>()

  constructor(program: Program) {
    const names = [
      ...program.sizes,
      ...program.inputs.map((input) => input.name),
      ...program.inputs.flatMap((input) => input.shape.flatMap(sizeNames)),
      ...program.definitions.keys(),
      // Also of definitions that were not understood.
      ...sourcesOf(program).definitions.map((definition) => definition.name),
    ]
    for (const name of names) {
      this.#taken.add(name)
      this.#stems.add(stem(name))
    }
  }

  /** `wanted`, or with as many underscores as it takes, before the indices if there are any. */
  take(wanted: string): string {
    const base = stem(wanted)
    const indices = wanted.slice(base.length)
    let name = wanted
    for (let marks = '_'; this.#isTaken(name); marks += '_') name = `${base}${marks}${indices}`
    this.#given.add(name)
    return name
  }

  #isTaken(name: string): boolean {
    return this.#given.has(name) || this.#taken.has(name) || this.#stems.has(stem(name))
  }
}

const stem = (name: string): string => name.replace(/\[.*$/s, '')
