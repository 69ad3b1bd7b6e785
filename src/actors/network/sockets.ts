// The seam to the network, thread-wide as descriptors are: what the Acceptor and the channels ask of the operating system
// and of Node's sockets. A simulation puts its own in place.
import { createServer, Socket, type SocketConstructorOpts } from 'node:net'
import { type SystemCalls, systemCalls } from './system-calls.js'

/** A connection; Node's Socket is one. */
export interface ConnectionSocket {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  /** Bytes that the kernel has not taken yet. */
  readonly writableLength: number
  readonly errored: Error | null
  readonly destroyed: boolean
  write(bytes: Uint8Array, written?: (error?: Error | null) => void): boolean
  cork(): void
  uncork(): void
  pause(): unknown
  resume(): unknown
  destroy(): unknown
  on(event: 'data', listener: (bytes: Buffer) => void): unknown
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
  on(event: 'end' | 'close', listener: () => void): unknown
}

export interface ListenOptions {
  readonly port?: number
  readonly host?: string
  /** Of a socket that listens already. */
  readonly fd?: number
  readonly backlog: number
}

/** Node's Server is one. */
export interface ListeningSocket {
  listen(options: ListenOptions, listening?: () => void): unknown
  address(): { readonly port: number } | string | null
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
  once(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
  removeAllListeners(event: 'error'): unknown
  /** The port is free, unless there is a second descriptor; accepted connections stay. */
  close(): unknown
}

export interface SocketReader {
  /** Where the next bytes are to land. */
  nextBuffer(): Buffer
  /** False: do not read on. */
  onBytes(count: number, bytes: Buffer): boolean
  /** Where buffers cannot be chosen. */
  onData(bytes: Buffer): void
}

export interface Sockets {
  /** Connections come paused and stay open when the peer has ended. */
  createServer(onConnection: (socket: ConnectionSocket) => void): ListeningSocket
  /** Throws when the descriptor cannot be opened. */
  open(descriptor: number, reader: SocketReader): ConnectionSocket
  /** -1 = it has none, or none that can be found out. */
  descriptorOf(socket: ConnectionSocket | ListeningSocket): number
  /** undefined: not on this machine. */
  calls(): SystemCalls | undefined
}

/** Node's `onread`, which its types know for `connect` only. */
interface Reading {
  buffer(): Buffer
  callback(count: number, bytes: Buffer): boolean
}

export const systemSockets: Sockets = {
  createServer: onConnection =>
    createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true }, onConnection),
  open(descriptor, reader) {
    const options: SocketConstructorOpts & { readonly onread: Reading } = {
      fd: descriptor,
      readable: true,
      writable: true,
      allowHalfOpen: true,
      onread: {
        buffer: () => reader.nextBuffer(),
        callback: (count, bytes) => reader.onBytes(count, bytes)
      }
    }
    return new Socket(options)
  },
  /** The one place that looks at a private field of Node's sockets; without it connections stay where they were accepted. */
  descriptorOf(socket) {
    const { _handle } = socket as { _handle?: { fd?: number } | null }
    return _handle?.fd ?? -1
  },
  calls: () => systemCalls()
}

let current = systemSockets

/** The sockets of this thread. */
export const sockets = (): Sockets => current

/** Puts others in place; the result puts those before back. */
export function useSockets(other: Sockets): () => void {
  const before = current
  current = other
  return () => {
    current = before
  }
}
