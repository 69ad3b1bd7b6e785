// What a log answers. Everything that a client can cause is a value here; only I/O failures of a read reject.
import type { ErrorName } from '../protocol/error-codes.js'
import type { Offset } from './offset.js'

export interface AppendedAt {
  readonly baseOffset: Offset
  readonly lastOffset: Offset
  /** -1 for CreateTime (Produce response LogAppendTimeMs). */
  readonly logAppendTimeMs: number
  readonly logStartOffset: Offset
}

export interface Refusal {
  readonly kind: 'refused'
  readonly error: ErrorName
  readonly message: string | null
  readonly logStartOffset: Offset
  readonly recordErrors: readonly { readonly batchIndex: number; readonly message: string }[]
}

export type AppendResult =
  | ({ readonly kind: 'appended' } & AppendedAt)
  /** An idempotent producer sent it again; the offsets are those of the first time. */
  | ({ readonly kind: 'duplicate' } & AppendedAt)
  /** No whole batch in the bytes; nothing was written (old producers may send that). */
  | { readonly kind: 'nothing'; readonly logStartOffset: Offset }
  | Refusal

export type AppendOrigin = 'client' | 'coordinator'

export interface AppendOptions {
  readonly nowMs: number
  readonly origin: AppendOrigin
  /** Version of the Produce request; decides which formats and codecs are legal. */
  readonly requestVersion: number
}

export type ReadBound = 'logEnd' | 'highWatermark' | 'lastStable'

export interface ReadOptions {
  readonly from: number
  /** Of the records; see minOneBatch. */
  readonly maxBytes: number
  readonly upTo: ReadBound
  /** The first batch comes whole even if it is larger than maxBytes; otherwise the bytes are cut there. */
  readonly minOneBatch: boolean
}

/** As the Fetch response has it. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

export type ReadResult =
  | {
      readonly kind: 'records'
      /** Whole stored batches from the one that holds `from`; the last may be cut by maxBytes. Empty: nothing visible. */
      readonly records: Buffer[]
      readonly highWatermark: Offset
      readonly lastStableOffset: Offset
      readonly logStartOffset: Offset
      /** null unless read up to lastStable. */
      readonly abortedTransactions: AbortedTransaction[] | null
    }
  | { readonly kind: 'refused'; readonly error: ErrorName }

export interface FoundOffset {
  readonly offset: Offset
  /** -1 where the question was not about time. */
  readonly timestamp: bigint
  /** -1 unknown. */
  readonly leaderEpoch: number
}

export type DeleteRecordsResult =
  | { readonly kind: 'done'; readonly lowWatermark: Offset }
  | { readonly kind: 'refused'; readonly error: ErrorName }

/** (-1, -1) when the epoch is not known (OffsetForLeaderEpoch). */
export interface EpochEnd {
  readonly leaderEpoch: number
  readonly endOffset: number
}

/** DescribeProducers; -1 where there is none. */
export interface ActiveProducer {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestamp: bigint
  readonly coordinatorEpoch: number
  readonly currentTxnStartOffset: number
}
