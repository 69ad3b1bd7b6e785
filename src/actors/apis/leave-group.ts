// LeaveGroup. Behaviour: members go one by one, each with its own error (groups/classic/leave.ts). Versions: below 3 one
// member, whose error is that of the whole; 3 many, by id or by instance; 5 reason.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { leaveGroupRequest, leaveGroupResponse } from '../../protocol/messages/leave-group.js'
import { defineApi, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 5],
  request: leaveGroupRequest,
  response: leaveGroupResponse,
  needs: ['groups'],
  handle(request, context, { groups }) {
    const { groupId } = request
    if (groupId === '') return respond(answerOf('INVALID_GROUP_ID'))
    return respondWhen(groups.perform('leaveGroup', groupId, request, callerOf(context)), performed =>
      respond(performed.kind === 'answered' ? performed.answer : answerOf(performed.error))
    )
  },
  errorResponse: (_, error) => answerOf(error)
})

const answerOf = (error: ErrorName) => ({ errorCode: errorCode(error) })
