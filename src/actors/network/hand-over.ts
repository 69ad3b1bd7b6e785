// A connection on its way from the Acceptor to its Processor, on this thread or another: the descriptor is duplicated,
// the accepted socket let go of, and the duplicate opened where it is to live, reading into buffers of our choice.
import { loop } from '../runtime/loop.js'
import { type ConnectionSocket, type SocketReader, sockets } from './sockets.js'

export type { SocketReader } from './sockets.js'

/** Plain data when `socket` is undefined. */
export interface AcceptedConnection {
  /** Of this process; whoever takes it has to open or close it. -1 = there is only the socket. */
  readonly descriptor: number
  readonly socket: ConnectionSocket | undefined
  readonly localHost: string
  readonly localPort: number
  readonly remoteHost: string
  readonly remotePort: number
  /** Monotonic ms. */
  readonly acceptedMs: number
}

/** Whether connections can go to other threads on this machine; where not, Processors have to be on the main thread. */
export const canHandOver = (): boolean => sockets().calls() !== undefined

/** Takes over a socket that was accepted paused. 'outOfDescriptors': nothing was done to it. */
export function release(socket: ConnectionSocket): AcceptedConnection | 'outOfDescriptors' | 'gone' {
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  if (remoteAddress === undefined || remotePort === undefined) return 'gone'
  const ends = {
    localHost: plainHost(localAddress ?? ''),
    localPort: localPort ?? 0,
    remoteHost: plainHost(remoteAddress),
    remotePort,
    acceptedMs: loop().stampMs()
  }
  const calls = sockets().calls()
  const descriptor = sockets().descriptorOf(socket)
  if (calls === undefined || descriptor < 0) return { ...ends, descriptor: -1, socket }
  const duplicate = calls.duplicate(descriptor)
  if (duplicate < 0) return 'outOfDescriptors'
  // Closes one of two descriptors: the connection itself notices nothing.
  socket.destroy()
  return { ...ends, descriptor: duplicate, socket: undefined }
}

/** Throws when the descriptor cannot be opened. */
export function open(connection: AcceptedConnection, reader: SocketReader): ConnectionSocket {
  const { descriptor, socket } = connection
  if (socket !== undefined) {
    socket.on('data', bytes => reader.onData(bytes))
    socket.resume()
    return socket
  }
  return sockets().open(descriptor, reader)
}

/** A connection that nobody will open. */
export function discard({ descriptor, socket }: AcceptedConnection): void {
  if (socket !== undefined) socket.destroy()
  else sockets().calls()?.close(descriptor)
}

/** IPv4 peers of a dual-stack listener are known by their IPv4 address, as Java prints them. */
function plainHost(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
