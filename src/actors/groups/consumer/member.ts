// One member as its group knows it: a value, replaced as a whole by what the log says of it (metadata: kind 5, what it is
// assigned: kind 8). A member that the log has told only one of the two of has defaults for the rest.
import type { ConsumerGroupCurrentMemberAssignmentValue } from '../../../protocol/messages/consumer-group-current-member-assignment.js'
import type { ConsumerGroupMemberMetadataValue } from '../../../protocol/messages/consumer-group-member-metadata.js'
import type { GroupRecord } from '../group-record.js'
import { type Assignment, fromTopicPartitions, isSame, nothing, toTopicPartitions } from './assignment.js'

/** As in records of kind 8. Others come from a newer broker. */
export const memberStates = { stable: 0, unrevokedPartitions: 1, unreleasedPartitions: 2 } as const
export type MemberState = keyof typeof memberStates | 'unknown'

/** It asks to leave; a static member says that it will be back with the second. Both stand in place of an epoch. */
export const leaves = -1
export const leavesForAWhile = -2

export type ClassicMetadata = NonNullable<ConsumerGroupMemberMetadataValue['classicMemberMetadata']>

export interface Member {
  readonly memberId: string
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** -1 until it was said. */
  readonly rebalanceTimeoutMs: number
  /** Sorted. */
  readonly subscribedTopicNames: readonly string[]
  /** Empty or null: none. */
  readonly subscribedTopicRegex: string | null
  readonly serverAssignor: string | null
  /** Of a member that speaks the classic protocol. */
  readonly classic: ClassicMetadata | null
  readonly epoch: number
  readonly previousEpoch: number
  readonly state: MemberState
  readonly assigned: Assignment
  /** Still its own until it says that it is not. */
  readonly pendingRevocation: Assignment
}

export function newMember(memberId: string): Member {
  return {
    memberId,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: [],
    subscribedTopicRegex: null,
    serverAssignor: null,
    classic: null,
    epoch: 0,
    previousEpoch: -1,
    state: 'stable',
    assigned: nothing,
    pendingRevocation: nothing
  }
}

export function withMetadata(member: Member, value: ConsumerGroupMemberMetadataValue): Member {
  return {
    ...member,
    instanceId: value.instanceId,
    rackId: value.rackId,
    clientId: value.clientId,
    clientHost: value.clientHost,
    rebalanceTimeoutMs: value.rebalanceTimeoutMs,
    subscribedTopicNames: value.subscribedTopicNames,
    subscribedTopicRegex: value.subscribedTopicRegex,
    serverAssignor: value.serverAssignor,
    classic: value.classicMemberMetadata
  }
}

export function withAssignment(member: Member, value: ConsumerGroupCurrentMemberAssignmentValue): Member {
  return {
    ...member,
    epoch: value.memberEpoch,
    previousEpoch: value.previousMemberEpoch,
    state: stateOf(value.state),
    assigned: fromTopicPartitions(value.assignedPartitions),
    pendingRevocation: fromTopicPartitions(value.partitionsPendingRevocation)
  }
}

/** After the tombstone of what it was assigned. */
export function withoutAssignment(member: Member): Member {
  return { ...member, epoch: leaves, previousEpoch: leaves, assigned: nothing, pendingRevocation: nothing }
}

function stateOf(code: number): MemberState {
  if (code === memberStates.stable) return 'stable'
  if (code === memberStates.unrevokedPartitions) return 'unrevokedPartitions'
  return code === memberStates.unreleasedPartitions ? 'unreleasedPartitions' : 'unknown'
}

export function metadataRecord(groupId: string, member: Member): GroupRecord {
  return {
    kind: 'consumerGroupMemberMetadata',
    key: { groupId, memberId: member.memberId },
    value: {
      instanceId: member.instanceId,
      rackId: member.rackId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      subscribedTopicNames: [...member.subscribedTopicNames],
      subscribedTopicRegex: member.subscribedTopicRegex,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      serverAssignor: member.serverAssignor,
      classicMemberMetadata: member.classic
    }
  }
}

export function assignmentRecord(groupId: string, member: Member): GroupRecord {
  return {
    kind: 'consumerGroupCurrentMemberAssignment',
    key: { groupId, memberId: member.memberId },
    value: {
      memberEpoch: member.epoch,
      previousMemberEpoch: member.previousEpoch,
      state: member.state === 'unknown' ? 127 : memberStates[member.state],
      assignedPartitions: toTopicPartitions(member.assigned),
      partitionsPendingRevocation: toTopicPartitions(member.pendingRevocation)
    }
  }
}

/** In the order in which a reader may forget it. */
export function memberTombstones(groupId: string, memberId: string): GroupRecord[] {
  const key = { groupId, memberId }
  return [
    { kind: 'consumerGroupCurrentMemberAssignment', key, value: null },
    { kind: 'consumerGroupTargetAssignmentMember', key, value: null },
    { kind: 'consumerGroupMemberMetadata', key, value: null }
  ]
}

/** Whether what kind 5 stores of them is equal. */
export function isSameMetadata(one: Member, other: Member): boolean {
  return (
    one.instanceId === other.instanceId &&
    one.rackId === other.rackId &&
    one.clientId === other.clientId &&
    one.clientHost === other.clientHost &&
    one.rebalanceTimeoutMs === other.rebalanceTimeoutMs &&
    one.serverAssignor === other.serverAssignor &&
    isSameSubscription(one, other) &&
    isSameClassic(one.classic, other.classic)
  )
}

export function isSameSubscription(one: Member, other: Member): boolean {
  const [mine, others] = [one.subscribedTopicNames, other.subscribedTopicNames]
  return (
    one.subscribedTopicRegex === other.subscribedTopicRegex &&
    mine.length === others.length &&
    mine.every((name, index) => name === others[index])
  )
}

function isSameClassic(one: ClassicMetadata | null, other: ClassicMetadata | null): boolean {
  if (one === null || other === null) return one === other
  return (
    one.sessionTimeoutMs === other.sessionTimeoutMs &&
    one.supportedProtocols.length === other.supportedProtocols.length &&
    one.supportedProtocols.every(({ name, metadata }, index) => {
      const theirs = other.supportedProtocols[index]
      return theirs?.name === name && theirs.metadata.equals(metadata)
    })
  )
}

/** Whether what kind 8 stores of them is equal. */
export function isSameAssignment(one: Member, other: Member): boolean {
  return (
    one.epoch === other.epoch &&
    one.previousEpoch === other.previousEpoch &&
    one.state === other.state &&
    isSame(one.assigned, other.assigned) &&
    isSame(one.pendingRevocation, other.pendingRevocation)
  )
}
