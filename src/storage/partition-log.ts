// One partition's log, by its single writer. The concerns are in files of their own; this one is what others call.
import path from 'node:path'
import { cooperate } from '../actors/runtime/cooperate.js'
import { Bug } from '../errors.js'
import { type Validation, validateAppend } from '../protocol/records/validate.js'
import type { Uuid } from '../protocol/schema.js'
import { commitAppend, refusal } from './commit-append.js'
import { LogFlush } from './flush-log.js'
import type { LogConfig } from './log-config.js'
import type { FlushCause, LogHistory } from './log-history.js'
import { earliest, legacyOffsetsBefore, lookupByTimestamp, maxTimestamp } from './log-lookups.js'
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
import type { LogState } from './log-state.js'
import type { Offset } from './offset.js'
import { readLog } from './read-log.js'
import { deleteRecordsBefore, truncateFullyAndStartAt, truncateTo } from './truncate-log.js'

export type * from './log-results.js'

export class PartitionLog {
  readonly topic: string
  readonly partition: number
  readonly topicId: Uuid
  readonly logDir: string
  readonly #state: LogState
  readonly #flush: LogFlush
  /** The append that has not ended yet and all behind it. */
  #lastAppend: Promise<unknown> | undefined

  /** Made by ShardLogs. */
  constructor(state: LogState) {
    this.topic = state.identity.topic
    this.partition = state.identity.partition
    this.topicId = state.identity.topicId
    this.logDir = state.identity.logDir
    this.#state = state
    this.#flush = new LogFlush(state)
    state.onRoll = () => this.#flush.complete()
  }

  get directory(): string {
    return this.#state.directory
  }

  get config(): LogConfig {
    return this.#state.config
  }

  get logStartOffset(): Offset {
    return this.#state.logStartOffset as Offset
  }

  get logEndOffset(): Offset {
    return this.#state.logEndOffset as Offset
  }

  get highWatermark(): Offset {
    return this.#state.highWatermark as Offset
  }

  get lastStableOffset(): Offset {
    return this.#state.lastStableOffset as Offset
  }

  /** Everything below is on the disk. */
  get recoveryPoint(): Offset {
    return this.#state.recoveryPoint as Offset
  }

  /** Of the newest batch or assigned by leadership; -1 none. */
  get leaderEpoch(): number {
    return this.#state.leaderEpoch
  }

  get sizeBytes(): number {
    return this.#state.segments.sizeBytes
  }

  get segmentCount(): number {
    return this.#state.segments.count
  }

  /** Base offset of the oldest segment: above it, the start offset has to be remembered in a checkpoint. */
  get firstSegmentOffset(): Offset {
    return this.#state.segments.first.baseOffset as Offset
  }

  get isOpen(): boolean {
    return this.#state.isOpen
  }

  get history(): LogHistory {
    return this.#state.history
  }

  /** ms since epoch of the last flush, or of the opening. */
  get lastFlushMs(): number {
    return this.#state.lastFlushMs
  }

  /**
   * Validates, assigns offsets and writes. Synchronous unless a payload is large or must be recompressed; results are in
   * the order of the calls. Writes into `records` (offset, epoch, times). An I/O error is KAFKA_STORAGE_ERROR.
   */
  appendAsLeader(records: Buffer, options: AppendOptions): AppendResult | Promise<AppendResult> {
    const state = this.#state
    if (!state.isOpen) return refusal(state, 'KAFKA_STORAGE_ERROR', 'The log is not open')
    if (this.#lastAppend !== undefined) {
      return this.#inOrder(this.#lastAppend.then(() => this.#append(records, options)))
    }
    const result = this.#append(records, options)
    return result instanceof Promise ? this.#inOrder(result) : result
  }

  #inOrder(result: Promise<AppendResult>): Promise<AppendResult> {
    const settled = result.then(
      () => undefined,
      () => undefined
    )
    this.#lastAppend = settled
    settled.then(() => {
      if (this.#lastAppend === settled) this.#lastAppend = undefined
    })
    return result
  }

  #append(records: Buffer, options: AppendOptions): AppendResult | Promise<AppendResult> {
    const state = this.#state
    const validation = cooperate(
      validateAppend(records, state.config, {
        firstOffset: state.logEndOffset,
        leaderEpoch: state.leaderEpoch,
        nowMs: options.nowMs,
        origin: options.origin,
        requestVersion: options.requestVersion
      })
    )
    if (validation instanceof Promise) return validation.then(late => this.#commit(late, options))
    return this.#commit(validation, options)
  }

