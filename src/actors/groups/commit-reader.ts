// Reads offset commits where they lie, for loads of millions of them: no object for the record, and the strings of a key are
// made once however often it was committed. What is not of the usual shape is left to record-codec.ts.
import type { CommittedOffset, OffsetKey } from './committed-offsets.js'

/** Kafka's newest key of an offset, and the newest value without tagged fields. */
const newestKeyVersion = 1
const newestPlainValue = 3
/** Beyond this many different keys remembering them costs more than it saves. */
const keysRemembered = 50_000

export class CommitReader {
  readonly #keys = new Map<string, OffsetKey>()

  /** Undefined: not the key of an offset, or not one that can be read here. */
  key(buffer: Buffer, at: number, length: number): OffsetKey | undefined {
    if (length < 2 || buffer.readInt16BE(at) > newestKeyVersion) return undefined
    const name = buffer.toString('latin1', at + 2, at + length)
    const known = this.#keys.get(name)
    if (known !== undefined) return known
    const read = readKey(buffer, at, at + length)
    if (read === undefined) return undefined
    if (this.#keys.size >= keysRemembered) this.#keys.clear()
    this.#keys.set(name, read)
    return read
  }

  /** Undefined: not of a version that can be read here, or broken. */
  value(buffer: Buffer, at: number, length: number, recordOffset: number): CommittedOffset | undefined {
    if (length < 2) return undefined
    const version = buffer.readInt16BE(at)
    if (version < 0 || version > newestPlainValue) return undefined
    const end = at + length
    const metadataAt = at + (version === 3 ? 14 : 10) + 2
    if (metadataAt > end) return undefined
    const metadataLength = buffer.readInt16BE(metadataAt - 2)
    const timesAt = metadataAt + metadataLength
    if (metadataLength < 0 || timesAt + (version === 1 ? 16 : 8) > end) return undefined
    return {
      offset: buffer.readBigInt64BE(at + 2),
      leaderEpoch: version === 3 ? buffer.readInt32BE(at + 10) : -1,
      metadata: metadataLength === 0 ? '' : buffer.toString('utf8', metadataAt, timesAt),
      commitTimestampMs: millisAt(buffer, timesAt),
      expireTimestampMs: version === 1 ? millisAt(buffer, timesAt + 8) : -1,
      recordOffset
    }
  }
}

function readKey(buffer: Buffer, at: number, end: number): OffsetKey | undefined {
  const groupAt = at + 4
  if (groupAt > end) return undefined
  const topicAt = groupAt + buffer.readInt16BE(groupAt - 2) + 2
  if (topicAt < groupAt + 2 || topicAt > end) return undefined
  const partitionAt = topicAt + buffer.readInt16BE(topicAt - 2)
  if (partitionAt < topicAt || partitionAt + 4 !== end) return undefined
  return {
    group: buffer.toString('utf8', groupAt, topicAt - 2),
    topic: buffer.toString('utf8', topicAt, partitionAt),
    partition: buffer.readInt32BE(partitionAt)
  }
}

/** Times in ms are far below 2^53; -1 comes out right. */
function millisAt(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4)
}
