// Messages of magic 0 and 1: what brokers and clients before 0.11 wrote. A compressed message is a wrapper whose value is a
// set of inner messages; offsets inside are absolute (magic 0) or relative (magic 1), storage facts 2.4.
import { crc32 } from '@node-rs/crc32'
import { type CodecName, codecNames, logOverhead, safeInt64, writeSafeInt64 } from './batch.js'
import type { Codec } from './compression/codec.js'
import { type PlainRecord, RecordsProblem } from './plain-record.js'
import { atOnce, joined, Pace, type ReadSteps } from './steps.js'

export interface LegacyMessage {
  readonly offset: number
  readonly magic: number
  readonly attributes: number
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly checksumHolds: boolean
}

const keyAt = (magic: number): number => (magic === 0 ? 18 : 26)

/** Reads one message with its offset and size in front; `bytes` is its full length. Nothing is copied. */
export function readMessage(buffer: Buffer, at: number, bytes: number): LegacyMessage | RecordsProblem {
  const magic = buffer[at + 16] ?? -1
  const attributes = buffer[at + 17] ?? 0
  const end = at + bytes
  let position = at + keyAt(magic)
  if (magic > 1 || position + 8 > end)
    return new RecordsProblem('invalid', `message of magic ${magic} is too short`)
  const field = (): Buffer | null | undefined => {
    if (position + 4 > end) return undefined
    const length = buffer.readInt32BE(position)
    position += 4
    if (length < 0) return null
    if (length > end - position) return undefined
    position += length
    return buffer.subarray(position - length, position)
  }
  const key = field()
  const value = key === undefined ? undefined : field()
  if (key === undefined || value === undefined) {
    return new RecordsProblem('corrupt', 'a key or value that reaches beyond its message')
  }
  const timestamp = magic === 1 ? buffer.readBigInt64BE(at + 18) : -1n
  const checksumHolds = crc32(buffer.subarray(at + 16, end)) === buffer.readUInt32BE(at + 12)
  return { offset: safeInt64(buffer, at), magic, attributes, timestamp, key, value, checksumHolds }
}

export const plainOf = (message: LegacyMessage, offset: number, timestamp: bigint): PlainRecord => ({
  offset,
  timestamp,
  key: message.key,
  value: message.value,
  headers: [],
  sequence: -1
})

/** The messages inside a decompressed wrapper, in order. Their magic must be the wrapper's unless `anyMagic`. */
export function* readInner(
  plain: Buffer,
  wrapper: LegacyMessage,
  anyMagic: boolean
): ReadSteps<LegacyMessage[] | RecordsProblem> {
  const inner: LegacyMessage[] = []
  const pace = new Pace()
  for (let at = 0; at < plain.length; ) {
    if (plain.length - at < logOverhead) return new RecordsProblem('invalid', 'wrapper ends inside a message')
    const size = plain.readInt32BE(at + 8)
    if (size < 14 || size > plain.length - at - logOverhead) {
      return new RecordsProblem('corrupt', `inner message of ${size} bytes`)
    }
    const message = readMessage(plain, at, size + logOverhead)
    if (message instanceof RecordsProblem) return message
    if (message.magic !== wrapper.magic && !anyMagic) {
      return new RecordsProblem(
        'invalid',
        `inner magic ${message.magic} in a wrapper of magic ${wrapper.magic}`
      )
    }
    if ((message.attributes & 7) !== 0)
      return new RecordsProblem('invalid', 'inner message is compressed itself')
    inner.push(message)
    at += size + logOverhead
    if (pace.due(size)) yield undefined
  }
  return inner.length === 0 ? new RecordsProblem('invalid', 'empty compressed message set') : inner
}

/** Gives inner messages their absolute offsets and effective timestamps. */
export function* resolveInner(
  inner: readonly LegacyMessage[],
  wrapper: LegacyMessage
): ReadSteps<PlainRecord[] | RecordsProblem> {
  const last = inner.at(-1)?.offset ?? 0
  // A wrapper offset of 0 comes from producers that never set it: the inner ones count from 0.
  const base = wrapper.magic === 0 ? 0 : wrapper.offset === 0 ? 0 : wrapper.offset - last
  if (base < 0)
    return new RecordsProblem('invalid', `wrapper offset ${wrapper.offset} below its last inner one ${last}`)
  const logAppendTime = wrapper.magic === 1 && (wrapper.attributes & 8) !== 0
  const records: PlainRecord[] = []
  const pace = new Pace()
  for (const message of inner) {
    const timestamp = logAppendTime ? wrapper.timestamp : message.timestamp
    records.push(plainOf(message, base + message.offset, timestamp))
    if (pace.due(0)) yield undefined
  }
  return records
}

