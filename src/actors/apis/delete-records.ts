// DeleteRecords. Behaviour: moves the log start of each partition, never back; bytes go with the next retention run.
// Versions: 2 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DeleteRecordsRequest,
  deleteRecordsRequest,
  deleteRecordsResponse
} from '../../protocol/messages/delete-records.js'
import type { DeleteRecordsResult } from '../replicas/replica-access.js'
import { defineApi, respond, respondWhen } from './api.js'
import { flatten, type Grouped, regroup } from './by-topic.js'
import { isInternalTopic } from './topic-names.js'

type Item = DeleteRecordsRequest['topics'][number]['partitions'][number]

export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  versions: [0, 2],
  request: deleteRecordsRequest,
  response: deleteRecordsResponse,
  needs: ['metadata', 'replicas'],
  handle(request, _, { metadata, replicas }) {
    const groups = groupsOf(request)
    const flat = flatten(groups, metadata(), {
      indexOf: ({ partitionIndex }) => partitionIndex,
      askOf: ({ offset }) => ({ offset: Number(offset) }),
      refuse: (_, topic) => (isInternalTopic(topic) ? 'INVALID_TOPIC_EXCEPTION' : undefined)
    })
    return respondWhen(replicas.deleteRecords(flat.asked), told =>
      respond({ topics: regroup(groups, flat, told, answerOf).map(named) })
    )
  },
  errorResponse: (request, error) => ({
    topics: groupsOf(request).map(({ topic, partitions }) => ({
      name: topic,
      partitions: partitions.map(item => answerOf(item, error))
    }))
  })
})

function groupsOf({ topics }: DeleteRecordsRequest): Grouped<Item>[] {
  return topics.map(({ name, partitions }) => ({ topic: name, partitions }))
}

const named = <P>({ topic, partitions }: { topic: string; partitions: P }) => ({ name: topic, partitions })

function answerOf({ partitionIndex }: Item, result: DeleteRecordsResult | ErrorName) {
  const { error, lowWatermark } = typeof result === 'string' ? { error: result, lowWatermark: -1 } : result
  return { partitionIndex, lowWatermark: BigInt(lowWatermark), errorCode: errorCode(error) }
}
