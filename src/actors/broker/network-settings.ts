// From the broker's configuration to the plain values that the network layer and the controller are given.
import type { BrokerConfig } from '../../config/broker-config.js'
import { intMax } from '../../config/definition.js'
import type { ControllerSettings, InternalTopicSettings } from '../controller/controller-state.js'
import type { BrokerEndpoint } from '../controller/metadata-image.js'
import type { NetworkOptions } from '../network/network-options.js'
import type { BoundListener } from '../network/network-server.js'

/** The connection's context lies behind a request in its block, and a block's size is an int32. */
const largestRequestBytes = 2 ** 31 - 64 * 1024

const unlessUnlimited = (limit: number): number => (limit >= intMax ? Number.POSITIVE_INFINITY : limit)

export function networkOptionsOf(config: BrokerConfig): NetworkOptions {
  const several = config.listeners.length > 1
  return {
    listeners: config.listeners.map(({ name, host, port }) => ({
      name,
      host,
      port,
      processors: config.forListener(name, 'num.network.threads'),
      maxConnections: unlessUnlimited(config.forListener(name, 'max.connections')),
      maxConnectionRate: unlessUnlimited(config.forListener(name, 'max.connection.creation.rate'))
    })),
    processors: {
      maxRequestBytes: Math.min(config.get('socket.request.max.bytes'), largestRequestBytes),
      maxIdleMs: config.get('connections.max.idle.ms'),
      sendBufferBytes: config.get('socket.send.buffer.bytes'),
      receiveBufferBytes: config.get('socket.receive.buffer.bytes')
    },
    quotas: {
      maxConnections: unlessUnlimited(config.get('max.connections')),
      maxConnectionsPerIp: config.get('max.connections.per.ip'),
      maxConnectionsPerIpOverrides: config.connectionsByHost,
      maxConnectionRate: unlessUnlimited(config.get('max.connection.creation.rate')),
      protectedListener: several ? config.interBrokerListenerName : undefined
    },
    backlog: config.get('socket.listen.backlog.size')
  }
}

/** What clients are told: advertised.listeners, with the real port where 0 was asked for. */
export function endpointsOf(
  config: BrokerConfig,
  bound: readonly BoundListener[]
): readonly BrokerEndpoint[] {
  return config.advertisedListeners.map(({ name, host, port, protocol }) => ({
    listener: name,
    securityProtocol: protocol,
    host,
    port: port === 0 ? (bound.find(each => each.name === name)?.port ?? 0) : port
  }))
}

const compacted = (more: Record<string, string>): Record<string, string> => ({
  'cleanup.policy': 'compact',
  ...more
})

export function internalTopicsOf(config: BrokerConfig): Readonly<Record<string, InternalTopicSettings>> {
  return {
    __consumer_offsets: {
      numPartitions: config.get('offsets.topic.num.partitions'),
      replicationFactor: config.get('offsets.topic.replication.factor'),
      configs: compacted({
        'compression.type': 'producer',
        'segment.bytes': String(config.get('offsets.topic.segment.bytes'))
      })
    },
    __transaction_state: {
      numPartitions: config.get('transaction.state.log.num.partitions'),
      replicationFactor: config.get('transaction.state.log.replication.factor'),
      configs: compacted({
        'compression.type': 'uncompressed',
        'min.insync.replicas': String(config.get('transaction.state.log.min.isr')),
        'segment.bytes': String(config.get('transaction.state.log.segment.bytes')),
        'unclean.leader.election.enable': 'false'
      })
    }
  }
}

export function controllerSettingsOf(config: BrokerConfig): ControllerSettings {
  return {
    numPartitions: config.get('num.partitions'),
    defaultReplicationFactor: config.get('default.replication.factor'),
    deleteTopicEnable: config.get('delete.topic.enable'),
    internalTopics: internalTopicsOf(config)
  }
}
