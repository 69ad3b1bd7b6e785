// A fetch that waits for enough bytes: it counts what its partitions took in since it read them, without reading again.

import { DelayedOperation } from './delayed-operation.js'
import type { FetchCommand } from './partition-commands.js'
import type { FindPartition, ReadRound } from './partition-read.js'

export interface FetchWait {
  readonly find: FindPartition
  readonly command: FetchCommand
  /** What the first read gave. */
  readonly round: ReadRound
  readonly minBytes: number
}

/** Answers true when the condition of lifecycle "fetch" holds: bytes enough, or an error that reading will show. */
export function isFetchSatisfied({ find, command, round, minBytes }: FetchWait): boolean {
  let bytes = 0
  for (let i = 0; i < command.partitions.length; i++) {
    const item = command.partitions[i]
    if (item === undefined) break
    const partition = find(item.topicId, item.partition)
    if (partition === undefined || partition.refusal(item.currentLeaderEpoch) !== 'NONE') return true
    const { logStartOffset, logEndOffset } = partition.log
    if (item.fetchOffset > logEndOffset || item.fetchOffset < logStartOffset) return true
    if (partition.visibleEnd(command.upTo) <= item.fetchOffset) continue
    const before = round.results[i]
    const since = partition.bytesIn - (round.bytesInSeen[i] ?? 0)
    const seen = before?.kind === 'records' ? before.bytes : 0
    // Visible and not counted: the visible end moved over bytes that were there before.
    bytes += Math.max(seen, Math.min(item.maxBytes, Math.max(1, seen + since)))
  }
  return bytes >= minBytes
}

export function delayedFetch(wait: FetchWait, complete: () => void): DelayedOperation {
  return new DelayedOperation({ isSatisfied: () => isFetchSatisfied(wait), complete })
}

export function fetchKeys({ find, command }: Pick<FetchWait, 'find' | 'command'>): string[] {
  const keys: string[] = []
  for (const { topicId, partition } of command.partitions) {
    const hosted = find(topicId, partition)
    if (hosted !== undefined) keys.push(hosted.watchKey)
  }
  return keys
}
