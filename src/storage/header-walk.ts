// Walks the headers of the batches in a segment's file without reading what lies between them.
import { BatchCursor, batchHeaderBytes } from '../protocol/records/batch.js'
import type { OpenFile } from './files.js'

const chunkBytes = 8192
const chunks: Buffer[] = []

/**
 * The cursor's getters are about the header of the current batch; its bytes beyond the header need not be there.
 * `release` gives the memory back for the next walk of this thread.
 */
export class HeaderWalk {
  readonly cursor: BatchCursor
  /** Of the current batch in the file. */
  position = 0
  readonly #file: OpenFile
  readonly #end: number
  readonly #chunk: Buffer
  #next: number
  #from = 0
  #loaded = 0

  /** From a batch's first byte up to `end`, which need not be a batch's end. */
  constructor(file: OpenFile, position: number, end: number) {
    this.#file = file
    this.#next = position
    this.#end = end
    this.#chunk = chunks.pop() ?? Buffer.allocUnsafeSlow(chunkBytes)
    this.cursor = new BatchCursor(this.#chunk, 0, 0)
  }

  /** Bytes up to here are whole batches. */
  get validEnd(): number {
    return this.#next
  }

  next(): boolean {
    const at = this.#next
    if (this.#end - at < batchHeaderBytes && this.#end - at < 17) return false
    if (at < this.#from || at + batchHeaderBytes > this.#from + this.#loaded) this.#load(at)
    this.cursor.reset(this.#chunk, at - this.#from, this.#end - this.#from)
    if (!this.cursor.next()) return false
    this.position = at
    this.#next = at + this.cursor.bytes
    return true
  }

  #load(at: number): void {
    const wanted = Math.min(chunkBytes, this.#end - at)
    // The file may be shorter than told; the rest then reads as zeros, which is no batch.
    const got = this.#file.read(this.#chunk.subarray(0, wanted), at)
    this.#chunk.fill(0, got)
    this.#from = at
    this.#loaded = wanted
  }

  release(): void {
    if (chunks.length < 4) chunks.push(this.#chunk)
  }
}
