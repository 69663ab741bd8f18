import { access, constants, lstat, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { BackproveError } from '../base/errors.ts'

/**
 * Writes a file that the user named, at once: what stood there before is kept until all is written. Throws `file` where
 * that cannot be.
 */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    // A link or a device is written to, not replaced.
    if ((await lstat(file).catch(() => null))?.isFile() === false) {
      await writeFile(file, text)
      return
    }
    const whole = `${file}.${process.pid}.tmp`
    try {
      await writeFile(whole, text)
      await rename(whole, file)
    } finally {
      await rm(whole, { force: true })
    }
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** Writes a file under a name that no file has: `name.json`, or else `name-2.json` and so on. Gives the name. */
export async function writeNew(name: string, extension: string, text: string): Promise<string> {
  for (let count = 1; ; count++) {
    const file = count === 1 ? `${name}${extension}` : `${name}-${count}${extension}`
    try {
      await writeFile(file, text, { flag: 'wx' })
      return file
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, error)
    }
  }
}

/** Throws `file` where a file cannot be written: it is a folder or closed, or its own folder is missing or closed. */
export async function requireWritable(file: string): Promise<void> {
  try {
    const stats = await stat(file).catch(() => null)
    if (stats?.isDirectory() === true) throw new Error('it is a folder')
    await access(stats === null ? dirname(file) : file, constants.W_OK)
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
