// ConsumerGroupDescribe. Behaviour: epochs, members and assignments of each consumer group (KIP-848); GROUP_ID_NOT_FOUND for
// groups of the other kind, which clients then ask DescribeGroups for. Versions: 1 which protocol a member speaks.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse
} from '../../protocol/messages/consumer-group-describe.js'
import type { InputOf } from '../../protocol/schema.js'
import { settleAll } from '../replicas/shard.js'
import { allowedOperations } from './allowed-operations.js'
import { defineApi, type Outcome, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

type Answer = InputOf<typeof consumerGroupDescribeResponse>
type Described = NonNullable<Answer['groups']>[number]

export const consumerGroupDescribe = defineApi({
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: [0, 1],
  request: consumerGroupDescribeRequest,
  response: consumerGroupDescribeResponse,
  needs: ['groups', 'config'],
  handle(request, context, { groups, config }): Outcome<Answer> {
    const { groupIds, includeAuthorizedOperations } = request
    if (!config.get('group.coordinator.rebalance.protocols').includes('consumer')) {
      return respond({ groups: groupIds.map(groupId => failed(groupId, 'UNSUPPORTED_VERSION')) })
    }
    const asked = groupIds.map(groupId => {
      const one = { groupIds: [groupId], includeAuthorizedOperations }
      const performed = groups.perform('consumerGroupDescribe', groupId, one, callerOf(context))
      const described = (done: Awaited<typeof performed>): Described =>
        done.kind === 'answered'
          ? (done.answer.groups?.[0] ?? failed(groupId, 'UNKNOWN_SERVER_ERROR'))
          : failed(groupId, done.error)
      return performed instanceof Promise ? performed.then(described) : described(performed)
    })
    return respondWhen(settleAll(asked), described =>
      respond({ groups: includeAuthorizedOperations ? described.map(withOperations) : [...described] })
    )
  },
  errorResponse: ({ groupIds }, error) => ({ groups: groupIds.map(groupId => failed(groupId, error)) })
})

const withOperations = (group: Described): Described =>
  group.errorCode === 0 ? { ...group, authorizedOperations: allowedOperations.group } : group

const failed = (groupId: string, error: ErrorName): Described => ({ groupId, errorCode: errorCode(error) })
