// JoinGroup: who becomes a member, who gets an id first, who takes the place of a static member's former life, and what
// begins a rebalance. Checks and their order are those of Kafka 3.9.
import type { Operation } from '../group-operations.js'
import { type JoinAnswer, joinRefusal } from './answers.js'
import { ClassicGroup } from './classic-group.js'
import type { Member, MemberDetails } from './member.js'
import { whenDone } from './when-done.js'

/** New members cannot send heartbeats while they wait, and their clients may be gone: they are given up after 5 minutes. */
const newMemberTimeoutMs = 5 * 60_000

interface Joining {
  readonly details: MemberDetails
  readonly protocolType: string
  readonly apiVersion: number
}

type Answer = (answer: JoinAnswer) => void

/** What is answered at once; undefined: the join waits, and is answered by its member's next steps. */
type AtOnce = JoinAnswer | undefined

export const joinGroup: Operation<'joinGroup'> = (home, request, { apiVersion, clientId, clientHost }) => {
  const { groupId, memberId, groupInstanceId, sessionTimeoutMs, protocolType, protocols } = request
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = home.settings
  if (sessionTimeoutMs < minSessionTimeoutMs || sessionTimeoutMs > maxSessionTimeoutMs) {
    return joinRefusal(memberId, 'INVALID_SESSION_TIMEOUT')
  }
  const known = home.groups.get(groupId)
  if (known === undefined && memberId !== '') return joinRefusal(memberId, 'UNKNOWN_MEMBER_ID')
  const group = known ?? new ClassicGroup(home, groupId)
  if (!(group instanceof ClassicGroup)) return joinRefusal(memberId, 'INCONSISTENT_GROUP_PROTOCOL')
  const rebalanceTimeoutMs = apiVersion === 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs
  const details = {
    ...{ memberId, groupInstanceId, clientId, clientHost },
    ...{ rebalanceTimeoutMs, sessionTimeoutMs, protocols }
  }
  let atOnce: AtOnce
  const later = new Promise<JoinAnswer>(answer => {
    atOnce = join(group, { details, protocolType, apiVersion }, answer)
  })
  // One that nobody has joined is not a group.
  if (known === undefined && group.members.isAwaited) home.groups.set(groupId, group)
  group.settle()
  return atOnce ?? later
}

function join(group: ClassicGroup, joining: Joining, answer: Answer): AtOnce {
  const { memberId, protocols } = joining.details
  const { members } = group
  if (!hasRoomFor(group, memberId)) {
    const member = members.get(memberId)
    if (member !== undefined) group.drop(member)
    members.removePending(memberId)
    return joinRefusal('', 'GROUP_MAX_SIZE_REACHED')
  }
  if (group.phase === 'dead') return joinRefusal(memberId, 'COORDINATOR_NOT_AVAILABLE')
  if (!supports(group, joining)) return joinRefusal(memberId, 'INCONSISTENT_GROUP_PROTOCOL')
  if (memberId === '') return joinNew(group, joining, answer)
  if (members.isPending(memberId)) {
    // A static member has never been given an id to come back with.
    if (joining.details.groupInstanceId !== null) return joinRefusal(memberId, 'UNKNOWN_SERVER_ERROR')
    return add(group, joining, answer)
  }
  const refusal = group.refusalOf(memberId, joining.details.groupInstanceId)
  const member = members.get(memberId)
  if (refusal !== 'NONE' || member === undefined) return joinRefusal(memberId, refusal)
  const { phase } = group
  const goesOn =
    phase === 'stable' ? !members.isLeader(member) : phase === 'completing' || phase === 'storing'
  // Its answer may have been lost. A leader that joins a stable group wants the others to be assigned anew.
  if (goesOn && member.matches(protocols)) return group.admission(member)
  members.update(member, joining.details)
  group.awaitJoin(member, answer)
  group.changed()
  return undefined
}

