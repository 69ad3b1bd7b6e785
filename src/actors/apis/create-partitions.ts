// CreatePartitions. Behaviour: the controller decides and waits until the new partitions are led; this translates.
// Versions: 2 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type CreatePartitionsRequest,
  createPartitionsRequest,
  createPartitionsResponse
} from '../../protocol/messages/create-partitions.js'
import { defineApi, respond } from './api.js'

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 3],
  request: createPartitionsRequest,
  response: createPartitionsResponse,
  needs: ['controller', 'metadata', 'brokerId'],
  handle(request, _, { controller, metadata, brokerId }) {
    if (metadata().controllerId !== brokerId) return respond(allWith(request, 'NOT_CONTROLLER'))
    const { timeoutMs, validateOnly } = request
    const topics = request.topics.map(({ name, count, assignments }) => ({
      name,
      count,
      assignments: assignments?.map(({ brokerIds }) => brokerIds) ?? null
    }))
    const completion = controller.createPartitions({ topics, timeoutMs, validateOnly }).then(results =>
      respond({
        results: results.map(({ name, error, message }) => ({
          name,
          errorCode: errorCode(error),
          errorMessage: message
        }))
      })
    )
    return { kind: 'park', completion }
  },
  errorResponse: allWith
})

function allWith({ topics }: CreatePartitionsRequest, error: ErrorName) {
  const names = [...new Set(topics.map(({ name }) => name))]
  return { results: names.map(name => ({ name, errorCode: errorCode(error), errorMessage: null })) }
}
