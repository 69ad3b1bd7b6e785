// `.timeindex`: (timestamp, offset relative to the base): all records up to that offset are not younger than that.
import type { Files } from './files.js'
import { IndexFile } from './index-file.js'

export const timeEntryBytes = 12

export interface TimeEntry {
  readonly timestamp: bigint
  readonly offset: number
}

export class TimeIndex {
  readonly file: IndexFile
  readonly #baseOffset: number
  #last: TimeEntry | undefined

  constructor(files: Files, path: string, baseOffset: number) {
    this.#baseOffset = baseOffset
    this.file = new IndexFile(files, path, timeEntryBytes, isZeroEntry)
  }

  get count(): number {
    return this.file.count
  }

  /** (-1, base) when empty. */
  get last(): TimeEntry {
    if (this.#last !== undefined) return this.#last
    const { count } = this.file
    this.#last =
      count === 0 ? { timestamp: -1n, offset: this.#baseOffset } : this.#read(this.file.entry(count - 1))
    return this.#last
  }

  #read(entry: Buffer): TimeEntry {
    return { timestamp: entry.readBigInt64BE(0), offset: this.#baseOffset + entry.readInt32BE(8) }
  }

  /** Nothing happens unless the timestamp is above the last one: callers pass the running maximum. */
  maybeAppend(timestamp: bigint, offset: number): void {
    const { last } = this
    if (timestamp <= last.timestamp || offset < last.offset) return
    const bytes = this.file.nextEntry()
    const at = this.file.nextAt
    bytes.writeBigInt64BE(timestamp, at)
    bytes.writeInt32BE(offset - this.#baseOffset, at + 8)
    this.file.added()
    this.#last = { timestamp, offset }
  }

  /** Offset from which a scan for the timestamp may start: the base when no entry is at or below it. */
  offsetFor(timestamp: bigint): number {
    const found = this.file.floor((bytes, at) => bytes.readBigInt64BE(at) > timestamp)
    return found === undefined ? this.#baseOffset : this.#baseOffset + found.readInt32BE(8)
  }

  /** Keeps entries below the offset. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset
    this.file.truncateEntries(this.file.floorIndex((bytes, at) => bytes.readInt32BE(at + 8) >= relative) + 1)
    this.#last = undefined
  }

  reset(): void {
    this.file.reset()
    this.#last = undefined
  }
}

function isZeroEntry(bytes: Buffer, at: number): boolean {
  return bytes.readBigInt64BE(at) === 0n && bytes.readInt32BE(at + 8) === 0
}
