// Down-conversion for clients of before 0.11 (Fetch v0-3): batches of a newer magic become message sets of an older one.
// Offsets and codec stay; headers, producer state and control batches are lost, as the old formats have no room for them.
import type { ErrorName } from '../error-codes.js'
import { BatchCursor } from './batch.js'
import { messageSetSteps } from './message-set.js'
import { codecNamed, codecNameOf } from './payload.js'
import { RecordsProblem } from './plain-record.js'
import { readBatch } from './read-batch.js'
import { joined, type ReadSteps } from './steps.js'

/**
 * Converts whole batches; an incomplete one at the end is left out. `from` is the offset that was asked for: records below
 * it need not be converted. UNSUPPORTED_COMPRESSION_TYPE for zstd, CORRUPT_MESSAGE for what cannot be read.
 */
export function* downConvert(
  chunks: readonly Buffer[],
  magic: 0 | 1,
  from: number
): ReadSteps<Buffer | ErrorName> {
  const pieces: Buffer[] = []
  const [first] = chunks
  const whole = chunks.length === 1 && first !== undefined ? first : yield* joined(chunks)
  const cursor = new BatchCursor(whole)
  while (cursor.next()) {
    yield undefined
    if (cursor.magic <= magic) pieces.push(cursor.view())
    else if (!cursor.isControl) {
      const piece = yield* convertBatch(cursor, magic, from)
      if (typeof piece === 'string') return piece
      pieces.push(piece)
    }
  }
  return yield* joined(pieces)
}

function* convertBatch(batch: BatchCursor, magic: 0 | 1, from: number): ReadSteps<Buffer | ErrorName> {
  const codecName = codecNameOf(batch.codecId)
  if (codecName instanceof RecordsProblem) return 'CORRUPT_MESSAGE'
  if (codecName === 'zstd') return 'UNSUPPORTED_COMPRESSION_TYPE'
  const appendTime = batch.isLogAppendTime ? { logAppendTime: batch.maxTimestamp } : {}
  const { records, problem } = yield* readBatch(batch)
  if (problem !== undefined) return 'CORRUPT_MESSAGE'
  const wanted = codecName === 'none' ? records.filter(({ offset }) => offset >= from) : records
  if (wanted.length === 0) return Buffer.alloc(0)
  const codec = codecName === 'none' ? undefined : yield* codecNamed(codecName, magic)
  return yield* messageSetSteps(magic, wanted, { codecName, codec, ...appendTime })
}
