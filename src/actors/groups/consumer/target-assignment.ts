// What each member is to have at an epoch of the group: the assignor that most members ask for, over all members and what
// they had, and what of it has to be written.
import { required } from '../../../errors.js'
import type { Uuid } from '../../../protocol/schema.js'
import type { MetadataImage } from '../../controller/metadata-image.js'
import type { GroupRecord } from '../group-record.js'
import type { AssignedMember } from './assignable.js'
import { type Assignment, isSame, nothing, toTopicPartitions } from './assignment.js'
import { type AssignorName, assignors, isAssignorName } from './assignors.js'
import type { Member } from './member.js'
import { namesOf, type Subscription } from './subscriptions.js'

export interface TargetInput {
  readonly groupId: string
  readonly epoch: number
  /** As they will be. */
  readonly members: readonly Member[]
  /** Of a member, in the last target; undefined when nothing of it was ever written. */
  readonly previousOf: (memberId: string) => Assignment | undefined
  readonly subscription: Subscription
  readonly image: MetadataImage
  /** The first is used when nobody asks for one. */
  readonly assignors: readonly AssignorName[]
}

export interface ComputedTarget {
  readonly assignments: ReadonlyMap<string, Assignment>
  /** Changed parts, and the epoch. */
  readonly records: readonly GroupRecord[]
}

export function computeTarget(input: TargetInput): ComputedTarget {
  const { groupId, epoch, members, subscription, previousOf } = input
  const assign = assignors[assignorOf(members, input.assignors)]
  const partitionCounts = new Map(
    [...subscription.values()].map(({ topicId, partitionCount }) => [topicId, partitionCount])
  )
  const assignments = assign({
    members: members.map(member => assignedMember(member, input)),
    partitionCounts
  })
  const records: GroupRecord[] = []
  for (const { memberId } of members) {
    const before = previousOf(memberId)
    const after = assignments.get(memberId) ?? nothing
    if (before !== undefined && isSame(before, after)) continue
    records.push(targetRecord(groupId, memberId, after))
  }
  records.push({
    kind: 'consumerGroupTargetAssignmentMetadata',
    key: { groupId },
    value: { assignmentEpoch: epoch }
  })
  return { assignments, records }
}

export function targetRecord(groupId: string, memberId: string, partitions: Assignment): GroupRecord {
  return {
    kind: 'consumerGroupTargetAssignmentMember',
    key: { groupId, memberId },
    value: { topicPartitions: toTopicPartitions(partitions) }
  }
}

/** What most members ask for; of equals the one that was asked for first. */
export function assignorOf(
  members: Iterable<Pick<Member, 'serverAssignor'>>,
  offered: readonly AssignorName[]
): AssignorName {
  const votes = new Map<AssignorName, number>()
  for (const { serverAssignor } of members) {
    if (serverAssignor === null || !isAssignorName(serverAssignor)) continue
    votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1)
  }
  let most = required(offered[0], 'the broker offers an assignor')
  let votesOfMost = 0
  for (const [name, count] of votes) {
    if (count > votesOfMost) [most, votesOfMost] = [name, count]
  }
  return most
}

function assignedMember(member: Member, { subscription, image, previousOf }: TargetInput): AssignedMember {
  const topics = new Set<Uuid>()
  for (const name of namesOf(member, image)) {
    const topic = subscription.get(name)
    if (topic !== undefined) topics.add(topic.topicId)
  }
  const { memberId, instanceId } = member
  return { memberId, instanceId, topics, previous: previousOf(memberId) ?? nothing }
}
