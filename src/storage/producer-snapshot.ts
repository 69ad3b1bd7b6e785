// `<offset>.snapshot`: what is known of every producer before that offset. Bytes of version 1.
import { crc32c } from '../protocol/crc32c.js'
import { ProducerEntry } from './producer-entry.js'

const headBytes = 10
const entryBytes = 46

export function encodeProducerSnapshot(entries: Iterable<ProducerEntry>): Buffer {
  const list = [...entries]
  const bytes = Buffer.alloc(headBytes + list.length * entryBytes)
  bytes.writeInt16BE(1, 0)
  bytes.writeInt32BE(list.length, 6)
  let at = headBytes
  for (const entry of list) {
    const { last } = entry
    bytes.writeBigInt64BE(entry.producerId, at)
    bytes.writeInt16BE(entry.producerEpoch, at + 8)
    bytes.writeInt32BE(last?.lastSequence ?? -1, at + 10)
    bytes.writeBigInt64BE(BigInt(last?.lastOffset ?? -1), at + 14)
    bytes.writeInt32BE(last?.offsetDelta ?? 0, at + 22)
    bytes.writeBigInt64BE(entry.lastTimestamp, at + 26)
    bytes.writeInt32BE(entry.coordinatorEpoch, at + 34)
    bytes.writeBigInt64BE(BigInt(entry.currentTxnFirstOffset), at + 38)
    at += entryBytes
  }
  bytes.writeUInt32BE(crc32c(bytes.subarray(6)), 2)
  return bytes
}

/** A string says what is wrong with the bytes. */
export function decodeProducerSnapshot(bytes: Buffer): ProducerEntry[] | string {
  if (bytes.length < headBytes) return `${bytes.length} bytes are no snapshot`
  const version = bytes.readInt16BE(0)
  if (version !== 1) return `snapshot of version ${version}`
  const stored = bytes.readUInt32BE(2)
  const computed = crc32c(bytes.subarray(6))
  if (stored !== computed) return `snapshot has checksum ${computed}, not ${stored}`
  const count = bytes.readInt32BE(6)
  if (bytes.length !== headBytes + count * entryBytes)
    return `snapshot of ${count} producers has ${bytes.length} bytes`
  const entries: ProducerEntry[] = []
  for (let at = headBytes; at < bytes.length; at += entryBytes) {
    const entry = new ProducerEntry(bytes.readBigInt64BE(at))
    const epoch = bytes.readInt16BE(at + 8)
    const lastOffset = Number(bytes.readBigInt64BE(at + 14))
    const timestamp = bytes.readBigInt64BE(at + 26)
    entry.producerEpoch = epoch
    if (lastOffset >= 0) {
      entry.add(epoch, bytes.readInt32BE(at + 10), lastOffset, bytes.readInt32BE(at + 22), timestamp)
    }
    entry.lastTimestamp = timestamp
    entry.coordinatorEpoch = bytes.readInt32BE(at + 34)
    entry.currentTxnFirstOffset = Number(bytes.readBigInt64BE(at + 38))
    entries.push(entry)
  }
  return entries
}
