// DeleteGroups. Behaviour: a group without members ends with its offsets; each has its own error, and one that is named twice
// is answered once.
import { errorCode } from '../../protocol/error-codes.js'
import { deleteGroupsRequest, deleteGroupsResponse } from '../../protocol/messages/delete-groups.js'
import type { InputOf } from '../../protocol/schema.js'
import { settleAll } from '../replicas/shard.js'
import { defineApi, type Outcome, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

type Answer = InputOf<typeof deleteGroupsResponse>

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 2],
  request: deleteGroupsRequest,
  response: deleteGroupsResponse,
  needs: ['groups'],
  handle({ groupsNames }, context, { groups }): Outcome<Answer> {
    const asked = [...new Set(groupsNames)].map(groupId => {
      const performed = groups.perform('deleteGroup', groupId, { groupId }, callerOf(context))
      const deleted = (done: Awaited<typeof performed>) => ({
        groupId,
        errorCode: errorCode(done.kind === 'answered' ? done.answer.error : done.error)
      })
      return performed instanceof Promise ? performed.then(deleted) : deleted(performed)
    })
    return respondWhen(settleAll(asked), results => respond({ results: [...results] }))
  },
  errorResponse: ({ groupsNames }, error) => ({
    results: [...new Set(groupsNames)].map(groupId => ({ groupId, errorCode: errorCode(error) }))
  })
})
