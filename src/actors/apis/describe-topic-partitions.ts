// DescribeTopicPartitions. Behaviour: topics by name, at most so many partitions an answer; `nextCursor` says where the
// next request goes on. Served as a KRaft broker does, since newer admin clients ask for it first.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DescribeTopicPartitionsRequest,
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse
} from '../../protocol/messages/describe-topic-partitions.js'
import { type InputOf, ZERO_UUID } from '../../protocol/schema.js'
import type { MetadataImage, PartitionInfo, TopicInfo } from '../controller/metadata-image.js'
import { allowedOperations } from './allowed-operations.js'
import { defineApi, respond } from './api.js'
import { endpointOf } from './listener-view.js'
import { isInternalTopic, isTopicName } from './topic-names.js'

type Answer = InputOf<typeof describeTopicPartitionsResponse>
type TopicAnswer = NonNullable<Answer['topics']>[number]

interface View {
  readonly image: MetadataImage
  readonly listener: string
}

export const describeTopicPartitions = defineApi({
  key: 75,
  name: 'DescribeTopicPartitions',
  versions: [0, 0],
  request: describeTopicPartitionsRequest,
  response: describeTopicPartitionsResponse,
  needs: ['metadata', 'config'],
  handle(request, { connection }, { metadata, config }) {
    const view = { image: metadata(), listener: connection.listener }
    const { cursor, topics, responsePartitionLimit } = request
    const asked = topics.length === 0 ? [...view.image.topics.keys()] : topics.map(({ name }) => name)
    const isLost = cursor !== null && topics.length > 0 && !asked.includes(cursor.topicName)
    if (isLost || (cursor !== null && cursor.partitionIndex < 0)) {
      return respond(allWith(request, 'INVALID_REQUEST'))
    }
    const from = cursor?.topicName ?? ''
    const names = [...new Set(asked)].filter(name => name >= from).sort()
    const limit = Math.max(
      Math.min(config.get('max.request.partition.size.limit'), responsePartitionLimit),
      1
    )
    return respond(page(names, name => (name === cursor?.topicName ? cursor.partitionIndex : 0), limit, view))
  },
  errorResponse: allWith
})

function page(
  names: readonly string[],
  startOf: (name: string) => number,
  limit: number,
  view: View
): Answer {
  const topics: TopicAnswer[] = []
  let room = limit
  for (const name of names) {
    const topic = view.image.topics.get(name)
    if (room === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } }
    if (topic === undefined) {
      topics.push(absent(name, isTopicName(name) ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'))
      continue
    }
    const start = startOf(name)
    const end = Math.min(topic.partitions.length, start + room)
    topics.push(topicAnswer(topic, start, end, view))
    if (end < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: end } }
    room -= Math.max(end - start, 0)
  }
  return { topics, nextCursor: null }
}

function topicAnswer(topic: TopicInfo, start: number, end: number, view: View): TopicAnswer {
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.isInternal,
    partitions: topic.partitions.slice(start, end).map((info, i) => partitionAnswer(info, start + i, view)),
    topicAuthorizedOperations: allowedOperations.topic
  }
}

function partitionAnswer(info: PartitionInfo, partitionIndex: number, { image, listener }: View) {
  const leader = image.brokers.find(({ id }) => id === info.leader)
  const isReachable = leader !== undefined && endpointOf(leader, listener) !== undefined
  return {
    errorCode: 0,
    partitionIndex,
    leaderId: isReachable ? info.leader : -1,
    leaderEpoch: info.leaderEpoch,
    replicaNodes: info.replicas,
    isrNodes: info.isr,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    offlineReplicas: info.offline
  }
}

function absent(name: string, error: ErrorName): TopicAnswer {
  return {
    errorCode: errorCode(error),
    name,
    topicId: ZERO_UUID,
    isInternal: isInternalTopic(name),
    partitions: [],
    topicAuthorizedOperations: allowedOperations.topic
  }
}

function allWith({ topics }: DescribeTopicPartitionsRequest, error: ErrorName): Answer {
  return {
    topics: topics.map(({ name }) => ({ errorCode: errorCode(error), name, partitions: [] })),
    nextCursor: null
  }
}
