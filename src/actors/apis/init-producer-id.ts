// InitProducerId. Behaviour: a fresh producer id for idempotent producers. With a transactional id the answer is
// COORDINATOR_NOT_AVAILABLE, which clients retry until they give up: there is no transaction coordinator.
// Versions: 2 flexible, 3 the id that the producer has, 4 PRODUCER_FENCED.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { initProducerIdRequest, initProducerIdResponse } from '../../protocol/messages/init-producer-id.js'
import { defineApi, respond } from './api.js'

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  versions: [0, 5],
  request: initProducerIdRequest,
  response: initProducerIdResponse,
  needs: ['controller'],
  handle({ transactionalId, producerId, producerEpoch }, { apiVersion }, { controller }) {
    const isHalfSet = (producerId === -1n) !== (producerEpoch === -1)
    if ((apiVersion >= 3 && isHalfSet) || transactionalId === '') return respond(refused('INVALID_REQUEST'))
    if (transactionalId !== null) return respond(refused('COORDINATOR_NOT_AVAILABLE'))
    const completion = controller
      .nextProducerId()
      .then(result =>
        result.error === 'NONE'
          ? respond({ errorCode: 0, producerId: result.producerId, producerEpoch: 0 })
          : respond(refused(result.error))
      )
    return { kind: 'park', completion }
  },
  errorResponse: (_, error) => refused(error)
})

function refused(error: ErrorName) {
  return { errorCode: errorCode(error), producerId: -1n, producerEpoch: -1 }
}
