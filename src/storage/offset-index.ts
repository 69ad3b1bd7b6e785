// `.index`: (last offset of a batch relative to the segment's base, position of that batch), strictly ascending.
import type { Files } from './files.js'
import { IndexFile } from './index-file.js'

export const offsetEntryBytes = 8

export class OffsetIndex {
  readonly file: IndexFile
  readonly #baseOffset: number

  constructor(files: Files, path: string, baseOffset: number) {
    this.#baseOffset = baseOffset
    this.file = new IndexFile(files, path, offsetEntryBytes, isZeroEntry)
  }

  get count(): number {
    return this.file.count
  }

  /** The caller keeps offsets ascending and within 2^31-1 of the base. */
  append(offset: number, position: number): void {
    const bytes = this.file.nextEntry()
    const at = this.file.nextAt
    bytes.writeInt32BE(offset - this.#baseOffset, at)
    bytes.writeInt32BE(position, at + 4)
    this.file.added()
  }

  /** Position from which a scan for the offset may start: 0 when no entry is at or below it. */
  positionFor(offset: number): number {
    const relative = offset - this.#baseOffset
    const found = this.file.floor((bytes, at) => bytes.readInt32BE(at) > relative)
    return found === undefined ? 0 : found.readInt32BE(4)
  }

  /** Position of the newest entry; 0 when there is none. */
  get lastPosition(): number {
    const { count } = this.file
    return count === 0 ? 0 : this.file.entry(count - 1).readInt32BE(4)
  }

  /** -1 when there is none. */
  get lastOffset(): number {
    const { count } = this.file
    return count === 0 ? -1 : this.#baseOffset + this.file.entry(count - 1).readInt32BE(0)
  }

  /** Offset of the first entry at or behind the position; undefined: none so far behind. */
  offsetAtPosition(position: number): number | undefined {
    const i = this.file.floorIndex((bytes, at) => bytes.readInt32BE(at + 4) >= position) + 1
    return i >= this.file.count ? undefined : this.#baseOffset + this.file.entry(i).readInt32BE(0)
  }

  /** Keeps entries below the offset. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset
    this.file.truncateEntries(this.file.floorIndex((bytes, at) => bytes.readInt32BE(at) >= relative) + 1)
  }
}

function isZeroEntry(bytes: Buffer, at: number): boolean {
  return bytes.readInt32BE(at) === 0 && bytes.readInt32BE(at + 4) === 0
}
