// InitProducerId (22): request and response in every version.
import { int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const initProducerIdRequest = message({
  name: 'InitProducerIdRequest',
  key: 22,
  type: 'request',
  versions: '0-5',
  flexible: '2+',
  fields: {
    transactionalId: string('0+', { nullable: '0+' }),
    transactionTimeoutMs: int32('0+'),
    producerId: int64('3+', { default: -1n }),
    producerEpoch: int16('3+', { default: -1 })
  }
})
export type InitProducerIdRequest = ValueOf<typeof initProducerIdRequest>

export const initProducerIdResponse = message({
  name: 'InitProducerIdResponse',
  key: 22,
  type: 'response',
  versions: '0-5',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    errorCode: int16('0+'),
    producerId: int64('0+', { default: -1n }),
    producerEpoch: int16('0+')
  },
  errors: {
    INVALID_REQUEST: 'an empty transactional id, or only one of producer id and epoch',
    COORDINATOR_NOT_AVAILABLE: 'no transaction coordinator serves the transactional id',
    NOT_COORDINATOR: 'another broker coordinates the transactional id'
  }
})
export type InitProducerIdResponse = ValueOf<typeof initProducerIdResponse>
