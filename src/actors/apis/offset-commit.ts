// OffsetCommit. Behaviour: offsets of known partitions go to the coordinator of the group, as one batch; each partition has
// its own error. Versions: 0 is kept in the tree, 2-4 retention, 6 leader epoch, 7 instance id.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type OffsetCommitRequest,
  offsetCommitRequest,
  offsetCommitResponse
} from '../../protocol/messages/offset-commit.js'
import type { InputOf } from '../../protocol/schema.js'
import { hasPartition, type MetadataImage } from '../controller/metadata-image.js'
import { defineApi, type Outcome, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'
import { commitInTree } from './offsets-in-tree.js'

type Answer = InputOf<typeof offsetCommitResponse>
type Topics = OffsetCommitRequest['topics']

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  versions: [0, 9],
  request: offsetCommitRequest,
  response: offsetCommitResponse,
  needs: ['groups', 'metadata', 'controller', 'config'],
  handle(request, context, needs): Outcome<Answer> {
    const image = needs.metadata()
    if (context.apiVersion === 0) return commitInTree(request, image, needs)
    const known = knownTopics(request.topics, image)
    if (known.length === 0) return respond(answerAll(request, 'UNKNOWN_TOPIC_OR_PARTITION'))
    const isWhole = known === request.topics
    const command = isWhole ? request : { ...request, topics: known }
    return respondWhen(
      needs.groups.perform('commitOffsets', request.groupId, command, callerOf(context)),
      performed => {
        if (performed.kind === 'answered' && isWhole) return respond(performed.answer)
        if (performed.kind === 'answered') return respond(merged(request, performed.answer))
        return respond(
          answerWith(request, (topic, partition) =>
            hasPartition(image, topic, partition) ? performed.error : 'UNKNOWN_TOPIC_OR_PARTITION'
          )
        )
      }
    )
  },
  errorResponse: answerAll
})

/** The same array when all are known, which is what happens. */
function knownTopics(topics: Topics, image: MetadataImage): Topics {
  const isAll = topics.every(({ name, partitions }) =>
    partitions.every(({ partitionIndex }) => hasPartition(image, name, partitionIndex))
  )
  if (isAll) return topics
  return topics
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions.filter(({ partitionIndex }) => hasPartition(image, name, partitionIndex))
    }))
    .filter(({ partitions }) => partitions.length > 0)
}

/** The coordinator's answers where it was asked, in the order of the request. */
function merged(request: OffsetCommitRequest, { topics }: Answer): Answer {
  const answered = (topics ?? []).flatMap(({ partitions }) => partitions ?? [])
  const asked = new Map((topics ?? []).map(({ name, partitions }) => [name, partitions ?? []]))
  let next = 0
  const isAsked = (topic: string, partition: number): boolean =>
    asked.get(topic)?.some(({ partitionIndex }) => partitionIndex === partition) === true
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: isAsked(name, partitionIndex)
          ? (answered[next++]?.errorCode ?? errorCode('UNKNOWN_SERVER_ERROR'))
          : errorCode('UNKNOWN_TOPIC_OR_PARTITION')
      }))
    }))
  }
}

function answerAll(request: OffsetCommitRequest, error: ErrorName): Answer {
  return answerWith(request, () => error)
}

function answerWith(
  { topics }: OffsetCommitRequest,
  errorOf: (topic: string, partition: number) => ErrorName
): Answer {
  return {
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({
        partitionIndex,
        errorCode: errorCode(errorOf(name, partitionIndex))
      }))
    }))
  }
}
