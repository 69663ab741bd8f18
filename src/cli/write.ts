import { writeFile } from 'node:fs/promises'
import { BackproveError } from '../base/errors.ts'

/** Writes a file that the user named; throws `file` where that cannot be. */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new BackproveError('file', `${file} cannot be written: ${reason}`, {
      hint: 'name a file in a folder that exists',
    })
  }
}
