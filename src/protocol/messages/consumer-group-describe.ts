// ConsumerGroupDescribe (69): request and response in every version. Version 1 is Kafka 4.0's: which protocol a member speaks.
import {
  array,
  bool,
  int8,
  int16,
  int32,
  list,
  message,
  string,
  struct,
  uuid,
  type ValueOf
} from '../schema.js'

export const consumerGroupDescribeRequest = message({
  name: 'ConsumerGroupDescribeRequest',
  key: 69,
  type: 'request',
  versions: '0-1',
  flexible: '0+',
  fields: {
    groupIds: list('string', '0+'),
    includeAuthorizedOperations: bool('0+')
  }
})
export type ConsumerGroupDescribeRequest = ValueOf<typeof consumerGroupDescribeRequest>

const topicPartitionsFields = {
  topicId: uuid('0+'),
  topicName: string('0+'),
  partitions: list('int32', '0+')
}

const assignmentFields = {
  topicPartitions: array('0+', topicPartitionsFields)
}

export const consumerGroupDescribeResponse = message({
  name: 'ConsumerGroupDescribeResponse',
  key: 69,
  type: 'response',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    groups: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null }),
      groupId: string('0+'),
      groupState: string('0+'),
      groupEpoch: int32('0+'),
      assignmentEpoch: int32('0+'),
      assignorName: string('0+'),
      members: array('0+', {
        memberId: string('0+'),
        instanceId: string('0+', { nullable: '0+', default: null }),
        rackId: string('0+', { nullable: '0+', default: null }),
        memberEpoch: int32('0+'),
        clientId: string('0+'),
        clientHost: string('0+'),
        subscribedTopicNames: list('string', '0+'),
        subscribedTopicRegex: string('0+', { nullable: '0+', default: null }),
        assignment: struct('0+', assignmentFields),
        targetAssignment: struct('0+', assignmentFields),
        memberType: int8('1+', { default: -1, ignorable: true })
      }),
      authorizedOperations: int32('0+', { default: -2147483648 })
    })
  }
})
export type ConsumerGroupDescribeResponse = ValueOf<typeof consumerGroupDescribeResponse>