  #commit(validation: Validation, options: AppendOptions): AppendResult {
    const state = this.#state
    if (validation.kind === 'refused') {
      return refusal(state, validation.error, validation.message, validation.recordErrors)
    }
    if (validation.kind === 'nothing') return { kind: 'nothing', logStartOffset: this.logStartOffset }
    if (!state.takesWrites) return refusal(state, 'KAFKA_STORAGE_ERROR', 'The log is not open')
    const { bytes, logAppendTimeMs } = validation
    const result = commitAppend(state, bytes, options.origin, options.nowMs, logAppendTimeMs)
    if (
      result.kind === 'appended' &&
      state.logEndOffset - state.recoveryPoint >= state.config.flushMessages
    ) {
      // A failure has been reported by the log itself.
      this.#flush.all('count').catch(() => {})
    }
    return result
  }

  /** Synchronous near the end of the log, else a promise. An I/O error is KAFKA_STORAGE_ERROR. */
  read(options: ReadOptions): ReadResult | Promise<ReadResult> {
    if (!this.isOpen) return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR' }
    try {
      const read = readLog(this.#state, options)
      return read instanceof Promise ? read.catch((error: unknown) => this.#readFailed(error)) : read
    } catch (error) {
      return this.#readFailed(error)
    }
  }

  #readFailed(error: unknown): ReadResult {
    if (error instanceof Bug) throw error
    this.#state.fail(error)
    return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR' }
  }

  /** Clamped to [log start, log end]; never moves back. */
  advanceHighWatermark(to: number): void {
    if (to > this.#state.highWatermark) this.#state.setHighWatermark(to)
  }

  /** The leader's epoch from now on: what is appended carries it. */
  assignLeaderEpoch(epoch: number): void {
    const state = this.#state
    state.leaderEpoch = epoch
    if (!this.isOpen || !state.epochs.assign(epoch, state.logEndOffset)) return
    try {
      state.epochs.write()
    } catch (error) {
      state.fail(error)
    }
  }

  updateConfig(config: LogConfig): void {
    this.#state.config = config
  }

  /** First record at or after the timestamp (ms) below the bound; undefined: none. */
  lookupByTimestamp(timestamp: bigint, upTo: ReadBound): Promise<FoundOffset | undefined> {
    return lookupByTimestamp(this.#state, timestamp, upTo)
  }

  /** ListOffsets -2. */
  earliest(): FoundOffset {
    return earliest(this.#state)
  }

  /** ListOffsets -1: the bound itself. */
  latest(upTo: ReadBound): FoundOffset {
    const { epochs } = this.#state
    return { offset: this.#state.bound(upTo) as Offset, timestamp: -1n, leaderEpoch: epochs.latestEpoch }
  }

  /** ListOffsets -3: the first record with the greatest timestamp; undefined: no records below the bound. */
  maxTimestamp(upTo: ReadBound): Promise<FoundOffset | undefined> {
    return maxTimestamp(this.#state, upTo)
  }

  endOffsetForEpoch(epoch: number): EpochEnd {
    return this.#state.epochs.endOffsetFor(epoch, this.#state.logEndOffset)
  }

  /** ListOffsets v0: newest first, at most `max`. -1 latest, -2 earliest, else segments modified at or before. */
  legacyOffsetsBefore(timestamp: bigint, max: number, upTo: ReadBound): number[] {
    return legacyOffsetsBefore(this.#state, timestamp, max, upTo)
  }

  /** DeleteRecords; -1 means the high watermark. */
  deleteRecordsBefore(offset: number): DeleteRecordsResult {
    if (!this.isOpen) return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR' }
    try {
      return deleteRecordsBefore(this.#state, offset)
    } catch (error) {
      this.#state.fail(error)
      return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR' }
    }
  }

  /** DescribeProducers. */
  producers(): ActiveProducer[] {
    return this.#state.producers.active()
  }

  /** For a timer: forgets producers that were idle for producer.id.expiration.ms. */
  expireProducers(): void {
    const { clock, producerIdExpirationMs } = this.#state.environment
    this.#state.producers.expire(clock.nowMs(), producerIdExpirationMs)
  }

  /** All aborted transactions that the log remembers, oldest first. */
  abortedTransactions(): readonly {
    producerId: bigint
    firstOffset: number
    lastOffset: number
    lastStableOffset: number
  }[] {
    return this.#state.segments.all.flatMap(segment => segment.transactionIndex.entries)
  }

  /**
   * All that was appended before the call is on the disk when it resolves. Concurrent callers share one fsync (group
   * commit): with log.flush.acks an acknowledgement waits for this. Rejects when the disk fails; the log has failed then.
   */
  flush(cause: FlushCause = 'acks'): Promise<void> {
    if (!this.isOpen) return Promise.reject(new Error(`The log in ${this.directory} is not open`))
    return this.#flush.all(cause)
  }

  /** Drops everything at and above the offset. */
  truncateTo(offset: number): void {
    truncateTo(this.#state, offset)
  }

  /** Empties the log; the next record gets this offset. */
  truncateFullyAndStartAt(offset: number): void {
    truncateFullyAndStartAt(this.#state, offset)
  }

  /** What is under way ends, then flush, snapshot, trimmed indexes. Rejects when the disk fails, or the log had failed. */
  async close(): Promise<void> {
    const state = this.#state
    state.send('close')
    await this.#lastAppend
    state.send('drained')
    try {
      await this.#writeAll()
    } catch (error) {
      state.fail(error)
      throw error
    }
    state.send('filesClosed')
  }

  async #writeAll(): Promise<void> {
    const state = this.#state
    this.#requireClosing()
    await this.#flush.all('close')
    if (state.logEndOffset > 0) state.snapshots.take(state.producers.entries, state.logEndOffset)
    await state.snapshots.sync(state.logEndOffset)
    this.#requireClosing()
    state.epochs.write()
    for (const segment of state.segments.all) segment.abandon()
    const { active } = state.segments
    active.sealIndexes()
    active.abandon()
    state.recoveryPoint = state.logEndOffset
  }

  #requireClosing(): void {
    if (this.#state.life !== 'closing') throw new Error(`the log is ${this.#state.life}`)
  }

  /** Closes the files without writing anything: its directory failed. */
  abandon(): void {
    this.#state.send('abandon')
    for (const segment of this.#state.segments.all) segment.abandon()
  }

  /** The directory's name ends in `-delete` from now on; returns the new path. Throws what the disk says: not deleted. */
  markDeleted(retiredName: string): string {
    const state = this.#state
    const target = path.join(state.identity.logDir, retiredName)
    state.send('delete')
    for (const segment of state.segments.all) segment.abandon()
    try {
      state.files.rename(state.directory, target)
    } catch (error) {
      state.fail(error)
      throw error
    }
    state.send('renamed')
    state.directory = target
    for (const segment of state.segments.all) segment.moveTo(target)
    state.snapshots.moveTo(target)
    state.epochs.moveTo(target)
    return target
  }
}
