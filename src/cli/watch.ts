import { watch as watchDirectory } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { BackproveError } from '../base/errors.ts'
import { STATUS } from './command.ts'
import type { Status } from './command.ts'
import type { Terminal } from './terminal.ts'

/** Editors write a file in several steps; what comes within this time is one change. */
const SETTLING = 60
/** How often an interrupt is looked for while nothing changes. */
const PATIENCE = 100

/**
 * Runs at once and after each change of one of `files`, until interrupted. The folders are watched, since many editors
 * put a new file in the place of the old one.
 */
export async function watch(files: readonly string[], terminal: Terminal, run: () => Promise<Status>): Promise<Status> {
  const watched = new Set(files.map((file) => resolve(file)))
  let changed = true
  const watchers = [...new Set([...watched].map((file) => dirname(file)))].map((folder) => {
    try {
      const watcher = watchDirectory(folder, (_, name) => {
        changed ||= name === null || watched.has(resolve(folder, basename(name)))
      })
      watcher.on('error', () => (changed = true))
      return watcher
    } catch {
      throw new BackproveError('file', `the folder ${folder} cannot be watched`, { hint: 'look at the path' })
    }
  })
  try {
    while (await terminal.breathe()) {
      if (!changed) {
        await setTimeout(PATIENCE)
        continue
      }
      await setTimeout(SETTLING)
      changed = false
      await run()
      if (!terminal.interrupted) terminal.message(`backprove: watching ${files.join(', ')}\n`)
    }
    return STATUS.interrupted
  } finally {
    for (const watcher of watchers) watcher.close()
  }
}
