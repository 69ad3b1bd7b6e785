// A record batch where it lies: every field is read from the buffer when asked for, nothing is copied. Magic 2 has a header
// of 61 bytes; magic 0 and 1 share only offset, size and the place of the magic byte (storage facts 2.1, 2.4).
import { crc32 } from '@node-rs/crc32'
import { crc32c } from '../crc32c.js'

/** Offset and size: in front of every batch, not counted in its size field. */
export const logOverhead = 12
export const batchHeaderBytes = 61
/** The smallest size field of any magic: the overhead of a magic-0 message. */
const smallestSize = 14
const magicAt = 16

export const codecNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type CodecName = (typeof codecNames)[number]

export type BatchProblem =
  /** Size field below the smallest message, or a magic that does not exist: the rest of the buffer cannot be split. */
  { readonly kind: 'unsplittable'; readonly reason: string }

export const safeInt64 = (buffer: Buffer, at: number): number =>
  buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4)

export function writeSafeInt64(buffer: Buffer, at: number, value: number): void {
  buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), at)
  buffer.writeUInt32BE(
    value % 0x1_0000_0000 < 0 ? (value % 0x1_0000_0000) + 0x1_0000_0000 : value % 0x1_0000_0000,
    at + 4
  )
}

/**
 * Walks the batches of a buffer; the getters are about the current one. Total: an incomplete tail ends the walk quietly
 * (`validBytes` says where), a size or magic that makes splitting impossible ends it with a problem.
 */
export class BatchCursor {
  buffer: Buffer
  /** Where the current batch begins. */
  at = 0
  /** Bytes of the current batch with its 12 bytes in front. */
  bytes = 0
  magic = 2
  problem: BatchProblem | undefined
  #next: number
  #end: number

  constructor(buffer: Buffer, start = 0, end: number = buffer.length) {
    this.buffer = buffer
    this.#next = start
    this.#end = end
    this.at = start
  }

  reset(buffer: Buffer, start = 0, end: number = buffer.length): this {
    this.buffer = buffer
    this.#next = start
    this.#end = end
    this.at = start
    this.bytes = 0
    this.problem = undefined
    return this
  }

  /** Bytes taken by complete batches so far. */
  get validBytes(): number {
    return this.#next
  }

  next(): boolean {
    const at = this.#next
    const left = this.#end - at
    if (this.problem !== undefined || left < magicAt + 1) return false
    const size = this.buffer.readInt32BE(at + 8)
    if (size < smallestSize) {
      const reason = `Record size ${size} is less than the minimum record overhead (${smallestSize})`
      this.problem = { kind: 'unsplittable', reason }
      return false
    }
    const magic = this.buffer.readInt8(at + magicAt)
    if (magic < 0 || magic > 2) {
      this.problem = { kind: 'unsplittable', reason: `Invalid magic found in record: ${magic}` }
      return false
    }
    if (size > left - logOverhead) return false
    this.at = at
    this.bytes = size + logOverhead
    this.magic = magic
    this.#next = at + this.bytes
    return true
  }

  /** Magic 2: true when at least the header is there. */
  get hasHeader(): boolean {
    return this.magic < 2 || this.bytes >= batchHeaderBytes
  }

  /** Magic 2: the first offset. Magic 0 and 1: the offset field, which is the last inner offset of a wrapper. */
  get offsetField(): number {
    return safeInt64(this.buffer, this.at)
  }

  get lastOffset(): number {
    return this.magic === 2 ? this.offsetField + this.lastOffsetDelta : this.offsetField
  }

  get partitionLeaderEpoch(): number {
    return this.magic === 2 ? this.buffer.readInt32BE(this.at + 12) : -1
  }

  get attributes(): number {
    if (this.magic === 2) return this.buffer.readUInt16BE(this.at + 21)
    return this.buffer[this.at + 17] ?? 0
  }

