// Reads an offsets partition from its start to where it ended when the load began. The last value of a key wins; what a
// transaction wrote is pending until its marker. In slices, so that requests of other groups are served meanwhile.
import type { GroupMetadataValue } from '../../protocol/messages/group-metadata.js'
import { BatchCursor, batchHeaderBytes } from '../../protocol/records/batch.js'
import { readEndTxnMarker } from '../../protocol/records/control-record.js'
import type { PlainRecord } from '../../protocol/records/plain-record.js'
import { readBatch } from '../../protocol/records/read-batch.js'
import { RecordCursor } from '../../protocol/records/record-cursor.js'
import { awaited, joined } from '../../protocol/records/steps.js'
import type { HostedLog } from '../replicas/partition.js'
import type { Steps } from '../runtime/cooperate.js'
import { CommitReader } from './commit-reader.js'
import type { ReplayedGroup } from './group-kinds.js'
import type { GroupRecord } from './group-record.js'
import type { OffsetsHome } from './offsets-home.js'
import { decodeRecord } from './record-codec.js'

export interface LoadResult {
  readonly records: number
  readonly bytes: number
  /** Records that this broker does not understand, and batches that cannot be read. */
  readonly skipped: number
  /** Why the reading stopped before the end; `fails` when the log itself did. */
  readonly problem: { readonly reason: string; readonly fails: boolean } | undefined
}

type LoadedGroup =
  | { readonly kind: 'classic'; readonly value: GroupMetadataValue }
  | { readonly kind: 'consumer'; readonly group: ReplayedGroup }

/** Some hundred microseconds. */
const recordsBetweenStops = 128

/** Fills the home's offsets; its groups come with `install`. */
export class OffsetsLoad {
  readonly #log: Pick<HostedLog, 'logStartOffset' | 'logEndOffset' | 'read'>
  readonly #home: OffsetsHome
  readonly #groups = new Map<string, LoadedGroup>()
  readonly #commits = new CommitReader()
  readonly #cursor = new RecordCursor()
  #records = 0
  #bytes = 0
  #skipped = 0
  #sinceStop = 0
  #abandoned = false

  constructor(log: Pick<HostedLog, 'logStartOffset' | 'logEndOffset' | 'read'>, home: OffsetsHome) {
    this.#log = log
    this.#home = home
  }

  /** It stops at its next slice; nobody is interested in what it has read. */
  abandon(): void {
    this.#abandoned = true
  }

  *steps(): Steps<LoadResult> {
    const end = this.#log.logEndOffset
    let from: number = this.#log.logStartOffset
    let problem: LoadResult['problem']
    const cursor = new BatchCursor(Buffer.alloc(0))
    while (from < end && !this.#abandoned && problem === undefined) {
      const read = this.#log.read({
        from,
        maxBytes: this.#home.settings.offsetsLoadBufferBytes,
        upTo: 'logEnd',
        minOneBatch: true
      })
      const result = read instanceof Promise ? yield* awaited(read) : read
      if (result.kind === 'refused') {
        problem = { reason: result.error, fails: true }
        break
      }
      const [only] = result.records
      const bytes = only !== undefined && result.records.length === 1 ? only : yield* joined(result.records)
      this.#bytes += bytes.length
      cursor.reset(bytes)
      const before = from
      while (cursor.next() && !this.#abandoned) {
        const next = cursor.lastOffset + 1
        const { isControl, codecId, magic } = cursor
        if (magic === 2 && codecId === 0 && !isControl) {
          this.#openPlain(cursor)
          while (this.#replaySome(cursor, from)) yield undefined
        } else yield* this.#replayBatch(cursor, from)
        from = next
        if (this.#sinceStop >= recordsBetweenStops) {
          this.#sinceStop = 0
          yield undefined
        }
      }
      const reason = cursor.problem?.reason
      if (reason !== undefined || (from === before && !this.#abandoned))
        problem = { reason: reason ?? `nothing whole at offset ${from}`, fails: false }
    }
    return { records: this.#records, bytes: this.#bytes, skipped: this.#skipped, problem }
  }

  *#replayBatch(cursor: BatchCursor, from: number): Steps<void> {
    const { isControl, isTransactional, producerId } = cursor
    const { records, problem } = yield* readBatch(cursor)
    if (problem !== undefined) this.#skipped++
    for (const record of records) {
      if (record.offset < from) continue
      if (isControl) this.#endTransaction(producerId, record)
      else this.#replay(record, isTransactional ? producerId : undefined)
      if (++this.#sinceStop % recordsBetweenStops === 0) yield undefined
    }
  }

  #openPlain({ buffer, at, bytes, count }: BatchCursor): void {
    this.#cursor.reset(buffer, at + batchHeaderBytes, at + bytes, count)
  }

  /** Records of the batch that nearly every one is: not compressed, read in place. False: it is through. */
  #replaySome(batch: BatchCursor, from: number): boolean {
    const { buffer, offsetField, isTransactional } = batch
    const writer = isTransactional ? batch.producerId : undefined
    const record = this.#cursor
    for (let left = recordsBetweenStops; left > 0; left--) {
      if (!record.next()) {
        if (record.problem !== undefined) this.#skipped++
        return false
      }
      this.#sinceStop++
      const offset = offsetField + record.offsetDelta
      if (offset >= from) this.#replayInPlace(buffer, offset, writer)
    }
    return true
  }

