/**
 * Lets other work go on, such as a signal, a click or a timer: resolves in a later turn of the host's event loop. By
 * `setImmediate` where there is one; elsewhere by a message, which browsers do not delay as they do nested timers.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const host = globalThis as unknown as Host
    if (host.setImmediate !== undefined) host.setImmediate(resolve)
    else if (host.MessageChannel !== undefined) {
      const { port1, port2 } = new host.MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(null)
    } else setTimeout(resolve, 0)
  })
}

/** What some hosts of JavaScript lack. */
interface Host {
  readonly setImmediate?: (callback: () => void) => unknown
  readonly MessageChannel?: new () => { readonly port1: Port; readonly port2: Port }
}

interface Port {
  onmessage: (() => void) | null
  postMessage(message: null): void
  close(): void
}
