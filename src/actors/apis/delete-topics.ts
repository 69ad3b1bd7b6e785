// DeleteTopics. Behaviour: the controller deletes and waits until the topics are gone; this translates.
// Versions: 3 says that deletion is disabled, 5 messages, 6 by topic id.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type DeleteTopicsRequest,
  deleteTopicsRequest,
  deleteTopicsResponse
} from '../../protocol/messages/delete-topics.js'
import { type InputOf, ZERO_UUID } from '../../protocol/schema.js'
import type { DeleteTopicResult, TopicRef } from '../controller/controller-client.js'
import { defineApi, respond } from './api.js'

type TopicAnswer = NonNullable<InputOf<typeof deleteTopicsResponse>['responses']>[number]

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  versions: [0, 6],
  request: deleteTopicsRequest,
  response: deleteTopicsResponse,
  needs: ['controller', 'metadata', 'brokerId'],
  handle(request, { apiVersion: version }, { controller, metadata, brokerId }) {
    if (metadata().controllerId !== brokerId) return respond(allWith(request, 'NOT_CONTROLLER', version))
    if (request.topics.some(({ name, topicId }) => name !== null && topicId !== ZERO_UUID)) {
      return respond(allWith(request, 'INVALID_REQUEST', version))
    }
    const command = { topics: refsOf(request, version), timeoutMs: request.timeoutMs }
    const completion = controller
      .deleteTopics(command)
      .then(results => respond({ responses: results.map(result => answerOf(result, version)) }))
    return { kind: 'park', completion }
  },
  errorResponse: allWith
})

function refsOf({ topics, topicNames }: DeleteTopicsRequest, version: number): TopicRef[] {
  if (version < 6) return topicNames.map(name => ({ kind: 'name', name }))
  return topics.map(({ name, topicId }) =>
    name === null ? { kind: 'id', id: topicId } : { kind: 'name', name }
  )
}

function allWith(request: DeleteTopicsRequest, error: ErrorName, version: number) {
  const responses = refsOf(request, version).map((ref): TopicAnswer => {
    const name = ref.kind === 'name' ? ref.name : null
    return { name, topicId: ref.kind === 'id' ? ref.id : ZERO_UUID, errorCode: errorCode(error) }
  })
  return { responses }
}

function answerOf({ name, topicId, error, message }: DeleteTopicResult, version: number): TopicAnswer {
  const shown = error === 'TOPIC_DELETION_DISABLED' && version < 3 ? 'INVALID_REQUEST' : error
  return { name, topicId, errorCode: errorCode(shown), errorMessage: message }
}
