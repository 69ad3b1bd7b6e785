// ConsumerGroupHeartbeat. Behaviour: decided by the group's coordinator; UNSUPPORTED_VERSION where
// group.coordinator.rebalance.protocols leaves consumer out. Versions: 1 patterns of topics, ids that members make themselves.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse
} from '../../protocol/messages/consumer-group-heartbeat.js'
import type { InputOf } from '../../protocol/schema.js'
import { defineApi, type Outcome, respond, respondWhen } from './api.js'
import { callerOf } from './group-caller.js'

type Answer = InputOf<typeof consumerGroupHeartbeatResponse>

export const consumerGroupHeartbeat = defineApi({
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  versions: [0, 1],
  request: consumerGroupHeartbeatRequest,
  response: consumerGroupHeartbeatResponse,
  needs: ['groups', 'config'],
  handle(request, context, { groups, config }): Outcome<Answer> {
    if (!config.get('group.coordinator.rebalance.protocols').includes('consumer')) {
      return respond(refused('UNSUPPORTED_VERSION'))
    }
    const { groupId } = request
    return respondWhen(
      groups.perform('consumerGroupHeartbeat', groupId, request, callerOf(context)),
      performed => respond(performed.kind === 'answered' ? performed.answer : refused(performed.error))
    )
  },
  errorResponse: (_, error) => refused(error)
})

const refused = (error: ErrorName): Answer => ({ errorCode: errorCode(error) })
