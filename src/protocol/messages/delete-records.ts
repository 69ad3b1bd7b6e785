// DeleteRecords (21): request and response in every version.
import { array, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const deleteRecordsRequest = message({
  name: 'DeleteRecordsRequest',
  key: 21,
  type: 'request',
  versions: '0-2',
  flexible: '2+',
  fields: {
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        offset: int64('0+')
      })
    }),
    timeoutMs: int32('0+')
  }
})
export type DeleteRecordsRequest = ValueOf<typeof deleteRecordsRequest>

export const deleteRecordsResponse = message({
  name: 'DeleteRecordsResponse',
  key: 21,
  type: 'response',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        lowWatermark: int64('0+'),
        errorCode: int16('0+')
      })
    })
  },
  errors: {
    UNKNOWN_TOPIC_OR_PARTITION: 'the partition is not in the metadata of this broker',
    NOT_LEADER_OR_FOLLOWER: 'another broker leads the partition',
    OFFSET_OUT_OF_RANGE: 'negative, or above the high watermark',
    POLICY_VIOLATION: 'cleanup.policy has no delete',
    INVALID_TOPIC_EXCEPTION: 'an internal topic',
    REQUEST_TIMED_OUT: 'not all replicas followed in time'
  }
})
export type DeleteRecordsResponse = ValueOf<typeof deleteRecordsResponse>
