// A request as its Processor read it: what handlers see of it, and what it takes to send it to another thread.
import type { RequestHeader } from '../../protocol/header.js'
import type { Block, BlockRef } from '../runtime/arena.js'
import type { ConnectionContext } from './connection-context.js'
import type { ConnectionInfo, Request } from './request.js'
import { newStamps, type StageStamps } from './stage-stamps.js'

export interface RequestOrigin {
  readonly processorId: number
  readonly connectionNumber: number
  readonly context: ConnectionContext
  /** Monotonic ms at which the connection was accepted; 0 = not known. */
  readonly acceptedMs: number
}

export class ReceivedRequest implements Request {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly body: Buffer
  readonly frame: BlockRef
  readonly stamps: StageStamps
  readonly processorId: number
  readonly connectionNumber: number
  readonly context: ConnectionContext
  readonly #block: Block

  /** `frameBytes`: the block holds the connection's context behind them, when the request goes to the shared queue. */
  constructor(
    origin: RequestOrigin,
    header: RequestHeader,
    block: Block,
    readonly frameBytes: number,
    receivedMs: number
  ) {
    this.processorId = origin.processorId
    this.connectionNumber = origin.connectionNumber
    this.context = origin.context
    this.apiKey = header.apiKey
    this.apiVersion = header.apiVersion
    this.correlationId = header.correlationId
    this.clientId = header.clientId
    this.body = block.view.subarray(header.bodyOffset, frameBytes)
    this.frame = block.ref
    this.stamps = newStamps(receivedMs, origin.acceptedMs)
    this.#block = block
  }

  get connection(): ConnectionInfo {
    return this.context.info
  }

  writeContext(): void {
    this.#block.view.set(this.context.encoded, this.frameBytes)
  }

  release(): void {
    this.#block.release()
  }
}
