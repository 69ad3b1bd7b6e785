// ConsumerGroupTargetAssignmentMember: stored or embedded data, every version.
import { array, list, message, string, uuid, type ValueOf } from '../schema.js'

export const consumerGroupTargetAssignmentMemberKey = message({
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  type: 'data',
  versions: '7',
  flexible: 'none',
  fields: {
    groupId: string('7'),
    memberId: string('7')
  }
})
export type ConsumerGroupTargetAssignmentMemberKey = ValueOf<typeof consumerGroupTargetAssignmentMemberKey>

export const consumerGroupTargetAssignmentMemberValue = message({
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  type: 'data',
  versions: '0',
  flexible: '0+',
  fields: {
    topicPartitions: array('0+', {
      topicId: uuid('0+'),
      partitions: list('int32', '0+')
    })
  }
})
export type ConsumerGroupTargetAssignmentMemberValue = ValueOf<
  typeof consumerGroupTargetAssignmentMemberValue
>
