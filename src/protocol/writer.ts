// Writes protocol primitives into a growing buffer. Large record sets are referenced, not copied: the result is a list of
// chunks, each owned by the caller.
import { Bug } from '../errors.js'
import { stringBytesMax } from './reader.js'
import type { UnknownTaggedField, Uuid } from './schema.js'

/** From this size on a record set becomes a chunk of its own. */
const referencedFrom = 4096

export class Writer {
  #buffer: Buffer
  #position = 0
  #start = 0
  #chunks: Buffer[] = []

  constructor(expectedBytes = 512) {
    this.#buffer = Buffer.allocUnsafe(expectedBytes)
  }

  finish(): Buffer[] {
    if (this.#position > this.#start) this.#chunks.push(this.#buffer.subarray(this.#start, this.#position))
    return this.#chunks
  }

  #room(bytes: number): number {
    const at = this.#position
    if (at + bytes > this.#buffer.length) return this.#grow(bytes)
    this.#position = at + bytes
    return at
  }

  #grow(bytes: number): number {
    const used = this.#position - this.#start
    const larger = Buffer.allocUnsafe(Math.max((used + bytes) * 2, 1024))
    this.#buffer.copy(larger, 0, this.#start, this.#position)
    this.#buffer = larger
    this.#start = 0
    this.#position = used + bytes
    return used
  }

  bool(value: boolean): void {
    const at = this.#room(1)
    this.#buffer[at] = value ? 1 : 0
  }

  int8(value: number): void {
    const at = this.#room(1)
    this.#buffer.writeInt8(value, at)
  }

  int16(value: number): void {
    const at = this.#room(2)
    this.#buffer.writeInt16BE(value, at)
  }

  uint16(value: number): void {
    const at = this.#room(2)
    this.#buffer.writeUInt16BE(value, at)
  }

  int32(value: number): void {
    const at = this.#room(4)
    this.#buffer.writeInt32BE(value, at)
  }

  int64(value: bigint): void {
    const at = this.#room(8)
    this.#buffer.writeBigInt64BE(value, at)
  }

  float64(value: number): void {
    const at = this.#room(8)
    this.#buffer.writeDoubleBE(value, at)
  }

  uuid(value: Uuid): void {
    const at = this.#room(16)
    if (this.#buffer.write(value, at, 16, 'base64url') !== 16) throw new Bug(`'${value}' is no uuid`)
  }

  uvarint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      const at = this.#room(1)
      this.#buffer[at] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    const at = this.#room(1)
    this.#buffer[at] = rest
  }

  /** Length of a string, bytes or array; -1 = null. */
  length(width: 2 | 4 | 'compact', length: number): void {
    if (width === 'compact') this.uvarint(length + 1)
    else if (width === 4) this.int32(length)
    else this.int16(length)
  }

  string(width: 2 | 'compact', value: string): void {
    const length = Buffer.byteLength(value)
    if (length > stringBytesMax) throw new Bug(`a string of ${length} bytes does not fit into a message`)
    this.length(width, length)
    const at = this.#room(length)
    if (length === value.length) this.#buffer.write(value, at, length, 'latin1')
    else this.#buffer.write(value, at, length)
  }

  bytes(width: 4 | 'compact', value: Uint8Array): void {
    this.length(width, value.length)
    this.raw(value)
  }

  raw(value: Uint8Array): void {
    const at = this.#room(value.length)
    this.#buffer.set(value, at)
  }

  records(width: 4 | 'compact', value: Buffer | readonly Buffer[]): void {
    if (Buffer.isBuffer(value)) {
      this.length(width, value.length)
      this.#reference(value)
      return
    }
    let total = 0
    for (const piece of value) total += piece.length
    this.length(width, total)
    for (const piece of value) this.#reference(piece)
  }

  #reference(value: Buffer): void {
    if (value.length < referencedFrom) {
      this.raw(value)
      return
    }
    if (this.#position > this.#start) this.#chunks.push(this.#buffer.subarray(this.#start, this.#position))
    this.#start = this.#position
    this.#chunks.push(value)
  }

  /** Tagged fields in ascending order: the schema's own that are set, and unknown ones. */
  tags(
    known: readonly { tag: number; write: (writer: Writer) => void }[],
    unknown?: readonly UnknownTaggedField[]
  ): void {
    const all = known.map(({ tag, write }) => ({ tag, write }))
    for (const { tag, data } of unknown ?? []) all.push({ tag, write: writer => writer.raw(data) })
    all.sort((a, b) => a.tag - b.tag)
    this.uvarint(all.length)
    for (const { tag, write } of all) {
      const inner = new Writer(64)
      write(inner)
      const chunks = inner.finish()
      this.uvarint(tag)
      this.uvarint(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
      for (const chunk of chunks) this.raw(chunk)
    }
  }
}
