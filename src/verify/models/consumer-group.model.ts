// Members of a consumer group (KIP-848) and their coordinator, with requests and answers on the way between them: members
// come, go, crash, are slow, and answers are lost. What the coordinator decides is decided by the code that runs.
import type { AnyStateMachine } from 'xstate'
import { memberMachine } from '../../actors/groups/consumer/member.machine.js'
import { type Bound, modelEntry } from '../entry.js'
import type { Model } from '../model.js'
import { actionsOf } from './consumer-group/actions.js'
import { coordinatorOf } from './consumer-group/coordinator.js'
import { properties } from './consumer-group/properties.js'
import {
  type Bounds,
  type ConsumerGroupState,
  initialOf,
  keyOf,
  mayRest,
  partsOf,
  showOf
} from './consumer-group/state.js'

export interface ConsumerGroupOverrides {
  readonly machine?: AnyStateMachine
  /** What is still to be given up counts as somebody's. */
  readonly pendingIsHeld?: boolean
  readonly bumpsOnLeave?: boolean
  /** Clients take what they were told while they say that they do not hold it, or though an answer was lost since. */
  readonly takesTooEarly?: boolean
}

export function consumerGroupModel(
  bounds: Bounds,
  { machine = memberMachine, takesTooEarly = false, ...rest }: ConsumerGroupOverrides = {}
): Model<ConsumerGroupState> {
  const rules = { pendingIsHeld: true, bumpsOnLeave: true, ...rest }
  const coordinator = coordinatorOf(machine, bounds, rules)
  const { members, partitions, joins, losses, expiries } = bounds
  return {
    name: 'consumer-group',
    about: `${members} members, ${partitions} partitions; each joins ${joins} times, ${losses} losses, ${expiries} slow members`,
    parts: partsOf(bounds),
    initial: () => initialOf(bounds),
    next: actionsOf(coordinator, takesTooEarly),
    key: keyOf,
    show: showOf,
    mayRest,
    ...properties(bounds)
  }
}

const boundsOf: Readonly<Record<Bound, Bounds>> = {
  small: { members: 2, partitions: 2, joins: 1, losses: 2, expiries: 0 },
  large: { members: 2, partitions: 2, joins: 1, losses: 2, expiries: 1 },
  huge: { members: 3, partitions: 3, joins: 2, losses: 3, expiries: 2 }
}

export const consumerGroupEntry = modelEntry(bound => consumerGroupModel(boundsOf[bound]))
