// What of the broker's configuration may change while it runs, and what goes by the new values then. Each entry brings its
// part to what the configuration says, whether that has changed or not; a test holds the names against the definitions.
import type { BrokerConfig } from '../../config/broker-config.js'
import { inheritsFrom, topicDefinitions } from '../../config/definitions/topic-overrides.js'
import type { BrokerConfigName } from '../../config/definitions.js'
import { isTopicConfig } from '../../config/topic-config.js'
import type { ShardLogs } from '../../storage/shard-logs.js'
import type { HandlerPool } from '../handlers/pool.js'
import type { Network } from '../network/network-server.js'
import type { RequestFigures } from '../network/request-figures.js'
import type { Shard } from '../replicas/shard.js'
import type { TraceLevel } from '../runtime/trace.js'
import { networkOptionsOf } from './network-settings.js'
import type { TraceWish } from './trace-wish.js'

interface LiveSetting<Parts> {
  readonly names: readonly BrokerConfigName[]
  apply(parts: Parts, config: BrokerConfig): Promise<void> | void
}

/** What the main thread has; undefined before its step of the start. */
export interface MainParts {
  readonly network: Pick<Network, 'reconfigure' | 'ownThread'> | undefined
  readonly handlers: Pick<HandlerPool, 'resize'> | undefined
  readonly trace: Pick<TraceWish, 'want'>
}

/** What each thread has that runs handlers or Processors. */
export interface ThreadParts {
  readonly network: { readonly figures: Pick<RequestFigures, 'slowMs'> } | undefined
  readonly logs: Pick<ShardLogs, 'expireProducersAfter'> | undefined
  readonly shard: Pick<Shard, 'flushAcks'> | undefined
  /** Undefined on the main thread, whose wish is the broker's. */
  readonly trace: Pick<TraceWish, 'want'> | undefined
}

const traceLevel = (config: BrokerConfig): TraceLevel => config.get('odradek.trace') as TraceLevel

const slowRequests = (network: ThreadParts['network'], config: BrokerConfig): void => {
  if (network !== undefined) network.figures.slowMs = config.get('odradek.slow.request.ms')
}

export const mainSettings: readonly LiveSetting<MainParts>[] = [
  {
    names: ['num.io.threads'],
    apply: ({ handlers }, config) => handlers?.resize(config.get('num.io.threads'))
  },
  {
    names: [
      'num.network.threads',
      'max.connections',
      'max.connections.per.ip',
      'max.connections.per.ip.overrides',
      'max.connection.creation.rate'
    ],
    apply: ({ network }, config) => network?.reconfigure(networkOptionsOf(config))
  },
  {
    names: ['odradek.slow.request.ms'],
    apply: ({ network }, config) => slowRequests(network?.ownThread, config)
  },
  { names: ['odradek.trace'], apply: ({ trace }, config) => trace.want(traceLevel(config)) }
]

export const threadSettings: readonly LiveSetting<ThreadParts>[] = [
  { names: ['odradek.slow.request.ms'], apply: ({ network }, config) => slowRequests(network, config) },
  { names: ['odradek.trace'], apply: ({ trace }, config) => trace?.want(traceLevel(config)) },
  {
    names: ['producer.id.expiration.ms'],
    apply: ({ logs }, config) => logs?.expireProducersAfter(config.get('producer.id.expiration.ms'))
  },
  {
    names: ['log.flush.acks'],
    apply: ({ shard }, config) => {
      if (shard !== undefined) shard.flushAcks = config.get('log.flush.acks')
    }
  }
]

/** Defaults of what topics may override: TopicLogConfigs brings them to the logs. */
export const topicDefaults: readonly BrokerConfigName[] = Object.keys(topicDefinitions)
  .filter(isTopicConfig)
  .flatMap(name => inheritsFrom[name].map(inherited => inherited.name))

/** Used by nothing that runs: the next start goes by it. */
export const atNextStart: readonly BrokerConfigName[] = ['num.recovery.threads.per.data.dir']
