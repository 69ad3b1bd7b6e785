// AllocateProducerIds (67): request and response in every version.
import { int16, int32, int64, message, type ValueOf } from '../schema.js'

export const allocateProducerIdsRequest = message({
  name: 'AllocateProducerIdsRequest',
  key: 67,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1n })
  }
})
export type AllocateProducerIdsRequest = ValueOf<typeof allocateProducerIdsRequest>

export const allocateProducerIdsResponse = message({
  name: 'AllocateProducerIdsResponse',
  key: 67,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    producerIdStart: int64('0+'),
    producerIdLen: int32('0+')
  }
})
export type AllocateProducerIdsResponse = ValueOf<typeof allocateProducerIdsResponse>