export interface LegacyRecord {
  readonly offset: number
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** One message of magic 0 or 1 with offset and size in front. */
export function buildMessage(magic: 0 | 1, record: LegacyRecord, attributes = 0): Buffer {
  const overhead = keyAt(magic)
  const keyBytes = record.key?.length ?? 0
  const buffer = Buffer.allocUnsafe(overhead + 8 + keyBytes + (record.value?.length ?? 0))
  writeSafeInt64(buffer, 0, record.offset)
  buffer.writeInt32BE(buffer.length - logOverhead, 8)
  buffer[16] = magic
  buffer[17] = attributes
  if (magic === 1) buffer.writeBigInt64BE(record.timestamp, 18)
  buffer.writeInt32BE(record.key?.length ?? -1, overhead)
  if (record.key !== null) buffer.set(record.key, overhead + 4)
  buffer.writeInt32BE(record.value?.length ?? -1, overhead + 4 + keyBytes)
  if (record.value !== null) buffer.set(record.value, overhead + 8 + keyBytes)
  buffer.writeUInt32BE(crc32(buffer.subarray(16)), 12)
  return buffer
}

export interface MessageSetOptions {
  readonly codecName?: CodecName
  readonly codec?: Codec | undefined
  readonly compressionLevel?: number | undefined
  /** Magic 1: wrapper and messages carry LogAppendTime. */
  readonly logAppendTime?: bigint
}

/** A set of messages; with a codec one wrapper around all of them. Records come in ascending order of offset. */
export function buildMessageSet(
  magic: 0 | 1,
  records: readonly LegacyRecord[],
  options: MessageSetOptions = {}
): Buffer {
  const { codec, compressionLevel } = options
  const inner = atOnce(innerSet(magic, records, options))
  if (!wraps(options) || codec === undefined) return inner
  return wrapperOf(magic, records, codec.compress(inner, compressionLevel), options)
}

/** The same with stops. */
export function* messageSetSteps(
  magic: 0 | 1,
  records: readonly LegacyRecord[],
  options: MessageSetOptions
): ReadSteps<Buffer> {
  const { codec, compressionLevel } = options
  const inner = yield* innerSet(magic, records, options)
  if (!wraps(options) || codec === undefined) return inner
  return wrapperOf(magic, records, yield* codec.compressSteps(inner, compressionLevel), options)
}

const wraps = ({ codec, codecName = 'none' }: MessageSetOptions): boolean =>
  codec !== undefined && codecName !== 'none'

function* innerSet(
  magic: 0 | 1,
  records: readonly LegacyRecord[],
  options: MessageSetOptions
): ReadSteps<Buffer> {
  const wrapped = wraps(options)
  const appendTime = magic === 1 && !wrapped ? options.logAppendTime : undefined
  const timeBit = appendTime === undefined ? 0 : 8
  const base = wrapped && magic === 1 ? (records[0]?.offset ?? 0) : 0
  const pace = new Pace()
  const messages: Buffer[] = []
  for (const { offset, timestamp, key, value } of records) {
    const record = { offset: offset - base, timestamp: appendTime ?? timestamp, key, value }
    const message = buildMessage(magic, record, timeBit)
    messages.push(message)
    if (pace.due(message.length)) yield undefined
  }
  return yield* joined(messages)
}

function wrapperOf(
  magic: 0 | 1,
  records: readonly LegacyRecord[],
  value: Buffer,
  options: MessageSetOptions
): Buffer {
  const codecId = codecNames.indexOf(options.codecName ?? 'none')
  const appendTime = magic === 1 ? options.logAppendTime : undefined
  let timestamp = appendTime ?? -1n
  if (appendTime === undefined)
    for (const each of records) if (each.timestamp > timestamp) timestamp = each.timestamp
  const wrapper: LegacyRecord = { offset: records.at(-1)?.offset ?? 0, timestamp, key: null, value }
  return buildMessage(magic, wrapper, codecId | (appendTime === undefined ? 0 : 8))
}
