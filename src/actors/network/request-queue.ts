// The queue in front of the handlers, in its two forms: a mailbox where all is one thread, a ring in shared memory where
// Processors and handlers are many. A slot of the ring says where the frame lies; the rest is read from the frame itself.
import { Bug, required } from '../../errors.js'
import { readRequestHeader } from '../../protocol/header.js'
import { ProtocolError } from '../../protocol/protocol-error.js'
import type { BlockRef } from '../runtime/arena.js'
import { listMailbox, Mailbox } from '../runtime/mailbox.js'
import { createRing, Ring, type SharedRing } from '../runtime/ring.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import { KnownContexts } from './connection-context.js'
import type { ReceivedRequest } from './received-request.js'
import type { Request } from './request.js'
import { newStamps } from './stage-stamps.js'

export type QueueEntry = Request | 'shutdown'

export interface RequestQueue {
  readonly capacity: number
  readonly depth: number
  /** False when full. */
  push(entry: ReceivedRequest | 'shutdown'): boolean
  /** Undefined when empty; a promise where the bytes have to be fetched from their thread first. */
  pop(): QueueEntry | Promise<QueueEntry | undefined> | undefined
  close(): void
}

export function localQueue(name: string, capacity: number): RequestQueue {
  const mailbox = new Mailbox<ReceivedRequest | 'shutdown'>(name, capacity)
  return {
    capacity,
    get depth() {
      return mailbox.depth
    },
    push: entry => mailbox.offer(entry) === 'accepted',
    pop: () => mailbox.take(),
    close: () => {
      for (const entry of mailbox.close()) if (entry !== 'shutdown') entry.release()
    }
  }
}

// Words of a slot: what was read, by whom, and where its block is.
const processorAt = 0
const connectionAt = 1
const versionAt = 2
const frameBytesAt = 3
const blockAt = 4
const words = 9
const times = 2
const shutdownMark = -1

export const createRequestRing = (name: string, capacity: number): SharedRing =>
  createRing(name, capacity, { ints: words, floats: times })

export function sharedQueue(shared: SharedRing, runtime: Runtime): RequestQueue {
  const ring = new Ring(shared)
  const contexts = new KnownContexts()
  const unlist = listMailbox({
    name: shared.name,
    capacity: shared.capacity,
    unboundedBecause: undefined,
    get depth() {
      return ring.depth
    }
  })
  let pushed: ReceivedRequest | 'shutdown' = 'shutdown'
  const write = (ints: Int32Array, at: number, floats: Float64Array, timesAt: number): void => {
    if (pushed === 'shutdown') {
      ints[at + processorAt] = shutdownMark
      return
    }
    const { frame, stamps } = pushed
    ints[at + processorAt] = pushed.processorId
    ints[at + connectionAt] = pushed.connectionNumber
    ints[at + versionAt] = pushed.context.version
    ints[at + frameBytesAt] = pushed.frameBytes
    ints[at + blockAt] = frame.region
    ints[at + blockAt + 1] = frame.block
    ints[at + blockAt + 2] = frame.generation
    ints[at + blockAt + 3] = frame.offset
    ints[at + blockAt + 4] = frame.bytes
    floats[timesAt] = stamps.receivedMs
    floats[timesAt + 1] = stamps.enqueuedMs
  }
  const slot = new Int32Array(words)
  const stampsOf = new Float64Array(times)
  const read = (ints: Int32Array, at: number, floats: Float64Array, timesAt: number): void => {
    for (let i = 0; i < words; i++) slot[i] = ints[at + i] ?? 0
    for (let i = 0; i < times; i++) stampsOf[i] = floats[timesAt + i] ?? 0
  }
  const word = (at: number): number => slot[at] ?? 0
  return {
    capacity: ring.capacity,
    get depth() {
      return ring.depth
    },
    push(entry) {
      pushed = entry
      if (entry !== 'shutdown') entry.writeContext()
      return ring.tryPush(write)
    },
    pop() {
      if (!ring.tryPop(read)) return undefined
      if (word(processorAt) === shutdownMark) return 'shutdown'
      const frame: BlockRef = {
        region: word(blockAt),
        block: word(blockAt + 1),
        generation: word(blockAt + 2),
        offset: word(blockAt + 3),
        bytes: word(blockAt + 4)
      }
      const slotValues: Slot = {
        processorId: word(processorAt),
        connectionNumber: word(connectionAt),
        contextVersion: word(versionAt),
        frameBytes: word(frameBytesAt),
        receivedMs: required(stampsOf[0], 'a stamp'),
        enqueuedMs: required(stampsOf[1], 'a stamp'),
        frame
      }
      const block = runtime.obtain(frame)
      if (!(block instanceof Promise)) return requestFrom(slotValues, block, { runtime, contexts })
      // Rejects when the request was released meanwhile: its connection is gone, there is nothing to do.
      return block.then(
        bytes => requestFrom(slotValues, bytes, { runtime, contexts }),
        () => undefined
      )
    },
    close: unlist
  }
}

interface Slot {
  readonly processorId: number
  readonly connectionNumber: number
  readonly contextVersion: number
  readonly frameBytes: number
  readonly receivedMs: number
  readonly enqueuedMs: number
  readonly frame: BlockRef
}

function requestFrom(
  slot: Slot,
  block: Buffer,
  { runtime, contexts }: { runtime: Runtime; contexts: KnownContexts }
): Request {
  const { processorId, connectionNumber, frame, frameBytes } = slot
  const bytes = block.subarray(0, frameBytes)
  const header = readRequestHeader(bytes)
  if (header instanceof ProtocolError) throw new Bug(`a queued request lost its header: ${header.reason}`)
  const stamps = newStamps(slot.receivedMs)
  stamps.enqueuedMs = slot.enqueuedMs
  const context = block.subarray(frameBytes)
  return {
    processorId,
    connectionNumber,
    apiKey: header.apiKey,
    apiVersion: header.apiVersion,
    correlationId: header.correlationId,
    clientId: header.clientId,
    body: bytes.subarray(header.bodyOffset),
    frame,
    stamps,
    connection: contexts.lookUp(processorId, connectionNumber, slot.contextVersion, context),
    release: () => {
      runtime.arena.release(frame)
    }
  }
}
