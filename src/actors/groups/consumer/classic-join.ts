// JoinGroup of a member that speaks the classic protocol to a consumer group: it is a member as the others are, its epoch is its
// generation, and nobody leads: what it is assigned it collects with SyncGroup.
import type { Eventually } from '../../replicas/partition-commands.js'
import { type JoinAnswer, joinRefusal } from '../classic/answers.js'
import { consumerProtocolType, type GroupCaller } from '../group.js'
import type { Operations } from '../group-operations.js'
import { advance } from './advance.js'
import type { ConsumerGroup } from './consumer-group.js'
import { byTopicId, readSubscription } from './consumer-protocol.js'
import { limitSync, renewSession } from './deadlines.js'
import { mayDowngrade } from './downgrade.js'
import { removeMembers } from './fencing.js'
import type { ClassicMetadata, Member } from './member.js'
import { tellRecorded } from './reconcile.js'
import { isRefused } from './refusal.js'
import { subscribe } from './subscribe.js'

type Request = Operations['joinGroup']['request']

/** Versions from this one on give a dynamic member an id first. */
const firstWithRequiredId = 4

/** `again`: looks at the group once more, which is a classic one then. */
export function joinConsumerGroup(
  group: ConsumerGroup,
  request: Request,
  caller: GroupCaller,
  again: () => Eventually<JoinAnswer>
): Eventually<JoinAnswer> {
  const { home } = group
  const { memberId, groupInstanceId, protocolType, protocols, sessionTimeoutMs } = request
  const { minSessionTimeoutMs, maxSessionTimeoutMs, consumer } = home.settings
  if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
    return joinRefusal(memberId, 'INVALID_SESSION_TIMEOUT')
  }
  if (group.isEmpty)
    return memberId === '' ? replaceEmpty(group, again) : joinRefusal(memberId, 'UNKNOWN_MEMBER_ID')
  if (group.members.size >= consumer.maxSize && !group.members.has(memberId)) {
    return joinRefusal(memberId, 'GROUP_MAX_SIZE_REACHED')
  }
  if (protocolType !== consumerProtocolType || !supports(group, protocols)) {
    return joinRefusal(memberId, 'INCONSISTENT_GROUP_PROTOCOL')
  }
  if (memberId === '' && groupInstanceId === null && caller.apiVersion >= firstWithRequiredId) {
    return joinRefusal(home.newMemberId(caller.clientId), 'MEMBER_ID_REQUIRED')
  }
  const former = group.staticMember(groupInstanceId)
  if (former !== undefined && former.classic === null && mayDowngrade(group, former)) {
    const written = removeMembers(group, [former])
    return written === 'NONE' || written instanceof Promise ? again() : joinRefusal(memberId, written)
  }
  return join(group, request, caller)
}

/** The empty group ends; what it committed stays. */
function replaceEmpty(group: ConsumerGroup, again: () => Eventually<JoinAnswer>): Eventually<JoinAnswer> {
  const { home, groupId } = group
  const written = home.append(group.tombstones())
  if (written !== 'NONE' && !(written instanceof Promise)) return joinRefusal('', written)
  group.unload()
  home.groups.delete(groupId)
  return again()
}

/** Something that all members of the classic protocol support. */
function supports(group: ConsumerGroup, protocols: Request['protocols']): boolean {
  const others = [...group.members.values()].flatMap(({ classic }) => (classic === null ? [] : [classic]))
  const has = ({ supportedProtocols }: ClassicMetadata, wanted: string): boolean =>
    supportedProtocols.some(({ name }) => name === wanted)
  return protocols.some(({ name }) => others.every(classic => has(classic, name)))
}

function join(group: ConsumerGroup, request: Request, caller: GroupCaller): Eventually<JoinAnswer> {
  const { home } = group
  const [first] = request.protocols
  const subscription = first === undefined ? undefined : readSubscription(first.metadata)
  if (first === undefined || subscription === undefined) {
    return joinRefusal(request.memberId, 'INCONSISTENT_GROUP_PROTOCOL')
  }
  const isUnknown = request.memberId === ''
  const { groupInstanceId: instanceId } = request
  const memberId = isUnknown ? home.newMemberId(instanceId ?? caller.clientId) : request.memberId
  const owned = byTopicId(subscription.ownedPartitions, home.metadata())
  const joins = instanceId === null || isUnknown
  const sender = subscribe(group, { memberId, instanceId, epoch: -1, owned, joins, isClassic: true })
  if (isRefused(sender)) return joinRefusal(memberId, sender.error)
  const { member: before, replaced, records } = sender
  const { topics: subscribedTopicNames, rackId } = subscription
  const after = spoken(before, request, caller, { topics: subscribedTopicNames, rackId })
  const step = advance(group, { before, after, replaced, owned, records })
  if (isRefused(step)) return joinRefusal(memberId, step.error)
  const written = group.write(step.records)
  if (written !== 'NONE' && !(written instanceof Promise)) {
    tellRecorded(group.lifeOf(before), step.member.state, before.state)
    return joinRefusal(memberId, written)
  }
  if (step.hasComparedTopics) group.topicsCompared()
  if (replaced !== undefined && replaced.memberId !== memberId) group.timers.cancelAll(replaced.memberId)
  group.timers.cancel('join', memberId)
  group.timers.cancel('rebalance', memberId)
  renewSession(group, step.member)
  limitSync(group, step.member)
  const answer: JoinAnswer = {
    errorCode: 0,
    memberId,
    generationId: step.member.epoch,
    protocolType: consumerProtocolType,
    protocolName: first.name,
    leader: '',
    members: []
  }
  if (!(written instanceof Promise)) return answer
  return written.then(error => (error === 'NONE' ? answer : joinRefusal(memberId, error)))
}

function spoken(
  member: Member,
  request: Request,
  caller: GroupCaller,
  subscription: { readonly topics: readonly string[]; readonly rackId: string | null }
): Member {
  const { sessionTimeoutMs, rebalanceTimeoutMs } = request
  return {
    ...member,
    instanceId: request.groupInstanceId ?? member.instanceId,
    rackId: subscription.rackId ?? member.rackId,
    // Version 0 has none of its own.
    rebalanceTimeoutMs: rebalanceTimeoutMs === -1 ? sessionTimeoutMs : rebalanceTimeoutMs,
    subscribedTopicNames: [...new Set(subscription.topics)].sort(),
    subscribedTopicRegex: null,
    clientId: caller.clientId,
    clientHost: caller.clientHost,
    classic: { sessionTimeoutMs, supportedProtocols: [...request.protocols] }
  }
}
