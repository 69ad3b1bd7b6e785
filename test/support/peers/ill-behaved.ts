// Peers that a broker meets on the open net: they end early, send nonsense, or never read.
import { connect, type Socket } from 'node:net'
import { Peer, requestFrame } from './peer.js'

/** Writes its requests, then ends its side, and goes on reading. */
export async function halfCloser(port: number, requests: number): Promise<Peer> {
  const peer = await Peer.connect(port, { allowHalfOpen: true })
  peer.socket.end(Buffer.concat(Array.from({ length: requests }, (_, i) => requestFrame(i, `half ${i}`))))
  return peer
}

/** Resolves when the server has closed the connection on which `bytes` were sent. */
export async function garbageSender(port: number, bytes: Buffer): Promise<void> {
  const peer = await Peer.connect(port)
  peer.socket.write(bytes)
  await peer.closed
  peer.close()
}

/** Sends requests and reads no answer until told to. */
export async function slowReader(port: number): Promise<Peer> {
  const peer = await Peer.connect(port)
  peer.socket.pause()
  return peer
}

/** Connects and sends the first bytes of a request that never ends; the next byte now and then. */
export function slowSender(port: number, frame: Buffer): { socket: Socket; nextByte(): void } {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  let at = 0
  return {
    socket,
    nextByte: () => {
      if (at < frame.length) socket.write(frame.subarray(at, ++at))
    }
  }
}

/** Ends the connection with a reset instead of an orderly end. */
export function reset(peer: Peer): void {
  peer.socket.resetAndDestroy()
}
