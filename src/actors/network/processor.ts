// A Processor: its share of the connections, and the turn that moves them.
import type { StageStamps } from './request.js'

/** A request whose response was written, or dropped because its connection was gone. */
export interface CompletedRequest {
  readonly apiKey: number
  readonly apiVersion: number
  readonly clientId: string | null
  readonly connectionId: string
  readonly listener: string
  readonly requestBytes: number
  readonly responseBytes: number
  readonly stamps: StageStamps
}
