// Reads the partitions of one fetch in the order asked for, under the limits that all of them share (storage read
// rules: the first batch of the first non-empty partition may exceed every limit, so that a reader always advances).
import { readMemory } from '../../storage/read-memory.js'
import type { Partition } from './partition.js'
import type { Eventually, FetchCommand, FetchPartition, FetchResult } from './partition-commands.js'

/** Of this thread's logs; records that came from elsewhere are left alone. */
export function giveBackRecords(results: readonly FetchResult[]): void {
  for (const result of results) {
    if (result.kind === 'records') for (const chunk of result.records) readMemory.giveBack(chunk)
  }
}

export type FindPartition = (topicId: string, partition: number) => Partition | undefined

export interface ReadRound {
  readonly results: FetchResult[]
  /** Of all partitions together. */
  bytes: number
  /** An error or a diverging history: the wait is over. */
  answersAtOnce: boolean
  /** Bytes that each partition had taken in when it was read; a waiting fetch compares with it later. */
  readonly bytesInSeen: number[]
}

/** Synchronous as long as the logs are; carries on by itself after a read that had to wait for the disk. */
export function readPartitions(find: FindPartition, command: FetchCommand): Eventually<ReadRound> {
  const round: ReadRound = { results: [], bytes: 0, answersAtOnce: false, bytesInSeen: [] }
  return readFrom(0, find, command, round)
}

function readFrom(
  start: number,
  find: FindPartition,
  command: FetchCommand,
  round: ReadRound
): Eventually<ReadRound> {
  for (let i = start; i < command.partitions.length; i++) {
    const item = command.partitions[i]
    if (item === undefined) break
    const partition = find(item.topicId, item.partition)
    round.bytesInSeen.push(partition?.bytesIn ?? 0)
    const result = readOne(partition, item, command, round)
    if (result instanceof Promise) {
      return result.then(late => {
        take(late, round)
        return readFrom(i + 1, find, command, round)
      })
    }
    take(result, round)
  }
  return round
}

function take(result: FetchResult, round: ReadRound): void {
  round.results.push(result)
  if (result.kind === 'refused' || result.diverging !== undefined) round.answersAtOnce = true
  else round.bytes += result.bytes
}

function readOne(
  partition: Partition | undefined,
  item: FetchPartition,
  command: FetchCommand,
  round: ReadRound
): Eventually<FetchResult> {
  if (partition === undefined) return { kind: 'refused', error: 'NOT_LEADER_OR_FOLLOWER' }
  const refusal = partition.refusal(item.currentLeaderEpoch)
  if (refusal !== 'NONE') return { kind: 'refused', error: refusal }
  const { log } = partition
  if (item.lastFetchedEpoch >= 0) {
    const elsewhere = divergence(partition, item)
    if (elsewhere !== undefined) return elsewhere
  }
  if (item.fetchOffset < log.logStartOffset || item.fetchOffset > log.logEndOffset) {
    return { kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' }
  }
  const minOneBatch = !command.hardMaxBytes && round.bytes === 0
  const maxBytes = Math.max(0, Math.min(item.maxBytes, command.maxBytes - round.bytes))
  if (item.fetchOffset >= partition.visibleEnd(command.upTo) || (maxBytes === 0 && !minOneBatch)) {
    return emptyRead(partition, command)
  }
  const read = log.read({ from: item.fetchOffset, maxBytes, upTo: command.upTo, minOneBatch })
  if (!(read instanceof Promise)) return resultOf(read, partition, command, minOneBatch)
  return read.then(
    late => resultOf(late, partition, command, minOneBatch),
    error => {
      partition.readFailed(error)
      return { kind: 'refused', error: 'KAFKA_STORAGE_ERROR' }
    }
  )
}

type LogRead = Awaited<ReturnType<Partition['log']['read']>>

function resultOf(
  read: LogRead,
  partition: Partition,
  command: FetchCommand,
  minOneBatch: boolean
): FetchResult {
  if (read.kind === 'refused') return read
  const first = read.records[0]
  if (first === undefined) return emptyRead(partition, command)
  // A batch that does not fit is left out, except for the readers that know no other way (v0-2).
  if (!command.hardMaxBytes && !minOneBatch && isCut(first)) {
    readMemory.giveBack(first)
    return emptyRead(partition, command)
  }
  return {
    kind: 'records',
    records: read.records,
    bytes: sizeOf(read.records),
    highWatermark: read.highWatermark,
    lastStableOffset: read.lastStableOffset,
    logStartOffset: read.logStartOffset,
    abortedTransactions: command.upTo === 'lastStable' ? (read.abortedTransactions ?? []) : null
  }
}

export function sizeOf(records: readonly Buffer[]): number {
  let bytes = 0
  for (const chunk of records) bytes += chunk.length
  return bytes
}

/** Whether the first batch is not whole; its size stands behind its offset in every format. */
export function isCut(first: Buffer): boolean {
  return first.length < 12 || first.length < firstBatchBytes(first)
}

export function firstBatchBytes(first: Buffer): number {
  return first.length < 12 ? Number.POSITIVE_INFINITY : first.readInt32BE(8) + 12
}

function emptyRead(partition: Partition, command: FetchCommand): FetchResult & { kind: 'records' } {
  const { highWatermark, lastStableOffset, logStartOffset } = partition.log
  const abortedTransactions = command.upTo === 'lastStable' ? [] : null
  return {
    kind: 'records',
    records: [],
    bytes: 0,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    abortedTransactions
  }
}

/** Set when the reader's last record belongs to a history that this log does not have. */
function divergence(partition: Partition, item: FetchPartition): FetchResult | undefined {
  const end = partition.epochEnd(item.lastFetchedEpoch)
  if (end.leaderEpoch < 0 || end.endOffset < 0) return { kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' }
  if (end.leaderEpoch >= item.lastFetchedEpoch && end.endOffset >= item.fetchOffset) return undefined
  const { highWatermark, lastStableOffset, logStartOffset } = partition.log
  const diverging = { epoch: end.leaderEpoch, endOffset: end.endOffset }
  const empty = { records: [], bytes: 0, abortedTransactions: null }
  return { kind: 'records', ...empty, highWatermark, lastStableOffset, logStartOffset, diverging }
}
