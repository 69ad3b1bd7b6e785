// ListGroups. Behaviour: the groups that this broker coordinates, by state and type where asked; with an error and what is known
// while some still load. Versions: 4 states, 5 types.
import { errorCode } from '../../protocol/error-codes.js'
import { listGroupsRequest, listGroupsResponse } from '../../protocol/messages/list-groups.js'
import type { InputOf } from '../../protocol/schema.js'
import { defineApi, type Outcome, respond } from './api.js'

type Answer = InputOf<typeof listGroupsResponse>

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  versions: [0, 5],
  request: listGroupsRequest,
  response: listGroupsResponse,
  needs: ['groups'],
  handle({ statesFilter, typesFilter }, _, { groups }): Outcome<Answer> {
    const states = filterOf(statesFilter)
    const types = filterOf(typesFilter)
    const completion = groups.list().then(({ error, groups: all }) =>
      respond({
        errorCode: errorCode(error),
        groups: all
          .filter(({ state, kind }) => states(state) && types(kind))
          .map(({ groupId, protocolType, state, kind }) => ({
            groupId,
            protocolType,
            groupState: state,
            groupType: kind
          }))
      })
    )
    return { kind: 'park', completion }
  },
  errorResponse: (_, error) => ({ errorCode: errorCode(error), groups: [] })
})

/** None named: all. */
function filterOf(names: readonly string[]): (name: string) => boolean {
  const wanted = new Set(names.map(name => name.toLowerCase()))
  return name => wanted.size === 0 || wanted.has(name.toLowerCase())
}
