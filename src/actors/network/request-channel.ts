// Where Processors and handlers meet: one bounded queue of requests for all, one queue of responses a Processor.
// A handler that waits on the Processor's own thread is handed its request directly: no queue, no wake-up.

import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import { type Clock, systemClock } from '../runtime/clock.js'
import type { PlacementTable } from '../runtime/placement.js'
import type { SharedRing } from '../runtime/ring.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import { backgroundTimers, soon, type Timers } from '../runtime/timers.js'
import { aloneNeighbours, type Neighbours, neighbourWords, sharedNeighbours } from './neighbours.js'
import type { ReceivedRequest } from './received-request.js'
import type { Request, Response, StageStamps } from './request.js'
import { requestChannelMachine } from './request-channel.machine.js'
import {
  createRequestRing,
  localQueue,
  type QueueEntry,
  type RequestQueue,
  sharedQueue
} from './request-queue.js'
import { type HandlerResult, WaitingHandlers } from './waiting-handlers.js'

/** Plain data, for workerData: the request queue of a broker whose threads are several. */
export interface SharedRequestChannel {
  readonly ring: SharedRing
  /** Words of waiting handlers and waiting Processors, by thread. */
  readonly words: SharedArrayBuffer
}

/** A Processor's response queue; unbounded, since a connection has one request in flight. */
export interface ResponseInbox {
  readonly processorId: number
  /** `stamps` are those of the request, as its handler left them. */
  offer(connectionNumber: number, response: Response, stamps: StageStamps): void
  /** There is room again in a request queue that was full. */
  onSpace(): void
}

/** One instance a thread. */
export interface RequestChannel {
  readonly capacity: number
  /** Requests that wait, over all threads. */
  readonly depth: number
  /** Handler loops that wait on this thread. */
  readonly idleHandlers: number
  /** `accepting`, `full`, `draining.` and how far, or `closed`. */
  readonly state: string
  /** Whether a request may go to another thread: its connection's context goes along then. */
  readonly contextTravels: boolean
  /** The Processor's side. 'full': nothing was taken; `onSpace` of this thread's Processors says when to try again. */
  sendRequest(request: ReceivedRequest): 'accepted' | 'full'
  /** The Processor's side: a new turn begins, its first request may go to a neighbour directly. */
  beginTurn(): void
  /**
   * The handler's side; many loops a thread. Undefined after about `timeoutMs` with nothing to do (Kafka: 300; one coarse
   * tick serves all loops). A thread that has served for 5 ms lets its sockets have a turn first.
   */
  receiveRequest(timeoutMs: number): Promise<Request | 'shutdown' | undefined>
  /**
   * Any thread; reaches the Processor that read the request, or is dropped when that is gone. Exactly one of send, noOp and
   * closeConnection a request; throttling comes in a pair besides. Chunks must stay as they are until sent.
   */
  sendResponse(request: Request, response: Response): void
  /** Ends one handler loop of the broker, after the requests that are queued before it. */
  sendShutdown(): void
  /** Drops what is queued: its memory is given back, nothing is answered. */
  clear(): void
  addProcessor(inbox: ResponseInbox): void
  removeProcessor(processorId: number): void
  /** Stops its tick; waiting handlers get 'shutdown'. */
  close(): void
}

export interface RequestChannelOptions {
  /** queued.max.requests */
  readonly capacity: number
  readonly clock?: Clock
  readonly timers?: Timers
}

/** W = 0: everything on one thread, a plain mailbox. */
export function inlineRequestChannel(options: RequestChannelOptions): RequestChannel {
  return new Channel(localQueue(queueName, options.capacity), aloneNeighbours(), options)
}

/** Before the threads are started; goes into workerData. `threads`: main and the workers. */
export function shareRequestChannel({
  capacity,
  threads
}: {
  readonly capacity: number
  readonly threads: number
}): SharedRequestChannel {
  return { ring: createRequestRing(queueName, capacity), words: neighbourWords(threads) }
}

