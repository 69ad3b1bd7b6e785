// OffsetForLeaderEpoch (23): request and response in every version.
import { array, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const offsetForLeaderEpochRequest = message({
  name: 'OffsetForLeaderEpochRequest',
  key: 23,
  type: 'request',
  versions: '0-4',
  flexible: '4+',
  fields: {
    replicaId: int32('3+', { default: -2, ignorable: true }),
    topics: array('0+', {
      topic: string('0+'),
      partitions: array('0+', {
        partition: int32('0+'),
        currentLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
        leaderEpoch: int32('0+')
      })
    })
  }
})
export type OffsetForLeaderEpochRequest = ValueOf<typeof offsetForLeaderEpochRequest>

export const offsetForLeaderEpochResponse = message({
  name: 'OffsetForLeaderEpochResponse',
  key: 23,
  type: 'response',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array('0+', {
      topic: string('0+'),
      partitions: array('0+', {
        errorCode: int16('0+'),
        partition: int32('0+'),
        leaderEpoch: int32('1+', { default: -1, ignorable: true }),
        endOffset: int64('0+', { default: -1n })
      })
    })
  },
  errors: {
    UNKNOWN_TOPIC_OR_PARTITION: 'the partition is not in the metadata of this broker',
    NOT_LEADER_OR_FOLLOWER: 'another broker leads the partition',
    FENCED_LEADER_EPOCH: "currentLeaderEpoch is older than the broker's",
    UNKNOWN_LEADER_EPOCH: "currentLeaderEpoch is newer than the broker's"
  }
})
export type OffsetForLeaderEpochResponse = ValueOf<typeof offsetForLeaderEpochResponse>
