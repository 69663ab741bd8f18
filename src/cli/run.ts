import { BackproveError } from '../base/errors.ts'
import { nearest } from '../elaborate/nearest.ts'
import { STATUS } from './command.ts'
import type { Command, Status } from './command.ts'
import { COMMANDS } from './commands.ts'
import { errorText, internalErrorText, LocatedError } from './report/errors.ts'
import { openTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'
import { VERSION } from './version.ts'

/** The command line: takes the arguments behind the program's name and leaves the exit status in `process.exitCode`. */
export async function run(args: readonly string[]): Promise<void> {
  const terminal = openTerminal(process)
  const status = await statusOf(args, terminal)
  process.exitCode = status === STATUS.interrupted ? (terminal.signalStatus ?? status) : status
  // A reader that is gone, or a second interrupt, must not wait for what is still open.
  if (terminal.interrupted || terminal.closed) process.exit()
}

async function statusOf(args: readonly string[], terminal: Terminal): Promise<Status> {
  try {
    return await dispatch(args, terminal)
  } catch (caught) {
    const [file, error] = caught instanceof LocatedError ? [caught.file, caught.error] : ['backprove', caught]
    if (error instanceof BackproveError && error.code !== 'internal') {
      if (error.code === 'interrupted') return STATUS.interrupted
      terminal.message(errorText(file, error))
      return STATUS.faulty
    }
    terminal.message(internalErrorText(error, args))
    return STATUS.disagreement
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<Status> {
  const [name, ...rest] = args
  if (name === undefined) {
    terminal.message(usage())
    return STATUS.faulty
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const about = name === 'help' ? rest[0] : undefined
    terminal.print(about === undefined ? usage() : (await command(about)).help)
    return STATUS.holds
  }
  if (name === '--version') {
    terminal.print(`${VERSION}\n`)
    return STATUS.holds
  }
  const chosen = await command(name)
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.print(chosen.help)
    return STATUS.holds
  }
  return chosen.run(rest, terminal)
}

async function command(name: string): Promise<Command> {
  const entry = COMMANDS.get(name)
  if (entry !== undefined) return entry.load()
  const names = [...COMMANDS.keys()]
  const near = nearest(name, names)
  const hint = name.endsWith('.bp')
    ? `backprove verify ${name}`
    : near === null
      ? `commands: ${names.join(', ')}`
      : `did you mean \`${near}\`?`
  throw new BackproveError('usage', `there is no command \`${name}\``, { hint })
}

function usage(): string {
  const width = Math.max(...[...COMMANDS.keys()].map((name) => name.length))
  const lines = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`)
  return `backprove proves or refutes gradients derived by hand.

usage: backprove COMMAND …

${lines.join('')}
\`backprove COMMAND --help\` tells more. A sheet named \`-\` is read from standard input.
Exit status: 0 all hold, 1 refuted, 2 an error or no claims, 3 undecided, 4 a fault of backprove,
130 or 143 interrupted, by SIGINT or SIGTERM.
`
}
