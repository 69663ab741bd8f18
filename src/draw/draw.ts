import type { DefinitionNode } from '../graph/node.ts'
import type { Program } from '../graph/program.ts'
import { subjectOf } from '../derive/subject.ts'
import { collapsed, MANY } from './collapse.ts'
import { toDot, toGexf, toJson } from './formats.ts'
import { pictureOf } from './picture.ts'
import { toSvg } from './svg.ts'

export const DRAWING_FORMATS = ['svg', 'dot', 'json', 'gexf'] as const
export type DrawingFormat = (typeof DRAWING_FORMATS)[number]

export interface DrawOptions {
  /** The scalar whose computation is drawn; by default that of `derive`. */
  readonly of?: string
  /** Whether the gradients are drawn below. */
  readonly gradient?: boolean
  /** One node for each layer; by default where there would be too many others. */
  readonly collapse?: boolean
}

/**
 * The computation graph of a sheet as text in one of the formats. Throws what choosing the scalar throws: `unknown-name`,
 * `not-scalar`, `argument`.
 */
export async function drawProgram(program: Program, format: DrawingFormat, options: DrawOptions = {}): Promise<string> {
  const subject = subjectOf(program, options.of === undefined ? {} : { of: options.of })
  const whole = pictureOf(program.builder, subject.value as DefinitionNode)
  const isCollapsed = options.collapse ?? (format === 'svg' && whole.nodes.length >= MANY)
  const picture = isCollapsed ? collapsed(whole) : whole
  const gradient = options.gradient ?? false
  switch (format) {
    case 'svg':
      return toSvg(picture, { gradient })
    case 'dot':
      return toDot(picture, { gradient })
    case 'json':
      return toJson(picture, { gradient })
    case 'gexf':
      return toGexf(picture, { gradient })
  }
}
