// ConsumerGroupCurrentMemberAssignment: stored or embedded data, every version.
import { array, int8, int32, list, message, string, uuid, type ValueOf } from '../schema.js'

export const consumerGroupCurrentMemberAssignmentKey = message({
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  type: 'data',
  versions: '8',
  flexible: 'none',
  fields: {
    groupId: string('8'),
    memberId: string('8')
  }
})
export type ConsumerGroupCurrentMemberAssignmentKey = ValueOf<typeof consumerGroupCurrentMemberAssignmentKey>

const topicPartitionsFields = {
  topicId: uuid('0+'),
  partitions: list('int32', '0+')
}

export const consumerGroupCurrentMemberAssignmentValue = message({
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32('0+'),
    previousMemberEpoch: int32('0+'),
    state: int8('0+'),
    assignedPartitions: array('0+', topicPartitionsFields),
    partitionsPendingRevocation: array('0+', topicPartitionsFields)
  }
})
export type ConsumerGroupCurrentMemberAssignmentValue = ValueOf<
  typeof consumerGroupCurrentMemberAssignmentValue
>
