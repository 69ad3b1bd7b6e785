// ConsumerGroupHeartbeat: how a member joins, says that it is alive and what it holds, learns what it is assigned, and leaves.
import { type ErrorName, errorCode } from '../../../protocol/error-codes.js'
import type { ConsumerGroupHeartbeatRequest } from '../../../protocol/messages/consumer-group-heartbeat.js'
import type { Eventually } from '../../replicas/partition-commands.js'
import type { GroupCaller, GroupHome } from '../group.js'
import type { Operation, Operations } from '../group-operations.js'
import { advance } from './advance.js'
import { isSame, toTopicPartitions } from './assignment.js'
import { isAssignorName } from './assignors.js'
import type { ConsumerGroup } from './consumer-group.js'
import { heartbeatIntervalMs } from './consumer-settings.js'
import { limitRevocation, renewSession } from './deadlines.js'
import { removeMembers } from './fencing.js'
import { groupForMember } from './find-group.js'
import { assignmentRecord, isSameAssignment, leaves, leavesForAWhile, type Member } from './member.js'
import { tellRecorded } from './reconcile.js'
import { isRefused, type Refusal, refused } from './refusal.js'
import { fencedInstance, subscribe, unknownMember } from './subscribe.js'
import { compilePattern } from './topic-pattern.js'

type Answer = Operations['consumerGroupHeartbeat']['answer']

/** From this version on members make their ids themselves. */
const firstWithOwnIds = 1

export const consumerGroupHeartbeat: Operation<'consumerGroupHeartbeat'> = (home, request, caller) => {
  const refusal = invalid(home, request, caller)
  if (refusal !== undefined) return refusalAnswer(refusal)
  const answer = request.memberEpoch < 0 ? leave(home, request) : beat(home, request, caller)
  return isRefusal(answer) ? refusalAnswer(answer) : answer
}

const isRefusal = (answer: Eventually<Answer> | Refusal): answer is Refusal =>
  !(answer instanceof Promise) && isRefused(answer)

export function refusalAnswer({ error, message }: Refusal): Answer {
  return { errorCode: errorCode(error), errorMessage: message }
}

function invalid(
  home: GroupHome,
  request: ConsumerGroupHeartbeatRequest,
  { apiVersion }: GroupCaller
): Refusal | undefined {
  const why = malformed(request, apiVersion)
  if (why !== undefined) return refused('INVALID_REQUEST', why)
  const { serverAssignor, subscribedTopicRegex } = request
  const offered: readonly string[] = home.settings.consumer.assignors
  if (serverAssignor !== null && !(isAssignorName(serverAssignor) && offered.includes(serverAssignor))) {
    return refused(
      'UNSUPPORTED_ASSIGNOR',
      `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${offered.join(', ')}.`
    )
  }
  const pattern = subscribedTopicRegex === null ? '' : compilePattern(subscribedTopicRegex)
  if (typeof pattern !== 'string' || pattern === '') return undefined
  return refused(
    'INVALID_REGULAR_EXPRESSION',
    `SubscribedTopicRegex \`${subscribedTopicRegex}\` is not a valid regular expression: ${pattern}.`
  )
}

function malformed(request: ConsumerGroupHeartbeatRequest, apiVersion: number): string | undefined {
  const { groupId, memberId, memberEpoch, instanceId, rackId } = request
  const namesItself = apiVersion >= firstWithOwnIds || memberEpoch !== 0
  if (groupId === '') return "GroupId can't be empty."
  if (namesItself && memberId === '') return "MemberId can't be empty."
  if (instanceId === '') return "InstanceId can't be empty."
  if (rackId === '') return "RackId can't be empty."
  if (memberEpoch < leavesForAWhile) return 'MemberEpoch is invalid.'
  if (memberEpoch === leavesForAWhile && instanceId === null) return "InstanceId can't be null."
  if (memberEpoch !== 0) return undefined
  if (request.rebalanceTimeoutMs === -1) return 'RebalanceTimeoutMs must be provided in first request.'
  if (request.topicPartitions === null || request.topicPartitions.length > 0) {
    return 'TopicPartitions must be empty when (re-)joining.'
  }
  // A list without names is a subscription to nothing; it still makes a member.
  if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null) {
    return 'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.'
  }
  return undefined
}

