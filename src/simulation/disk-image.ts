// What lies on a simulated disk: files and directories with a page cache over them. What was written is seen at once and
// lasts once it was synced; a power loss keeps an arbitrary part of the rest, as POSIX allows it: each sector for itself,
// each change of a directory for itself, a rename whole or not at all.
import type { RandomBelow } from '../verify/random.js'

const sectorBytes = 512

export class StoredFile {
  /** What a reader sees: the first `size` bytes. */
  data = Buffer.alloc(0)
  size = 0
  modifiedMs = 0
  #durable: Buffer = this.data
  #changes = 0
  #syncedChanges = 0

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length
    this.#reserve(end)
    this.data.set(bytes, position)
    this.size = Math.max(this.size, end)
    this.#changes++
  }

  truncate(size: number): void {
    this.#reserve(size)
    if (size < this.size) this.data.fill(0, size, this.size)
    this.size = size
    this.#changes++
  }

  content(): Buffer {
    return Buffer.from(this.data.subarray(0, this.size))
  }

  /** Starts a sync; what is in the file now lasts when the result is called. */
  sync(): () => void {
    const changes = this.#changes
    if (changes === this.#syncedChanges) return () => {}
    const content = this.content()
    return () => {
      if (changes <= this.#syncedChanges) return
      this.#syncedChanges = changes
      this.#durable = content
    }
  }

  losePower(below: RandomBelow): void {
    if (this.#changes === this.#syncedChanges) return
    const cached = this.content()
    const durable = this.#durable
    const kept = this.#keptSize(cached.length, durable.length, below)
    const after = Buffer.alloc(kept)
    durable.copy(after, 0, 0, kept)
    const manner = below(4)
    for (let at = 0; at < kept; at += sectorBytes) {
      const isKept = manner === 0 || (manner > 1 && below(2) === 0)
      // Bytes that were never written back are the old ones, or zeros where there were none.
      if (isKept && at < cached.length)
        cached.copy(after, at, at, Math.min(at + sectorBytes, kept, cached.length))
    }
    this.data = after
    this.size = kept
    this.#durable = after
    this.#syncedChanges = this.#changes
  }

  /** Lengths are changed by the sector, or as they were asked for. */
  #keptSize(cached: number, durable: number, below: RandomBelow): number {
    const choice = below(4)
    if (choice === 0) return durable
    if (choice === 1 || cached < durable) return cached
    return Math.min(cached, Math.max(durable, below(Math.ceil(cached / sectorBytes) + 1) * sectorBytes))
  }

  #reserve(bytes: number): void {
    if (bytes <= this.data.length) return
    const wider = Buffer.alloc(Math.max(bytes, this.data.length * 2, 256))
    this.data.copy(wider, 0, 0, this.size)
    this.data = wider
  }
}

type Entries = Map<string, StoredFile | StoredDirectory>
type Change = (entries: Entries) => void

export class StoredDirectory {
  readonly entries: Entries = new Map()
  #durable: Entries = new Map()
  #pending: Change[] = []

  change(change: Change): void {
    change(this.entries)
    this.#pending.push(change)
  }

  /** As for a file; changes made after the start of the sync are not part of it. */
  sync(): () => void {
    const synced = this.#pending.slice()
    return () => {
      for (const change of synced) {
        const at = this.#pending.indexOf(change)
        if (at < 0) continue
        this.#pending.splice(at, 1)
        change(this.#durable)
      }
    }
  }

  losePower(below: RandomBelow): void {
    const manner = below(3)
    for (const change of this.#pending)
      if (manner === 0 || (manner > 1 && below(2) === 0)) change(this.#durable)
    this.#pending = []
    this.entries.clear()
    for (const [name, entry] of this.#durable) {
      this.entries.set(name, entry)
      entry.losePower(below)
    }
  }
}
