import { access, constants, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BackproveError } from '../base/errors.ts'

/** Writes a file that the user named; throws `file` where that cannot be. */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** Throws `file` where the folder of a file to be written is missing or closed. */
export async function requireFolder(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK)
  } catch (error) {
    throw unwritable(file, error)
  }
}

function unwritable(file: string, error: unknown): BackproveError {
  const reason = error instanceof Error ? error.message : String(error)
  return new BackproveError('file', `${file} cannot be written: ${reason}`, {
    hint: 'name a file in a folder that exists',
  })
}