  /** 0..7; 5 to 7 do not exist. */
  get codecId(): number {
    return this.attributes & 7
  }

  get isLogAppendTime(): boolean {
    return this.magic > 0 && (this.attributes & 8) !== 0
  }

  get isTransactional(): boolean {
    return this.magic === 2 && (this.attributes & 16) !== 0
  }

  get isControl(): boolean {
    return this.magic === 2 && (this.attributes & 32) !== 0
  }

  get hasDeleteHorizon(): boolean {
    return this.magic === 2 && (this.attributes & 64) !== 0
  }

  get lastOffsetDelta(): number {
    return this.buffer.readInt32BE(this.at + 23)
  }

  /** Magic 2; the delete horizon when that bit is set. */
  get baseTimestamp(): bigint {
    return this.buffer.readBigInt64BE(this.at + 27)
  }

  /** Magic 2: of the batch. Magic 1: of the message. Magic 0: -1. */
  get maxTimestamp(): bigint {
    if (this.magic === 2) return this.buffer.readBigInt64BE(this.at + 35)
    return this.magic === 1 ? this.buffer.readBigInt64BE(this.at + 18) : -1n
  }

  get producerId(): bigint {
    return this.magic === 2 ? this.buffer.readBigInt64BE(this.at + 43) : -1n
  }

  get producerEpoch(): number {
    return this.magic === 2 ? this.buffer.readInt16BE(this.at + 51) : -1
  }

  get baseSequence(): number {
    return this.magic === 2 ? this.buffer.readInt32BE(this.at + 53) : -1
  }

  get lastSequence(): number {
    const first = this.baseSequence
    return first < 0 ? -1 : addToSequence(first, this.lastOffsetDelta)
  }

  /** Magic 2: as declared. Otherwise -1: unknown without reading. */
  get count(): number {
    return this.magic === 2 ? this.buffer.readInt32BE(this.at + 57) : -1
  }

  get storedChecksum(): number {
    return this.buffer.readUInt32BE(this.magic === 2 ? this.at + 17 : this.at + 12)
  }

  /** CRC-32C from the attributes on, or CRC-32 from the magic byte on. */
  checksum(): number {
    const end = this.at + this.bytes
    return this.magic === 2
      ? crc32c(this.buffer.subarray(this.at + 21, end))
      : crc32(this.buffer.subarray(this.at + magicAt, end))
  }

  get checksumHolds(): boolean {
    return this.hasHeader && this.checksum() === this.storedChecksum
  }

  /** The bytes of the current batch. */
  view(): Buffer {
    return this.buffer.subarray(this.at, this.at + this.bytes)
  }
}

/** Sequences wrap from 2147483647 to 0. */
export function addToSequence(sequence: number, increment: number): number {
  const sum = sequence + increment
  return sum > 0x7fffffff ? sum - 0x8000_0000 : sum
}

/** Fields of magic 2 that the broker sets; neither offset nor epoch is part of the checksum. */
export function setBaseOffset(buffer: Buffer, at: number, offset: number): void {
  writeSafeInt64(buffer, at, offset)
}

export function setPartitionLeaderEpoch(buffer: Buffer, at: number, epoch: number): void {
  buffer.writeInt32BE(epoch, at + 12)
}

/** Sets timestamp type and largest timestamp of a magic-2 batch and its checksum. */
export function setTimestamps(
  buffer: Buffer,
  at: number,
  logAppendTime: boolean,
  maxTimestamp: bigint
): void {
  const bytes = buffer.readInt32BE(at + 8) + logOverhead
  const attributes = buffer.readUInt16BE(at + 21) & 0x77
  buffer.writeUInt16BE(logAppendTime ? attributes | 8 : attributes, at + 21)
  buffer.writeBigInt64BE(maxTimestamp, at + 35)
  buffer.writeUInt32BE(crc32c(buffer.subarray(at + 21, at + bytes)), at + 17)
}
