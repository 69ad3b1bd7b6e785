// Idempotence and transactions of one partition: which batch may come next, what is repeated, how far is stable.
import type { ErrorName } from '../protocol/error-codes.js'
import type { BatchCursor } from '../protocol/records/batch.js'
import type { ActiveProducer, AppendOrigin } from './log-results.js'
import { type BatchMetadata, ProducerEntry } from './producer-entry.js'
import type { AbortedEntry } from './transaction-index.js'

export type SequenceVerdict =
  | { readonly kind: 'fine' }
  | { readonly kind: 'duplicate'; readonly of: BatchMetadata }
  | { readonly kind: 'refused'; readonly error: ErrorName; readonly message: string }

const fine: SequenceVerdict = { kind: 'fine' }

/** End of a transaction as its marker says it. */
export interface Marker {
  readonly aborts: boolean
  readonly coordinatorEpoch: number
}

interface CompletedTransaction {
  readonly firstOffset: number
  readonly markerOffset: number
}

export class ProducerState {
  readonly #producers = new Map<bigint, ProducerEntry>()
  /** First offset of each open transaction, oldest first. */
  readonly #open = new Map<bigint, number>()
  /** Ended, but the marker is not below the high watermark yet; oldest first. */
  #unreplicated: CompletedTransaction[] = []
  /** First offset that it does not know about. */
  mapEndOffset = 0

  get isEmpty(): boolean {
    return this.#producers.size === 0
  }

  get entries(): IterableIterator<ProducerEntry> {
    return this.#producers.values()
  }

  /** Has no side effect. `firstOffset` is what the batch would get. */
  check(batch: BatchCursor, origin: AppendOrigin, firstOffset: number): SequenceVerdict {
    if (batch.magic < 2) return fine
    const { producerId } = batch
    if (producerId < 0n) return fine
    const entry = this.#producers.get(producerId)
    if (entry === undefined) return fine
    const { producerEpoch: epoch, isControl } = batch
    if (!isControl && origin === 'client') {
      const of = entry.duplicateOf(epoch, batch.baseSequence, batch.lastSequence)
      if (of !== undefined) return { kind: 'duplicate', of }
    }
    if (epoch < entry.producerEpoch) {
      return refused(
        'INVALID_PRODUCER_EPOCH',
        `Epoch of producer ${producerId} at offset ${firstOffset} is ${epoch}, which is smaller than the last seen epoch ${entry.producerEpoch}`
      )
    }
    if (isControl) return fine
    if (origin === 'client') {
      const verdict = checkSequence(entry, epoch, batch.baseSequence, firstOffset)
      if (verdict.kind !== 'fine') return verdict
    }
    if (entry.currentTxnFirstOffset >= 0 && !batch.isTransactional) {
      return refused(
        'INVALID_TXN_STATE',
        `Expected transactional write from producer ${producerId} at offset ${firstOffset}`
      )
    }
    return fine
  }

  checkMarker(batch: BatchCursor, marker: Marker): SequenceVerdict {
    const entry = this.#producers.get(batch.producerId)
    if (entry === undefined || entry.coordinatorEpoch <= marker.coordinatorEpoch) return fine
    return refused(
      'TRANSACTION_COORDINATOR_FENCED',
      `Invalid coordinator epoch for producerId ${batch.producerId}: ${marker.coordinatorEpoch} (zombie), ${entry.coordinatorEpoch} (current)`
    )
  }

  /**
   * Takes a batch that is in the log, at the offsets it has there. `marker`: of a control batch that ends a transaction.
   * Returns what belongs into the transaction index.
   */
  update(batch: BatchCursor, marker: Marker | undefined): AbortedEntry | undefined {
    const lastOffset = batch.lastOffset
    this.mapEndOffset = lastOffset + 1
    if (batch.magic < 2) return undefined
    const { producerId } = batch
    if (producerId < 0n) return undefined
    if (batch.isControl) {
      return marker === undefined ? undefined : this.#endTransaction(batch, marker, lastOffset)
    }
    const entry = this.#entryOf(producerId)
    const { lastOffsetDelta, maxTimestamp } = batch
    entry.add(batch.producerEpoch, batch.lastSequence, lastOffset, lastOffsetDelta, maxTimestamp)
    if (batch.isTransactional && entry.currentTxnFirstOffset < 0) {
      entry.currentTxnFirstOffset = lastOffset - lastOffsetDelta
      this.#open.set(producerId, entry.currentTxnFirstOffset)
    }
    return undefined
  }

