// Why a partition does not serve: what clients are told in each state and under each epoch. Pure, so that the model of the
// partition answers with the same rule.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { PartitionState } from './partition.machine.js'

/** For a client that believes in `currentLeaderEpoch` (-1: any); NONE when it is served. */
export function refusalOf(state: string, leaderEpoch: number, currentLeaderEpoch: number): ErrorName {
  if (state === ('offline' satisfies PartitionState)) return 'KAFKA_STORAGE_ERROR'
  if (state === ('deleting' satisfies PartitionState)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (currentLeaderEpoch > leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
  return state === ('leading' satisfies PartitionState) ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER'
}
