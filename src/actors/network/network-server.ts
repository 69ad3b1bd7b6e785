// Kafka's SocketServer: Acceptors and connection quotas on the main thread, Processors where the placement says.
import type { Logger } from '../runtime/log.js'
import type { PlacementTable } from '../runtime/placement.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import type { NetworkOptions } from './network-options.js'
import type { CompletedRequest } from './processor.js'
import type { RequestChannel } from './request-channel.js'

/** A request channel on every thread: `createRequestChannel` on main, whose `shared` goes into workerData. */
export interface NetworkThreadOptions {
  readonly runtime: Runtime
  readonly channel: RequestChannel
  readonly logger: Logger
  /** Told once a request, when its response was written or dropped: for metrics and the slow-request log. */
  readonly onCompleted?: (request: CompletedRequest) => void
}

/** The Processors of one thread. They are made by message when the main thread starts processing. */
export interface NetworkThread {
  /** Closes every connection at once; for a thread that ends out of order. */
  close(): void
}

export interface CreateNetworkOptions extends NetworkThreadOptions {
  readonly placement: PlacementTable
  readonly network: NetworkOptions
}

export interface BoundListener {
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface Network {
  /** Listener name -> real port, for those that listen. */
  readonly bound: readonly BoundListener[]
  readonly connections: number
  /**
   * Opens the ports and accepts; resolves when every listener does. Rejects with StartupError, naming listener and port,
   * when one cannot; nothing listens then. Handlers must run already.
   */
  startProcessing(): Promise<readonly BoundListener[]>
  /**
   * Kafka's stopProcessingRequests: stops accepting, then ends every Processor (its connections close), then clears the
   * request queue. Idempotent; handlers must still run, so that no Processor waits for room in the queue.
   */
  stopProcessing(): Promise<void>
  /** stopProcessing where it was not called, then lets go of the rest. */
  close(): Promise<void>
}

/** On every thread on which the placement runs Processors, except main (createNetwork does it there). */
export declare function attachNetworkThread(options: NetworkThreadOptions): NetworkThread

/** On the main thread. Nothing is opened yet. */
export declare function createNetwork(options: CreateNetworkOptions): Network
