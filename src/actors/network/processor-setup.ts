// What a Processor is made of and whom it talks to.
import type { Arena } from '../runtime/arena.js'
import type { Clock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { Timers } from '../runtime/timers.js'
import type { ProcessorOptions } from './network-options.js'
import type { RequestChannel } from './request-channel.js'
import type { StageStamps } from './stage-stamps.js'

/** A request whose response was written, or dropped because its connection was gone. */
export interface CompletedRequest {
  readonly apiKey: number
  readonly apiVersion: number
  readonly clientId: string | null
  readonly connectionId: string
  readonly listener: string
  readonly processorId: number
  readonly requestBytes: number
  /** 0 = nothing was written. */
  readonly responseBytes: number
  readonly stamps: StageStamps
}

/** What a Processor tells the side that accepts. */
export interface ProcessorReports {
  /** That many connections were taken out of newConnections. */
  taken(count: number): void
  /** A connection ended; `asExcess`: it was closed to get below max.connections. */
  closed(remoteHost: string, asExcess: boolean): void
  /** It was told to shed one and has none. */
  nothingToClose(): void
  stopped(): void
}

export interface ProcessorSetup {
  readonly id: number
  readonly listener: string
  readonly options: ProcessorOptions
  readonly newConnectionsCapacity: number
  readonly arena: Arena
  readonly requests: RequestChannel
  readonly reports: ProcessorReports
  readonly logger: Logger
  readonly clock: Clock
  readonly timers: Timers
  readonly onCompleted?: (request: CompletedRequest) => void
  /** 0 .. 1; for the order in which channels get memory that is short. */
  readonly random?: () => number
}
