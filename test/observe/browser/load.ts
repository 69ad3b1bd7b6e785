// Clients that ask and ask again.
import type { WireClient } from '../../support/wire-client.js'

/** One request after the other of each client, until it is stopped. */
export function loading(clients: readonly WireClient[], ask: (client: WireClient) => Promise<unknown>) {
  let isOver = false
  const done = Promise.all(
    clients.map(async client => {
      while (!isOver) await ask(client)
    })
  )
  return {
    stop: () => {
      isOver = true
      return done
    }
  }
}
