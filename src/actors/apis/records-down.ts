// The step from stored records to those of an older format, as Fetch v0-3 needs it: headers and control batches have no
// place there, records before the offset asked for are left out, and what was compressed is sent plain.
import type { ErrorName } from '../../protocol/error-codes.js'
import { BatchCursor, codecNames } from '../../protocol/records/batch.js'
import { buildMessage } from '../../protocol/records/message-set.js'
import { readBatch } from '../../protocol/records/read-batch.js'
import type { Steps } from '../runtime/cooperate.js'

/** Records of `magic` and nothing newer, those below `from` may be left out; or why it cannot be done. */
export type ConvertRecords = (
  records: readonly Buffer[],
  magic: 0 | 1,
  from: number
) => Steps<Buffer | ErrorName>

const zstd = codecNames.indexOf('zstd')

export const convertRecords: ConvertRecords = function* (records, magic, from) {
  const [only] = records
  const stored = records.length === 1 && only !== undefined ? only : Buffer.concat(records)
  const cursor = new BatchCursor(stored)
  const converted: Buffer[] = []
  while (cursor.next()) {
    if (cursor.magic <= magic) {
      converted.push(stored.subarray(cursor.at, cursor.at + cursor.bytes))
      continue
    }
    if (cursor.magic === 2 && cursor.isControl) continue
    if (cursor.magic === 2 && cursor.codecId === zstd) return 'UNSUPPORTED_COMPRESSION_TYPE'
    const { records: plain, problem } = yield* readBatch(cursor)
    if (problem !== undefined) return 'CORRUPT_MESSAGE'
    let n = 0
    for (const record of plain) {
      if (record.offset < from) continue
      converted.push(buildMessage(magic, record))
      if (++n % 256 === 0) yield undefined
    }
  }
  return Buffer.concat(converted)
}
