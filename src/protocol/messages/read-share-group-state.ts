// ReadShareGroupState (84): request and response in every version.
import { array, int8, int16, int32, int64, message, string, uuid, type ValueOf } from '../schema.js'

export const readShareGroupStateRequest = message({
  name: 'ReadShareGroupStateRequest',
  key: 84,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string('0+'),
    topics: array('0+', {
      topicId: uuid('0+'),
      partitions: array('0+', {
        partition: int32('0+'),
        leaderEpoch: int32('0+')
      })
    })
  }
})
export type ReadShareGroupStateRequest = ValueOf<typeof readShareGroupStateRequest>

export const readShareGroupStateResponse = message({
  name: 'ReadShareGroupStateResponse',
  key: 84,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    results: array('0+', {
      topicId: uuid('0+'),
      partitions: array('0+', {
        partition: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        stateEpoch: int32('0+'),
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
export type ReadShareGroupStateResponse = ValueOf<typeof readShareGroupStateResponse>
