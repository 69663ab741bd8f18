import { open } from 'node:fs/promises'
import { BackproveError } from '../base/errors.ts'

/** The largest file that is read, in bytes. */
export const MAX_FILE_BYTES = 40_000_000

/** The text of a file, or of standard input for `-`; throws `file` or `too-large`. A byte order mark is left out. */
export async function readText(file: string): Promise<string> {
  return decode(file === '-' ? await readStandardInput() : await readFile(file))
}

async function readFile(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, 'r')
    try {
      const stats = await handle.stat()
      if (stats.isDirectory()) throw fileError('this is a directory', 'name the sheets in it: `DIRECTORY/*.bp`')
      if (stats.size > MAX_FILE_BYTES) throw tooLarge(stats.size)
      return await collect(handle.createReadStream({ autoClose: false }))
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw error instanceof BackproveError ? error : unreadable(error as NodeJS.ErrnoException)
  }
}

async function readStandardInput(): Promise<Buffer> {
  try {
    return await collect(process.stdin)
  } catch (error) {
    throw error instanceof BackproveError ? error : unreadable(error as NodeJS.ErrnoException)
  }
}

/** What a stream gives, up to the limit: a pipe need not tell its size before. */
async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size > MAX_FILE_BYTES) throw tooLarge(size)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function decode(bytes: Buffer): string {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw fileError('this is UTF-16 text', 'save it as UTF-8')
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw fileError('this is not UTF-8 text', 'a sheet is a UTF-8 text file')
  }
}

const fileError = (message: string, hint: string): BackproveError => new BackproveError('file', message, { hint })

const tooLarge = (size: number): BackproveError =>
  new BackproveError('too-large', `the file has more than ${MAX_FILE_BYTES / 1e6} MB (${Math.ceil(size / 1e6)} MB)`, {
    hint: 'cut it into several sheets',
  })

function unreadable(error: NodeJS.ErrnoException): BackproveError {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fileError('there is no such file', 'look at the path; `-` reads standard input')
    case 'EISDIR':
      return fileError('this is a directory', 'name the sheets in it: `DIRECTORY/*.bp`')
    case 'EACCES':
    case 'EPERM':
      return fileError('the file may not be read', 'look at its permissions')
    default:
      return fileError(`the file cannot be read: ${error.message}`, '')
  }
}
