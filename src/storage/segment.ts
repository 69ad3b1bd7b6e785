// One segment: `<base>.log` and its indexes. Writes go to explicit positions; descriptors are opened when needed.
import path from 'node:path'
import type { BatchCursor } from '../protocol/records/batch.js'
import { baseName, segmentSuffixes } from './file-names.js'
import type { Files, OpenFile } from './files.js'
import { HeaderWalk } from './header-walk.js'
import { OffsetIndex, offsetEntryBytes } from './offset-index.js'
import { TimeIndex, timeEntryBytes } from './time-index.js'
import { TransactionIndex } from './transaction-index.js'

export interface BatchPlace {
  readonly position: number
  readonly bytes: number
  readonly lastOffset: number
}

export const maxRelativeOffset = 0x7fffffff

export class Segment {
  readonly baseOffset: number
  readonly index: OffsetIndex
  readonly timeIndex: TimeIndex
  readonly transactionIndex: TransactionIndex
  /** For the roll by time where the first batch has no timestamp. */
  createdMs: number
  rollJitterMs = 0
  #directory: string
  readonly #ending: string
  readonly #files: Files
  #size: number | undefined
  #file: OpenFile | undefined
  #inFlight = 0
  readonly #closing: OpenFile[] = []
  #bytesSinceIndexEntry = 0
  #largest: { timestamp: bigint; offset: number } | undefined
  #firstTimestamp: bigint | undefined

  /** `ending`: behind the names of its files, while a compaction's output waits to be swapped in. */
  constructor(files: Files, directory: string, baseOffset: number, createdMs: number, ending = '') {
    this.#files = files
    this.#ending = ending
    this.#directory = directory
    this.baseOffset = baseOffset
    this.createdMs = createdMs
    this.index = new OffsetIndex(files, this.pathOf('.index'), baseOffset)
    this.timeIndex = new TimeIndex(files, this.pathOf('.timeindex'), baseOffset)
    this.transactionIndex = new TransactionIndex(files, this.pathOf('.txnindex'), baseOffset)
  }

  /** New and empty, on the disk. */
  static create(files: Files, directory: string, baseOffset: number, nowMs: number): Segment {
    const segment = new Segment(files, directory, baseOffset, nowMs)
    files.remove(segment.pathOf('.txnindex'))
    segment.#file = files.open(segment.pathOf('.log'), 'replace')
    segment.#size = 0
    segment.index.file.reset()
    segment.timeIndex.reset()
    return segment
  }

