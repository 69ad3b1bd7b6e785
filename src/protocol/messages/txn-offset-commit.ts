// TxnOffsetCommit (28): request and response in every version.
import { array, int16, int32, int64, message, string, type ValueOf } from '../schema.js'

export const txnOffsetCommitRequest = message({
  name: 'TxnOffsetCommitRequest',
  key: 28,
  type: 'request',
  versions: '0-4',
  flexible: '3+',
  fields: {
    transactionalId: string('0+'),
    groupId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    generationId: int32('3+', { default: -1 }),
    memberId: string('3+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64('0+'),
        committedLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
        committedMetadata: string('0+', { nullable: '0+' })
      })
    })
  }
})
export type TxnOffsetCommitRequest = ValueOf<typeof txnOffsetCommitRequest>

export const txnOffsetCommitResponse = message({
  name: 'TxnOffsetCommitResponse',
  key: 28,
  type: 'response',
  versions: '0-4',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+')
      })
    })
  }
})
export type TxnOffsetCommitResponse = ValueOf<typeof txnOffsetCommitResponse>