  #entryOf(producerId: bigint): ProducerEntry {
    let entry = this.#producers.get(producerId)
    if (entry === undefined) {
      entry = new ProducerEntry(producerId)
      this.#producers.set(producerId, entry)
    }
    return entry
  }

  #endTransaction(batch: BatchCursor, marker: Marker, markerOffset: number): AbortedEntry | undefined {
    const { producerId } = batch
    const entry = this.#entryOf(producerId)
    const firstOffset = entry.currentTxnFirstOffset
    entry.raiseEpoch(batch.producerEpoch)
    entry.currentTxnFirstOffset = -1
    entry.coordinatorEpoch = marker.coordinatorEpoch
    entry.lastTimestamp = batch.maxTimestamp
    if (firstOffset < 0) return undefined
    this.#open.delete(producerId)
    this.#unreplicated.push({ firstOffset, markerOffset })
    this.#unreplicated.sort((a, b) => a.firstOffset - b.firstOffset)
    if (!marker.aborts) return undefined
    const oldestOpen = this.#oldestOpen()
    const lastStableOffset = oldestOpen === undefined ? markerOffset + 1 : oldestOpen
    return { producerId, firstOffset, lastOffset: markerOffset, lastStableOffset }
  }

  #oldestOpen(): number | undefined {
    if (this.#open.size === 0) return undefined
    let oldest = Number.POSITIVE_INFINITY
    for (const first of this.#open.values()) if (first < oldest) oldest = first
    return oldest
  }

  /** Smallest first offset of a transaction that is open or whose end is not replicated; undefined: none. */
  get firstUnstableOffset(): number | undefined {
    if (this.#open.size === 0 && this.#unreplicated.length === 0) return undefined
    const open = this.#oldestOpen()
    const ended = this.#unreplicated[0]?.firstOffset
    if (open === undefined) return ended
    return ended === undefined ? open : Math.min(open, ended)
  }

  /** Transactions whose marker is below the high watermark are stable now. */
  replicatedUpTo(highWatermark: number): void {
    if (this.#unreplicated.length === 0) return
    this.#unreplicated = this.#unreplicated.filter(ended => ended.markerOffset >= highWatermark)
  }

  /** Ended transactions below the new start of the log no longer count. */
  logStartMoved(logStartOffset: number): void {
    this.#unreplicated = this.#unreplicated.filter(ended => ended.markerOffset >= logStartOffset)
  }

  /** Forgets who was idle for that long and has no open transaction. */
  expire(nowMs: number, expirationMs: number): void {
    for (const [producerId, entry] of this.#producers) {
      if (entry.currentTxnFirstOffset >= 0) continue
      if (nowMs - Number(entry.lastTimestamp) >= expirationMs) this.#producers.delete(producerId)
    }
  }

  clear(endOffset: number): void {
    this.#producers.clear()
    this.#open.clear()
    this.#unreplicated = []
    this.mapEndOffset = endOffset
  }

  /** Starts from a snapshot. */
  load(entries: readonly ProducerEntry[], endOffset: number): void {
    this.clear(endOffset)
    for (const entry of entries) {
      this.#producers.set(entry.producerId, entry)
      if (entry.currentTxnFirstOffset >= 0) this.#open.set(entry.producerId, entry.currentTxnFirstOffset)
    }
  }

  /** DescribeProducers. */
  active(): ActiveProducer[] {
    return [...this.#producers.values()].map(entry => ({
      producerId: entry.producerId,
      producerEpoch: entry.producerEpoch,
      lastSequence: entry.lastSequence,
      lastTimestamp: entry.lastTimestamp,
      coordinatorEpoch: entry.coordinatorEpoch,
      currentTxnStartOffset: entry.currentTxnFirstOffset
    }))
  }
}

function checkSequence(
  entry: ProducerEntry,
  epoch: number,
  firstSequence: number,
  firstOffset: number
): SequenceVerdict {
  const isNewEpoch = epoch !== entry.producerEpoch
  if (isNewEpoch && entry.producerEpoch === -1) return fine
  const last = isNewEpoch ? -1 : entry.lastSequence
  const isNext = firstSequence === (last === 0x7fffffff ? 0 : last + 1)
  if (isNext) return fine
  return refused(
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    isNewEpoch
      ? `Invalid sequence number for new epoch of producer ${entry.producerId} at offset ${firstOffset}: ${epoch} (request epoch), ${firstSequence} (seq. number), ${entry.producerEpoch} (current producer epoch)`
      : `Out of order sequence number for producer ${entry.producerId} at offset ${firstOffset}: ${firstSequence} (incoming seq. number), ${last} (current end sequence number)`
  )
}

function refused(error: ErrorName, message: string): SequenceVerdict {
  return { kind: 'refused', error, message }
}