/** Who rejoins is counted while joins are waited for, so that those who come last have to go. */
function hasRoomFor({ phase, members, home }: ClassicGroup, memberId: string): boolean {
  const { maxSize } = home.settings
  const member = members.get(memberId)
  switch (phase) {
    case 'empty':
    case 'dead':
      return true
    case 'gathering':
    case 'gatheringMore':
    case 'preparing':
      return member?.hasJoined === true || members.joined < maxSize
    default:
      return member !== undefined || members.size < maxSize
  }
}

function supports(group: ClassicGroup, { protocolType, details: { protocols } }: Joining): boolean {
  if (group.phase === 'empty') return protocolType !== '' && protocols.length > 0
  return group.protocolType === protocolType && group.members.haveInCommonWith(protocols)
}

function joinNew(group: ClassicGroup, joining: Joining, answer: Answer): AtOnce {
  const { home, members } = group
  const { details, apiVersion } = joining
  const { groupInstanceId, clientId, sessionTimeoutMs } = details
  const memberId = home.newMemberId(groupInstanceId ?? clientId)
  const named = { ...joining, details: { ...details, memberId } }
  const former = groupInstanceId === null ? undefined : members.ofInstance(groupInstanceId)
  if (former !== undefined) return replace(group, former, named, answer)
  if (groupInstanceId !== null || apiVersion < 4) return add(group, named, answer)
  // A client that loses this answer asks for another id: it cannot become two members.
  const expire = (): void => {
    members.removePending(memberId)
    group.settle()
  }
  members.addPending(memberId, home.after(sessionTimeoutMs, expire))
  return joinRefusal(memberId, 'MEMBER_ID_REQUIRED')
}

function add(group: ClassicGroup, { details, protocolType }: Joining, answer: Answer): undefined {
  if (group.isEmpty) group.protocolType = protocolType
  const member = group.members.add(details)
  group.awaitJoin(member, answer)
  group.heard(member, newMemberTimeoutMs)
  group.newcomer()
}

/** A static member has come back without its id: what waits of its former life is refused. */
function replace(group: ClassicGroup, former: Member, joining: Joining, answer: Answer): undefined {
  const { members } = group
  const leaderBefore = members.leaderId
  const successor = members.replace(former, joining.details)
  members.step(former, 'remove', { error: 'FENCED_INSTANCE_ID' })
  group.awaitJoin(successor, answer, 'succeed')
  group.heard(successor)
  const goesOn = group.phase === 'stable' && members.vote() === group.protocol
  if (goesOn) readmit(group, { former, successor, leaderBefore, apiVersion: joining.apiVersion })
  // Who leads may assign to the former id already. Where joins are waited for, this is one of them.
  else group.changed()
}

interface Succession {
  readonly former: Member
  readonly successor: Member
  readonly leaderBefore: string
  readonly apiVersion: number
}

/** The generation goes on with the new id as soon as the log knows it; the assignment is the former one. */
function readmit(group: ClassicGroup, { former, successor, leaderBefore, apiVersion }: Succession): void {
  const { members, generation } = group
  whenDone(group.save(), error => {
    // A rebalance has begun meanwhile, for which this join counts; or the next life has come.
    if (group.phase !== 'stable' || group.generation !== generation || successor.isGone) return
    if (error !== 'NONE') {
      const restored = members.replace(successor, detailsOf(former))
      members.step(restored, 'restore')
      members.step(successor, 'remove', { join: joinRefusal('', error) })
      group.heard(restored)
      return
    }
    const admission = group.admission(successor)
    const skipAssignment = apiVersion >= 9 && members.isLeader(successor)
    // Before v9 a leader cannot be told not to assign: it is not told that it leads.
    const join: JoinAnswer =
      apiVersion >= 9 ? { ...admission, skipAssignment } : { ...admission, leader: leaderBefore, members: [] }
    members.step(successor, 'admit', { join })
    // A session that ran out while the join waited was not looked at.
    group.heard(successor)
  })
}

function detailsOf(member: Member): MemberDetails {
  return { ...member, memberId: member.id }
}
