// The append path's checks and rewrites for what a client sent. The common case (one batch of magic 2 in the codec of the
// topic) is done in place: one pass over the records without an object a record, a checksum only when the header changed.
// A generator for `cooperate`: synchronous unless a payload is large or has to be recompressed.
import {
  type AppendContext,
  type AppendRules,
  asSafeNumber,
  claimsAppendTime,
  levelOf,
  noKey,
  type RecordError,
  type Refused,
  refuse,
  TimestampLimits,
  targetCodec,
  type Validation
} from './append-rules.js'
import {
  BatchCursor,
  batchHeaderBytes,
  type CodecName,
  setBaseOffset,
  setPartitionLeaderEpoch,
  setTimestamps
} from './batch.js'
import { type BatchOptions, frameBatch } from './build-batch.js'
import { codecNameOf, compressed, decompressed } from './payload.js'
import { RecordsProblem } from './plain-record.js'
import { RecordCursor } from './record-cursor.js'
import { Pace, type ReadSteps } from './steps.js'
import { validateLegacy } from './validate-legacy.js'

export type { AppendContext, AppendRules, RecordError, Validation } from './append-rules.js'

/** `records` may be changed in place. */
export function* validateAppend(
  records: Buffer,
  rules: AppendRules,
  context: AppendContext
): ReadSteps<Validation> {
  const cursor = new BatchCursor(records)
  const shape = checkShape(cursor, rules, context)
  if (shape !== undefined) return shape
  const end = cursor.validBytes
  cursor.reset(records, 0, end)
  cursor.next()
  if (cursor.magic < 2) return yield* validateLegacy(records.subarray(0, end), rules, context)
  const header = checkHeader(cursor, context)
  return header ?? (yield* validateModern(cursor, rules, context))
}

/** Batch by batch, without looking at records; leaves the cursor behind the last whole batch. */
function checkShape(cursor: BatchCursor, rules: AppendRules, context: AppendContext): Validation | undefined {
  const fromClient = context.origin === 'client'
  const oneModern = fromClient && context.requestVersion >= 3
  let count = 0
  let magic = 2
  let compressed = false
  while (cursor.next()) {
    if (count === 0) magic = cursor.magic
    count++
    const problem = checkBatch(cursor, rules, fromClient)
    if (problem !== undefined) return problem
    compressed ||= cursor.codecId !== 0
    if (cursor.magic !== magic) return refuse('INVALID_RECORD', 'Batches of different magic in one append')
  }
  if (cursor.problem !== undefined) return refuse('CORRUPT_MESSAGE', cursor.problem.reason)
  if (oneModern && (count !== 1 || magic !== 2)) {
    return refuse(
      'INVALID_RECORD',
      'Produce requests with version 3 or higher must have exactly one batch of magic 2'
    )
  }
  if (count > 1 && (magic === 2 || compressed)) {
    return refuse('INVALID_RECORD', 'Compressed outer record has more than one batch')
  }
  return count === 0 ? { kind: 'nothing' } : undefined
}

function checkBatch(cursor: BatchCursor, rules: AppendRules, fromClient: boolean): Refused | undefined {
  if (fromClient && cursor.magic === 2 && cursor.offsetField !== 0) {
    return refuse(
      'INVALID_RECORD',
      `The baseOffset of the record batch should be 0, but it is ${cursor.offsetField}`
    )
  }
  if (cursor.bytes > rules.maxMessageBytes) {
    return refuse(
      'MESSAGE_TOO_LARGE',
      `The record batch size is ${cursor.bytes} bytes which exceeds the maximum configured value of ${rules.maxMessageBytes}.`
    )
  }
  return cursor.checksumHolds ? undefined : refuse('CORRUPT_MESSAGE', 'Record is corrupt (checksum)')
}

function checkHeader(cursor: BatchCursor, context: AppendContext): Refused | undefined {
  if (context.origin !== 'client') return undefined
  const span = cursor.lastOffsetDelta + 1
  if (span <= 0 || cursor.count <= 0 || span !== cursor.count) {
    return refuse(
      'INVALID_RECORD',
      `Inconsistency between number of records ${cursor.count} and offset range ${span}`
    )
  }
  if (cursor.isControl) return refuse('INVALID_RECORD', 'Clients are not allowed to write control records')
  if (cursor.producerId >= 0n && cursor.baseSequence < 0) {
    return refuse('INVALID_RECORD', `Invalid sequence number ${cursor.baseSequence} in record batch`)
  }
  return cursor.isLogAppendTime ? refuse('INVALID_TIMESTAMP', claimsAppendTime) : undefined
}

const scan = new RecordCursor()
/** Payloads of that many bytes hold a few thousand records at most, unless they are empty. */
const scannedAtOnce = 128 * 1024

function* validateModern(
  cursor: BatchCursor,
  rules: AppendRules,
  context: AppendContext
): ReadSteps<Validation> {
  const source = codecNameOf(cursor.codecId)
  if (source instanceof RecordsProblem) return refuse('CORRUPT_MESSAGE', source.reason)
  let plain = cursor.view()
  let start = batchHeaderBytes
  if (source !== 'none') {
    const result = yield* decompressed(source, 2, plain.subarray(batchHeaderBytes))
    if (result instanceof RecordsProblem) return refuse('CORRUPT_MESSAGE', result.reason)
    plain = result
    start = 0
  }
  const scanned =
    plain.length < scannedAtOnce
      ? scanRecords(scan, plain, start, cursor, rules, context)
      : yield* inSteps(plain, start, cursor, rules, context)
  if (typeof scanned !== 'bigint') return scanned
  const target = targetCodec(rules, source)
  const bytes =
    target === source ? cursor.view() : yield* recompressed(cursor, plain.subarray(start), target, rules)
  if (target !== source && bytes.length > rules.maxMessageBytes) {
    return refuse('MESSAGE_TOO_LARGE', `Message batch size is ${bytes.length} bytes after recompression`)
  }
  return finish(bytes, scanned, rules, context)
}

