// Checks one golden vector of a record set (made by Kafka's own library): decoding gives the stated view, encoding without
// a codec gives the bytes, and damage is found at the stage where Kafka finds it.
import { BatchCursor, batchHeaderBytes, type CodecName } from './batch.js'
import { buildBatch } from './build-batch.js'
import { controlTypeOf, endTxnValue, readEndTxnMarker } from './control-record.js'
import { buildMessageSet } from './message-set.js'
import type { PlainRecord } from './plain-record.js'
import { type ReadRecords, readBatch } from './read-batch.js'
import { RecordCursor } from './record-cursor.js'

interface VectorRecord {
  readonly offset: number | string
  readonly timestamp: number | string
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
  readonly sequence: number
}

interface VectorBatch {
  readonly lastOffset: number
  readonly sizeInBytes: number
  readonly crc: number | null
  readonly timestampType: string
  readonly maxTimestamp: number | string
  readonly partitionLeaderEpoch: number
  readonly producerId: number | string
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly lastSequence: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly recordCount: number | null
  readonly baseOffset: number | null
  readonly baseTimestamp?: number | string
  readonly deleteHorizonMs?: number | string
  readonly magic: number
  readonly codec: CodecName
}

export interface RecordVector {
  readonly case: string
  readonly magic: number
  readonly codec: CodecName
  readonly hex: string
  readonly records?: readonly VectorRecord[]
  readonly batches?: readonly VectorBatch[]
  readonly batchesFound?: number
  readonly recordsRead?: number
  readonly crcValid?: boolean | null
  readonly error?: { readonly stage: string; readonly class: string } | null
}

const bigOf = (value: number | string): bigint => BigInt(String(value).replace('@int:', ''))
const hexOf = (value: Buffer | null): string | null => value?.toString('hex') ?? null

/** Runs a reading generator to its end. */
async function finish<T>(steps: Generator<Promise<unknown> | undefined, T, unknown>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await step.value
  }
}

