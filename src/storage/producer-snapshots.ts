// The snapshot files of one log: which there are, the newest that can be read, and what goes with its segment.
import path from 'node:path'
import { baseName, offsetInName } from './file-names.js'
import { type Files, replaceFile } from './files.js'
import type { ProducerEntry } from './producer-entry.js'
import { decodeProducerSnapshot, encodeProducerSnapshot } from './producer-snapshot.js'

const suffix = '.snapshot'

export class ProducerSnapshots {
  readonly #files: Files
  #directory: string
  /** Ascending. */
  #offsets: number[]

  constructor(files: Files, directory: string, names: readonly string[]) {
    this.#files = files
    this.#directory = directory
    this.#offsets = names
      .filter(name => name.endsWith(suffix))
      .flatMap(name => offsetInName(name) ?? [])
      .sort((a, b) => a - b)
  }

  get offsets(): readonly number[] {
    return this.#offsets
  }

  get isEmpty(): boolean {
    return this.#offsets.length === 0
  }

  pathOf(offset: number): string {
    return path.join(this.#directory, baseName(offset) + suffix)
  }

  moveTo(directory: string): void {
    this.#directory = directory
  }

  /** Skipped when there is one of that offset. True when it was written. */
  take(entries: Iterable<ProducerEntry>, offset: number): boolean {
    if (this.#offsets.at(-1) === offset) return false
    replaceFile(this.#files, this.pathOf(offset), encodeProducerSnapshot(entries))
    this.#offsets = [...this.#offsets.filter(other => other !== offset), offset].sort((a, b) => a - b)
    return true
  }

  /** The newest readable one at or below the limit; broken ones are removed. */
  newest(limit: number): { readonly offset: number; readonly entries: ProducerEntry[] } | undefined {
    for (const offset of this.#offsets.filter(known => known <= limit).reverse()) {
      const bytes = this.#files.readFile(this.pathOf(offset))
      const entries = bytes === undefined ? 'gone' : decodeProducerSnapshot(bytes)
      if (typeof entries !== 'string') return { offset, entries }
      this.remove(offset)
    }
    return undefined
  }

  remove(offset: number): void {
    this.#files.remove(this.pathOf(offset))
    this.#offsets = this.#offsets.filter(known => known !== offset)
  }

  removeWhere(holds: (offset: number) => boolean): void {
    for (const offset of this.#offsets.filter(holds)) this.remove(offset)
  }

  /** For a delayed removal: renamed, and the new name. */
  retire(offset: number): string | undefined {
    if (!this.#offsets.includes(offset)) return undefined
    const from = this.pathOf(offset)
    this.#files.rename(from, `${from}.deleted`)
    this.#offsets = this.#offsets.filter(known => known !== offset)
    return `${from}.deleted`
  }

  /** Keeps those at a segment's base and the one of a clean stop, which lies above all of them. */
  removeStray(bases: readonly number[]): void {
    const stray = this.#offsets.filter(known => !bases.includes(known))
    const largest = stray.at(-1)
    const isCleanStop = largest !== undefined && largest > Math.max(-1, ...bases)
    for (const offset of stray) if (!(isCleanStop && offset === largest)) this.remove(offset)
  }

  /** Content and name: without its snapshot a log that was closed in order counts as one that knew no producers. */
  async sync(offset: number): Promise<void> {
    if (!this.#offsets.includes(offset)) return
    await this.#files.syncFileAsync(this.pathOf(offset))
    await this.#files.syncDirectoryAsync(this.#directory)
  }
}