/** Sets what the broker decides: offset, epoch, and times where they differ from what came. */
function finish(bytes: Buffer, maxTimestamp: bigint, rules: AppendRules, context: AppendContext): Validation {
  const appendTime = rules.messageTimestampType === 'LogAppendTime'
  const stamped = appendTime ? BigInt(context.nowMs) : maxTimestamp
  setBaseOffset(bytes, 0, context.firstOffset)
  setPartitionLeaderEpoch(bytes, 0, context.leaderEpoch)
  if (appendTime || bytes.readBigInt64BE(35) !== stamped) setTimestamps(bytes, 0, appendTime, stamped)
  return {
    kind: 'valid',
    bytes,
    baseOffset: context.firstOffset,
    lastOffset: context.firstOffset + bytes.readInt32BE(23),
    maxTimestamp: stamped,
    logAppendTimeMs: appendTime ? context.nowMs : -1
  }
}

/** One pass over the records; the largest timestamp, or why the batch is refused. */
function scanRecords(
  records: RecordCursor,
  plain: Buffer,
  start: number,
  batch: BatchCursor,
  rules: AppendRules,
  context: AppendContext
): bigint | Refused {
  const checks = new RecordChecks(batch, rules, context)
  records.reset(plain, start, plain.length, batch.count)
  while (records.next()) checks.see(records)
  return checks.result(records)
}

function* inSteps(
  plain: Buffer,
  start: number,
  batch: BatchCursor,
  rules: AppendRules,
  context: AppendContext
): ReadSteps<bigint | Refused> {
  const checks = new RecordChecks(batch, rules, context)
  const records = new RecordCursor().reset(plain, start, plain.length, batch.count)
  const pace = new Pace()
  while (records.next()) {
    checks.see(records)
    if (pace.due(0)) yield undefined
  }
  return checks.result(records)
}

class RecordChecks {
  readonly #base: bigint
  /** The base as a number, NaN when it is too large for exact sums. */
  readonly #safeBase: number
  readonly #compacted: boolean
  readonly #limits: TimestampLimits
  readonly #count: number
  #largestDelta = Number.NEGATIVE_INFINITY
  #largestExact: bigint | undefined
  #errors: RecordError[] | undefined
  #timeIsWrong = 0

  constructor(batch: BatchCursor, rules: AppendRules, context: AppendContext) {
    this.#base = batch.baseTimestamp
    this.#safeBase = asSafeNumber(this.#base)
    this.#count = batch.count
    this.#compacted = rules.cleanupPolicy.includes('compact') && !batch.isControl
    this.#limits = new TimestampLimits(rules, context.nowMs)
  }

  /** Notes one error a record at most: its offset, else its key, else its time. */
  see(record: RecordCursor): void {
    if (record.timestampDeltaExact !== undefined) this.#seeExact(record.timestampDeltaExact)
    else if (record.timestampDelta > this.#largestDelta) this.#largestDelta = record.timestampDelta
    if (record.offsetDelta !== record.index) {
      this.#note(record.index, `Offset delta ${record.offsetDelta} out of order.`)
    } else if (this.#compacted && record.keyLength < 0) this.#note(record.index, noKey)
    else if (this.#limits.limited) this.#checkTime(record)
  }

  #seeExact(delta: bigint): void {
    if (this.#largestExact === undefined || delta > this.#largestExact) this.#largestExact = delta
  }

  #checkTime(record: RecordCursor): void {
    if (
      record.timestampDeltaExact === undefined &&
      this.#limits.allows(this.#safeBase + record.timestampDelta)
    )
      return
    const delta = record.timestampDeltaExact ?? BigInt(record.timestampDelta)
    const problem = this.#limits.problem(BigInt.asIntN(64, this.#base + delta))
    if (problem === undefined) return
    this.#timeIsWrong++
    this.#note(record.index, problem)
  }

  #note(batchIndex: number, message: string): void {
    this.#errors ??= []
    this.#errors.push({ batchIndex, message })
  }

  result(records: RecordCursor): bigint | Refused {
    if (records.problem !== undefined) return refuse('INVALID_RECORD', records.problem)
    if (records.index + 1 !== this.#count)
      return refuse('INVALID_RECORD', 'Fewer records than the batch declares')
    if (this.#errors !== undefined) {
      const error = this.#timeIsWrong > 0 ? 'INVALID_TIMESTAMP' : 'INVALID_RECORD'
      return refuse(error, 'One or more records have been rejected', this.#errors)
    }
    let largest = this.#largestExact
    if (this.#largestDelta !== Number.NEGATIVE_INFINITY) {
      const delta = BigInt(this.#largestDelta)
      if (largest === undefined || delta > largest) largest = delta
    }
    return BigInt.asIntN(64, this.#base + (largest ?? 0n))
  }
}

/** The same records in another codec: header fields are kept, records need no rewriting. */
function* recompressed(
  batch: BatchCursor,
  plain: Buffer,
  target: CodecName,
  rules: AppendRules
): ReadSteps<Buffer> {
  const header = {
    baseOffset: batch.offsetField,
    lastOffsetDelta: batch.lastOffsetDelta,
    baseTimestamp: batch.baseTimestamp,
    maxTimestamp: batch.maxTimestamp,
    count: batch.count
  }
  const options: BatchOptions = {
    codecName: target,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    isTransactional: batch.isTransactional,
    isControl: batch.isControl
  }
  return frameBatch(yield* compressed(target, 2, plain, levelOf(rules, target)), header, options)
}
