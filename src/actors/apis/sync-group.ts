// SyncGroup. Behaviour: answered when the leader's assignments are in the log; every refusal is the coordinator's
// (groups/classic/sync.ts). Versions: 3 static members, 5 what the group has agreed on, which must be said then.
import { syncGroupRequest, syncGroupResponse } from '../../protocol/messages/sync-group.js'
import { syncRefusal } from '../groups/classic/answers.js'
import { defineApi, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  versions: [0, 5],
  request: syncGroupRequest,
  response: syncGroupResponse,
  needs: ['groups'],
  // Assignments are kept as long as the generation lasts.
  copiesRequest: true,
  handle(request, context, { groups }) {
    const { groupId, protocolType, protocolName } = request
    const saysWhat = context.apiVersion < 5 || (protocolType !== null && protocolName !== null)
    if (!saysWhat) return respond(syncRefusal('INCONSISTENT_GROUP_PROTOCOL'))
    if (groupId === '') return respond(syncRefusal('INVALID_GROUP_ID'))
    return respondWhen(groups.perform('syncGroup', groupId, request, callerOf(context)), performed => {
      if (performed.kind === 'answered') return respond(performed.answer)
      // The generation that was agreed on is lost: older clients know only this error for it.
      const isLoading = performed.error === 'COORDINATOR_LOAD_IN_PROGRESS'
      return respond(syncRefusal(isLoading ? 'REBALANCE_IN_PROGRESS' : performed.error))
    })
  },
  errorResponse: (_, error) => syncRefusal(error)
})
