// What handlers ask of partitions and what they are told, as plain data: the same values cross between threads.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { Uuid } from '../../protocol/schema.js'
import type { ActiveProducer, AppendResult } from '../../storage/partition-log.js'
import type { StageStamps } from '../network/request.js'
import type { BlockRef } from '../runtime/arena.js'

export interface PartitionRef {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
}

export interface ProducePartition extends PartitionRef {
  /** A view of the request's memory, which must stay until the answer is there. */
  readonly records: Buffer
}

export interface ProduceCommand {
  readonly partitions: readonly ProducePartition[]
  readonly acks: -1 | 0 | 1
  /** ms that acks = -1 waits for replicas (and the disk, with log.flush.acks). */
  readonly timeoutMs: number
  readonly requestVersion: number
  readonly nowMs: number
  /** Where the request's bytes lie, for partitions of other threads; without it records are copied for them. */
  readonly frame?: BlockRef | undefined
  /** Gets appendedMs and syncedMs. */
  readonly stamps?: StageStamps | undefined
}

/** A timeout while waiting is `refused` with REQUEST_TIMED_OUT; the records stay in the log. */
export type ProduceResult =
  | Exclude<AppendResult, { kind: 'refused' }>
  | {
      readonly kind: 'refused'
      readonly error: ErrorName
      readonly message: string | null
      /** -1 unless the log itself refused. */
      readonly logStartOffset: number
      readonly recordErrors: readonly { readonly batchIndex: number; readonly message: string }[]
    }

/** How far a reader may see. */
export type VisibleEnd = 'logEnd' | 'highWatermark' | 'lastStable'

export interface FetchPartition extends PartitionRef {
  readonly fetchOffset: number
  readonly maxBytes: number
  /** -1: not checked. */
  readonly currentLeaderEpoch: number
  /** -1: not checked (v12+). */
  readonly lastFetchedEpoch: number
}

export interface FetchCommand {
  readonly partitions: readonly FetchPartition[]
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxWaitMs: number
  readonly upTo: VisibleEnd
  /** v0-2: no batch may exceed the limits; a first batch that is too large is cut. */
  readonly hardMaxBytes: boolean
}

export type FetchResult =
  | {
      readonly kind: 'records'
      readonly records: readonly Buffer[]
      readonly bytes: number
      readonly highWatermark: number
      readonly lastStableOffset: number
      readonly logStartOffset: number
      /** null unless read_committed. */
      readonly abortedTransactions:
        | readonly { readonly producerId: bigint; readonly firstOffset: bigint }[]
        | null
      /** Set when the log has another history than the reader (v12+); then there are no records. */
      readonly diverging?: { readonly epoch: number; readonly endOffset: number } | undefined
    }
  | { readonly kind: 'refused'; readonly error: ErrorName }

export interface ListOffsetsPartition extends PartitionRef {
  readonly currentLeaderEpoch: number
  /** ms since epoch, or -1 latest, -2 earliest, -3 maximal timestamp, -4 earliest local, -5 latest tiered. */
  readonly timestamp: bigint
  readonly maxNumOffsets: number
}

export interface ListOffsetsOptions {
  /** v0 asks the segment-based question. */
  readonly legacy: boolean
  readonly upTo: VisibleEnd
}

export interface ListOffsetsResult {
  readonly error: ErrorName
  /** -1 when there is none. */
  readonly timestamp: bigint
  readonly offset: number
  readonly leaderEpoch: number
  /** v0 only. */
  readonly oldStyleOffsets: readonly number[]
}

export interface DeleteRecordsPartition extends PartitionRef {
  /** Records below it go; -1: all below the high watermark. */
  readonly offset: number
}

export interface DeleteRecordsResult {
  readonly error: ErrorName
  /** -1 on error. */
  readonly lowWatermark: number
}

export interface EpochPartition extends PartitionRef {
  readonly currentLeaderEpoch: number
  readonly leaderEpoch: number
}

export interface EpochEndResult {
  readonly error: ErrorName
  /** -1 unknown. */
  readonly leaderEpoch: number
  /** -1 unknown. */
  readonly endOffset: number
}

export interface ProducersResult {
  readonly error: ErrorName
  /** Empty on error. */
  readonly producers: readonly ActiveProducer[]
}

/** What one log takes of its log directory. */
export interface LogSize {
  readonly topic: string
  readonly partition: number
  /** Canonical path. */
  readonly logDir: string
  readonly sizeBytes: number
  /** How many replicated records it lacks. */
  readonly offsetLag: number
}

/** Now, or later: own-shard work that needs no waiting is answered without a promise. */
export type Eventually<T> = T | Promise<T>

/** Results are in the order of the partitions asked for, one each. */
export interface ReplicaAccess {
  produce(command: ProduceCommand): Eventually<readonly ProduceResult[]>
  /** Waits in the fetch purgatory until `minBytes` can be read, an error arises or `maxWaitMs` is over. */
  fetch(command: FetchCommand): Eventually<readonly FetchResult[]>
  /** Nobody looks at these records any more: their memory may be used again. An offer, not a duty; once. */
  giveBack(results: readonly FetchResult[]): void
  listOffsets(
    partitions: readonly ListOffsetsPartition[],
    options: ListOffsetsOptions
  ): Eventually<readonly ListOffsetsResult[]>
  deleteRecords(partitions: readonly DeleteRecordsPartition[]): Eventually<readonly DeleteRecordsResult[]>
  epochEnds(partitions: readonly EpochPartition[]): Eventually<readonly EpochEndResult[]>
  /** Who has written with a producer id, led here or not. */
  producers(partitions: readonly PartitionRef[]): Eventually<readonly ProducersResult[]>
  /** Of every log in a directory that is in service, in no order. */
  logSizes(): Eventually<readonly LogSize[]>
}
