// The records of one batch as objects, whatever its magic and codec: for conversion, lookups by timestamp and tools.
// A generator for `cooperate`: loading a codec and large payloads take a promise.
import { addToSequence, type BatchCursor, batchHeaderBytes } from './batch.js'
import { plainOf, readInner, readMessage, resolveInner } from './message-set.js'
import { codecNameOf, decompressed } from './payload.js'
import { type PlainRecord, RecordsProblem } from './plain-record.js'
import { RecordCursor } from './record-cursor.js'
import type { ReadSteps } from './steps.js'

const slice = (buffer: Buffer, at: number, length: number): Buffer | null =>
  length < 0 ? null : buffer.subarray(at, at + length)

/** What was read before a problem, and the problem. */
export interface ReadRecords {
  readonly records: PlainRecord[]
  readonly problem: RecordsProblem | undefined
}

const failed = (problem: RecordsProblem, records: PlainRecord[] = []): ReadRecords => ({ records, problem })

/** Reads the current batch of the cursor; takes everything it needs from it before the first yield. */
export function* readBatch(batch: BatchCursor): ReadSteps<ReadRecords> {
  return batch.magic === 2 ? yield* readModern(batch) : yield* readLegacy(batch)
}

function* readModern(batch: BatchCursor): ReadSteps<ReadRecords> {
  const name = codecNameOf(batch.codecId)
  if (name instanceof RecordsProblem) return failed(name)
  const { buffer, at, bytes, count, baseTimestamp, baseSequence, offsetField } = batch
  const appendTime = batch.isLogAppendTime ? batch.maxTimestamp : undefined
  let plain = buffer.subarray(at + batchHeaderBytes, at + bytes)
  if (name !== 'none' && count > 0) {
    const result = yield* decompressed(name, 2, plain)
    if (result instanceof RecordsProblem) return failed(result)
    plain = result
  }
  const records: PlainRecord[] = []
  const cursor = new RecordCursor().reset(plain, 0, plain.length, count)
  while (cursor.next()) {
    if (records.length % 256 === 255) yield undefined
    const delta = cursor.timestampDeltaExact ?? BigInt(cursor.timestampDelta)
    records.push({
      offset: offsetField + cursor.offsetDelta,
      timestamp: appendTime ?? BigInt.asIntN(64, baseTimestamp + delta),
      key: slice(plain, cursor.keyAt, cursor.keyLength),
      value: slice(plain, cursor.valueAt, cursor.valueLength),
      headers: cursor.headers(),
      sequence: baseSequence < 0 ? -1 : addToSequence(baseSequence, cursor.offsetDelta)
    })
  }
  if (cursor.problem === undefined) return { records, problem: undefined }
  // A compressed batch is read as a whole or not at all, as Kafka's reader does.
  return failed(new RecordsProblem('invalid', cursor.problem), name === 'none' ? records : [])
}

function* readLegacy(batch: BatchCursor): ReadSteps<ReadRecords> {
  const message = readMessage(batch.buffer, batch.at, batch.bytes)
  if (message instanceof RecordsProblem) return failed(message)
  const name = codecNameOf(message.attributes & 7)
  if (name instanceof RecordsProblem) return failed(name)
  if (name === 'none')
    return { records: [plainOf(message, message.offset, message.timestamp)], problem: undefined }
  if (name === 'zstd') return failed(new RecordsProblem('invalid', 'zstd in a message of magic 0 or 1'))
  if (message.value === null)
    return failed(new RecordsProblem('invalid', 'compressed message without a value'))
  const plain = yield* decompressed(name, message.magic, message.value)
  if (plain instanceof RecordsProblem) return failed(plain)
  const inner = yield* readInner(plain, message, true)
  if (inner instanceof RecordsProblem) return failed(inner)
  const resolved = yield* resolveInner(inner, message)
  return resolved instanceof RecordsProblem ? failed(resolved) : { records: resolved, problem: undefined }
}
