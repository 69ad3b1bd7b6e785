// Which records a produce request may carry at all, decided from the first batch header (storage append checks 1 and 2).
import type { ErrorName } from '../../protocol/error-codes.js'

const magicAt = 16
const attributesAt = 21
const legacyOverheadBytes = 14
const logOverheadBytes = 12
const zstd = 4
const codecMask = 0x07
const transactionalMask = 0x10

export interface ShapeRefusal {
  readonly error: ErrorName
  readonly message: string
}

/** Undefined when the records may go on to the log. v0-2 may send any number of batches of the old formats. */
export function shapeRefusal(records: Buffer | null, version: number): ShapeRefusal | undefined {
  if (version < 3) return undefined
  const size = records === null ? 0 : batchBytes(records, 0)
  if (records === null || size === 0) {
    return invalid(
      'Produce requests with version 3 and above must have at least one record batch per partition'
    )
  }
  if (size < 0) return { error: 'CORRUPT_MESSAGE', message: 'The size of the record batch is too small' }
  if (records[magicAt] !== 2) {
    return invalid(
      'Produce requests with version 3 and above are only allowed to contain record batches with magic version 2'
    )
  }
  if (batchBytes(records, size) !== 0) {
    return invalid(
      'Produce requests with version 3 and above are only allowed to contain exactly one record batch per partition'
    )
  }
  if (version < 7 && ((records[attributesAt + 1] ?? 0) & codecMask) === zstd) {
    return {
      error: 'UNSUPPORTED_COMPRESSION_TYPE',
      message: 'Produce requests with version below 7 are not allowed to use ZStandard compression'
    }
  }
  return undefined
}

export function isTransactional(records: Buffer | null): boolean {
  if (records === null || records.length <= attributesAt + 1 || records[magicAt] !== 2) return false
  return ((records[attributesAt + 1] ?? 0) & transactionalMask) !== 0
}

/** Bytes of the whole batch at `from`; 0 when there is none or not all of it; -1 when its size cannot be true. */
function batchBytes(records: Buffer, from: number): number {
  if (records.length - from <= magicAt) return 0
  const size = records.readInt32BE(from + 8)
  if (size < legacyOverheadBytes) return -1
  return size + logOverheadBytes > records.length - from ? 0 : size + logOverheadBytes
}

function invalid(message: string): ShapeRefusal {
  return { error: 'INVALID_RECORD', message }
}
