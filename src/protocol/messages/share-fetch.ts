// ShareFetch (78): request and response in every version.
import {
  array,
  int16,
  int32,
  int64,
  list,
  message,
  records,
  string,
  struct,
  uuid,
  type ValueOf
} from '../schema.js'

export const shareFetchRequest = message({
  name: 'ShareFetchRequest',
  key: 78,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+' }),
    shareSessionEpoch: int32('0+'),
    maxWaitMs: int32('0+'),
    minBytes: int32('0+'),
    maxBytes: int32('0+', { default: 2147483647, ignorable: true }),
    topics: array('0+', {
      topicId: uuid('0+', { ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        partitionMaxBytes: int32('0+'),
        acknowledgementBatches: array('0+', {
          firstOffset: int64('0+'),
          lastOffset: int64('0+'),
          acknowledgeTypes: list('int8', '0+')
        })
      })
    }),
    forgottenTopicsData: array('0+', {
      topicId: uuid('0+', { ignorable: true }),
      partitions: list('int32', '0+')
    })
  }
})
export type ShareFetchRequest = ValueOf<typeof shareFetchRequest>

export const shareFetchResponse = message({
  name: 'ShareFetchResponse',
  key: 78,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    errorCode: int16('0+', { ignorable: true }),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    responses: array('0+', {
      topicId: uuid('0+', { ignorable: true }),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        acknowledgeErrorCode: int16('0+'),
        acknowledgeErrorMessage: string('0+', { nullable: '0+', default: null }),
        currentLeader: struct('0+', {
          leaderId: int32('0+'),
          leaderEpoch: int32('0+')
        }),
        records: records('0+', { nullable: '0+' }),
        acquiredRecords: array('0+', {
          firstOffset: int64('0+'),
          lastOffset: int64('0+'),
          deliveryCount: int16('0+')
        })
      })
    }),
    nodeEndpoints: array('0+', {
      nodeId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('0+', { nullable: '0+', default: null })
    })
  }
})
export type ShareFetchResponse = ValueOf<typeof shareFetchResponse>
