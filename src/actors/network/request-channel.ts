// Where Processors and handlers meet: one bounded queue of requests for all, one queue of responses a Processor.
// A handler that waits on the Processor's own thread is handed its request directly: no queue, no wake-up.
import type { PlacementTable } from '../runtime/placement.js'
import type { SharedRing } from '../runtime/ring.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import type { ConnectionContext } from './connection-context.js'
import type { Request, Response, StageStamps } from './request.js'

/** Plain data, for workerData: the request queue of a broker whose threads are several. */
export interface SharedRequestChannel {
  readonly ring: SharedRing
  /** Words of waiting handlers and waiting Processors, by thread. */
  readonly words: SharedArrayBuffer
}

/** What a Processor puts into the queue. */
export interface ReceivedRequest extends Request {
  /** Bytes of the frame; the block holds the connection's context behind them. */
  readonly frameBytes: number
  readonly context: ConnectionContext
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
}

/** W = 0: everything on one thread, a plain mailbox. */
export declare function inlineRequestChannel(options: RequestChannelOptions): RequestChannel

/** Before the threads are started; goes into workerData. `threads`: main and the workers. */
export declare function shareRequestChannel(
  options: RequestChannelOptions & { readonly threads: number }
): SharedRequestChannel

/** Once on every thread, main included. */
export declare function attachRequestChannel(
  shared: SharedRequestChannel,
  runtime: Runtime,
  placement: PlacementTable
): RequestChannel
