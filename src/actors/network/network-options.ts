// What the network layer is told, as plain values: whoever starts the broker takes them from its configuration.
// All of it can go to another thread in a message.

export interface ListenerOptions {
  readonly name: string
  /** '' = all interfaces. */
  readonly host: string
  /** 0 = any free port. */
  readonly port: number
  /** num.network.threads of this listener: its Processors, at least 1. */
  readonly processors: number
  /** listener.name.<name>.max.connections; Infinity = no limit. */
  readonly maxConnections: number
  /** listener.name.<name>.max.connection.creation.rate, a second; Infinity = no limit. */
  readonly maxConnectionRate: number
}

/** What every Processor needs to know. */
export interface ProcessorOptions {
  /** socket.request.max.bytes */
  readonly maxRequestBytes: number
  /** connections.max.idle.ms; negative = never. */
  readonly maxIdleMs: number
  /** socket.send.buffer.bytes; -1 = left to the operating system. */
  readonly sendBufferBytes: number
  /** socket.receive.buffer.bytes; -1 = left to the operating system. */
  readonly receiveBufferBytes: number
}

export interface QuotaOptions {
  /** max.connections; Infinity = no limit. */
  readonly maxConnections: number
  /** max.connections.per.ip */
  readonly maxConnectionsPerIp: number
  /** max.connections.per.ip.overrides, by host name or address. */
  readonly maxConnectionsPerIpOverrides: ReadonlyMap<string, number>
  /** max.connection.creation.rate, a second; Infinity = no limit. */
  readonly maxConnectionRate: number
  /** The listener between brokers: exempt from the broker-wide limits. Only where there are several listeners. */
  readonly protectedListener: string | undefined
}

export interface NetworkOptions {
  readonly listeners: readonly ListenerOptions[]
  readonly processors: ProcessorOptions
  readonly quotas: QuotaOptions
  /** socket.listen.backlog.size */
  readonly backlog: number
  /** Connections that may wait for one Processor; Kafka's constant is 20. */
  readonly newConnectionsCapacity?: number
}

export const defaultNewConnections = 20
