// ConsumerGroupDescribe of one group: epochs, and of each member what it has and what it is to have.
import { errorCode } from '../../../protocol/error-codes.js'
import type { MetadataImage } from '../../controller/metadata-image.js'
import type { Operation } from '../group-operations.js'
import { type Assignment, toTopicPartitions } from './assignment.js'
import { isConsumerGroup } from './find-group.js'
import { assignorOf } from './target-assignment.js'

const memberTypes = { classic: 0, consumer: 1 } as const

export const consumerGroupDescribe: Operation<'consumerGroupDescribe'> = (home, request) => {
  const groupId = request.groupIds[0] ?? ''
  const group = home.groups.get(groupId)
  if (!isConsumerGroup(group)) {
    const why = group === undefined ? 'not found' : 'is not a consumer group'
    const errorMessage = `Group ${groupId} ${why}.`
    return { groups: [{ groupId, errorCode: errorCode('GROUP_ID_NOT_FOUND'), errorMessage }] }
  }
  const image = home.metadata()
  const members = [...group.members.values()]
  const described = {
    errorCode: 0,
    groupId,
    groupState: group.state,
    groupEpoch: group.epoch,
    assignmentEpoch: group.assignmentEpoch,
    assignorName: assignorOf(members, home.settings.consumer.assignors),
    members: members.map(member => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      rackId: member.rackId,
      memberEpoch: member.epoch,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: [...member.subscribedTopicNames],
      subscribedTopicRegex: member.subscribedTopicRegex === '' ? null : member.subscribedTopicRegex,
      assignment: { topicPartitions: withNames(member.assigned, image) },
      targetAssignment: { topicPartitions: withNames(group.targetOf(member.memberId), image) },
      memberType: member.classic === null ? memberTypes.consumer : memberTypes.classic
    }))
  }
  return { groups: [described] }
}

/** A topic that is gone has no name. */
function withNames(assignment: Assignment, image: MetadataImage) {
  return toTopicPartitions(assignment).flatMap(({ topicId, partitions }) => {
    const topicName = image.topicNames.get(topicId)
    return topicName === undefined ? [] : [{ topicId, topicName, partitions }]
  })
}