  pathOf(suffix: string): string {
    return path.join(this.#directory, baseName(this.baseOffset) + suffix + this.#ending)
  }

  moveTo(directory: string): void {
    this.#directory = directory
    this.index.file.path = this.pathOf('.index')
    this.timeIndex.file.path = this.pathOf('.timeindex')
    this.transactionIndex.path = this.pathOf('.txnindex')
  }

  get size(): number {
    this.#size ??= this.#files.status(this.pathOf('.log'))?.size ?? 0
    return this.#size
  }

  get modifiedMs(): number {
    return this.#files.status(this.pathOf('.log'))?.modifiedMs ?? 0
  }

  get file(): OpenFile {
    this.#file ??= this.#files.open(this.pathOf('.log'), 'update')
    return this.#file
  }

  get isOpen(): boolean {
    return this.#file !== undefined
  }

  /** The descriptor of a segment that nobody uses just now can be had again at any time. */
  closeIdleFile(): boolean {
    if (this.#inFlight > 0) return false
    this.abandon()
    return true
  }

  readAsync(into: Buffer, position: number): Promise<number> {
    return this.#using(file => file.readAsync(into, position))
  }

  /** A descriptor that the pool works on is closed only when it is done. */
  async #using<T>(run: (file: OpenFile) => Promise<T>): Promise<T> {
    const { file } = this
    this.#inFlight++
    try {
      return await run(file)
    } finally {
      this.#inFlight--
      if (this.#inFlight === 0) {
        for (const closing of this.#closing.splice(0)) closing.close()
      }
    }
  }

  isFull(indexBytesMax: number): boolean {
    return (
      this.index.count >= Math.floor(indexBytesMax / offsetEntryBytes) ||
      this.timeIndex.count >= Math.floor(indexBytesMax / timeEntryBytes) - 1
    )
  }

  /** Writes whole batches that `cursor` has been reset to, and indexes each of them. */
  append(bytes: Buffer, cursor: BatchCursor, indexIntervalBytes: number): void {
    const start = this.size
    this.file.write(bytes, start)
    let position = start
    while (cursor.next()) {
      this.noteBatch(cursor, position, indexIntervalBytes)
      position += cursor.bytes
    }
    this.#size = position
  }

  /** What the indexes keep of a batch that is in the file. */
  noteBatch(cursor: BatchCursor, position: number, indexIntervalBytes: number): void {
    const { lastOffset, maxTimestamp } = cursor
    this.#firstTimestamp ??= position === 0 ? maxTimestamp : undefined
    const largest = this.largest
    if (maxTimestamp > largest.timestamp) this.#largest = { timestamp: maxTimestamp, offset: lastOffset }
    if (this.#bytesSinceIndexEntry > indexIntervalBytes) {
      this.index.append(lastOffset, position)
      const { timestamp, offset } = this.largest
      this.timeIndex.maybeAppend(timestamp, offset)
      this.#bytesSinceIndexEntry = 0
    }
    this.#bytesSinceIndexEntry += cursor.bytes
  }

  /** Greatest timestamp of a record and the last offset of its batch; -1 when there is none. */
  get largest(): { timestamp: bigint; offset: number } {
    this.#largest ??= this.#findLargest()
    return this.#largest
  }

  #findLargest(): { timestamp: bigint; offset: number } {
    if (this.size === 0) return { timestamp: -1n, offset: this.baseOffset }
    let largest = this.timeIndex.last
    const walk = this.walk(largest.timestamp < 0n ? 0 : this.index.positionFor(largest.offset))
    while (walk.next()) {
      const { maxTimestamp, lastOffset } = walk.cursor
      if (maxTimestamp > largest.timestamp) largest = { timestamp: maxTimestamp, offset: lastOffset }
    }
    walk.release()
    return largest
  }

  /** Of the first batch; -1 when it has none or there is no batch. Decides when the segment is too old to grow. */
  get firstTimestamp(): bigint {
    if (this.#firstTimestamp === undefined && this.size > 0) {
      const walk = this.walk(0)
      this.#firstTimestamp = walk.next() ? walk.cursor.maxTimestamp : -1n
      walk.release()
    }
    return this.#firstTimestamp ?? -1n
  }

  /** Headers from a batch's position on; the caller releases it. */
  walk(position: number): HeaderWalk {
    return new HeaderWalk(this.file, position, this.size)
  }

  /** First batch whose last offset is not below; undefined: all are. */
  locate(offset: number): BatchPlace | undefined {
    const walk = this.walk(this.index.positionFor(offset))
    try {
      while (walk.next()) {
        const { lastOffset } = walk.cursor
        if (lastOffset >= offset) return { position: walk.position, bytes: walk.cursor.bytes, lastOffset }
      }
      return undefined
    } finally {
      walk.release()
    }
  }

  /** Offset behind the last batch; the base when there is none. */
  nextOffset(): number {
    const walk = this.walk(this.index.lastPosition)
    let next = this.baseOffset
    while (walk.next()) next = walk.cursor.lastOffset + 1
    walk.release()
    return next
  }

  /** No more appends: the final time entry, and files of exactly what they hold. */
  sealIndexes(): void {
    const { timestamp, offset } = this.largest
    this.timeIndex.maybeAppend(timestamp, offset)
    this.index.file.trim()
    this.timeIndex.file.trim()
  }

  /** Index entries that wait in memory reach their files. */
  writeIndexes(): void {
    this.index.file.write()
    this.timeIndex.file.write()
  }

  /** Drops batches that reach the offset or lie above; returns the bytes dropped. */
  truncateTo(offset: number): number {
    const place = this.locate(offset)
    if (place === undefined) return 0
    this.index.truncateTo(offset)
    this.timeIndex.truncateTo(offset)
    this.transactionIndex.truncateTo(offset)
    return this.cutAt(place.position)
  }

  /** The file ends at this position from now on; the caller has seen to the indexes. */
  cutAt(position: number): number {
    const dropped = this.size - position
    if (dropped > 0) this.file.truncate(position)
    this.#size = position
    this.#largest = undefined
    this.#bytesSinceIndexEntry = 0
    if (position === 0) this.#firstTimestamp = undefined
    return dropped
  }

  /** The file ends at this position, and what the scan noted stays. */
  cutAfterScan(position: number): number {
    const dropped = this.size - position
    if (dropped > 0) this.file.truncate(position)
    this.#size = position
    return dropped
  }

  /** Before a scan that notes every batch again. */
  resetIndexes(): void {
    this.index.file.reset()
    this.timeIndex.reset()
    this.transactionIndex.reset()
    this.#largest = { timestamp: -1n, offset: this.baseOffset }
    this.#bytesSinceIndexEntry = 0
  }

  /** Size of the file as it is, for a scan. */
  trustSize(size: number): void {
    this.#size = size
  }

  async flush(): Promise<void> {
    this.writeIndexes()
    await this.#using(file => file.syncAsync())
    await this.#files.syncFileAsync(this.pathOf('.index'))
    await this.#files.syncFileAsync(this.pathOf('.timeindex'))
    if (this.transactionIndex.exists) await this.#files.syncFileAsync(this.pathOf('.txnindex'))
  }

  /** Names its files `…<suffix>`, so that no start finds them as segments. */
  rename(suffix: string): string[] {
    this.abandon()
    const renamed: string[] = []
    for (const own of segmentSuffixes) {
      const from = this.pathOf(own)
      if (this.#files.status(from) === undefined) continue
      this.#files.rename(from, from + suffix)
      renamed.push(from + suffix)
    }
    return renamed
  }

  close(): void {
    this.sealIndexes()
    this.abandon()
  }

  /** Closes without writing. */
  abandon(): void {
    const file = this.#file
    this.#file = undefined
    if (file === undefined) return
    if (this.#inFlight > 0) this.#closing.push(file)
    else file.close()
  }
}
