// OffsetForLeaderEpoch. Behaviour: where an epoch ended in the leader's log; unknown is -1/-1 without an error.
// Versions: 1 the epoch that was found, 2 the client's own epoch is checked, 4 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type OffsetForLeaderEpochRequest,
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse
} from '../../protocol/messages/offset-for-leader-epoch.js'
import type { EpochEndResult } from '../replicas/replica-access.js'
import { defineApi, respond, respondWhen } from './api.js'
import { flatten, regroup } from './by-topic.js'

type Item = OffsetForLeaderEpochRequest['topics'][number]['partitions'][number]

export const offsetForLeaderEpoch = defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: [0, 4],
  request: offsetForLeaderEpochRequest,
  response: offsetForLeaderEpochResponse,
  needs: ['metadata', 'replicas'],
  handle({ topics }, _, { metadata, replicas }) {
    const flat = flatten(topics, metadata(), {
      indexOf: ({ partition }) => partition,
      askOf: ({ currentLeaderEpoch, leaderEpoch }) => ({ currentLeaderEpoch, leaderEpoch })
    })
    return respondWhen(replicas.epochEnds(flat.asked), told =>
      respond({ topics: regroup(topics, flat, told, answerOf) })
    )
  },
  errorResponse: ({ topics }, error) => ({
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(item => answerOf(item, error))
    }))
  })
})

function answerOf({ partition }: Item, result: EpochEndResult | ErrorName) {
  if (typeof result === 'string') return { partition, errorCode: errorCode(result), endOffset: -1n }
  const { error, leaderEpoch, endOffset } = result
  return { partition, errorCode: errorCode(error), leaderEpoch, endOffset: BigInt(endOffset) }
}
