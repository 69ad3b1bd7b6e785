// Entries of one size, ascending, behind each other in a file: offset and time index. The newest entries wait in memory
// and reach the file together, which needs no open descriptor. Losing them in a crash is legal: they are rebuilt.
import type { Files } from './files.js'

const pendingEntriesMax = 64
/** Below this many bytes a lookup reads the range at once instead of halving it further. */
const blockBytes = 4096

export class IndexFile {
  path: string
  readonly entryBytes: number
  readonly #files: Files
  readonly #isGrowth: (bytes: Buffer, at: number) => boolean
  #stored: number | undefined
  #pending: Buffer | undefined
  #pendingCount = 0
  readonly #one: Buffer

  /** `isZero` tells an entry that no writer makes: the tail of a file that Kafka allocated ahead. */
  constructor(
    files: Files,
    path: string,
    entryBytes: number,
    isZero: (bytes: Buffer, at: number) => boolean
  ) {
    this.#files = files
    this.path = path
    this.entryBytes = entryBytes
    this.#isGrowth = (bytes, at) => !isZero(bytes, at)
    this.#one = Buffer.allocUnsafeSlow(entryBytes)
  }

  get count(): number {
    return this.#storedCount() + this.#pendingCount
  }

  #storedCount(): number {
    this.#stored ??= this.#countStored()
    return this.#stored
  }

  #countStored(): number {
    const size = this.#files.status(this.path)?.size ?? 0
    const count = Math.floor(size / this.entryBytes)
    if (count === 0) return 0
    const file = this.#files.open(this.path, 'read')
    try {
      const grows = (i: number): boolean => {
        file.read(this.#one, i * this.entryBytes)
        return this.#isGrowth(this.#one, 0)
      }
      if (grows(count - 1)) return count
      let low = 0
      let high = count - 1
      while (low < high) {
        const middle = (low + high) >>> 1
        if (grows(middle)) low = middle + 1
        else high = middle
      }
      return low
    } finally {
      file.close()
    }
  }

  /** Where the caller writes a new entry: the returned buffer from `nextAt` on. */
  nextEntry(): Buffer {
    if (this.#pendingCount === pendingEntriesMax) this.write()
    this.#storedCount()
    this.#pending ??= Buffer.allocUnsafeSlow(pendingEntriesMax * this.entryBytes)
    return this.#pending
  }

  get nextAt(): number {
    return this.#pendingCount * this.entryBytes
  }

  added(): void {
    this.#pendingCount++
  }

  /** A copy of entry i (0 .. count-1), valid until the next call. */
  entry(i: number): Buffer {
    const stored = this.#storedCount()
    if (i >= stored && this.#pending !== undefined) {
      this.#pending.copy(this.#one, 0, (i - stored) * this.entryBytes, (i - stored + 1) * this.entryBytes)
      return this.#one
    }
    const file = this.#files.open(this.path, 'read')
    try {
      file.read(this.#one, i * this.entryBytes)
    } finally {
      file.close()
    }
    return this.#one
  }

  /** Copies the last entry that is not above, as `isAbove` says (ascending); undefined: all are. */
  floor(isAbove: (bytes: Buffer, at: number) => boolean): Buffer | undefined {
    const i = this.floorIndex(isAbove)
    return i < 0 ? undefined : this.entry(i)
  }

  /** -1: all are above. */
  floorIndex(isAbove: (bytes: Buffer, at: number) => boolean): number {
    const stored = this.#storedCount()
    const pending = this.#pending
    if (pending !== undefined && this.#pendingCount > 0 && !isAbove(pending, 0)) {
      return stored + lastNotAbove(pending, 0, this.#pendingCount, this.entryBytes, isAbove)
    }
    return stored === 0 ? -1 : this.#storedFloor(stored, isAbove)
  }

  #storedFloor(stored: number, isAbove: (bytes: Buffer, at: number) => boolean): number {
    const file = this.#files.open(this.path, 'read')
    try {
      let low = 0
      let high = stored
      while ((high - low) * this.entryBytes > blockBytes) {
        const middle = (low + high) >>> 1
        file.read(this.#one, middle * this.entryBytes)
        if (isAbove(this.#one, 0)) high = middle
        else low = middle
      }
      const block = Buffer.allocUnsafe((high - low) * this.entryBytes)
      file.read(block, low * this.entryBytes)
      return low + lastNotAbove(block, 0, high - low, this.entryBytes, isAbove)
    } finally {
      file.close()
    }
  }

  /** Puts what waits in memory into the file. */
  write(): void {
    if (this.#pendingCount === 0 || this.#pending === undefined) return
    const stored = this.#storedCount()
    const file = this.#files.open(this.path, 'update')
    try {
      file.write(this.#pending.subarray(0, this.#pendingCount * this.entryBytes), stored * this.entryBytes)
    } finally {
      file.close()
    }
    this.#stored = stored + this.#pendingCount
    this.#pendingCount = 0
    this.#pending = undefined
  }

  /** Writes and cuts the file to exactly its entries. */
  trim(): void {
    this.write()
    this.#cut(this.#storedCount())
  }

  truncateEntries(count: number): void {
    this.write()
    if (count >= this.#storedCount()) return
    this.#cut(count)
  }

  #cut(count: number): void {
    if (this.#files.status(this.path)?.size !== count * this.entryBytes) {
      const file = this.#files.open(this.path, 'update')
      try {
        file.truncate(count * this.entryBytes)
      } finally {
        file.close()
      }
    }
    this.#stored = count
  }

  /** Empty, and there. */
  reset(): void {
    this.#pendingCount = 0
    this.#pending = undefined
    this.#files.open(this.path, 'replace').close()
    this.#stored = 0
  }
}

function lastNotAbove(
  bytes: Buffer,
  start: number,
  count: number,
  entryBytes: number,
  isAbove: (bytes: Buffer, at: number) => boolean
): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAbove(bytes, start + middle * entryBytes)) high = middle
    else low = middle + 1
  }
  return low - 1
}
