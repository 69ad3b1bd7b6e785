// `.txnindex`: the aborted transactions whose marker lies in the segment. Few, so they are kept in memory once read.
import type { Files } from './files.js'

export const abortedEntryBytes = 34

export interface AbortedEntry {
  readonly producerId: bigint
  readonly firstOffset: number
  /** Of the abort marker. */
  readonly lastOffset: number
  readonly lastStableOffset: number
}

export class TransactionIndex {
  path: string
  readonly #files: Files
  readonly #baseOffset: number
  #entries: AbortedEntry[] | undefined

  constructor(files: Files, path: string, baseOffset: number) {
    this.#files = files
    this.path = path
    this.#baseOffset = baseOffset
  }

  get entries(): readonly AbortedEntry[] {
    this.#entries ??= parseAbortedEntries(this.#files.readFile(this.path) ?? Buffer.alloc(0)).entries
    return this.#entries
  }

  /** undefined: fine; a sentence: the segment must be scanned again. */
  problem(): string | undefined {
    const bytes = this.#files.readFile(this.path)
    if (bytes === undefined) return undefined
    const { entries, version } = parseAbortedEntries(bytes)
    if (version !== 0) return `transaction index of version ${version}`
    if (entries.some(entry => entry.lastOffset < this.#baseOffset))
      return 'transaction index holds foreign offsets'
    this.#entries = entries
    return undefined
  }

  append(entry: AbortedEntry): void {
    const known = this.entries
    const bytes = Buffer.alloc(abortedEntryBytes)
    bytes.writeBigInt64BE(entry.producerId, 2)
    bytes.writeBigInt64BE(BigInt(entry.firstOffset), 10)
    bytes.writeBigInt64BE(BigInt(entry.lastOffset), 18)
    bytes.writeBigInt64BE(BigInt(entry.lastStableOffset), 26)
    const file = this.#files.open(this.path, 'update')
    try {
      // By count, not at the end: whatever a crash left behind the last whole entry is overwritten.
      file.write(bytes, known.length * abortedEntryBytes)
      file.truncate((known.length + 1) * abortedEntryBytes)
    } finally {
      file.close()
    }
    this.#entries = [...known, entry]
  }

  /** Keeps entries whose marker is below the offset. */
  truncateTo(offset: number): void {
    const kept = this.entries.filter(entry => entry.lastOffset < offset)
    if (kept.length === this.entries.length) return
    const file = this.#files.open(this.path, 'update')
    try {
      file.truncate(kept.length * abortedEntryBytes)
    } finally {
      file.close()
    }
    this.#entries = kept
  }

  reset(): void {
    this.#entries = []
    if (this.#files.status(this.path) !== undefined) this.#files.open(this.path, 'replace').close()
  }

  get exists(): boolean {
    return this.#files.status(this.path) !== undefined
  }
}

/** A partial entry at the end is left out. */
export function parseAbortedEntries(bytes: Buffer): { entries: AbortedEntry[]; version: number } {
  const entries: AbortedEntry[] = []
  let version = 0
  for (let at = 0; at + abortedEntryBytes <= bytes.length; at += abortedEntryBytes) {
    version = Math.max(version, bytes.readInt16BE(at))
    entries.push({
      producerId: bytes.readBigInt64BE(at + 2),
      firstOffset: Number(bytes.readBigInt64BE(at + 10)),
      lastOffset: Number(bytes.readBigInt64BE(at + 18)),
      lastStableOffset: Number(bytes.readBigInt64BE(at + 26))
    })
  }
  return { entries, version }
}