/** Once on every thread, main included. */
export function attachRequestChannel(
  shared: SharedRequestChannel,
  runtime: Runtime,
  placement: PlacementTable,
  options: Omit<RequestChannelOptions, 'capacity'> = {}
): RequestChannel {
  const neighbours = sharedNeighbours(shared.words, runtime, placement)
  return new Channel(sharedQueue(shared.ring, runtime), neighbours, options)
}

const queueName = 'requestQueue'
const sliceMs = 5

class Channel implements RequestChannel {
  readonly #queue: RequestQueue
  readonly #neighbours: Neighbours
  readonly #clock: Clock
  readonly #waiting: WaitingHandlers
  readonly #inboxes = new Map<number, ResponseInbox>()
  #handedThisTurn = 0
  /** When handlers of this thread began to serve without a look at the sockets; 0 = not since the last look. */
  #sliceFromMs = 0
  #drain: 'none' | 'scheduled' = 'none'
  #spacesOffered = 0
  readonly #machine: MachineDriver<typeof requestChannelMachine>

  constructor(queue: RequestQueue, neighbours: Neighbours, options: Omit<RequestChannelOptions, 'capacity'>) {
    this.#queue = queue
    this.#neighbours = neighbours
    this.#clock = options.clock ?? systemClock
    this.#waiting = new WaitingHandlers(options.timers ?? backgroundTimers, this.#clock, count =>
      neighbours.tellIdle(count)
    )
    this.#machine = driveMachine(
      requestChannelMachine,
      { offerShutdown: () => this.#offerShutdown(), letGo: () => this.#letGo() },
      { name: 'requestChannel' }
    )
    neighbours.listen(
      () => this.#answerBell(),
      (processorId, connectionNumber, response, stamps) =>
        this.#inboxes.get(processorId)?.offer(connectionNumber, response, stamps)
    )
  }

  get capacity(): number {
    return this.#queue.capacity
  }

  get depth(): number {
    return this.#queue.depth
  }

  get idleHandlers(): number {
    return this.#waiting.count
  }

  get state(): string {
    return this.#machine.state
  }

  get contextTravels(): boolean {
    return this.#neighbours.exist
  }

  beginTurn(): void {
    this.#handedThisTurn = 0
  }

  sendRequest(request: ReceivedRequest): 'accepted' | 'full' {
    const now = this.#clock.monotonicMs()
    request.stamps.enqueuedMs = now
    if (this.#mayHandDirectly(now)) {
      this.#handedThisTurn++
      request.stamps.dequeuedMs = now
      this.#waiting.hand(request)
      return 'accepted'
    }
    request.stamps.queueDepth = this.#queue.depth
    if (!this.#queue.push(request)) {
      this.#neighbours.wantSpace()
      // Room that was made between the two would not be announced.
      if (!this.#queue.push(request)) {
        this.#machine.send({ type: 'refused' })
        return 'full'
      }
    }
    this.#wakeHandlers()
    return 'accepted'
  }

  receiveRequest(timeoutMs: number): Promise<HandlerResult> {
    if (this.#mayServe(this.#clock.monotonicMs())) {
      const entry = this.#take()
      if (entry !== undefined) {
        this.#announceSpace()
        return entry instanceof Promise ? entry : Promise.resolve(entry)
      }
    }
    const wait = this.#waiting.wait(timeoutMs)
    // Looked at again after this loop counts as idle: who pushed before that did not ring.
    if (this.#queue.depth > 0) this.#drainSoon()
    return wait
  }

  sendResponse(request: Request, response: Response): void {
    const { processorId, connectionNumber, stamps } = request
    if (response.kind !== 'startThrottling' && response.kind !== 'endThrottling') {
      if (stamps.responseCompleteMs === 0) stamps.responseCompleteMs = this.#clock.monotonicMs()
      if (stamps.localCompleteMs === 0) stamps.localCompleteMs = stamps.responseCompleteMs
    }
    if (this.#neighbours.post(request, response)) return
    this.#inboxes.get(processorId)?.offer(connectionNumber, response, stamps)
  }

  sendShutdown(): void {
    this.#machine.send({ type: 'shutdownRequested' })
  }

  clear(): void {
    const release = (entry: HandlerResult): void => {
      if (entry !== undefined && entry !== 'shutdown') entry.release()
    }
    for (let entry = this.#queue.pop(); entry !== undefined; entry = this.#queue.pop()) {
      if (entry instanceof Promise) void entry.then(release)
      else release(entry)
    }
    this.#announceSpace()
  }

  addProcessor(inbox: ResponseInbox): void {
    this.#inboxes.set(inbox.processorId, inbox)
  }

  removeProcessor(processorId: number): void {
    this.#inboxes.delete(processorId)
  }

  close(): void {
    this.#machine.send({ type: 'close' })
  }

  #letGo(): void {
    this.#waiting.close()
    this.#neighbours.close()
    this.#queue.close()
  }

  /** The first request of a turn stays here; with those beyond it other threads can do something meanwhile. */
  #mayHandDirectly(now: number): boolean {
    if (this.#waiting.count === 0 || this.#queue.depth > 0 || !this.#mayServe(now)) return false
    return this.#handedThisTurn === 0 || !this.#neighbours.anyIdle()
  }

  #mayServe(now: number): boolean {
    if (this.#sliceFromMs !== 0) return now - this.#sliceFromMs < sliceMs
    this.#sliceFromMs = now
    soon(() => {
      this.#sliceFromMs = 0
    })
    return true
  }

  /** Who takes one announces the space, when the request has its handler: a Processor with a request may hand it over at once. */
  #take(): QueueEntry | Promise<HandlerResult> | undefined {
    const entry = this.#queue.pop()
    if (entry === undefined) return undefined
    if (entry instanceof Promise) return entry.then(late => this.#stamped(late))
    return this.#stamped(entry)
  }

  #stamped<T extends HandlerResult>(entry: T): T {
    if (typeof entry === 'object') entry.stamps.dequeuedMs = this.#clock.monotonicMs()
    return entry
  }

  #announceSpace(): void {
    if (this.#neighbours.announceSpace()) this.#offerSpace()
  }

  /** One place may be all there is: each Processor is the first in its turn, else the last one could wait for ever. */
  #offerSpace(): void {
    this.#machine.send({ type: 'room' })
    const inboxes = [...this.#inboxes.values()]
    const first = this.#spacesOffered++ % Math.max(1, inboxes.length)
    for (const inbox of inboxes.slice(first)) inbox.onSpace()
    for (const inbox of inboxes.slice(0, first)) inbox.onSpace()
  }

  #wakeHandlers(): void {
    this.#neighbours.wakeOne()
    if (this.#waiting.count > 0) this.#drainSoon()
  }

  #answerBell(): void {
    if (this.#neighbours.spaceWasAnnounced()) this.#offerSpace()
    if (this.#queue.depth > 0) this.#serveWaiting()
  }

  #drainSoon(): void {
    if (this.#drain === 'scheduled') return
    this.#drain = 'scheduled'
    soon(() => {
      this.#drain = 'none'
      this.#serveWaiting()
    })
  }

  #serveWaiting(): void {
    while (this.#waiting.count > 0) {
      if (!this.#mayServe(this.#clock.monotonicMs())) {
        if (this.#queue.depth > 0) this.#drainSoon()
        return
      }
      const entry = this.#take()
      if (entry === undefined) return
      this.#waiting.hand(entry)
      this.#announceSpace()
    }
    // Who rang may have meant a loop that is busy by now, while one of another thread is idle.
    if (this.#queue.depth > 0) this.#neighbours.wakeOne()
  }

  #offerShutdown(): void {
    let queued = this.#queue.push('shutdown')
    if (!queued) {
      this.#neighbours.wantSpace()
      // Room that was made between the two would not be announced.
      queued = this.#queue.push('shutdown')
    }
    if (queued) this.#wakeHandlers()
    this.#machine.send({ type: queued ? 'shutdownQueued' : 'shutdownRefused' })
  }
}
