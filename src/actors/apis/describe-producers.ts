// DescribeProducers. Behaviour: who has written to each partition with a producer id, and whose transaction is open.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DescribeProducersRequest,
  describeProducersRequest,
  describeProducersResponse
} from '../../protocol/messages/describe-producers.js'
import type { ProducersResult } from '../replicas/replica-access.js'
import { defineApi, respond, respondWhen } from './api.js'
import { flatten, type Grouped, regroup } from './by-topic.js'
import { isTopicName } from './topic-names.js'

export const describeProducers = defineApi({
  key: 61,
  name: 'DescribeProducers',
  versions: [0, 0],
  request: describeProducersRequest,
  response: describeProducersResponse,
  needs: ['metadata', 'replicas'],
  handle(request, _, { metadata, replicas }) {
    const groups = groupsOf(request)
    const flat = flatten(groups, metadata(), { indexOf: index => index, askOf: () => ({}) })
    return respondWhen(replicas.producers(flat.asked), told =>
      respond({
        topics: regroup(groups, flat, told, (index, result) => ({ index, result })).map(
          ({ topic, partitions }) => ({
            name: topic,
            partitions: partitions.map(({ index, result }) =>
              answerOf(index, isTopicName(topic) ? result : 'INVALID_TOPIC_EXCEPTION')
            )
          })
        )
      })
    )
  },
  errorResponse: ({ topics }, error) => ({
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map(index => answerOf(index, error))
    }))
  })
})

function groupsOf({ topics }: DescribeProducersRequest): Grouped<number>[] {
  return topics.map(({ name, partitionIndexes }) => ({ topic: name, partitions: partitionIndexes }))
}

function answerOf(partitionIndex: number, result: ProducersResult | ErrorName) {
  const { error, producers } = typeof result === 'string' ? { error: result, producers: [] } : result
  return {
    partitionIndex,
    errorCode: errorCode(error),
    activeProducers: producers.map(({ currentTxnStartOffset, ...producer }) => ({
      ...producer,
      currentTxnStartOffset: BigInt(currentTxnStartOffset)
    }))
  }
}
