// LeaveGroup: members that go by themselves, and static ones that an administrator removes by their instance id.
import { type ErrorName, errorCode } from '../../../protocol/error-codes.js'
import type { Operation, Operations } from '../group-operations.js'
import { ClassicGroup } from './classic-group.js'

interface Leaving {
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** Versions below 3 name one member and get its error as that of the whole. */
export const leaveGroup: Operation<'leaveGroup'> = (home, request, { apiVersion }) => {
  const leaving: readonly Leaving[] =
    apiVersion < 3 ? [{ memberId: request.memberId, groupInstanceId: null }] : request.members
  const group = home.groups.get(request.groupId)
  if (group instanceof ClassicGroup && group.phase === 'dead') return answerOf('COORDINATOR_NOT_AVAILABLE')
  const members = leaving.map(({ memberId, groupInstanceId }) => {
    const error =
      group instanceof ClassicGroup ? leave(group, { memberId, groupInstanceId }) : 'UNKNOWN_MEMBER_ID'
    return { memberId, groupInstanceId, errorCode: errorCode(error) }
  })
  return apiVersion < 3 ? { errorCode: members[0]?.errorCode ?? 0 } : { errorCode: 0, members }
}

const answerOf = (error: ErrorName): Operations['leaveGroup']['answer'] => ({ errorCode: errorCode(error) })

function leave(group: ClassicGroup, { memberId, groupInstanceId }: Leaving): ErrorName {
  const { members } = group
  if (members.isPending(memberId)) {
    members.removePending(memberId)
    group.settle()
    return 'NONE'
  }
  const isByInstance = memberId === '' && groupInstanceId !== null
  const member = isByInstance ? members.ofInstance(groupInstanceId) : members.get(memberId)
  const refusal = isByInstance ? 'NONE' : group.refusalOf(memberId, groupInstanceId)
  if (refusal !== 'NONE') return refusal
  if (member === undefined) return 'UNKNOWN_MEMBER_ID'
  group.drop(member)
  group.changed()
  return 'NONE'
}