export async function checkRecordBatchVector(vector: RecordVector): Promise<string | undefined> {
  try {
    return vector.case.startsWith('invalid') ? await checkDamaged(vector) : await checkValid(vector)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

async function checkValid(vector: RecordVector): Promise<string | undefined> {
  const bytes = Buffer.from(vector.hex, 'hex')
  const cursor = new BatchCursor(bytes)
  const records: PlainRecord[] = []
  const wrong: string[] = []
  for (const expected of vector.batches ?? []) {
    if (!cursor.next()) return `a batch is missing: ${cursor.problem?.reason ?? 'end'}`
    wrong.push(...batchDifferences(cursor, expected))
    const read = await finish(readBatch(cursor))
    if (read.problem !== undefined) return read.problem.reason
    records.push(...read.records)
  }
  if (cursor.next()) return 'one batch too many'
  if (wrong.length > 0) return wrong.join('; ')
  const seen = JSON.stringify(records.map(viewOf))
  const wanted = JSON.stringify((vector.records ?? []).map(viewOfVector))
  if (seen !== wanted) return `records ${seen} instead of ${wanted}`
  return vector.codec === 'none' ? checkEncoding(vector, bytes) : undefined
}

const viewOf = (record: PlainRecord): unknown => [
  String(record.offset),
  String(record.timestamp),
  hexOf(record.key),
  hexOf(record.value),
  record.headers.map(({ key, value }) => [key.toString('utf8'), hexOf(value)]),
  record.sequence
]

const viewOfVector = (record: VectorRecord): unknown => [
  bigOf(record.offset).toString(),
  bigOf(record.timestamp).toString(),
  record.key,
  record.value,
  record.headers,
  record.sequence
]

function batchDifferences(cursor: BatchCursor, expected: VectorBatch): string[] {
  const wrong: string[] = []
  const same = (name: string, actual: unknown, wanted: unknown): void => {
    if (wanted !== null && wanted !== undefined && String(actual) !== String(wanted).replace('@int:', '')) {
      wrong.push(`${name} ${String(actual)} instead of ${String(wanted)}`)
    }
  }
  same('magic', cursor.magic, expected.magic)
  same('size', cursor.bytes, expected.sizeInBytes)
  same('last offset', cursor.lastOffset, expected.lastOffset)
  same('checksum', cursor.storedChecksum, expected.crc)
  if (!cursor.checksumHolds) wrong.push('checksum does not hold')
  if (cursor.magic === 2) {
    same('base offset', cursor.offsetField, expected.baseOffset)
    same('count', cursor.count, expected.recordCount)
    same('max timestamp', cursor.maxTimestamp, expected.maxTimestamp)
    same('leader epoch', cursor.partitionLeaderEpoch, expected.partitionLeaderEpoch)
    same('producer id', cursor.producerId, expected.producerId)
    same('producer epoch', cursor.producerEpoch, expected.producerEpoch)
    same('base sequence', cursor.baseSequence, expected.baseSequence)
    same('last sequence', cursor.lastSequence, expected.lastSequence)
    same('transactional', cursor.isTransactional, expected.isTransactional)
    same('control', cursor.isControl, expected.isControl)
    same('delete horizon', cursor.hasDeleteHorizon, expected.deleteHorizonMs !== undefined)
    same('append time', cursor.isLogAppendTime, expected.timestampType === 'LogAppendTime')
  }
  return wrong
}

/** Rebuilds the set batch by batch from the decoded view: without a codec the bytes must be the same. */
async function checkEncoding(vector: RecordVector, bytes: Buffer): Promise<string | undefined> {
  const cursor = new BatchCursor(bytes)
  while (cursor.next()) {
    const { records } = await finish(readBatch(cursor))
    if (cursor.codecId !== 0 || (cursor.magic === 2 && cursor.count === 0)) continue
    const appendTime = cursor.isLogAppendTime ? { logAppendTime: cursor.maxTimestamp } : {}
    const built = cursor.magic === 2 ? rebuilt(cursor, records) : legacy(cursor, records, appendTime)
    if (!built.equals(cursor.view())) return `${vector.case} encodes to ${built.toString('hex')}`
  }
  return undefined
}

function legacy(
  cursor: BatchCursor,
  records: readonly PlainRecord[],
  options: { logAppendTime?: bigint }
): Buffer {
  return buildMessageSet(cursor.magic === 0 ? 0 : 1, records, options)
}

function rebuilt(cursor: BatchCursor, records: readonly PlainRecord[]): Buffer {
  // With LogAppendTime the decoded timestamps are the batch's: the stored ones are read from the bytes.
  const base = cursor.baseTimestamp
  const stored = new RecordCursor().reset(cursor.view(), batchHeaderBytes, cursor.bytes, cursor.count)
  const timed = records.map(record => {
    stored.next()
    return { ...record, timestamp: base + (stored.timestampDeltaExact ?? BigInt(stored.timestampDelta)) }
  })
  return buildBatch(timed, {
    baseOffset: cursor.offsetField,
    lastOffsetDelta: cursor.lastOffsetDelta,
    partitionLeaderEpoch: cursor.partitionLeaderEpoch,
    producerId: cursor.producerId,
    producerEpoch: cursor.producerEpoch,
    baseSequence: cursor.baseSequence,
    isTransactional: cursor.isTransactional,
    isControl: cursor.isControl,
    ...(cursor.isLogAppendTime ? { logAppendTime: cursor.maxTimestamp } : {}),
    ...(cursor.hasDeleteHorizon ? { deleteHorizonMs: base } : {})
  })
}

interface Found {
  batches: number
  records: number
  stage: string | undefined
}

async function checkDamaged(vector: RecordVector): Promise<string | undefined> {
  const cursor = new BatchCursor(Buffer.from(vector.hex, 'hex'))
  const found: Found = { batches: 0, records: 0, stage: undefined }
  let crcValid: boolean | null = null
  while (cursor.next() && found.stage === undefined) {
    found.batches++
    const holds = cursor.checksumHolds
    crcValid ??= holds
    if (!holds) found.stage = 'ensureValid'
    else {
      const read: ReadRecords = await finish(readBatch(cursor))
      found.records += read.records.length
      if (read.problem !== undefined) found.stage = 'records'
    }
  }
  if (cursor.problem !== undefined) found.stage ??= 'split'
  const wanted = vector.error?.stage
  if (found.stage !== wanted)
    return `${vector.case}: found at stage ${found.stage ?? 'none'} instead of ${wanted ?? 'none'}`
  if (found.batches !== vector.batchesFound)
    return `${found.batches} batches instead of ${vector.batchesFound}`
  if (found.records !== vector.recordsRead) return `${found.records} records instead of ${vector.recordsRead}`
  return crcValid === vector.crcValid
    ? undefined
    : `checksum ${String(crcValid)} instead of ${String(vector.crcValid)}`
}

export interface ControlVector {
  readonly name: string
  readonly hex: string
  readonly keyHex?: string
  readonly json: { readonly typeName?: string; readonly coordinatorEpoch?: number }
}

/** Keys of control records and transaction markers. */
export function checkControlRecordVector(vector: ControlVector): string | undefined {
  const bytes = Buffer.from(vector.hex, 'hex')
  if (vector.name === 'ControlRecordKey') {
    const type = controlTypeOf(bytes)
    return type === vector.json.typeName
      ? undefined
      : `key of ${String(type)} instead of ${String(vector.json.typeName)}`
  }
  const marker = readEndTxnMarker(Buffer.from(vector.keyHex ?? '', 'hex'), bytes)
  if (marker?.coordinatorEpoch !== vector.json.coordinatorEpoch) return `marker ${JSON.stringify(marker)}`
  const again = endTxnValue(marker?.coordinatorEpoch ?? -1).toString('hex')
  return again === vector.hex ? undefined : `marker encodes to ${again}`
}