  #replayInPlace(buffer: Buffer, offset: number, writer: bigint | undefined): void {
    const { keyAt, keyLength, valueAt, valueLength } = this.#cursor
    const { offsets } = this.#home
    const isTombstone = valueLength < 0
    const key = keyLength < 0 ? undefined : this.#commits.key(buffer, keyAt, keyLength)
    const value =
      key === undefined || isTombstone ? undefined : this.#commits.value(buffer, valueAt, valueLength, offset)
    if (key === undefined || (value === undefined && !isTombstone)) {
      const slice = (at: number, length: number): Buffer | null =>
        length < 0 ? null : buffer.subarray(at, at + length)
      this.#replay({ offset, key: slice(keyAt, keyLength), value: slice(valueAt, valueLength) }, writer)
      return
    }
    this.#records++
    if (value === undefined) offsets.remove(key)
    else if (writer === undefined) offsets.put(key, value)
    else offsets.putPending(writer, key, value)
  }

  #endTransaction(producerId: bigint, { key, value }: PlainRecord): void {
    const marker = readEndTxnMarker(key, value)
    if (marker === undefined) return
    this.#home.offsets.endTransaction(producerId, marker.type === 'COMMIT' ? 'commit' : 'abort')
  }

  #replay(
    { key, value, offset }: Pick<PlainRecord, 'key' | 'value' | 'offset'>,
    producerId: bigint | undefined
  ): void {
    this.#records++
    const record = key === null ? undefined : decodeRecord(key, value)
    if (record === undefined || record.kind === 'unknown') {
      this.#skipped++
      return
    }
    if (record.kind === 'offsetCommit') this.#replayOffset(record, offset, producerId)
    else if (record.kind === 'groupMetadata') this.#replayClassic(record)
    else this.#replayConsumer(record)
  }

  #replayOffset(
    { key, value }: GroupRecord & { kind: 'offsetCommit' },
    recordOffset: number,
    producerId: bigint | undefined
  ): void {
    const { offsets } = this.#home
    if (value === null) {
      offsets.remove(key)
      return
    }
    const committed = {
      offset: value.offset,
      leaderEpoch: value.leaderEpoch,
      metadata: value.metadata,
      commitTimestampMs: Number(value.commitTimestamp),
      expireTimestampMs: Number(value.expireTimestamp),
      recordOffset
    }
    if (producerId === undefined) offsets.put(key, committed)
    else offsets.putPending(producerId, key, committed)
  }

  #replayClassic({ key: { group }, value }: GroupRecord & { kind: 'groupMetadata' }): void {
    if (value !== null) this.#groups.set(group, { kind: 'classic', value })
    else if (this.#groups.get(group)?.kind === 'classic') this.#groups.delete(group)
  }

  #replayConsumer(record: Exclude<GroupRecord, { kind: 'offsetCommit' | 'groupMetadata' }>): void {
    const { groupId } = record.key
    const known = this.#groups.get(groupId)
    if (known?.kind === 'consumer') {
      if (record.kind === 'consumerGroupMetadata' && record.value === null) this.#groups.delete(groupId)
      else known.group.replay(record)
      return
    }
    if (record.value === null) return
    const group = this.#home.kinds.consumer(this.#home, groupId)
    this.#groups.set(groupId, { kind: 'consumer', group })
    group.replay(record)
  }

  /** The groups begin to live: timers of their members run from now on. */
  install(): void {
    const { groups, kinds, offsets } = this.#home
    for (const [groupId, loaded] of this.#groups) {
      groups.set(
        groupId,
        loaded.kind === 'classic' ? kinds.classic(this.#home, groupId, loaded.value) : loaded.group
      )
      if (loaded.kind === 'consumer') loaded.group.loaded()
    }
    for (const groupId of [...offsets.groupIds(), ...offsets.pendingGroups()]) {
      if (!groups.has(groupId)) groups.set(groupId, kinds.simple(this.#home, groupId))
    }
  }
}
