// What every rule of the composed network is given: the machines, the bounds, and the other rules.
import type { ActorRules } from './actor-rules.js'
import type { BrokerRules } from './broker-rules.js'
import type { ConnectionRules } from './connection-rules.js'
import type { Parts } from './parts.js'

export interface NetworkBounds {
  readonly clients: number
  /** Requests that each client may send. */
  readonly requests: number
  readonly processors: number
  /** Capacity of a Processor's newConnections. */
  readonly newConnections: number
  /** queued.max.requests */
  readonly queue: number
  /** num.io.threads */
  readonly handlers: number
  /** max.connections */
  readonly connections: number
  /** SIGTERMs. */
  readonly stops: number
  /** Changes of num.io.threads. */
  readonly resizes: number
  /** What the environment may do besides connecting and sending. */
  /** Connections come faster than max.connection.creation.rate. */
  readonly mayHurry: boolean
  readonly mayThrottle: boolean
  readonly mayPark: boolean
  readonly mayHalfClose: boolean
  readonly mayReset: boolean
  readonly mayExpire: boolean
  /** Connections of another listener than the protected one are closed to get below max.connections. */
  readonly mayShed: boolean
}

export type Rules = ConnectionRules & ActorRules & BrokerRules

export interface Net {
  readonly parts: Parts
  readonly bounds: NetworkBounds
  readonly rules: Rules
  /** Told of every state that the three machines of a connection are in together, also between two steps of one deed. */
  readonly onJoint?: (channel: string, mute: string, exchange: string) => void
}
