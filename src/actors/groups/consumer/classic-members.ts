// SyncGroup, Heartbeat and LeaveGroup of members that speak the classic protocol to a consumer group.

import { type ErrorName, errorCode } from '../../../protocol/error-codes.js'
import type { Eventually } from '../../replicas/partition-commands.js'
import { type SyncAnswer, syncRefusal } from '../classic/answers.js'
import { consumerProtocolType } from '../group.js'
import type { Operations } from '../group-operations.js'
import { holds } from './assignment.js'
import type { ConsumerGroup } from './consumer-group.js'
import { writeAssignment } from './consumer-protocol.js'
import { limitJoin, renewSession } from './deadlines.js'
import { removeMembers } from './fencing.js'
import type { ClassicMetadata, Member } from './member.js'

type ClassicMember = Member & { readonly classic: ClassicMetadata }

/** Versions of LeaveGroup below this one name one member. */
const firstWithMembers = 3

export function syncConsumerGroup(
  group: ConsumerGroup,
  request: Operations['syncGroup']['request']
): SyncAnswer {
  const member = classicMember(group, request.memberId, request.groupInstanceId)
  if (typeof member === 'string') return syncRefusal(member)
  const { protocolType, protocolName } = request
  const [first] = member.classic.supportedProtocols
  if (request.generationId !== member.epoch) return syncRefusal('ILLEGAL_GENERATION')
  const isOther =
    (protocolType !== null && protocolType !== consumerProtocolType) ||
    (protocolName !== null && protocolName !== first?.name)
  if (isOther || first === undefined) return syncRefusal('INCONSISTENT_GROUP_PROTOCOL')
  // One that gives up partitions rejoined already, and will have to once more.
  if (group.epoch > member.epoch && member.state !== 'unrevokedPartitions') {
    limitJoin(group, member)
    return syncRefusal('REBALANCE_IN_PROGRESS')
  }
  group.timers.cancel('sync', member.memberId)
  renewSession(group, member)
  const assignment = writeAssignment(member.assigned, first.metadata, group.home.metadata())
  return { errorCode: 0, protocolType: consumerProtocolType, protocolName: first.name, assignment }
}

export function heartbeatConsumerGroup(
  group: ConsumerGroup,
  request: Operations['heartbeat']['request']
): Operations['heartbeat']['answer'] {
  const member = classicMember(group, request.memberId, request.groupInstanceId)
  if (typeof member === 'string') return { errorCode: errorCode(member) }
  if (request.generationId !== member.epoch) return { errorCode: errorCode('ILLEGAL_GENERATION') }
  renewSession(group, member)
  if (!hasToRejoin(group, member)) return { errorCode: 0 }
  limitJoin(group, member)
  return { errorCode: errorCode('REBALANCE_IN_PROGRESS') }
}

/** It has to give up, or may have more. */
function hasToRejoin(group: ConsumerGroup, member: Member): boolean {
  if (member.epoch < group.epoch || member.state === 'unrevokedPartitions') return true
  return member.state === 'unreleasedPartitions' && !waitsForOthers(group, member)
}

function waitsForOthers(group: ConsumerGroup, { memberId, assigned }: Member): boolean {
  for (const [topicId, partitions] of group.targetOf(memberId)) {
    for (const partition of partitions) {
      if (holds(assigned, topicId, partition)) continue
      if (group.holderOf(topicId, partition) !== undefined) return true
    }
  }
  return false
}

/**
 * Each by its own; the group's epoch grows once. Members of either protocol: whoever administers a group removes them so.
 * The answer names each as the request did, for that is how who asked finds it.
 */
export function leaveConsumerGroup(
  group: ConsumerGroup,
  request: Operations['leaveGroup']['request'],
  apiVersion: number
): Eventually<Operations['leaveGroup']['answer']> {
  const leaving =
    apiVersion < firstWithMembers
      ? [{ memberId: request.memberId, groupInstanceId: null }]
      : request.members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId }))
  const found = leaving.map(({ memberId, groupInstanceId }) => {
    // Whoever administers members knows their instances only.
    const isByInstance = memberId === '' && groupInstanceId !== null
    const id = isByInstance ? (group.staticMember(groupInstanceId)?.memberId ?? '') : memberId
    return { memberId, groupInstanceId, member: memberOf(group, id, groupInstanceId) }
  })
  const gone = found.flatMap(({ member }) => (typeof member === 'string' ? [] : [member]))
  const answerOf = (error: ErrorName): Operations['leaveGroup']['answer'] => {
    if (error !== 'NONE') return { errorCode: errorCode(error) }
    const members = found.map(({ memberId, groupInstanceId, member }) => ({
      memberId,
      groupInstanceId,
      errorCode: typeof member === 'string' ? errorCode(member) : 0
    }))
    if (apiVersion < firstWithMembers) return { errorCode: members[0]?.errorCode ?? 0 }
    return { errorCode: 0, members }
  }
  const written = removeMembers(group, gone)
  return written instanceof Promise ? written.then(answerOf) : answerOf(written)
}

function memberOf(group: ConsumerGroup, memberId: string, instanceId: string | null): Member | ErrorName {
  const member = instanceId === null ? group.members.get(memberId) : group.staticMember(instanceId)
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  if (instanceId !== null && member.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  return member
}

/** The error where there is none, or it speaks the other protocol. */
function classicMember(
  group: ConsumerGroup,
  memberId: string,
  instanceId: string | null
): ClassicMember | ErrorName {
  const member = memberOf(group, memberId, instanceId)
  if (typeof member === 'string') return member
  const { classic } = member
  return classic === null ? 'UNKNOWN_MEMBER_ID' : { ...member, classic }
}
