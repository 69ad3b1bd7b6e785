// Control records: transaction markers and the raft's. Their keys say which kind (storage facts 2.3).
import { buildBatch } from './build-batch.js'

export const controlTypes = [
  'ABORT',
  'COMMIT',
  'LEADER_CHANGE',
  'SNAPSHOT_HEADER',
  'SNAPSHOT_FOOTER',
  'KRAFT_VERSION',
  'KRAFT_VOTERS'
] as const
export type ControlType = (typeof controlTypes)[number] | 'UNKNOWN'

const keyVersion = 0

export function controlKey(type: Exclude<ControlType, 'UNKNOWN'>): Buffer {
  const key = Buffer.alloc(4)
  key.writeInt16BE(keyVersion, 0)
  key.writeInt16BE(controlTypes.indexOf(type), 2)
  return key
}

/** `UNKNOWN` for types of the future; undefined when the key is no control key. */
export function controlTypeOf(key: Buffer | null): ControlType | undefined {
  if (key === null || key.length < 4 || key.readInt16BE(0) < keyVersion) return undefined
  return controlTypes[key.readInt16BE(2)] ?? 'UNKNOWN'
}

export interface EndTxnMarker {
  readonly type: 'ABORT' | 'COMMIT'
  readonly coordinatorEpoch: number
}

export function endTxnValue(coordinatorEpoch: number): Buffer {
  const value = Buffer.alloc(6)
  value.writeInt16BE(0, 0)
  value.writeInt32BE(coordinatorEpoch, 2)
  return value
}

export function readEndTxnMarker(key: Buffer | null, value: Buffer | null): EndTxnMarker | undefined {
  const type = controlTypeOf(key)
  if ((type !== 'ABORT' && type !== 'COMMIT') || value === null || value.length < 6) return undefined
  return { type, coordinatorEpoch: value.readInt32BE(2) }
}

/** The batch that ends a transaction in a log: one control record, never compressed. */
export function endTxnBatch(
  marker: EndTxnMarker,
  producerId: bigint,
  producerEpoch: number,
  timestamp: bigint
): Buffer {
  const record = {
    offset: 0,
    timestamp,
    key: controlKey(marker.type),
    value: endTxnValue(marker.coordinatorEpoch),
    headers: []
  }
  return buildBatch([record], { producerId, producerEpoch, isTransactional: true, isControl: true })
}
