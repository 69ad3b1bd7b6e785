// OffsetCommit: stored or embedded data, every version.
import { array, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const offsetCommitKey = message({
  name: 'OffsetCommitKey',
  type: 'data',
  versions: '0-1',
  flexible: 'none',
  fields: {
    group: string('0-1'),
    topic: string('0-1'),
    partition: int32('0-1')
  }
})
export type OffsetCommitKey = ValueOf<typeof offsetCommitKey>

export const offsetCommitRequest = message({
  name: 'OffsetCommitRequest',
  key: 8,
  type: 'request',
  versions: '0-9',
  flexible: '8+',
  fields: {
    groupId: string('0+'),
    generationIdOrMemberEpoch: int32('1+', { default: -1, ignorable: true }),
    memberId: string('1+', { ignorable: true }),
    groupInstanceId: string('7+', { nullable: '7+', default: null }),
    retentionTimeMs: int64('2-4', { default: -1n, ignorable: true }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64('0+'),
        committedLeaderEpoch: int32('6+', { default: -1, ignorable: true }),
        commitTimestamp: int64('1', { default: -1n }),
        committedMetadata: string('0+', { nullable: '0+' })
      })
    })
  }
})
export type OffsetCommitRequest = ValueOf<typeof offsetCommitRequest>

export const offsetCommitResponse = message({
  name: 'OffsetCommitResponse',
  key: 8,
  type: 'response',
  versions: '0-9',
  flexible: '8+',
  fields: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+')
      })
    })
  }
})
export type OffsetCommitResponse = ValueOf<typeof offsetCommitResponse>

export const offsetCommitValue = message({
  name: 'OffsetCommitValue',
  type: 'data',
  versions: '0-4',
  flexible: '4+',
  fields: {
    offset: int64('0+'),
    leaderEpoch: int32('3+', { default: -1, ignorable: true }),
    metadata: string('0+'),
    commitTimestamp: int64('0+'),
    expireTimestamp: int64('1', { default: -1n, ignorable: true })
  }
})
export type OffsetCommitValue = ValueOf<typeof offsetCommitValue>
