/** Colours of what is printed; each is the identity where colour is not wanted. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly unsure: (text: string) => string
  readonly fault: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
}

const coloured =
  (open: number, close: number) =>
  (text: string): string =>
    text === '' ? '' : `\u001B[${open}m${text}\u001B[${close}m`

const plain = (text: string): string => text

const PLAIN: Paint = { good: plain, bad: plain, unsure: plain, fault: plain, faint: plain, strong: plain }

const COLOURED: Paint = {
  good: coloured(32, 39),
  bad: coloured(31, 39),
  unsure: coloured(33, 39),
  fault: coloured(35, 39),
  faint: coloured(2, 22),
  strong: coloured(1, 22),
}

/** Only on a terminal that has colour, and not where `NO_COLOR` is set. Source: no-color.org. */
export function wantsColour(isTerminal: boolean | undefined, environment: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR, TERM } = environment
  const isRefused = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb'
  return isTerminal === true && !isRefused
}

export const paintFor = (isColoured: boolean): Paint => (isColoured ? COLOURED : PLAIN)
