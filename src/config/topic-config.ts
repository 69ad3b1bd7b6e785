// What a topic's log works with: its own overrides, else what the broker says, in the units that storage uses.
import { required } from '../errors.js'
import type { BrokerConfig } from './broker-config.js'
import { type ConfigValue, type Definition, longMax } from './definition.js'
import { inheritsFrom, topicDefinitions } from './definitions/topic-overrides.js'
import { parseValue, printValue } from './values.js'

type TopicDefinitions = typeof topicDefinitions

export type TopicConfigName = keyof TopicDefinitions

export type TopicConfigValue<K extends TopicConfigName> =
  TopicDefinitions[K] extends Definition<infer V> ? V : never

/** What is stored for a topic: texts by name, checked by `validateTopicConfigs` before. */
export type TopicOverrides = Readonly<Record<string, string>>

export interface EffectiveValue {
  readonly value: ConfigValue
  /** As Java prints it; null when there is no value. */
  readonly text: string | null
}

export function isTopicConfig(name: string): name is TopicConfigName {
  return Object.hasOwn(topicDefinitions, name)
}

export function topicDefinition(name: TopicConfigName): Definition {
  return topicDefinitions[name]
}

export const topicConfigNames: readonly TopicConfigName[] =
  Object.keys(topicDefinitions).filter(isTopicConfig)

/** Undefined: all are known and good. The reason is the whole sentence for a client, worded as Kafka's. */
export function validateTopicConfigs(
  configs: TopicOverrides,
  broker?: BrokerConfig
): undefined | { name: string; reason: string } {
  for (const [name, text] of Object.entries(configs)) {
    if (!isTopicConfig(name)) return { name, reason: `Unknown topic config name: ${name}` }
    const parsed = parseValue(topicDefinition(name), text)
    if (!parsed.ok) {
      return { name, reason: `Invalid value ${text} for configuration ${name}: ${parsed.reason}` }
    }
  }
  return validateTogether(configs, broker)
}

function validateTogether(
  configs: TopicOverrides,
  broker: BrokerConfig | undefined
): undefined | { name: string; reason: string } {
  if (configs['remote.storage.enable']?.trim().toLowerCase() === 'true') {
    const reason =
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'
    return { name: 'remote.storage.enable', reason }
  }
  if (broker === undefined) return undefined
  const min = topicValue(broker, configs, 'min.compaction.lag.ms')
  const max = topicValue(broker, configs, 'max.compaction.lag.ms')
  if (min <= max) return undefined
  return {
    name: 'min.compaction.lag.ms',
    reason: `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`
  }
}

/** One effective value: the topic's own, else the first broker property of its list that is set, else the default. */
export function effectiveValue(
  broker: BrokerConfig,
  overrides: TopicOverrides,
  name: TopicConfigName
): EffectiveValue {
  const definition = topicDefinition(name)
  const own = Object.hasOwn(overrides, name) ? overrides[name] : undefined
  if (own !== undefined) {
    const parsed = parseValue(definition, own)
    // A stored override was checked; one that another version of Kafka stored and we refuse counts as not set.
    if (parsed.ok) return parsed
  }
  return (
    inherited(broker, name) ?? {
      value: definition.fallback,
      text: printValue(definition.type, definition.fallback)
    }
  )
}

function inherited(broker: BrokerConfig, name: TopicConfigName): EffectiveValue | undefined {
  const candidates = inheritsFrom[name]
  const chosen =
    candidates.find(candidate => broker.source(candidate.name) !== 'default') ??
    candidates.find(candidate => broker.get(candidate.name) !== undefined)
  if (chosen === undefined) return undefined
  const value = broker.get(chosen.name)
  if (name === 'retention.ms' && Number(value) < 0) return { value: -1, text: '-1' }
  if (chosen.toMs === undefined || typeof value !== 'number') return { value, text: broker.text(chosen.name) }
  const ms = value * chosen.toMs
  return { value: ms, text: printValue('long', ms) }
}

export function topicValue<K extends TopicConfigName>(
  broker: BrokerConfig,
  overrides: TopicOverrides,
  name: K
): TopicConfigValue<K> {
  // The parser of a definition gives values of the definition's type; inherited ones have the same type.
  return effectiveValue(broker, overrides, name).value as TopicConfigValue<K>
}

/** What storage's LogConfig is made of. Times in ms, sizes in bytes; 2^63 stands for Long.MAX_VALUE: no limit. */
export interface LogSettings {
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  readonly maxMessageBytes: number
  readonly flushMessages: number
  readonly flushMs: number
  /** -1: for ever. */
  readonly retentionMs: number
  /** -1: no limit. */
  readonly retentionBytes: number
  readonly cleanupPolicy: readonly ('delete' | 'compact')[]
  readonly compressionType: CompressionSetting
  readonly compressionGzipLevel: number
  readonly compressionLz4Level: number
  readonly compressionZstdLevel: number
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  readonly messageTimestampBeforeMaxMs: number
  readonly messageTimestampAfterMaxMs: number
  readonly messageDownconversionEnable: boolean
  readonly minInsyncReplicas: number
  readonly fileDeleteDelayMs: number
  readonly deleteRetentionMs: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly minCleanableDirtyRatio: number
  readonly uncleanLeaderElectionEnable: boolean
  readonly preallocate: boolean
  /** Magic of what is written: 2, whatever message.format.version says (Kafka since 3.0). */
  readonly recordVersion: 2
}

const compressionSettings = ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type CompressionSetting = (typeof compressionSettings)[number]

export function logConfigOf(broker: BrokerConfig, overrides: TopicOverrides): LogSettings {
  const of = <K extends TopicConfigName>(name: K) => topicValue(broker, overrides, name)
  const compression = of('compression.type')
  const difference = of('message.timestamp.difference.max.ms')
  const unlessUnlimited = (ms: number) => (ms >= longMax ? difference : ms)
  return {
    segmentBytes: of('segment.bytes'),
    segmentMs: of('segment.ms'),
    segmentJitterMs: of('segment.jitter.ms'),
    segmentIndexBytes: of('segment.index.bytes'),
    indexIntervalBytes: of('index.interval.bytes'),
    maxMessageBytes: of('max.message.bytes'),
    flushMessages: of('flush.messages'),
    flushMs: of('flush.ms'),
    retentionMs: of('retention.ms'),
    retentionBytes: of('retention.bytes'),
    cleanupPolicy: of('cleanup.policy').map(word => (word === 'compact' ? 'compact' : 'delete')),
    compressionType: required(
      compressionSettings.find(known => known === compression),
      'compression.type is one of the words of its definition'
    ),
    compressionGzipLevel: of('compression.gzip.level'),
    compressionLz4Level: of('compression.lz4.level'),
    compressionZstdLevel: of('compression.zstd.level'),
    messageTimestampType: of('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    messageTimestampBeforeMaxMs: unlessUnlimited(of('message.timestamp.before.max.ms')),
    messageTimestampAfterMaxMs: unlessUnlimited(of('message.timestamp.after.max.ms')),
    messageDownconversionEnable: of('message.downconversion.enable'),
    minInsyncReplicas: of('min.insync.replicas'),
    fileDeleteDelayMs: of('file.delete.delay.ms'),
    deleteRetentionMs: of('delete.retention.ms'),
    minCompactionLagMs: of('min.compaction.lag.ms'),
    maxCompactionLagMs: of('max.compaction.lag.ms'),
    minCleanableDirtyRatio: of('min.cleanable.dirty.ratio'),
    uncleanLeaderElectionEnable: of('unclean.leader.election.enable'),
    preallocate: of('preallocate'),
    recordVersion: 2
  }
}
