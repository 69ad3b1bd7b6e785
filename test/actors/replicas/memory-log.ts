// A log in memory with the interface of storage's: enough of its rules for the leader's side to be tested without disk.

import type { HostedLog } from '../../../src/actors/replicas/partition.js'
import type { ErrorName } from '../../../src/protocol/error-codes.js'
import { BatchCursor, setBaseOffset } from '../../../src/protocol/records/batch.js'
import { buildBatch } from '../../../src/protocol/records/build-batch.js'
import { defaultLogConfig } from '../../../src/storage/log-config.js'
import { offset } from '../../../src/storage/offset.js'
import type { AppendResult } from '../../../src/storage/partition-log.js'

export interface MemoryLog extends HostedLog {
  /** Answers of the next appends instead of their own: an error, or later. */
  nextAppend: 'now' | 'later' | 'throws' | ErrorName
  /** The number of flush() calls that wait. */
  readonly flushes: (() => void)[]
  readonly epochs: number[]
  config: HostedLog['config']
  /** What producers() tells. */
  readonly knownProducers: ReturnType<HostedLog['producers']>
}

export function batchOf(...values: string[]): Buffer {
  return buildBatch(
    values.map((value, i) => ({
      offset: i,
      timestamp: BigInt(1000 + i),
      key: null,
      value: Buffer.from(value),
      headers: []
    }))
  )
}

export function memoryLog(topic: string, partition: number): MemoryLog {
  const batches: { base: number; next: number; bytes: Buffer }[] = []
  let start = 0
  let end = 0
  let hw = 0
  let size = 0
  const epochs: number[] = []
  const flushes: (() => void)[] = []
  const producers: ReturnType<HostedLog['producers']> = []
  const append = (records: Buffer): AppendResult => {
    const cursor = new BatchCursor(records)
    const base = end
    while (cursor.next()) {
      setBaseOffset(cursor.buffer, cursor.at, end)
      const count = cursor.magic === 2 ? cursor.count : 1
      batches.push({ base: end, next: end + count, bytes: Buffer.from(cursor.view()) })
      end += count
      size += cursor.bytes
    }
    if (end === base) return { kind: 'nothing', logStartOffset: offset(start) }
    return {
      kind: 'appended',
      baseOffset: offset(base),
      lastOffset: offset(end - 1),
      logAppendTimeMs: -1,
      logStartOffset: offset(start)
    }
  }
  const boundOf = (upTo: string): number => (upTo === 'logEnd' ? end : hw)
  return {
    topic,
    partition,
    logDir: '/logs',
    config: defaultLogConfig,
    nextAppend: 'now',
    flushes,
    epochs,
    knownProducers: producers,
    get logStartOffset() {
      return offset(start)
    },
    get logEndOffset() {
      return offset(end)
    },
    recoveryPoint: offset(0),
    get highWatermark() {
      return offset(hw)
    },
    get lastStableOffset() {
      return offset(hw)
    },
    get sizeBytes() {
      return size
    },
    appendAsLeader(records) {
      const how = this.nextAppend
      this.nextAppend = 'now'
      if (how === 'now') return append(records)
      if (how === 'later') return Promise.resolve().then(() => append(records))
      if (how === 'throws') throw new Error('a bug in the log')
      return {
        kind: 'refused',
        error: how,
        message: 'as told',
        logStartOffset: offset(start),
        recordErrors: [{ batchIndex: 2, message: 'bad record' }]
      }
    },
    read({ from, maxBytes, upTo, minOneBatch }) {
      const state = { highWatermark: offset(hw), lastStableOffset: offset(hw), logStartOffset: offset(start) }
      if (from < start || from > end) return { kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' }
      const visible = batches.filter(({ base, next }) => next > from && base < boundOf(upTo))
      const all = Buffer.concat(visible.map(({ bytes }) => bytes))
      const room = minOneBatch ? Math.max(maxBytes, visible[0]?.bytes.length ?? 0) : maxBytes
      const records = all.length === 0 ? [] : [all.subarray(0, room)]
      return { kind: 'records', records, ...state, abortedTransactions: upTo === 'lastStable' ? [] : null }
    },
    advanceHighWatermark(to) {
      hw = Math.max(hw, to)
    },
    assignLeaderEpoch(epoch) {
      epochs.push(epoch)
    },
    async lookupByTimestamp(timestamp) {
      const at = Number(timestamp) - 1000
      return at < hw ? { offset: offset(Math.max(start, at)), timestamp, leaderEpoch: 0 } : undefined
    },
    earliest: () => ({ offset: offset(start), timestamp: -1n, leaderEpoch: 0 }),
    latest: upTo => ({ offset: offset(boundOf(upTo)), timestamp: -1n, leaderEpoch: 0 }),
    maxTimestamp: async () =>
      end === 0 ? undefined : { offset: offset(end - 1), timestamp: 999n + BigInt(end), leaderEpoch: 0 },
    endOffsetForEpoch: epoch =>
      epoch >= 0 && epochs.includes(epoch)
        ? { leaderEpoch: epoch, endOffset: end }
        : { leaderEpoch: -1, endOffset: -1 },
    legacyOffsetsBefore: (timestamp, max) => (timestamp === -1n ? [hw, 0] : [0]).slice(0, max),
    deleteRecordsBefore(to) {
      const target = to === -1 ? hw : to
      if (target < 0 || target > hw) return { kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' }
      start = Math.max(start, target)
      return { kind: 'done', lowWatermark: offset(start) }
    },
    flush: () => new Promise(resolve => flushes.push(resolve)),
    producers: () => producers
  }
}
