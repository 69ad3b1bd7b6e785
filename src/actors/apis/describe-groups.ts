// DescribeGroups. Behaviour: state and members of each group; one that nobody knows is Dead, without an error. Groups of the
// consumer protocol are told by ConsumerGroupDescribe. Versions: 3 authorized operations, 4 instance ids.
import { errorCode } from '../../protocol/error-codes.js'
import {
  type DescribeGroupsResponse,
  describeGroupsRequest,
  describeGroupsResponse
} from '../../protocol/messages/describe-groups.js'
import type { InputOf } from '../../protocol/schema.js'
import { settleAll } from '../replicas/shard.js'
import { allowedOperations } from './allowed-operations.js'
import { defineApi, type Outcome, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

type Answer = InputOf<typeof describeGroupsResponse>
type Described = DescribeGroupsResponse['groups'][number]

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  versions: [0, 5],
  request: describeGroupsRequest,
  response: describeGroupsResponse,
  needs: ['groups'],
  handle(request, context, { groups }): Outcome<Answer> {
    const asked = request.groups.map(groupId => {
      const performed = groups.perform('describeGroup', groupId, { groupId }, callerOf(context))
      const described = (done: Awaited<typeof performed>): Described =>
        done.kind === 'answered' ? done.answer : failed(groupId, errorCode(done.error))
      return performed instanceof Promise ? performed.then(described) : described(performed)
    })
    return respondWhen(settleAll(asked), described =>
      respond({
        groups: request.includeAuthorizedOperations ? described.map(withOperations) : described
      })
    )
  },
  errorResponse: ({ groups }, error) => ({ groups: groups.map(groupId => failed(groupId, errorCode(error))) })
})

const withOperations = (group: Described): Described =>
  group.errorCode === 0 ? { ...group, authorizedOperations: allowedOperations.group } : group

/** Of authorized operations. */
const notAsked = -2147483648

function failed(groupId: string, error: number): Described {
  return {
    errorCode: error,
    groupId,
    groupState: '',
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: notAsked
  }
}
