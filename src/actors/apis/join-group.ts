// JoinGroup. Behaviour: answered when the next generation begins; every refusal is the coordinator's (groups/classic/join.ts).
// Versions: 1 rebalance timeout, 4 an id first, 5 static members, 7 protocol type, 8 reason, 9 skipAssignment.
import { joinGroupRequest, joinGroupResponse } from '../../protocol/messages/join-group.js'
import { joinRefusal } from '../groups/classic/answers.js'
import { defineApi, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  versions: [0, 9],
  request: joinGroupRequest,
  response: joinGroupResponse,
  needs: ['groups'],
  // What a member says of itself is kept as long as it is one.
  copiesRequest: true,
  handle(request, context, { groups }) {
    const { groupId, memberId } = request
    if (groupId === '') return respond(joinRefusal(memberId, 'INVALID_GROUP_ID'))
    return respondWhen(groups.perform('joinGroup', groupId, request, callerOf(context)), performed =>
      respond(performed.kind === 'answered' ? performed.answer : joinRefusal(memberId, performed.error))
    )
  },
  errorResponse: ({ memberId }, error) => joinRefusal(memberId, error)
})
