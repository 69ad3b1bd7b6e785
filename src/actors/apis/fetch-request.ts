// What a Fetch request asks, flat and independent of its version.
import type { FetchRequest } from '../../protocol/messages/fetch.js'
import type { FetchSessionRequest, SessionPartition } from '../replicas/fetch-session.js'

export function partitionsOf(request: FetchRequest): SessionPartition[] {
  return request.topics.flatMap(({ topic, topicId, partitions }) =>
    partitions.map(partition => ({
      topic,
      topicId,
      partition: partition.partition,
      fetchOffset: Number(partition.fetchOffset),
      maxBytes: partition.partitionMaxBytes,
      currentLeaderEpoch: partition.currentLeaderEpoch,
      lastFetchedEpoch: partition.lastFetchedEpoch,
      toldHighWatermark: -1,
      toldLogStartOffset: -1
    }))
  )
}

export function sessionRequestOf(request: FetchRequest, version: number): FetchSessionRequest {
  return {
    sessionId: request.sessionId,
    epoch: request.sessionEpoch,
    usesIds: version >= 13,
    isFollower: isFollower(request),
    partitions: partitionsOf(request),
    forgotten: request.forgottenTopicsData.flatMap(({ topic, topicId, partitions }) =>
      partitions.map(partition => ({ topic, topicId, partition }))
    )
  }
}

export function isFollower(request: FetchRequest): boolean {
  return request.replicaId >= 0 || request.replicaState.replicaId >= 0
}
