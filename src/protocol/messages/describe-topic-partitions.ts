// DescribeTopicPartitions (75): request and response in every version.
import { array, bool, int16, int32, list, message, string, struct, uuid, type ValueOf } from '../schema.js'

export const describeTopicPartitionsRequest = message({
  name: 'DescribeTopicPartitionsRequest',
  key: 75,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array('0+', {
      name: string('0+')
    }),
    responsePartitionLimit: int32('0+', { default: 2000 }),
    cursor: struct(
      '0+',
      {
        topicName: string('0+'),
        partitionIndex: int32('0+')
      },
      { nullable: '0+', default: null }
    )
  }
})
export type DescribeTopicPartitionsRequest = ValueOf<typeof describeTopicPartitionsRequest>

export const describeTopicPartitionsResponse = message({
  name: 'DescribeTopicPartitionsResponse',
  key: 75,
  type: 'response',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    topics: array('0+', {
      errorCode: int16('0+'),
      name: string('0+', { nullable: '0+' }),
      topicId: uuid('0+', { ignorable: true }),
      isInternal: bool('0+', { ignorable: true }),
      partitions: array('0+', {
        errorCode: int16('0+'),
        partitionIndex: int32('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+', { default: -1, ignorable: true }),
        replicaNodes: list('int32', '0+'),
        isrNodes: list('int32', '0+'),
        eligibleLeaderReplicas: list('int32', '0+', { nullable: '0+', default: null }),
        lastKnownElr: list('int32', '0+', { nullable: '0+', default: null }),
        offlineReplicas: list('int32', '0+', { ignorable: true })
      }),
      topicAuthorizedOperations: int32('0+', { default: -2147483648 })
    }),
    nextCursor: struct(
      '0+',
      {
        topicName: string('0+'),
        partitionIndex: int32('0+')
      },
      { nullable: '0+', default: null }
    )
  }
})
export type DescribeTopicPartitionsResponse = ValueOf<typeof describeTopicPartitionsResponse>
