// What a topic may override, and which broker property it inherits from (Kafka 3.9's 36 topic configs).

import { boolean, double, int, list, long, longMax, string } from '../definition.js'
import type { BrokerConfigName } from '../definitions.js'
import { releaseVersion, throttledReplicas } from '../text-checks.js'

export const topicDefinitions = {
  'cleanup.policy': list(['delete'], {
    support: 'recognised',
    update: 'topic',
    oneOf: ['compact', 'delete'],
    doc: 'delete, compact, or both.'
  }),
  'compression.gzip.level': int(-1, {
    support: 'honoured',
    update: 'topic',
    min: 1,
    max: 9,
    also: [-1],
    doc: "Level of gzip, when the broker compresses; -1: the library's own."
  }),
  'compression.lz4.level': int(9, {
    support: 'honoured',
    update: 'topic',
    min: 1,
    max: 17,
    doc: 'Level of lz4, when the broker compresses.'
  }),
  'compression.type': string('producer', {
    support: 'honoured',
    update: 'topic',
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    doc: "The codec of what is stored; producer keeps the producer's."
  }),
  'compression.zstd.level': int(3, {
    support: 'honoured',
    update: 'topic',
    min: -131_072,
    max: 22,
    doc: 'Level of zstd, when the broker compresses.'
  }),
  'delete.retention.ms': long(86_400_000, { support: 'recognised', update: 'topic', min: 0 }),
  'file.delete.delay.ms': long(60_000, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: 'Time between taking a file out of use and removing it.'
  }),
  'flush.messages': long(longMax, {
    support: 'honoured',
    update: 'topic',
    min: 1,
    doc: 'Records that may be unflushed before an append flushes.'
  }),
  'flush.ms': long(longMax, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: 'Time that a record may be unflushed.'
  }),
  'follower.replication.throttled.replicas': list([], {
    support: 'recognised',
    update: 'topic',
    check: throttledReplicas
  }),
  'index.interval.bytes': int(4_096, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: 'Bytes of records between two index entries.'
  }),
  'leader.replication.throttled.replicas': list([], {
    support: 'recognised',
    update: 'topic',
    check: throttledReplicas
  }),
  'local.retention.bytes': long(-2, { support: 'recognised', update: 'topic', min: -2 }),
  'local.retention.ms': long(-2, { support: 'recognised', update: 'topic', min: -2 }),
  'max.compaction.lag.ms': long(longMax, { support: 'recognised', update: 'topic', min: 1 }),
  'max.message.bytes': int(1_048_588, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: 'The largest record batch, after compression.'
  }),
  'message.downconversion.enable': boolean(true, {
    support: 'honoured',
    update: 'topic',
    doc: 'Whether records are converted for clients that only read older formats.'
  }),
  'message.format.version': string('3.0-IV1', {
    support: 'recognised',
    update: 'topic',
    check: releaseVersion
  }),
  'message.timestamp.after.max.ms': long(longMax, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: "How far a CreateTime may lie after the broker's time."
  }),
  'message.timestamp.before.max.ms': long(longMax, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: "How far a CreateTime may lie before the broker's time."
  }),
  'message.timestamp.difference.max.ms': long(longMax, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: "How far a CreateTime may be from the broker's time; before/after.max.ms go first."
  }),
  'message.timestamp.type': string('CreateTime', {
    support: 'honoured',
    update: 'topic',
    oneOf: ['CreateTime', 'LogAppendTime'],
    doc: "Whether a record keeps its producer's time (CreateTime) or gets the broker's (LogAppendTime)."
  }),
  'min.cleanable.dirty.ratio': double(0.5, { support: 'recognised', update: 'topic', min: 0, max: 1 }),
  'min.compaction.lag.ms': long(0, { support: 'recognised', update: 'topic', min: 0 }),
  'min.insync.replicas': int(1, {
    support: 'honoured',
    update: 'topic',
    min: 1,
    doc: 'Replicas that must be in sync for a write with acks=all.'
  }),
  preallocate: boolean(false, {
    support: 'honoured',
    update: 'topic',
    doc: 'Whether a new segment file gets its full size at once.'
  }),
  'remote.log.copy.disable': boolean(false, { support: 'recognised', update: 'topic' }),
  'remote.log.delete.on.disable': boolean(false, { support: 'recognised', update: 'topic' }),
  'remote.storage.enable': boolean(false, { support: 'recognised', update: 'topic' }),
  'retention.bytes': long(-1, {
    support: 'recognised',
    update: 'topic',
    doc: 'Size of the log above which old segments may go; -1: no limit.'
  }),
  'retention.ms': long(604_800_000, {
    support: 'recognised',
    update: 'topic',
    min: -1,
    doc: 'Age at which segments may go; -1: never.'
  }),
  'segment.bytes': int(1_073_741_824, {
    support: 'honoured',
    update: 'topic',
    min: 14,
    doc: 'Size at which the log starts a new segment file.'
  }),
  'segment.index.bytes': int(10_485_760, {
    support: 'honoured',
    update: 'topic',
    min: 4,
    doc: 'Size of an index file at most.'
  }),
  'segment.jitter.ms': long(0, {
    support: 'honoured',
    update: 'topic',
    min: 0,
    doc: 'Up to this much is randomly taken off segment.ms.'
  }),
  'segment.ms': long(604_800_000, {
    support: 'honoured',
    update: 'topic',
    min: 1,
    doc: 'Age at which the log starts a new segment file.'
  }),
  'unclean.leader.election.enable': boolean(false, { support: 'recognised', update: 'topic' })
}

