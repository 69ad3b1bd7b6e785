// Which leader epoch starts at which offset: `leader-epoch-checkpoint`, ascending in both columns.
import path from 'node:path'
import { MalformedFile, parseCheckpointRows } from './checkpoint.js'
import { type Files, replaceFile } from './files.js'
import type { EpochEnd } from './log-results.js'

export interface EpochEntry {
  readonly epoch: number
  readonly startOffset: number
}

export const leaderEpochsName = 'leader-epoch-checkpoint'

export class LeaderEpochs {
  readonly #files: Files
  #path: string
  #entries: EpochEntry[]
  #dirty = false
  #unsynced = false

  private constructor(files: Files, file: string, entries: EpochEntry[]) {
    this.#files = files
    this.#path = file
    this.#entries = entries
  }

  /** A file that cannot be read counts as empty: epochs are known again from batches on. */
  static open(files: Files, directory: string): LeaderEpochs {
    const file = path.join(directory, leaderEpochsName)
    const rows = parseCheckpointRows(files.readFile(file)?.toString('utf8') ?? '', 2)
    const entries =
      rows instanceof MalformedFile
        ? []
        : rows.map(([epoch, start]) => ({ epoch: Number(epoch), startOffset: Number(start) }))
    return new LeaderEpochs(files, file, entries)
  }

  get entries(): readonly EpochEntry[] {
    return this.#entries
  }

  /** -1: none. */
  get latestEpoch(): number {
    return this.#entries.at(-1)?.epoch ?? -1
  }

  /** In memory only; true when something changed and `write` is due. */
  assign(epoch: number, startOffset: number): boolean {
    if (epoch < 0) return false
    const latest = this.#entries.at(-1)
    if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return false
    while (this.#entries.length > 0) {
      const last = this.#entries.at(-1)
      if (last === undefined || (last.epoch < epoch && last.startOffset < startOffset)) break
      this.#entries.pop()
    }
    this.#entries.push({ epoch, startOffset })
    this.#dirty = true
    return true
  }

  /** Drops entries that start at or above the offset. */
  truncateFromEnd(offset: number): void {
    const kept = this.#entries.filter(entry => entry.startOffset < offset)
    if (kept.length === this.#entries.length) return
    this.#entries = kept
    this.#dirty = true
  }

  /** Drops what lies below the offset; the epoch of the offset itself then starts there. */
  truncateFromStart(offset: number): void {
    const dropped = this.#entries.filter(entry => entry.startOffset <= offset)
    const last = dropped.at(-1)
    if (last === undefined || (dropped.length === 1 && last.startOffset === offset)) return
    this.#entries = [{ epoch: last.epoch, startOffset: offset }, ...this.#entries.slice(dropped.length)]
    this.#dirty = true
  }

  clear(): void {
    if (this.#entries.length === 0) return
    this.#entries = []
    this.#dirty = true
  }

  /** OffsetForLeaderEpoch, storage rules of KIP-101. */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEnd {
    const unknown = { leaderEpoch: -1, endOffset: -1 }
    if (epoch === -1) return unknown
    const latest = this.#entries.at(-1)
    if (latest === undefined || epoch > latest.epoch) return unknown
    if (epoch === latest.epoch) return { leaderEpoch: epoch, endOffset: logEndOffset }
    let floor: EpochEntry | undefined
    for (const entry of this.#entries) {
      if (entry.epoch > epoch) return { leaderEpoch: floor?.epoch ?? epoch, endOffset: entry.startOffset }
      floor = entry
    }
    return unknown
  }

  /** Epoch in which the offset was written; -1 unknown. */
  epochAt(offset: number): number {
    let found = -1
    for (const entry of this.#entries) {
      if (entry.startOffset > offset) break
      found = entry.epoch
    }
    return found
  }

  /**
   * Only when something changed. Not synced here: epochs are in the batches too, and `sync` runs before the log's flush
   * counts.
   */
  write(): void {
    if (!this.#dirty) return
    const lines = this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}\n`)
    replaceFile(this.#files, this.#path, `0\n${this.#entries.length}\n${lines.join('')}`)
    this.#dirty = false
    this.#unsynced = true
  }

  async sync(): Promise<void> {
    if (!this.#unsynced) return
    this.#unsynced = false
    await this.#files.syncFileAsync(this.#path)
  }

  moveTo(directory: string): void {
    this.#path = path.join(directory, leaderEpochsName)
  }
}
