import { BackproveError } from '../base/errors.ts'
import { DRAWING_FORMATS, drawProgram } from '../draw/draw.ts'
import type { DrawingFormat } from '../draw/draw.ts'
import { nearest } from '../elaborate/nearest.ts'
import { readProgram } from '../pipeline.ts'
import { STATUS } from './command.ts'
import type { Command } from './command.ts'
import { readArguments, usageError } from './options.ts'
import { readText } from './read.ts'
import { errorText, locating } from './report/errors.ts'
import { writeText } from './write.ts'

const HELP = `usage: backprove graph SHEET [--of J] [--grad] [--format ${DRAWING_FORMATS.join('|')}] [-o FILE]

Draws the computation graph of the sheet's cost: named values with operation and shape, local derivatives on the edges.

  --of J           the scalar whose computation is drawn (J, or L, or the last scalar of the sheet)
  --grad           the gradients too, in another colour
  --format FORMAT  ${DRAWING_FORMATS.join(', ')} (svg)
  --collapse       one node for each layer; done by itself where there are many
  -o FILE          where to write it (standard output)
`

export const graph: Command = {
  help: HELP,
  run: async (args, terminal) => {
    const kinds = { of: 'text', grad: 'flag', format: 'text', collapse: 'flag', output: 'text' } as const
    const { options, positionals } = readArguments('graph', args, kinds)
    const [file, more] = positionals
    if (file === undefined || more !== undefined) throw usageError('one sheet is to be named', 'graph')
    const format = formatOf(options.format ?? 'svg')
    const program = readProgram(await locating(file, () => readText(file)))
    for (const error of program.errors) terminal.message(errorText(file, error))
    const drawing = await locating(file, () =>
      drawProgram(program, format, {
        ...(options.of === undefined ? {} : { of: options.of }),
        ...(options.collapse ? { collapse: true } : {}),
        gradient: options.grad,
      }),
    )
    if (options.output === undefined) terminal.print(drawing)
    else await writeText(options.output, drawing)
    return program.errors.length > 0 ? STATUS.faulty : STATUS.holds
  },
}

function formatOf(name: string): DrawingFormat {
  const format = DRAWING_FORMATS.find((known) => known === name)
  if (format !== undefined) return format
  const near = nearest(name, DRAWING_FORMATS)
  const hint = near === null ? `formats: ${DRAWING_FORMATS.join(', ')}` : `did you mean \`${near}\`?`
  throw new BackproveError('usage', `there is no format \`${name}\``, { hint })
}
