// SyncGroup and Heartbeat: who is still a member of the present generation, and what its leader assigned.
import { type ErrorName, errorCode } from '../../../protocol/error-codes.js'
import type { Operation, Operations } from '../group-operations.js'
import { syncRefusal } from './answers.js'
import { ClassicGroup } from './classic-group.js'

/** Versions below 5 do not say what they believe to have agreed on. */
export const syncGroup: Operation<'syncGroup'> = (home, request) => {
  const group = home.groups.get(request.groupId)
  if (!(group instanceof ClassicGroup)) return syncRefusal('UNKNOWN_MEMBER_ID')
  const refusal = refusalOf(group, request)
  const member = group.members.get(request.memberId)
  if (refusal !== 'NONE' || member === undefined) return syncRefusal(refusal)
  return new Promise(answer => {
    group.awaitSync(member, answer)
    if (group.phase === 'stable') group.shareWith(member)
    else if (group.phase === 'completing' && group.members.isLeader(member)) {
      group.assign(new Map(request.assignments.map(({ memberId, assignment }) => [memberId, assignment])))
    }
  })
}

function refusalOf(group: ClassicGroup, request: Operations['syncGroup']['request']): ErrorName {
  const { memberId, groupInstanceId, generationId, protocolType, protocolName } = request
  const refusal = generationRefusal(group, memberId, groupInstanceId, generationId)
  if (refusal !== 'NONE') return refusal
  const isOther =
    (protocolType !== null && protocolType !== group.protocolType) ||
    (protocolName !== null && protocolName !== group.protocol)
  if (isOther) return 'INCONSISTENT_GROUP_PROTOCOL'
  // Also a static member whose new id is not in the log yet: nobody knows that id.
  if (group.members.get(memberId)?.hasJoined === true) return 'REBALANCE_IN_PROGRESS'
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

export const heartbeat: Operation<'heartbeat'> = (home, request) => {
  const { groupId, memberId, groupInstanceId, generationId } = request
  const group = home.groups.get(groupId)
  const answer = (error: ErrorName): Operations['heartbeat']['answer'] => ({ errorCode: errorCode(error) })
  if (!(group instanceof ClassicGroup)) return answer('UNKNOWN_MEMBER_ID')
  const refusal = generationRefusal(group, memberId, groupInstanceId, generationId)
  const member = group.members.get(memberId)
  if (refusal !== 'NONE' || member === undefined) return answer(refusal)
  group.heard(member)
  return answer(group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE')
}

function generationRefusal(
  group: ClassicGroup,
  memberId: string,
  groupInstanceId: string | null,
  generationId: number
): ErrorName {
  if (group.phase === 'dead') return 'COORDINATOR_NOT_AVAILABLE'
  const refusal = group.refusalOf(memberId, groupInstanceId)
  if (refusal !== 'NONE') return refusal
  return generationId === group.generation ? 'NONE' : 'ILLEGAL_GENERATION'
}
