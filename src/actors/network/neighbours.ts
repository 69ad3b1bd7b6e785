// The other threads as the request channel sees them: which of them have idle handlers, which have Processors that wait
// for room in the queue, and how a response gets there. Bells ring only for who waits.
import type { ThreadId } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import type { Request, Response } from './request.js'
import {
  type DeliverResponse,
  postResponse,
  receiveResponses,
  stopReceivingResponses
} from './response-post.js'

export interface Neighbours {
  readonly exist: boolean
  listen(onBell: () => void, deliver: DeliverResponse): void
  /** Handlers that wait on this thread. */
  tellIdle(count: number): void
  /** Whether another thread has idle handlers. */
  anyIdle(): boolean
  /** Rings one other thread that has idle handlers. */
  wakeOne(): void
  /** This thread waits for room in the queue. */
  wantSpace(): void
  /** After a request was taken; true when this very thread had asked. */
  announceSpace(): boolean
  /** On the bell: whether this thread asked for room and it was announced. */
  spaceWasAnnounced(): boolean
  /** False when the response belongs to this thread. */
  post(request: Request, response: Response): boolean
  close(): void
}

/** Everything is on this thread. */
export function aloneNeighbours(): Neighbours {
  let wanted = false
  return {
    exist: false,
    listen() {},
    tellIdle() {},
    anyIdle: () => false,
    wakeOne() {},
    wantSpace() {
      wanted = true
    },
    announceSpace() {
      const was = wanted
      wanted = false
      return was
    },
    spaceWasAnnounced: () => false,
    post: () => false,
    close() {}
  }
}

// Word 0: threads that wait for room. Then, a cache line each: idle handlers, room state.
const lineWords = 16
const idleOf = (thread: ThreadId): number => lineWords * (1 + thread)
const roomOf = (thread: ThreadId): number => idleOf(thread) + 1
const notWaiting = 0
const waits = 1
const announced = 2

export const neighbourWords = (threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(lineWords * (1 + threads) * 4)

export function sharedNeighbours(
  memory: SharedArrayBuffer,
  runtime: Runtime,
  placement: PlacementTable
): Neighbours {
  const words = new Int32Array(memory)
  const { thread: self, mesh, doorbell } = runtime
  const others = placement.handlerThreads.filter(thread => thread !== self)
  const all = mesh.threads
  let next = 0
  let cancel = (): void => {}
  return {
    exist: true,
    listen(onBell, deliver) {
      cancel = doorbell.onRing(onBell)
      receiveResponses(mesh, deliver)
    },
    tellIdle(count) {
      Atomics.store(words, idleOf(self), count)
    },
    anyIdle() {
      for (const thread of others) if (Atomics.load(words, idleOf(thread)) > 0) return true
      return false
    },
    wakeOne() {
      for (let i = 0; i < others.length; i++) {
        const thread = others[(next + i) % others.length] ?? 0
        if (Atomics.load(words, idleOf(thread)) === 0) continue
        next = (next + i + 1) % others.length
        runtime.doorbellOf(thread).ring()
        return
      }
    },
    wantSpace() {
      if (Atomics.exchange(words, roomOf(self), waits) !== waits) Atomics.add(words, 0, 1)
    },
    announceSpace() {
      if (Atomics.load(words, 0) === 0) return false
      let own = false
      for (const thread of all) {
        if (Atomics.compareExchange(words, roomOf(thread), waits, announced) !== waits) continue
        Atomics.sub(words, 0, 1)
        if (thread === self) {
          own = true
          Atomics.store(words, roomOf(self), notWaiting)
        } else runtime.doorbellOf(thread).ring()
      }
      return own
    },
    spaceWasAnnounced: () =>
      Atomics.compareExchange(words, roomOf(self), announced, notWaiting) === announced,
    post(request, response) {
      const thread = placement.threadOfProcessor(request.processorId)
      if (thread === self) return false
      const { processorId, connectionNumber, stamps } = request
      postResponse(mesh, { thread, processorId, connectionNumber }, response, stamps)
      return true
    },
    close() {
      cancel()
      stopReceivingResponses(mesh)
    }
  }
}
