// Appends by clients of before 0.11: messages of magic 0 and 1, plain or wrapped, become one batch of magic 2.
import {
  type AppendContext,
  type AppendRules,
  claimsAppendTime,
  levelOf,
  noKey,
  type RecordError,
  refuse,
  TimestampLimits,
  targetCodec,
  type Validation
} from './append-rules.js'
import { BatchCursor, type CodecName } from './batch.js'
import { type BatchRecord, encodeRecords, frameBatch } from './build-batch.js'
import { type LegacyMessage, readInner, readMessage } from './message-set.js'
import { codecNameOf, compressed, decompressed } from './payload.js'
import { RecordsProblem } from './plain-record.js'
import { Pace, type ReadSteps } from './steps.js'

interface Incoming {
  readonly codec: CodecName
  readonly messages: readonly LegacyMessage[]
}

export function* validateLegacy(
  records: Buffer,
  rules: AppendRules,
  context: AppendContext
): ReadSteps<Validation> {
  const incoming = yield* readAll(records)
  if ('kind' in incoming) return incoming
  const appendTime = rules.messageTimestampType === 'LogAppendTime'
  const limits = new TimestampLimits(rules, context.nowMs)
  const errors: RecordError[] = []
  let timeIsWrong = false
  const compacted = rules.cleanupPolicy.includes('compact')
  const batch: BatchRecord[] = []
  for (const [batchIndex, message] of incoming.messages.entries()) {
    if (batchIndex % 256 === 255) yield undefined
    if (!message.checksumHolds) return refuse('CORRUPT_MESSAGE', 'Message is corrupt (checksum)')
    const late = timeProblem(message, limits)
    if (compacted && message.key === null) errors.push({ batchIndex, message: noKey })
    else if (late !== undefined) {
      timeIsWrong = true
      errors.push({ batchIndex, message: late })
    }
    const timestamp = appendTime ? BigInt(context.nowMs) : message.timestamp
    batch.push({
      offset: context.firstOffset + batchIndex,
      timestamp,
      key: message.key,
      value: message.value,
      headers: []
    })
  }
  if (errors.length > 0) {
    const error = timeIsWrong ? 'INVALID_TIMESTAMP' : 'INVALID_RECORD'
    return refuse(error, 'One or more records have been rejected', errors)
  }
  const bytes = yield* rebuilt(batch, incoming.codec, rules, context)
  if (bytes.length > rules.maxMessageBytes) {
    return refuse('MESSAGE_TOO_LARGE', `Message batch size is ${bytes.length} bytes after conversion`)
  }
  return {
    kind: 'valid',
    bytes,
    baseOffset: context.firstOffset,
    lastOffset: context.firstOffset + batch.length - 1,
    maxTimestamp: bytes.readBigInt64BE(35),
    logAppendTimeMs: appendTime ? context.nowMs : -1
  }
}

function timeProblem(message: LegacyMessage, limits: TimestampLimits): string | undefined {
  if (message.magic === 1 && (message.attributes & 8) !== 0) return claimsAppendTime
  return limits.limited ? limits.problem(message.timestamp) : undefined
}

/** Everything that was sent: messages one by one, or those inside the only wrapper. */
function* readAll(records: Buffer): ReadSteps<Incoming | (Validation & { kind: 'refused' })> {
  const cursor = new BatchCursor(records)
  const messages: LegacyMessage[] = []
  const pace = new Pace()
  while (cursor.next()) {
    if (pace.due(cursor.bytes)) yield undefined
    const message = readMessage(records, cursor.at, cursor.bytes)
    if (message instanceof RecordsProblem) return refuse('CORRUPT_MESSAGE', message.reason)
    const codec = codecNameOf(message.attributes & 7)
    if (codec instanceof RecordsProblem) return refuse('CORRUPT_MESSAGE', codec.reason)
    if (codec === 'none') messages.push(message)
    else return yield* readWrapper(message, codec)
  }
  return { codec: 'none', messages }
}

function* readWrapper(
  wrapper: LegacyMessage,
  codec: Exclude<CodecName, 'none'>
): ReadSteps<Incoming | (Validation & { kind: 'refused' })> {
  if (codec === 'zstd') return refuse('INVALID_RECORD', 'zstd in a message of magic 0 or 1')
  if (wrapper.magic === 1 && (wrapper.attributes & 8) !== 0)
    return refuse('INVALID_TIMESTAMP', claimsAppendTime)
  if (wrapper.value === null) return refuse('INVALID_RECORD', 'Compressed message without a value')
  const plain = yield* decompressed(codec, wrapper.magic, wrapper.value)
  if (plain instanceof RecordsProblem) return refuse('CORRUPT_MESSAGE', plain.reason)
  const inner = yield* readInner(plain, wrapper, false)
  if (!(inner instanceof RecordsProblem)) return { codec, messages: inner }
  return refuse(inner.kind === 'corrupt' ? 'CORRUPT_MESSAGE' : 'INVALID_RECORD', inner.reason)
}

function* rebuilt(
  batch: readonly BatchRecord[],
  source: CodecName,
  rules: AppendRules,
  context: AppendContext
): ReadSteps<Buffer> {
  const codecName = targetCodec(rules, source)
  const baseTimestamp = batch[0]?.timestamp ?? -1n
  const plain = yield* encodeRecords(batch, context.firstOffset, baseTimestamp)
  const payload = yield* compressed(codecName, 2, plain, levelOf(rules, codecName))
  const maxTimestamp = batch.reduce((max, { timestamp }) => (timestamp > max ? timestamp : max), -1n)
  const appendTime = rules.messageTimestampType === 'LogAppendTime' ? { logAppendTime: maxTimestamp } : {}
  return frameBatch(
    payload,
    {
      baseOffset: context.firstOffset,
      lastOffsetDelta: batch.length - 1,
      baseTimestamp,
      maxTimestamp,
      count: batch.length
    },
    { codecName, partitionLeaderEpoch: context.leaderEpoch, ...appendTime }
  )
}
