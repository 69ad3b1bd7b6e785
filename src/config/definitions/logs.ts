// Where records lie and how they are written: directories, segments, indexes, flushing, timestamps, compression.
import { boolean, int, long, longMax, optionalLong, optionalString, string } from '../definition.js'
import { releaseVersion } from '../text-checks.js'

export const logsDefinitions = {
  'background.threads': int(10, {
    support: 'recognised',
    update: 'cluster-wide',
    min: 1,
    doc: 'Threads for background work.'
  }),
  'compression.gzip.level': int(-1, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    max: 9,
    also: [-1],
    doc: "Level of gzip, when the broker compresses; -1: the library's own."
  }),
  'compression.lz4.level': int(9, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    max: 17,
    doc: 'Level of lz4, when the broker compresses.'
  }),
  'compression.type': string('producer', {
    support: 'honoured',
    update: 'cluster-wide',
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    doc: "The codec of what is stored; producer keeps the producer's."
  }),
  'compression.zstd.level': int(3, {
    support: 'honoured',
    update: 'cluster-wide',
    min: -131_072,
    max: 22,
    doc: 'Level of zstd, when the broker compresses.'
  }),
  'log.dir': string('/tmp/kafka-logs', {
    support: 'honoured',
    doc: 'The data directory when log.dirs is not set.'
  }),
  'log.dir.failure.timeout.ms': long(30_000, { support: 'recognised', min: 1 }),
  'log.dirs': optionalString({ support: 'honoured', doc: 'Data directories, comma separated.' }),
  'log.flush.interval.messages': long(longMax, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    doc: 'Records that may be unflushed in a log before an append flushes it.'
  }),
  'log.flush.interval.ms': optionalLong({
    support: 'honoured',
    update: 'cluster-wide',
    doc: 'Time that a record may be unflushed; without it, log.flush.scheduler.interval.ms.'
  }),
  'log.flush.offset.checkpoint.interval.ms': int(60_000, {
    support: 'honoured',
    min: 0,
    doc: 'How often recovery points are written down.'
  }),
  'log.flush.scheduler.interval.ms': long(longMax, {
    support: 'honoured',
    doc: 'How often logs are looked at for flushing by time.'
  }),
  'log.flush.start.offset.checkpoint.interval.ms': int(60_000, {
    support: 'recognised',
    min: 0,
    doc: 'How often log start offsets are written down.'
  }),
  'log.index.interval.bytes': int(4_096, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: 'Bytes of records between two index entries.'
  }),
  'log.index.size.max.bytes': int(10_485_760, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 4,
    doc: 'Size of an index file at most.'
  }),
  'log.initial.task.delay.ms': long(30_000, {
    support: 'honoured',
    min: 0,
    internal: true,
    doc: 'Time after start-up before the periodic tasks of the logs begin.'
  }),
  'log.message.downconversion.enable': boolean(true, {
    support: 'honoured',
    update: 'cluster-wide',
    doc: 'Whether records are converted for clients that only read older formats.'
  }),
  'log.message.format.version': string('3.0-IV1', { support: 'recognised', check: releaseVersion }),
  'log.message.timestamp.after.max.ms': long(longMax, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: "How far a CreateTime may lie after the broker's time."
  }),
  'log.message.timestamp.before.max.ms': long(longMax, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: "How far a CreateTime may lie before the broker's time."
  }),
  'log.message.timestamp.difference.max.ms': long(longMax, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: "How far a CreateTime may be from the broker's time; before/after.max.ms go first."
  }),
  'log.message.timestamp.type': string('CreateTime', {
    support: 'honoured',
    update: 'cluster-wide',
    oneOf: ['CreateTime', 'LogAppendTime'],
    doc: "Whether a record keeps its producer's time (CreateTime) or gets the broker's (LogAppendTime)."
  }),
  'log.preallocate': boolean(false, {
    support: 'honoured',
    update: 'cluster-wide',
    doc: 'Whether a new segment file gets its full size at once.'
  }),
  'log.roll.hours': int(168, {
    support: 'honoured',
    min: 1,
    doc: 'Age at which a log starts a new segment file, in hours.'
  }),
  'log.roll.jitter.hours': int(0, {
    support: 'honoured',
    min: 0,
    doc: 'Up to this much is randomly taken off the roll time, in hours.'
  }),
  'log.roll.jitter.ms': optionalLong({
    support: 'honoured',
    update: 'cluster-wide',
    doc: 'Up to this much is randomly taken off the roll time; before log.roll.jitter.hours.'
  }),
  'log.roll.ms': optionalLong({
    support: 'honoured',
    update: 'cluster-wide',
    doc: 'Age at which a log starts a new segment file; before log.roll.hours.'
  }),
  'log.segment.bytes': int(1_073_741_824, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 14,
    doc: 'Size at which a log starts a new segment file.'
  }),
  'log.segment.delete.delay.ms': long(60_000, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: 'Time between taking a file out of use and removing it.'
  }),
  'message.max.bytes': int(1_048_588, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 0,
    doc: 'The largest record batch, after compression.'
  }),
  'num.recovery.threads.per.data.dir': int(1, {
    support: 'honoured',
    update: 'cluster-wide',
    min: 1,
    doc: 'Logs of one data directory that are loaded and recovered at the same time.'
  })
}
