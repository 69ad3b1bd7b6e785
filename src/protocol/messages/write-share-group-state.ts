// WriteShareGroupState (85): request and response in every version.
import { array, int8, int16, int32, int64, message, string, uuid, type ValueOf } from '../schema.js'

export const writeShareGroupStateRequest = message({
  name: 'WriteShareGroupStateRequest',
  key: 85,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string('0+'),
    topics: array('0+', {
      topicId: uuid('0+'),
      partitions: array('0+', {
        partition: int32('0+'),
        stateEpoch: int32('0+'),
        leaderEpoch: int32('0+'),
        startOffset: int64('0+'),
        stateBatches: array('0+', {
          firstOffset: int64('0+'),
          lastOffset: int64('0+'),
          deliveryState: int8('0+'),
          deliveryCount: int16('0+')
        })
      })
    })
  }
})
export type WriteShareGroupStateRequest = ValueOf<typeof writeShareGroupStateRequest>

export const writeShareGroupStateResponse = message({
  name: 'WriteShareGroupStateResponse',
  key: 85,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    results: array('0+', {
      topicId: uuid('0+'),
      partitions: array('0+', {
        partition: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null })
      })
    })
  }
})
export type WriteShareGroupStateResponse = ValueOf<typeof writeShareGroupStateResponse>
