// OffsetDelete (47): request and response in every version.
import { array, int16, int32, message, string, type ValueOf } from '../schema.js'

export const offsetDeleteRequest = message({
  name: 'OffsetDeleteRequest',
  key: 47,
  type: 'request',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string('0+'),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+')
      })
    })
  }
})
export type OffsetDeleteRequest = ValueOf<typeof offsetDeleteRequest>

export const offsetDeleteResponse = message({
  name: 'OffsetDeleteResponse',
  key: 47,
  type: 'response',
  versions: '0',
  flexible: 'none',
  fields: {
    errorCode: int16('0+'),
    throttleTimeMs: int32('0+', { ignorable: true }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+')
      })
    })
  }
})
export type OffsetDeleteResponse = ValueOf<typeof offsetDeleteResponse>
