// What is asked of one partition besides reading and writing: offsets by time, ends of epochs, and a new log start.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { FoundOffset } from '../../storage/partition-log.js'
import type { Partition } from './partition.js'
import type {
  DeleteRecordsResult,
  EpochEndResult,
  EpochPartition,
  Eventually,
  ListOffsetsOptions,
  ListOffsetsPartition,
  ListOffsetsResult,
  LogSize,
  ProducersResult
} from './partition-commands.js'

export const LATEST = -1n
export const EARLIEST = -2n
export const MAX_TIMESTAMP = -3n
export const EARLIEST_LOCAL = -4n
export const LATEST_TIERED = -5n

export function noOffset(error: ErrorName): ListOffsetsResult {
  return { error, timestamp: -1n, offset: -1, leaderEpoch: -1, oldStyleOffsets: [] }
}

export function listOffset(
  partition: Partition | undefined,
  item: ListOffsetsPartition,
  options: ListOffsetsOptions
): Eventually<ListOffsetsResult> {
  if (partition === undefined) return noOffset('NOT_LEADER_OR_FOLLOWER')
  const refusal = partition.refusal(item.currentLeaderEpoch)
  if (refusal !== 'NONE') return noOffset(refusal)
  const { log } = partition
  if (options.legacy) {
    const oldStyleOffsets = log.legacyOffsetsBefore(item.timestamp, item.maxNumOffsets, options.upTo)
    return { ...noOffset('NONE'), oldStyleOffsets }
  }
  const { upTo } = options
  switch (item.timestamp) {
    case LATEST:
      return { ...noOffset('NONE'), offset: partition.visibleEnd(upTo), leaderEpoch: partition.leaderEpoch }
    case EARLIEST:
    case EARLIEST_LOCAL:
      return found(log.earliest())
    case LATEST_TIERED:
      // Nothing is ever in another tier.
      return noOffset('NONE')
    case MAX_TIMESTAMP:
      return log.maxTimestamp(upTo).then(found)
    default:
      return log.lookupByTimestamp(item.timestamp, upTo).then(found)
  }
}

/** Not found is no error. */
function found(hit: FoundOffset | undefined): ListOffsetsResult {
  if (hit === undefined) return noOffset('NONE')
  const { timestamp, offset, leaderEpoch } = hit
  return { error: 'NONE', timestamp, offset, leaderEpoch, oldStyleOffsets: [] }
}

export function deleteRecordsBefore(partition: Partition | undefined, offset: number): DeleteRecordsResult {
  const refuse = (error: ErrorName): DeleteRecordsResult => ({ error, lowWatermark: -1 })
  if (partition === undefined) return refuse('NOT_LEADER_OR_FOLLOWER')
  const refusal = partition.refusal(-1)
  if (refusal !== 'NONE') return refuse(refusal)
  if (!partition.log.config.cleanupPolicy.includes('delete')) return refuse('POLICY_VIOLATION')
  const verdict = partition.log.deleteRecordsBefore(offset)
  return verdict.kind === 'refused'
    ? refuse(verdict.error)
    : { error: 'NONE', lowWatermark: verdict.lowWatermark }
}

export function epochEnd(partition: Partition | undefined, item: EpochPartition): EpochEndResult {
  if (partition === undefined) {
    return { error: 'NOT_LEADER_OR_FOLLOWER', leaderEpoch: -1, endOffset: -1 }
  }
  const error = partition.refusal(item.currentLeaderEpoch)
  if (error !== 'NONE') return { error, leaderEpoch: -1, endOffset: -1 }
  return { error, ...partition.epochEnd(item.leaderEpoch) }
}

/** Also of a partition that another broker leads: then they are those that it has replicated. */
export function producersOf(partition: Partition | undefined): ProducersResult {
  if (partition === undefined) return { error: 'NOT_LEADER_OR_FOLLOWER', producers: [] }
  const isOffline = partition.state === 'offline'
  return isOffline
    ? { error: 'KAFKA_STORAGE_ERROR', producers: [] }
    : { error: 'NONE', producers: partition.log.producers() }
}

/** Undefined: its directory is out of service. */
export function logSize({ state, log }: Partition): LogSize | undefined {
  if (state === 'offline') return undefined
  const { topic, partition, logDir, sizeBytes, highWatermark, logEndOffset } = log
  return { topic, partition, logDir, sizeBytes, offsetLag: Math.max(highWatermark - logEndOffset, 0) }
}