/** The broker property that a topic inherits from, and after it those of coarser units; the first that is set wins. */
export const inheritsFrom: Readonly<Record<keyof typeof topicDefinitions, readonly Inherited[]>> = {
  'cleanup.policy': [{ name: 'log.cleanup.policy' }],
  'compression.gzip.level': [{ name: 'compression.gzip.level' }],
  'compression.lz4.level': [{ name: 'compression.lz4.level' }],
  'compression.type': [{ name: 'compression.type' }],
  'compression.zstd.level': [{ name: 'compression.zstd.level' }],
  'delete.retention.ms': [{ name: 'log.cleaner.delete.retention.ms' }],
  'file.delete.delay.ms': [{ name: 'log.segment.delete.delay.ms' }],
  'flush.messages': [{ name: 'log.flush.interval.messages' }],
  'flush.ms': [{ name: 'log.flush.interval.ms' }, { name: 'log.flush.scheduler.interval.ms' }],
  'follower.replication.throttled.replicas': [],
  'index.interval.bytes': [{ name: 'log.index.interval.bytes' }],
  'leader.replication.throttled.replicas': [],
  'local.retention.bytes': [{ name: 'log.local.retention.bytes' }],
  'local.retention.ms': [{ name: 'log.local.retention.ms' }],
  'max.compaction.lag.ms': [{ name: 'log.cleaner.max.compaction.lag.ms' }],
  'max.message.bytes': [{ name: 'message.max.bytes' }],
  'message.downconversion.enable': [{ name: 'log.message.downconversion.enable' }],
  'message.format.version': [{ name: 'log.message.format.version' }],
  'message.timestamp.after.max.ms': [{ name: 'log.message.timestamp.after.max.ms' }],
  'message.timestamp.before.max.ms': [{ name: 'log.message.timestamp.before.max.ms' }],
  'message.timestamp.difference.max.ms': [{ name: 'log.message.timestamp.difference.max.ms' }],
  'message.timestamp.type': [{ name: 'log.message.timestamp.type' }],
  'min.cleanable.dirty.ratio': [{ name: 'log.cleaner.min.cleanable.ratio' }],
  'min.compaction.lag.ms': [{ name: 'log.cleaner.min.compaction.lag.ms' }],
  'min.insync.replicas': [{ name: 'min.insync.replicas' }],
  preallocate: [{ name: 'log.preallocate' }],
  'remote.log.copy.disable': [],
  'remote.log.delete.on.disable': [],
  'remote.storage.enable': [],
  'retention.bytes': [{ name: 'log.retention.bytes' }],
  'retention.ms': [
    { name: 'log.retention.ms' },
    { name: 'log.retention.minutes', toMs: 60_000 },
    { name: 'log.retention.hours', toMs: 3_600_000 }
  ],
  'segment.bytes': [{ name: 'log.segment.bytes' }],
  'segment.index.bytes': [{ name: 'log.index.size.max.bytes' }],
  'segment.jitter.ms': [{ name: 'log.roll.jitter.ms' }, { name: 'log.roll.jitter.hours', toMs: 3_600_000 }],
  'segment.ms': [{ name: 'log.roll.ms' }, { name: 'log.roll.hours', toMs: 3_600_000 }],
  'unclean.leader.election.enable': [{ name: 'unclean.leader.election.enable' }]
}

export interface Inherited {
  readonly name: BrokerConfigName
  /** Milliseconds in one unit of the broker property, when it is coarser. */
  readonly toMs?: number
}
