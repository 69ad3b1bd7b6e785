// What a thread's Processors and connections are doing, as plain data for whoever looks.
import type { Channel } from './channel.js'
import type { NetworkThread } from './network-thread.js'
import type { Processor } from './processor.js'

export interface ProcessorLook {
  readonly id: number
  readonly listener: string
  readonly state: string
  readonly connections: number
  readonly orphans: number
  readonly waitingForRoom: number
  readonly newConnections: number
  readonly newConnectionsCapacity: number
  readonly responses: number
  /** ms spent in turns since its start. */
  readonly busyMs: number
}

export interface ConnectionLook {
  readonly processor: number
  readonly id: string
  readonly listener: string
  readonly clientHost: string
  readonly clientPort: number
  readonly clientId: string | null
  readonly softwareName: string
  readonly softwareVersion: string
  readonly principal: string
  readonly state: string
  readonly mute: string
  readonly exchange: string
  /** Monotonic ms, as all times here; 0 = not known. */
  readonly acceptedMs: number
  readonly lastActiveMs: number
  readonly inFlight?: InFlightLook
}

export interface InFlightLook {
  readonly apiKey: number
  readonly receivedMs: number
}

/** More of one thread are counted by their Processors, but not described. */
const mostConnections = 2000

export function lookAtProcessors({ processors }: Pick<NetworkThread, 'processors'>): {
  processors: ProcessorLook[]
  connections: ConnectionLook[]
} {
  const connections = processors.flatMap(processor =>
    processor.channels.map(channel => connectionLook(processor, channel))
  )
  return { processors: processors.map(processorLook), connections: connections.slice(0, mostConnections) }
}

function processorLook(processor: Processor): ProcessorLook {
  const { processorId: id, listener, state, connections, orphans, busyMs } = processor
  const { room: waitingForRoom, ...depths } = processor.depths
  return { id, listener, state, connections, orphans, busyMs, waitingForRoom, ...depths }
}

function connectionLook({ processorId }: Processor, channel: Channel): ConnectionLook {
  const { exchange, state, muteState, acceptedMs, lastActiveMs, clientId = null } = channel
  const { request } = exchange
  return {
    ...channel.context.info,
    processor: processorId,
    clientId,
    state,
    mute: muteState,
    exchange: exchange.state,
    acceptedMs,
    lastActiveMs,
    ...(request === undefined
      ? {}
      : { inFlight: { apiKey: request.apiKey, receivedMs: request.stamps.receivedMs } })
  }
}
