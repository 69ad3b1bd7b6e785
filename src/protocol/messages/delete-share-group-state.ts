// DeleteShareGroupState (86): request and response in every version.
import { array, int16, int32, message, string, uuid, type ValueOf } from '../schema.js'

export const deleteShareGroupStateRequest = message({
  name: 'DeleteShareGroupStateRequest',
  key: 86,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string('0+'),
    topics: array('0+', {
      topicId: uuid('0+'),
      partitions: array('0+', {
        partition: int32('0+')
      })
    })
  }
})
export type DeleteShareGroupStateRequest = ValueOf<typeof deleteShareGroupStateRequest>

export const deleteShareGroupStateResponse = message({
  name: 'DeleteShareGroupStateResponse',
  key: 86,
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
export type DeleteShareGroupStateResponse = ValueOf<typeof deleteShareGroupStateResponse>
