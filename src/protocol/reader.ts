// Reads protocol primitives from a frame. Every read checks its bounds; a violation leaves by `Malformed`, which only the
// codec catches, so that decoding is total and the good path pays one comparison a field.
import type { UnknownTaggedField, Uuid } from './schema.js'
import { ZERO_UUID } from './schema.js'

/** Kafka's own limit, also where the length is compact and could say more. */
export const stringBytesMax = 0x7fff
/**
 * Elements of all arrays of one message. An element of two bytes becomes an object of a hundred, so bytes alone do not bound
 * memory; the largest message of a real cluster, UpdateMetadata for 200,000 partitions, stays below.
 */
export const elementsMax = 2 ** 21
/** Unknown tagged fields kept of one message; more are read over, as Kafka allows. */
export const unknownFieldsMax = 1024

export class Malformed {
  constructor(readonly reason: string) {}
}

export class Reader {
  buffer: Buffer = Buffer.alloc(0)
  position = 0
  end = 0
  #elements = 0
  #unknownFields = 0

  reset(buffer: Buffer, position: number): void {
    this.buffer = buffer
    this.position = position
    this.end = buffer.length
    this.#elements = 0
    this.#unknownFields = 0
  }

  #take(bytes: number): number {
    const at = this.position
    if (bytes < 0 || bytes > this.end - at)
      throw new Malformed(`${bytes} bytes wanted, ${this.end - at} left`)
    this.position = at + bytes
    return at
  }

  bool(): boolean {
    return this.buffer[this.#take(1)] !== 0
  }

  int8(): number {
    return this.buffer.readInt8(this.#take(1))
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#take(2))
  }

  uint16(): number {
    return this.buffer.readUInt16BE(this.#take(2))
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#take(4))
  }

  int64(): bigint {
    return this.buffer.readBigInt64BE(this.#take(8))
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.#take(8))
  }

  uuid(): Uuid {
    const at = this.#take(16)
    const { buffer } = this
    if (buffer.readInt32BE(at) === 0 && buffer.readInt32BE(at + 12) === 0) {
      if (buffer.readBigInt64BE(at) === 0n && buffer.readBigInt64BE(at + 8) === 0n) return ZERO_UUID
    }
    return buffer.toString('base64url', at, at + 16) as Uuid
  }

  /** Unsigned LEB128, at most 5 bytes; values over 2^31-1 are refused: no length or count is larger. */
  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.#take(1)] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) {
        if (value > 0x7fffffff) throw new Malformed(`varint ${value} is out of range`)
        return value
      }
    }
    throw new Malformed('varint of more than 5 bytes')
  }

  /** Length of a string, bytes or array; -1 = null. */
  length(width: 2 | 4 | 'compact', nullable: boolean): number {
    const length = width === 'compact' ? this.uvarint() - 1 : width === 2 ? this.int16() : this.int32()
    if (length < 0) {
      if (length !== -1) throw new Malformed(`length ${length}`)
      if (!nullable) throw new Malformed('null where none is allowed')
    }
    return length
  }

  string(length: number): string {
    const at = this.#take(length)
    const { buffer } = this
    if (length > 64) {
      if (length > stringBytesMax) throw new Malformed(`a string of ${length} bytes`)
      return buffer.toString('utf8', at, at + length)
    }
    // Short names are nearly always ASCII: cheaper than a call into the runtime.
    let text = ''
    for (let i = at; i < at + length; i++) {
      const byte = buffer[i] ?? 0
      if (byte > 0x7f) return buffer.toString('utf8', at, at + length)
      text += String.fromCharCode(byte)
    }
    return text
  }

  bytes(length: number): Buffer {
    const at = this.#take(length)
    return this.buffer.subarray(at, at + length)
  }

  /** A declared count is believed only as far as the bytes left could hold it, `leastBytes` (1 or more) an element. */
  count(length: number, leastBytes: number): number {
    if (length * leastBytes > this.end - this.position)
      throw new Malformed(`${length} elements in ${this.end - this.position} bytes`)
    this.#elements += length
    if (this.#elements > elementsMax) throw new Malformed(`more than ${elementsMax} elements`)
    return length
  }

  /** Presence byte of an ordinary nullable struct: -1 null, 1 present. */
  present(nullable: boolean): boolean {
    if (!nullable) return true
    return this.int8() >= 0
  }

  /** The tagged fields of a struct; `known` decodes those of the schema and says whether it did. */
  tags(known: (tag: number) => boolean): UnknownTaggedField[] | undefined {
    let unknown: UnknownTaggedField[] | undefined
    const { end } = this
    let previous = -1
    for (let left = this.count(this.uvarint(), 2); left > 0; left--) {
      const tag = this.uvarint()
      if (tag <= previous) throw new Malformed(`tag ${tag} after ${previous}`)
      previous = tag
      const size = this.uvarint()
      const at = this.#take(size)
      this.position = at
      this.end = at + size
      if (!known(tag)) {
        const data = this.#take(size)
        if (++this.#unknownFields <= unknownFieldsMax) {
          unknown ??= []
          unknown.push({ tag, data: this.buffer.subarray(data, data + size) })
        }
      }
      if (this.position !== this.end)
        throw new Malformed(`tag ${tag} has ${this.end - this.position} bytes too many`)
      this.end = end
    }
    return unknown
  }
}
