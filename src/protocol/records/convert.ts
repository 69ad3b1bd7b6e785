// Down-conversion for clients of before 0.11 (Fetch v0-3): batches of a newer magic become message sets of an older one.
// Offsets and codec stay; headers, producer state and control batches are lost, as the old formats have no room for them.
import type { ErrorName } from '../error-codes.js'
import { BatchCursor } from './batch.js'
import { buildMessageSet } from './message-set.js'
import { codecNamed, codecNameOf, type ReadSteps } from './payload.js'
import type { PlainRecord } from './plain-record.js'
import { RecordsProblem } from './plain-record.js'
import { readBatch } from './read-batch.js'

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
  const joined = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
  const cursor = new BatchCursor(joined)
  while (cursor.next()) {
    yield undefined
    if (cursor.magic <= magic) pieces.push(Buffer.from(cursor.view()))
    else if (!cursor.isControl) {
      const piece = yield* convertBatch(cursor, magic, from)
      if (typeof piece === 'string') return piece
      pieces.push(piece)
    }
  }
  return Buffer.concat(pieces)
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
  if (codecName === 'none') return yield* plainSet(wanted, magic, appendTime)
  const codec = yield* codecNamed(codecName, magic)
  return buildMessageSet(magic, wanted, { codecName, codec, ...appendTime })
}

/** Uncompressed sets are built in pieces: half a million small records take longer than a turn may. */
function* plainSet(
  records: readonly PlainRecord[],
  magic: 0 | 1,
  appendTime: { logAppendTime?: bigint }
): ReadSteps<Buffer> {
  const pieces: Buffer[] = []
  for (let at = 0; at < records.length; at += 512) {
    pieces.push(buildMessageSet(magic, records.slice(at, at + 512), appendTime))
    yield undefined
  }
  return Buffer.concat(pieces)
}
