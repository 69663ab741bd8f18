import type { Program } from '../../src/graph/program.ts'
import { shapeKey } from '../../src/shape/shape.ts'

/** Most names that one name is swapped with. */
const MOST = 3

/** The names of other values of the same shape, those declared nearest first. */
export function namesakes({ inputs, definitions }: Program): (name: string) => readonly string[] {
  const named = [...inputs.map(({ name, shape }) => [name, shapeKey(shape)] as const)]
  for (const [name, { shape }] of definitions) named.push([name, shapeKey(shape)])
  return (name) => {
    const at = named.findIndex(([other]) => other === name)
    if (at < 0) return []
    const alike = named.flatMap(([other, shape], place) =>
      shape === named[at]![1] && other !== name && !other.includes('[') ? [{ other, away: Math.abs(place - at) }] : [],
    )
    return alike
      .sort((a, b) => a.away - b.away)
      .slice(0, MOST)
      .map(({ other }) => other)
  }
}
