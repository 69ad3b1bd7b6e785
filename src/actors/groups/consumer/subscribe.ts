// Who a heartbeat or a join is from: a member that is there, a new one, or one that takes the place of a static member.
import type { GroupRecord } from '../group-record.js'
import { fromTopicPartitions, isSubset, type TopicPartitions } from './assignment.js'
import type { ConsumerGroup } from './consumer-group.js'
import {
  assignmentRecord,
  leavesForAWhile,
  type Member,
  memberTombstones,
  metadataRecord,
  newMember
} from './member.js'
import { type Refusal, refused } from './refusal.js'
import { targetRecord } from './target-assignment.js'

export interface Sender {
  readonly memberId: string
  readonly instanceId: string | null
  readonly epoch: number
  /** null: it did not say. */
  readonly owned: readonly TopicPartitions[] | null
  /** It may be somebody whom the group does not know. */
  readonly joins: boolean
  /** Its epoch is a generation, checked elsewhere. */
  readonly isClassic: boolean
}

export interface Subscribed {
  readonly kind: 'subscribed'
  readonly member: Member
  readonly replaced: Member | undefined
  /** That put it in the place of the replaced one. */
  readonly records: readonly GroupRecord[]
}

export function subscribe(group: ConsumerGroup, sender: Sender): Subscribed | Refusal {
  return sender.instanceId === null
    ? subscribeDynamic(group, sender)
    : subscribeStatic(group, sender, sender.instanceId)
}

const found = (member: Member): Subscribed => ({
  kind: 'subscribed',
  member,
  replaced: undefined,
  records: []
})

function subscribeDynamic(group: ConsumerGroup, sender: Sender): Subscribed | Refusal {
  const { memberId, joins } = sender
  const known = group.members.get(memberId)
  if (known === undefined && !joins) return unknownMember(group, memberId)
  const member = known ?? newMember(memberId)
  return wrongEpoch(member, sender) ?? found(member)
}

function subscribeStatic(group: ConsumerGroup, sender: Sender, instanceId: string): Subscribed | Refusal {
  const { memberId, joins, isClassic } = sender
  const holder = group.staticMember(instanceId)
  if (joins) {
    if (holder === undefined) return found(group.members.get(memberId) ?? newMember(memberId))
    if (!isClassic && holder.classic === null && holder.epoch !== leavesForAWhile) {
      return refused(
        'UNRELEASED_INSTANCE_ID',
        `Static member ${memberId} with instance id ${instanceId} cannot join the group because the instance id is owned by ${holder.memberId} member.`
      )
    }
    return replace(group, holder, memberId)
  }
  if (holder === undefined) return refused('UNKNOWN_MEMBER_ID', `Instance id ${instanceId} is unknown.`)
  if (holder.memberId !== memberId) return fencedInstance(holder, memberId, instanceId)
  return wrongEpoch(holder, sender) ?? found(holder)
}

/** It has what the other one had, and begins at epoch 0. The same member may take its own place. */
function replace(group: ConsumerGroup, holder: Member, memberId: string): Subscribed {
  const { groupId } = group
  const member: Member = { ...holder, memberId, epoch: 0, previousEpoch: 0 }
  const records = [
    ...memberTombstones(groupId, holder.memberId),
    metadataRecord(groupId, member),
    targetRecord(groupId, memberId, group.targetOf(holder.memberId)),
    assignmentRecord(groupId, member)
  ]
  return { kind: 'subscribed', member, replaced: holder, records }
}

export function unknownMember({ groupId }: ConsumerGroup, memberId: string): Refusal {
  return refused('UNKNOWN_MEMBER_ID', `Member ${memberId} is not a member of group ${groupId}.`)
}

export function fencedInstance(holder: Member, memberId: string, instanceId: string): Refusal {
  return refused(
    'FENCED_INSTANCE_ID',
    `Static member ${memberId} with instance id ${instanceId} was fenced by member ${holder.memberId}.`
  )
}

function wrongEpoch(member: Member, { epoch, owned, isClassic }: Sender): Refusal | undefined {
  if (isClassic || isRightEpoch(member, epoch, owned)) return undefined
  const which = epoch > member.epoch ? 'greater' : 'smaller'
  return refused(
    'FENCED_MEMBER_EPOCH',
    `The consumer group member has a ${which} member epoch (${epoch}) than the one known by the group coordinator (${member.epoch}). The member must abandon all its partitions and rejoin.`
  )
}

/**
 * A smaller epoch is right when it is the previous one and the member holds nothing that is not its own: the answer that
 * told it of the newer one may have been lost.
 */
export function isRightEpoch(
  { epoch, previousEpoch, assigned }: Pick<Member, 'epoch' | 'previousEpoch' | 'assigned'>,
  said: number,
  owned: readonly TopicPartitions[] | null
): boolean {
  if (said === epoch) return true
  return (
    said < epoch && said === previousEpoch && owned !== null && isSubset(fromTopicPartitions(owned), assigned)
  )
}
