// ShareGroupDescribe (77): request and response in every version.
import { array, bool, int16, int32, list, message, string, struct, uuid, type ValueOf } from '../schema.js'

export const shareGroupDescribeRequest = message({
  name: 'ShareGroupDescribeRequest',
  key: 77,
  type: 'request',
  versions: '0',
  flexible: '0+',
  fields: {
    groupIds: list('string', '0+'),
    includeAuthorizedOperations: bool('0+')
  }
})
export type ShareGroupDescribeRequest = ValueOf<typeof shareGroupDescribeRequest>

const topicPartitionsFields = {
  topicId: uuid('0+'),
  topicName: string('0+'),
  partitions: list('int32', '0+')
}

const assignmentFields = {
  topicPartitions: array('0+', topicPartitionsFields)
}

export const shareGroupDescribeResponse = message({
  name: 'ShareGroupDescribeResponse',
  key: 77,
  type: 'response',
  versions: '0',
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
        rackId: string('0+', { nullable: '0+', default: null }),
        memberEpoch: int32('0+'),
        clientId: string('0+'),
        clientHost: string('0+'),
        subscribedTopicNames: list('string', '0+'),
        assignment: struct('0+', assignmentFields)
      }),
      authorizedOperations: int32('0+', { default: -2147483648 })
    })
  }
})
export type ShareGroupDescribeResponse = ValueOf<typeof shareGroupDescribeResponse>
