// Markers in the log: what a control batch says about its producer's transaction.
import { type BatchCursor, batchHeaderBytes } from '../protocol/records/batch.js'
import { readEndTxnMarker } from '../protocol/records/control-record.js'
import { RecordCursor } from '../protocol/records/record-cursor.js'
import type { Marker } from './producer-state.js'

/** undefined: a control batch of another kind or without records; a string: its record cannot be read. */
export function markerOf(batch: BatchCursor): Marker | undefined | string {
  if (batch.count <= 0) return undefined
  const { buffer, at, bytes } = batch
  const records = new RecordCursor().reset(buffer, at + batchHeaderBytes, at + bytes, batch.count)
  if (!records.next()) return records.problem ?? 'control batch without a record'
  if (records.keyLength < 4) return `control record with a key of ${records.keyLength} bytes`
  const key = records.buffer.subarray(records.keyAt, records.keyAt + records.keyLength)
  if (records.valueLength < 0) return undefined
  const value = records.buffer.subarray(records.valueAt, records.valueAt + records.valueLength)
  const marker = readEndTxnMarker(key, value)
  if (marker === undefined) return undefined
  return { aborts: marker.type === 'ABORT', coordinatorEpoch: marker.coordinatorEpoch }
}
