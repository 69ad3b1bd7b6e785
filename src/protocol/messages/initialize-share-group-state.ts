// InitializeShareGroupState (83): request and response in every version.
import { array, int16, int32, int64, message, string, uuid, type ValueOf } from '../schema.js'

export const initializeShareGroupStateRequest = message({
  name: 'InitializeShareGroupStateRequest',
  key: 83,
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
        startOffset: int64('0+')
      })
    })
  }
})
export type InitializeShareGroupStateRequest = ValueOf<typeof initializeShareGroupStateRequest>

export const initializeShareGroupStateResponse = message({
  name: 'InitializeShareGroupStateResponse',
  key: 83,
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
export type InitializeShareGroupStateResponse = ValueOf<typeof initializeShareGroupStateResponse>
