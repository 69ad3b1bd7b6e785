// What a log does with its records, per topic. Filled from properties by the configuration layer.

/** Times in ms, sizes in bytes; numbers of 2^63 stand for Long.MAX_VALUE, which means: no limit. */
export interface LogConfig {
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
  readonly compressionType: 'producer' | 'uncompressed' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
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
  /** Magic of what is written. */
  readonly recordVersion: 2
}

const unlimited = 2 ** 63

/** Kafka 3.9's defaults. */
export const defaultLogConfig: LogConfig = {
  segmentBytes: 1_073_741_824,
  segmentMs: 604_800_000,
  segmentJitterMs: 0,
  segmentIndexBytes: 10_485_760,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1_048_588,
  flushMessages: unlimited,
  flushMs: unlimited,
  retentionMs: 604_800_000,
  retentionBytes: -1,
  cleanupPolicy: ['delete'],
  compressionType: 'producer',
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: unlimited,
  messageTimestampAfterMaxMs: unlimited,
  messageDownconversionEnable: true,
  minInsyncReplicas: 1,
  fileDeleteDelayMs: 60_000,
  deleteRetentionMs: 86_400_000,
  minCompactionLagMs: 0,
  maxCompactionLagMs: unlimited,
  minCleanableDirtyRatio: 0.5,
  uncleanLeaderElectionEnable: false,
  preallocate: false,
  recordVersion: 2
}
