// What a thread's Processors and connections are doing, as plain data for whoever looks.
import type { Channel } from './channel.js'
import type { NetworkThread } from './network-thread.js'
import type { Processor } from './processor.js'

export interface ProcessorLook {
  readonly id: number
  readonly listener: string
  readonly state: string
  readonly connections: number
  /** Ever. */
  readonly opened: number
  readonly orphans: number
  readonly waitingForRoom: number
  readonly newConnections: number
  readonly newConnectionsCapacity: number
  readonly responses: number
  /** ms spent in turns since its start. */
  readonly busyMs: number
  /** ms in which connections waited for memory for their requests, since its start. */
  readonly memoryWaitMs: number
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

type Looked = Pick<NetworkThread, 'processors'>

export const processorLooks = ({ processors }: Looked): ProcessorLook[] => processors.map(processorLook)

export function lookAtProcessors(network: Looked): {
  processors: ProcessorLook[]
  connections: ConnectionLook[]
} {
  const connections: ConnectionLook[] = []
  for (const processor of network.processors)
    for (const channel of processor.channels) {
      if (connections.length === mostConnections) break
      connections.push(connectionLook(processor, channel))
    }
  return { processors: processorLooks(network), connections }
}

/** Connections of one Processor by what the client says that it is. */
export interface SoftwareCount {
  readonly processor: number
  readonly listener: string
  /** `unknown` before ApiVersions, as in Kafka. */
  readonly name: string
  readonly version: string
  readonly connections: number
}

/** Names are the clients' own: of more kinds than that the rest is left out. */
const mostSoftware = 100

export function softwareCounts({ processors }: Looked): SoftwareCount[] {
  const counts = new Map<string, { -readonly [K in keyof SoftwareCount]: SoftwareCount[K] }>()
  for (const { processorId: processor, listener, channels } of processors)
    for (const { context } of channels) {
      const { softwareName, softwareVersion } = context.info
      const [name, version] = [softwareName || 'unknown', softwareVersion || 'unknown']
      const key = `${processor} ${name} ${version}`
      const known = counts.get(key)
      if (known !== undefined) known.connections++
      else if (counts.size < mostSoftware)
        counts.set(key, { processor, listener, name, version, connections: 1 })
    }
  return [...counts.values()]
}

function processorLook(processor: Processor): ProcessorLook {
  const { processorId: id, listener, state, connections, opened, orphans, busyMs, memoryWaitMs } = processor
  const { room: waitingForRoom, ...depths } = processor.depths
  return {
    id,
    listener,
    state,
    connections,
    opened,
    orphans,
    busyMs,
    memoryWaitMs,
    waitingForRoom,
    ...depths
  }
}

/** Field by field: of thousands, which spreading makes slow. */
function connectionLook({ processorId }: Processor, channel: Channel): ConnectionLook {
  const { exchange, context } = channel
  const { id, listener, clientHost, clientPort, softwareName, softwareVersion, principal } = context.info
  const { request } = exchange
  const look = {
    processor: processorId,
    id,
    listener,
    clientHost,
    clientPort,
    clientId: channel.clientId ?? null,
    softwareName,
    softwareVersion,
    principal,
    state: channel.state,
    mute: channel.muteState,
    exchange: exchange.state,
    acceptedMs: channel.acceptedMs,
    lastActiveMs: channel.lastActiveMs
  }
  if (request === undefined) return look
  return { ...look, inFlight: { apiKey: request.apiKey, receivedMs: request.stamps.receivedMs } }
}
