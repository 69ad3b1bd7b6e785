// ReadShareGroupStateSummary (87): request and response in every version.
import { array, int16, int32, int64, message, string, uuid, type ValueOf } from '../schema.js'

export const readShareGroupStateSummaryRequest = message({
  name: 'ReadShareGroupStateSummaryRequest',
  key: 87,
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
export type ReadShareGroupStateSummaryRequest = ValueOf<typeof readShareGroupStateSummaryRequest>

export const readShareGroupStateSummaryResponse = message({
  name: 'ReadShareGroupStateSummaryResponse',
  key: 87,
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
        startOffset: int64('0+')
      })
    })
  }
})
export type ReadShareGroupStateSummaryResponse = ValueOf<typeof readShareGroupStateSummaryResponse>