function beat(
  home: GroupHome,
  request: ConsumerGroupHeartbeatRequest,
  caller: GroupCaller
): Eventually<Answer> | Refusal {
  const joins = request.memberEpoch === 0
  const place = groupForMember(home, request.groupId, joins)
  if (isRefused(place)) return place
  const { group } = place
  const memberId = request.memberId === '' ? home.newMemberId(caller.clientId) : request.memberId
  const { maxSize } = home.settings.consumer
  if (group.members.size >= maxSize && !group.members.has(memberId)) {
    return refused(
      'GROUP_MAX_SIZE_REACHED',
      `The consumer group has reached its maximum capacity of ${maxSize} members.`
    )
  }
  const { instanceId, memberEpoch: epoch, topicPartitions: owned } = request
  const sender = subscribe(group, { memberId, instanceId, epoch, owned, joins, isClassic: false })
  if (isRefused(sender)) return sender
  const { member: before, replaced, records } = sender
  const after = spoken(before, request, caller)
  const step = advance(group, { before, after, replaced, owned, records })
  if (isRefused(step)) return step
  const written = place.write(step.records)
  if (written !== 'NONE' && !(written instanceof Promise)) {
    tellRecorded(group.lifeOf(before), step.member.state, before.state)
    return unwritten(written)
  }
  if (step.hasComparedTopics) group.topicsCompared()
  if (replaced !== undefined && replaced.memberId !== memberId) group.timers.cancelAll(replaced.memberId)
  renewSession(group, step.member)
  if (!isSameAssignment(step.member, after)) limitRevocation(group, step.member)
  return whenWritten(written, answerTo(home, request, before, step.member))
}

/** What it says of itself replaces what was known; what it does not say stays. */
function spoken(member: Member, request: ConsumerGroupHeartbeatRequest, caller: GroupCaller): Member {
  const { instanceId, rackId, rebalanceTimeoutMs, subscribedTopicNames, serverAssignor } = request
  return {
    ...member,
    instanceId: instanceId ?? member.instanceId,
    rackId: rackId ?? member.rackId,
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : rebalanceTimeoutMs,
    subscribedTopicNames:
      subscribedTopicNames === null ? member.subscribedTopicNames : [...new Set(subscribedTopicNames)].sort(),
    subscribedTopicRegex: request.subscribedTopicRegex ?? member.subscribedTopicRegex,
    serverAssignor: serverAssignor ?? member.serverAssignor,
    clientId: caller.clientId,
    clientHost: caller.clientHost,
    classic: null
  }
}

/** The assignment stands in the answer when it changed, and for a member that tells everything about itself. */
function answerTo(
  home: GroupHome,
  request: ConsumerGroupHeartbeatRequest,
  before: Member,
  after: Member
): Answer {
  const { memberEpoch, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, topicPartitions } =
    request
  const isFull =
    memberEpoch === 0 ||
    (rebalanceTimeoutMs !== -1 &&
      (subscribedTopicNames !== null || subscribedTopicRegex !== null) &&
      topicPartitions !== null)
  const isTold = isFull || !isSame(before.assigned, after.assigned)
  return {
    errorCode: 0,
    memberId: after.memberId,
    memberEpoch: after.epoch,
    heartbeatIntervalMs: heartbeatIntervalMs(home, request.groupId),
    assignment: isTold ? { topicPartitions: toTopicPartitions(after.assigned) } : null
  }
}

function leave(home: GroupHome, request: ConsumerGroupHeartbeatRequest): Eventually<Answer> | Refusal {
  const { memberId, memberEpoch, instanceId } = request
  const place = groupForMember(home, request.groupId, false)
  if (isRefused(place)) return place
  const { group } = place
  const member = instanceId === null ? group.members.get(memberId) : group.staticMember(instanceId)
  if (member === undefined) {
    return instanceId === null
      ? unknownMember(group, memberId)
      : refused('UNKNOWN_MEMBER_ID', `Instance id ${instanceId} is unknown.`)
  }
  if (instanceId !== null && member.memberId !== memberId) return fencedInstance(member, memberId, instanceId)
  const written = memberEpoch === leaves ? removeMembers(group, [member]) : awayForAWhile(group, member)
  if (written !== 'NONE' && !(written instanceof Promise)) return unwritten(written)
  return whenWritten(written, { errorCode: 0, memberId, memberEpoch })
}

/** Its part of the target stays its own until its session ends. */
function awayForAWhile(group: ConsumerGroup, member: Member): Eventually<ErrorName> {
  const away: Member = { ...member, epoch: leavesForAWhile, pendingRevocation: new Map() }
  group.timers.cancel('rebalance', member.memberId)
  return group.write([assignmentRecord(group.groupId, away)])
}

export const unwritten = (error: ErrorName): Refusal =>
  refused(error, 'The group coordinator cannot write its log.')

function whenWritten(written: Eventually<ErrorName>, answer: Answer): Eventually<Answer> {
  if (!(written instanceof Promise)) return answer
  return written.then(error => (error === 'NONE' ? answer : refusalAnswer(unwritten(error))))
}
