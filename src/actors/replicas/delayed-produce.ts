// A produce that waits: until every appended partition is replicated (acks=-1) and, with log.flush.acks, on the disk.
import { invariant } from '../../errors.js'
import { DelayedOperation } from './delayed-operation.js'
import type { Partition } from './partition.js'
import { refused } from './partition.js'
import type { ProduceResult } from './partition-commands.js'

export interface ProduceWait {
  /** One per result; undefined where the partition is not hosted here. */
  readonly partitions: readonly (Partition | undefined)[]
  readonly results: readonly ProduceResult[]
  /** acks=-1. */
  readonly replicated: boolean
  /** log.flush.acks. */
  readonly synced: boolean
}

/** The offset that must be safe before a result may be told; undefined when there is nothing to wait for. */
function requiredOf(result: ProduceResult): number | undefined {
  return result.kind === 'appended' || result.kind === 'duplicate' ? result.lastOffset + 1 : undefined
}

function isSafe(partition: Partition, required: number, wait: ProduceWait): boolean {
  if (wait.replicated && partition.log.highWatermark < required) return false
  return !wait.synced || partition.syncedOffset >= required
}

/** Keys of the partitions that are not safe yet; none: answer at once. */
export function unsafeKeys(wait: ProduceWait): string[] {
  const keys: string[] = []
  wait.results.forEach((result, i) => {
    const required = requiredOf(result)
    const partition = wait.partitions[i]
    if (required === undefined || partition === undefined || isSafe(partition, required, wait)) return
    keys.push(partition.watchKey)
    if (wait.synced) partition.requestSync()
  })
  return keys
}

function isDecided(result: ProduceResult, partition: Partition | undefined, wait: ProduceWait): boolean {
  const required = requiredOf(result)
  if (required === undefined || partition === undefined) return true
  return partition.refusal(-1) !== 'NONE' || isSafe(partition, required, wait)
}

/** What the client is told: records that were appended stay in the log whatever the answer is. */
function verdictOf(
  result: ProduceResult,
  partition: Partition | undefined,
  wait: ProduceWait
): ProduceResult {
  const required = requiredOf(result)
  if (required === undefined || partition === undefined) return result
  const refusal = partition.refusal(-1)
  if (refusal !== 'NONE') return refused(refusal)
  if (!isSafe(partition, required, wait)) return refused('REQUEST_TIMED_OUT')
  if (wait.replicated && partition.minInsyncRefusal() !== 'NONE') {
    return refused('NOT_ENOUGH_REPLICAS_AFTER_APPEND')
  }
  return result
}

export function delayedProduce(
  wait: ProduceWait,
  answer: (results: readonly ProduceResult[]) => void
): DelayedOperation {
  invariant(wait.partitions.length === wait.results.length, 'every result has its partition')
  return new DelayedOperation({
    isSatisfied: () => wait.results.every((result, i) => isDecided(result, wait.partitions[i], wait)),
    complete: () => answer(wait.results.map((result, i) => verdictOf(result, wait.partitions[i], wait))),
    // The connection is gone, but whoever handles the request has its memory until it is answered.
    abandon: () => answer(wait.results.map(() => refused('NOT_LEADER_OR_FOLLOWER')))
  })
}
