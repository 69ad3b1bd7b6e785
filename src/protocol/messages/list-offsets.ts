// ListOffsets (2): request and response in every version.
import { array, int8, int16, int32, int64, list, message, string, type ValueOf } from '../schema.js'

export const listOffsetsRequest = message({
  name: 'ListOffsetsRequest',
  key: 2,
  type: 'request',
  versions: '0-9',
  flexible: '6+',
  fields: {
    replicaId: int32('0+'),
    isolationLevel: int8('2+'),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        currentLeaderEpoch: int32('4+', { default: -1, ignorable: true }),
        timestamp: int64('0+'),
        maxNumOffsets: int32('0', { default: 1 })
      })
    })
  }
})
export type ListOffsetsRequest = ValueOf<typeof listOffsetsRequest>

export const listOffsetsResponse = message({
  name: 'ListOffsetsResponse',
  key: 2,
  type: 'response',
  versions: '0-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        oldStyleOffsets: list('int64', '0'),
        timestamp: int64('1+', { default: -1n }),
        offset: int64('1+', { default: -1n }),
        leaderEpoch: int32('4+', { default: -1 })
      })
    })
  },
  errors: {
    UNKNOWN_TOPIC_OR_PARTITION: 'the partition is not in the metadata of this broker',
    NOT_LEADER_OR_FOLLOWER: 'another broker leads the partition',
    FENCED_LEADER_EPOCH: "currentLeaderEpoch is older than the broker's",
    UNKNOWN_LEADER_EPOCH: "currentLeaderEpoch is newer than the broker's",
    INVALID_REQUEST: 'the partition is named twice',
    UNSUPPORTED_VERSION: 'a special timestamp that this version does not have',
    UNSUPPORTED_FOR_MESSAGE_FORMAT: 'a lookup by time in a log of magic 0',
    OFFSET_NOT_AVAILABLE: 'v5+: a new leader does not know its high watermark yet'
  }
})
export type ListOffsetsResponse = ValueOf<typeof listOffsetsResponse>
