// Heartbeat. Behaviour: every refusal is the coordinator's (groups/classic/sync.ts); while it loads, members are told that all
// is well, since they begin with a whole session afterwards. Versions: 3 static members.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import { heartbeatRequest, heartbeatResponse } from '../../protocol/messages/heartbeat.js'
import { defineApi, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  versions: [0, 4],
  request: heartbeatRequest,
  response: heartbeatResponse,
  needs: ['groups'],
  handle(request, context, { groups }) {
    const { groupId } = request
    if (groupId === '') return respond(answerOf('INVALID_GROUP_ID'))
    return respondWhen(groups.perform('heartbeat', groupId, request, callerOf(context)), performed => {
      if (performed.kind === 'answered') return respond(performed.answer)
      const isLoading = performed.error === 'COORDINATOR_LOAD_IN_PROGRESS'
      return respond(answerOf(isLoading ? 'NONE' : performed.error))
    })
  },
  errorResponse: (_, error) => answerOf(error)
})

const answerOf = (error: ErrorName) => ({ errorCode: errorCode(error) })
