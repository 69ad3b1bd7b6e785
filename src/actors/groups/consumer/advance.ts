// What follows when a member of a group was heard of: its new self, whether the group's epoch grows, the target at that
// epoch, and the member's step towards it. Nothing is changed here: the answer is what to write.
import type { GroupRecord } from '../group-record.js'
import { type Assignment, nothing, type TopicPartitions } from './assignment.js'
import type { ConsumerGroup } from './consumer-group.js'
import {
  assignmentRecord,
  isSameAssignment,
  isSameMetadata,
  isSameSubscription,
  type Member,
  metadataRecord
} from './member.js'
import { reconcile } from './reconcile.js'
import { type Refusal, refused } from './refusal.js'
import { isSameSubscriptionOf, subscriptionOf, subscriptionRecord } from './subscriptions.js'
import { computeTarget } from './target-assignment.js'

export interface Heard {
  /** As it is; a new one has nothing yet. */
  readonly before: Member
  /** With what it says of itself. */
  readonly after: Member
  /** Whose place it takes; its records are in `records`. */
  readonly replaced: Member | undefined
  /** null: it did not say. */
  readonly owned: readonly TopicPartitions[] | null
  /** What has to be written before. */
  readonly records: readonly GroupRecord[]
}

export interface Advanced {
  readonly kind: 'advanced'
  readonly member: Member
  readonly records: readonly GroupRecord[]
  readonly hasComparedTopics: boolean
}

export function advance(group: ConsumerGroup, heard: Heard): Advanced | Refusal {
  const { groupId, home } = group
  const { before, after, replaced, owned } = heard
  const records = [...heard.records]
  const isSomebodyNew = replaced === undefined && !group.members.has(after.memberId)
  if (isSomebodyNew || !isSameMetadata(before, after)) {
    records.push(metadataRecord(groupId, after))
  }
  let isBumped = isSomebodyNew || !isSameSubscription(before, after)
  let { epoch, subscription } = group
  const comparesTopics = isBumped || group.hasStaleTopics
  // Most heartbeats change nothing: they are not to cost more in a large group.
  const members = comparesTopics || epoch > group.assignmentEpoch ? membersAfter(group, after, replaced) : []
  if (comparesTopics) {
    subscription = subscriptionOf(members, home.metadata())
    if (!isSameSubscriptionOf(subscription, group.subscription)) {
      isBumped = true
      records.push(subscriptionRecord(groupId, subscription))
    }
    if (isBumped) {
      epoch++
      records.push(epochRecord(groupId, epoch))
    }
  }
  const previousOf = (memberId: string): Assignment | undefined => {
    if (replaced !== undefined && memberId === after.memberId) return group.targetOf(replaced.memberId)
    return group.hasTarget(memberId) ? group.targetOf(memberId) : undefined
  }
  let target = { epoch: group.assignmentEpoch, partitions: previousOf(after.memberId) ?? nothing }
  if (epoch > group.assignmentEpoch) {
    const image = home.metadata()
    const { assignors } = home.settings.consumer
    const computed = computeTarget({ groupId, epoch, members, previousOf, subscription, image, assignors })
    records.push(...computed.records)
    target = { epoch, partitions: computed.assignments.get(after.memberId) ?? nothing }
  }
  const step = reconcile({
    life: group.lifeOf(after),
    member: after,
    target,
    owned,
    isHeld: (topicId, partition) => {
      const holder = group.holderOf(topicId, partition)
      return holder !== undefined && holder !== after.memberId && holder !== replaced?.memberId
    }
  })
  if (step.isFenced) {
    return refused(
      'FENCED_MEMBER_EPOCH',
      'The member is in a state that this broker does not know: it must rejoin.'
    )
  }
  if (!isSameAssignment(step.member, after)) records.push(assignmentRecord(groupId, step.member))
  return { kind: 'advanced', member: step.member, records, hasComparedTopics: comparesTopics }
}

function membersAfter(group: ConsumerGroup, after: Member, replaced: Member | undefined): readonly Member[] {
  const others = [...group.members.values()].filter(
    ({ memberId }) => memberId !== after.memberId && memberId !== replaced?.memberId
  )
  return [...others, after]
}

export function epochRecord(groupId: string, epoch: number): GroupRecord {
  return { kind: 'consumerGroupMetadata', key: { groupId }, value: { epoch } }
}
