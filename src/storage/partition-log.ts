// One partition's log, by its single writer. The concerns are in files of their own; this one is what others call.
import type { Uuid } from '../protocol/schema.js'
import type { LogConfig } from './log-config.js'
import type {
  ActiveProducer,
  AppendOptions,
  AppendResult,
  DeleteRecordsResult,
  EpochEnd,
  FoundOffset,
  ReadBound,
  ReadOptions,
  ReadResult
} from './log-results.js'
import type { Offset } from './offset.js'

export type * from './log-results.js'

export declare class PartitionLog {
  readonly topic: string
  readonly partition: number
  /** undefined: the directory holds none (written before Kafka 2.8). */
  readonly topicId: Uuid | undefined
  readonly directory: string
  readonly config: LogConfig
  readonly logStartOffset: Offset
  readonly logEndOffset: Offset
  readonly highWatermark: Offset
  readonly lastStableOffset: Offset
  /** Everything below is on the disk. */
  readonly recoveryPoint: Offset
  /** Of the newest batch or assigned by leadership; -1 none. */
  readonly leaderEpoch: number
  readonly sizeBytes: number
  readonly segmentCount: number
  readonly isClosed: boolean
  /**
   * Validates, assigns offsets and writes. Synchronous unless bytes must be decompressed for long; results are in the
   * order of the calls. Writes into `records` (offsets, epoch, times). An I/O error is KAFKA_STORAGE_ERROR.
   */
  appendAsLeader(records: Buffer, options: AppendOptions): AppendResult | Promise<AppendResult>
  /** Synchronous near the end of the log, else a promise; rejects only for I/O errors. */
  read(options: ReadOptions): ReadResult | Promise<ReadResult>
  /** Clamped to [log start, log end]; never moves back. */
  advanceHighWatermark(to: number): void
  /** The leader's epoch from now on: epoch cache gets (epoch, log end). */
  assignLeaderEpoch(epoch: number): void
  updateConfig(config: LogConfig): void
  /** First record at or after the timestamp (ms) below the bound; undefined: none. */
  lookupByTimestamp(timestamp: bigint, upTo: ReadBound): Promise<FoundOffset | undefined>
  /** ListOffsets -2. */
  earliest(): FoundOffset
  /** ListOffsets -1: the bound itself. */
  latest(upTo: ReadBound): FoundOffset
  /** ListOffsets -3: the first record with the greatest timestamp; undefined: no records. */
  maxTimestamp(upTo: ReadBound): Promise<FoundOffset | undefined>
  endOffsetForEpoch(epoch: number): EpochEnd
  /** ListOffsets v0: newest first, at most `max`. -1 latest, -2 earliest, else segments modified at or before. */
  legacyOffsetsBefore(timestamp: bigint, max: number, upTo: ReadBound): number[]
  /** DeleteRecords; -1 means the high watermark. */
  deleteRecordsBefore(offset: number): DeleteRecordsResult
  producers(): ActiveProducer[]
  /** All that was appended before the call is on the disk when it resolves; concurrent callers share one fsync. */
  flush(): Promise<void>
  /** Drops everything at and above the offset. */
  truncateTo(offset: number): void
  /** Empties the log; the next record gets this offset. */
  truncateFullyAndStartAt(offset: number): void
  /** Flush, snapshot, trimmed indexes; the log cannot be used afterwards. */
  close(): Promise<void>
  /** Closes the files without writing anything: its directory failed. */
  abandon(): void
}
