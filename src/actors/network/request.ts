// One request on its way: what the Processor read, where its bytes lie, and when it passed each stage.
import type { BlockRef } from '../runtime/arena.js'
import type { StageStamps } from './stage-stamps.js'

export type { StageStamps } from './stage-stamps.js'

/** What the network layer knows of a peer; copied into each request so that a handler on any thread can use it. */
export interface ConnectionInfo {
  /** Kafka's connection id: `localHost:localPort-remoteHost:remotePort-index`. */
  readonly id: string
  readonly listener: string
  readonly clientHost: string
  readonly clientPort: number
  readonly principal: string
  readonly softwareName: string
  readonly softwareVersion: string
}

export interface Request {
  readonly processorId: number
  /** Number of the connection within its Processor. */
  readonly connectionNumber: number
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** The bytes after the request header, in the arena: no copy. */
  readonly body: Buffer
  readonly frame: BlockRef
  readonly connection: ConnectionInfo
  readonly stamps: StageStamps
  /** Gives the request's memory back; idempotent, any thread. */
  release(): void
}

export type Response =
  | {
      readonly kind: 'send'
      readonly chunks: readonly Buffer[]
      /** Called once when nobody needs the chunks any more; never, when their connection ended before. */
      readonly taken?: (() => void) | undefined
    }
  | { readonly kind: 'noOp' }
  | { readonly kind: 'closeConnection'; readonly reason: string }
  | { readonly kind: 'startThrottling'; readonly forMs: number }
  | { readonly kind: 'endThrottling' }
