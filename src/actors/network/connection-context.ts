// What the broker knows of a peer, in the form that travels: a handler on another thread finds it behind the request's
// bytes and decodes it once a connection, not once a request.
import type { ConnectionInfo } from './request.js'

export interface ConnectionContext {
  readonly info: ConnectionInfo
  readonly encoded: Buffer
  /** Grows when the peer tells its software's name. */
  readonly version: number
}

export function contextOf(info: ConnectionInfo, version = 0): ConnectionContext {
  return { info, encoded: Buffer.from(JSON.stringify(info)), version }
}

/** Of a connection that has just come. */
export function newContext(ends: ConnectionEnds, listener: string, index: number): ConnectionContext {
  const { localHost, localPort, remoteHost, remotePort } = ends
  return contextOf({
    id: `${localHost}:${localPort}-${remoteHost}:${remotePort}-${index}`,
    listener,
    clientHost: remoteHost,
    clientPort: remotePort,
    principal: 'User:ANONYMOUS',
    softwareName: 'unknown',
    softwareVersion: 'unknown'
  })
}

interface ConnectionEnds {
  readonly localHost: string
  readonly localPort: number
  readonly remoteHost: string
  readonly remotePort: number
}

const mostKnown = 4096

/** One a thread: contexts of connections whose requests came from other threads. */
export class KnownContexts {
  readonly #known = new Map<string, { readonly version: number; readonly info: ConnectionInfo }>()

  /** `encoded` is looked at only when this version of the connection's context has not been seen. */
  lookUp(processorId: number, connectionNumber: number, version: number, encoded: Buffer): ConnectionInfo {
    const key = `${processorId}/${connectionNumber}`
    const known = this.#known.get(key)
    if (known?.version === version) return known.info
    const info = JSON.parse(encoded.toString()) as ConnectionInfo
    // Connections come and go; forgetting them all now and then is cheaper than being told of each.
    if (this.#known.size >= mostKnown) this.#known.clear()
    this.#known.set(key, { version, info })
    return info
  }
}
