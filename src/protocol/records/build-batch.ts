// Builds a batch of magic 2: for control records, conversion, recompression and tests. Without compression the bytes are
// exactly those that Kafka's own builder makes.
import { crc32c } from '../crc32c.js'
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from '../varint.js'
import { batchHeaderBytes, type CodecName, codecNames, logOverhead, writeSafeInt64 } from './batch.js'
import type { Codec } from './compression/codec.js'
import type { PlainRecord } from './plain-record.js'
import { atOnce, Pace, type ReadSteps } from './steps.js'

export interface BatchOptions {
  readonly baseOffset?: number
  /** The base offset's distance to the last record when that is not the last one given (compaction keeps it). */
  readonly lastOffsetDelta?: number
  readonly partitionLeaderEpoch?: number
  readonly codecName?: CodecName
  /** The loaded codec when `codecName` is not none. */
  readonly codec?: Codec | undefined
  readonly compressionLevel?: number | undefined
  /** LogAppendTime with this time; CreateTime when absent. */
  readonly logAppendTime?: bigint
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly isTransactional?: boolean
  readonly isControl?: boolean
  /** Stands in the base timestamp field; record timestamps are relative to it. */
  readonly deleteHorizonMs?: bigint
}

export type BatchRecord = Pick<PlainRecord, 'offset' | 'timestamp' | 'key' | 'value' | 'headers'>

const bytesField = (value: Buffer | null): number =>
  value === null ? 1 : sizeOfVarint(value.length) + value.length

function bodySize(record: BatchRecord, timestampDelta: bigint, offsetDelta: number): number {
  let size = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta)
  size += bytesField(record.key) + bytesField(record.value) + sizeOfVarint(record.headers.length)
  for (const { key, value } of record.headers) size += bytesField(key) + bytesField(value)
  return size
}

function writeBytes(buffer: Buffer, at: number, value: Buffer | null): number {
  if (value === null) return writeVarint(buffer, at, -1)
  const from = writeVarint(buffer, at, value.length)
  buffer.set(value, from)
  return from + value.length
}

/** The records of a batch, uncompressed, without the header. */
export function* encodeRecords(
  records: readonly BatchRecord[],
  baseOffset: number,
  baseTimestamp: bigint
): ReadSteps<Buffer> {
  const pace = new Pace()
  const sizes: number[] = []
  let total = 0
  for (const record of records) {
    const size = bodySize(record, record.timestamp - baseTimestamp, record.offset - baseOffset)
    sizes.push(size)
    total += size + sizeOfVarint(size)
    if (pace.due(0)) yield undefined
  }
  const buffer = Buffer.allocUnsafe(total)
  let at = 0
  for (const [index, record] of records.entries()) {
    const size = sizes[index] ?? 0
    at = writeVarint(buffer, at, size)
    buffer[at++] = 0
    at = writeVarlong(buffer, at, record.timestamp - baseTimestamp)
    at = writeVarint(buffer, at, record.offset - baseOffset)
    at = writeBytes(buffer, at, record.key)
    at = writeBytes(buffer, at, record.value)
    at = writeVarint(buffer, at, record.headers.length)
    for (const { key, value } of record.headers) at = writeBytes(buffer, writeBytes(buffer, at, key), value)
    if (pace.due(size)) yield undefined
  }
  return buffer
}

export function attributesOf(options: BatchOptions): number {
  let attributes = codecNames.indexOf(options.codecName ?? 'none')
  if (options.logAppendTime !== undefined) attributes |= 8
  if (options.isTransactional === true) attributes |= 16
  if (options.isControl === true) attributes |= 32
  if (options.deleteHorizonMs !== undefined) attributes |= 64
  return attributes
}

export interface BatchHeader {
  readonly baseOffset: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: bigint
  readonly maxTimestamp: bigint
  readonly count: number
}

/** Puts header and checksum in front of the (possibly compressed) records. */
export function frameBatch(payload: Buffer, header: BatchHeader, options: BatchOptions): Buffer {
  const batch = Buffer.allocUnsafe(batchHeaderBytes + payload.length)
  writeSafeInt64(batch, 0, header.baseOffset)
  batch.writeInt32BE(batch.length - logOverhead, 8)
  batch.writeInt32BE(options.partitionLeaderEpoch ?? -1, 12)
  batch[16] = 2
  batch.writeUInt16BE(attributesOf(options), 21)
  batch.writeInt32BE(header.lastOffsetDelta, 23)
  batch.writeBigInt64BE(header.baseTimestamp, 27)
  batch.writeBigInt64BE(header.maxTimestamp, 35)
  batch.writeBigInt64BE(options.producerId ?? -1n, 43)
  batch.writeInt16BE(options.producerEpoch ?? -1, 51)
  batch.writeInt32BE(options.baseSequence ?? -1, 53)
  batch.writeInt32BE(header.count, 57)
  batch.set(payload, batchHeaderBytes)
  batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  return batch
}

export function buildBatch(records: readonly BatchRecord[], options: BatchOptions = {}): Buffer {
  const baseOffset = options.baseOffset ?? records[0]?.offset ?? 0
  const baseTimestamp = options.deleteHorizonMs ?? records[0]?.timestamp ?? -1n
  const maxTimestamp =
    options.logAppendTime ?? records.reduce((max, { timestamp }) => (timestamp > max ? timestamp : max), -1n)
  const plain = atOnce(encodeRecords(records, baseOffset, baseTimestamp))
  const payload =
    options.codec === undefined ? plain : options.codec.compress(plain, options.compressionLevel)
  const last = records.at(-1)?.offset ?? baseOffset
  const lastOffsetDelta = options.lastOffsetDelta ?? last - baseOffset
  return frameBatch(
    payload,
    { baseOffset, lastOffsetDelta, baseTimestamp, maxTimestamp, count: records.length },
    options
  )
}
