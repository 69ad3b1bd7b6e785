// The mesh over shared memory: a byte ring for each ordered pair of threads, and each thread's doorbell. Memory that goes
// along, and messages too long for the ring, take a MessagePort; an empty message in the ring keeps their place, and is
// redeemed at once, since what was posted before it can be taken from the port synchronously.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Packr } from 'msgpackr'
import { required } from '../../errors.js'
import { ByteRing } from './byte-ring.js'
import { Doorbell } from './doorbell.js'
import { type Mesh, Receivers, type ThreadId } from './mesh.js'

/** This thread's end of the port to one other thread. */
export interface PeerPort {
  readonly peer: ThreadId
  readonly port: MessagePort
}

interface Parcel {
  readonly bytes: Uint8Array
  readonly shared: SharedArrayBuffer[]
}

interface Peer {
  readonly thread: ThreadId
  readonly outgoing: ByteRing
  readonly incoming: ByteRing
  readonly bell: Doorbell
  readonly port: MessagePort
  /** What did not fit, in order; bounded by what the actors of this thread have in flight. */
  readonly spilled: Uint8Array[]
}

export interface ThreadMeshOptions {
  readonly self: ThreadId
  readonly threads: number
  /** rings[from][to] */
  readonly rings: ReadonlyArray<ReadonlyArray<SharedArrayBuffer | null>>
  readonly doorbells: SharedArrayBuffer
  readonly doorbell: Doorbell
  readonly ports: readonly PeerPort[]
}

export interface ThreadMesh extends Mesh {
  /** Messages that wait for room, over all peers. */
  readonly spilled: number
  close(): void
}

/** Messages taken from one peer before the sockets get a turn. */
const turnLimit = 256
const placeHolder = new Uint8Array(0)

export function threadMesh(options: ThreadMeshOptions): ThreadMesh {
  const { self, doorbell } = options
  const packr = new Packr({ moreTypes: true })
  const receivers = new Receivers()
  const peers = connect(options)
  const unpack = (bytes: Uint8Array, from: ThreadId, shared: SharedArrayBuffer[]): void => {
    const [actor, message] = packr.unpack(bytes) as [string, unknown]
    receivers.deliver(actor, message, from, shared)
  }
  const receive = (peer: Peer): void => {
    let taken = 0
    for (; taken < turnLimit; taken++) {
      const bytes = peer.incoming.tryRead()
      if (bytes === undefined) break
      if (bytes.length > 0) unpack(bytes, peer.thread, [])
      else {
        const parcel = parcelOf(peer.port)
        unpack(parcel.bytes, peer.thread, parcel.shared)
      }
    }
    if (taken > 0 && peer.incoming.roomWasAskedFor()) peer.bell.ring()
    if (taken === turnLimit) doorbell.ring()
  }
  const cancel = doorbell.onRing(() => {
    for (const peer of peers.values()) {
      if (peer.spilled.length > 0) flush(peer)
      receive(peer)
    }
  })
  return {
    self,
    threads: Array.from({ length: options.threads }, (_, thread) => thread),
    send(to, actor, message, shared = []) {
      if (to === self) {
        queueMicrotask(() => receivers.deliver(actor, message, self, shared))
        return
      }
      const peer = required(peers.get(to), `thread ${to} does not exist`)
      const bytes = packr.pack([actor, message])
      if (shared.length > 0 || bytes.length > peer.outgoing.longest) {
        peer.port.postMessage({ bytes, shared } satisfies Parcel)
        enqueue(peer, placeHolder)
      } else enqueue(peer, bytes)
    },
    register: (actor, deliver) => receivers.register(actor, deliver),
    unregister: actor => receivers.unregister(actor),
    get spilled() {
      let messages = 0
      for (const peer of peers.values()) messages += peer.spilled.length
      return messages
    },
    close() {
      cancel()
      for (const peer of peers.values()) peer.port.close()
    }
  }
}

function connect({ self, threads, rings, doorbells, ports }: ThreadMeshOptions): Map<ThreadId, Peer> {
  const peers = new Map<ThreadId, Peer>()
  for (let thread = 0; thread < threads; thread++) {
    if (thread === self) continue
    const missing = `no way between threads ${self} and ${thread}`
    peers.set(thread, {
      thread,
      outgoing: new ByteRing(required(rings[self]?.[thread], missing)),
      incoming: new ByteRing(required(rings[thread]?.[self], missing)),
      bell: new Doorbell(doorbells, thread),
      port: required(
        ports.find(({ peer }) => peer === thread),
        missing
      ).port,
      spilled: []
    })
  }
  return peers
}

function enqueue(peer: Peer, bytes: Uint8Array): void {
  if (peer.spilled.length === 0 && peer.outgoing.tryWrite(bytes)) {
    peer.bell.ring()
    return
  }
  peer.spilled.push(bytes)
  if (peer.spilled.length === 1) flush(peer)
}

function flush(peer: Peer): void {
  let moved = 0
  while (moved < peer.spilled.length && peer.outgoing.tryWrite(peer.spilled[moved] ?? placeHolder)) moved++
  if (moved < peer.spilled.length) {
    // Asked first, then tried once more: room made in between would not ring.
    peer.outgoing.askForRoom()
    while (moved < peer.spilled.length && peer.outgoing.tryWrite(peer.spilled[moved] ?? placeHolder)) moved++
  }
  peer.spilled.splice(0, moved)
  if (moved > 0) peer.bell.ring()
}

function parcelOf(port: MessagePort): Parcel {
  const received = required(receiveMessageOnPort(port), 'a parcel is posted before its place in the ring')
  return received.message as Parcel
}
