// What may go wrong between the members of a consumer group and their coordinator.
import type { AnyStateMachine } from 'xstate'
import { memberMachine } from '../../src/actors/groups/consumer/member.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import {
  type ConsumerGroupOverrides,
  consumerGroupModel
} from '../../src/verify/models/consumer-group.model.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

const bounds = { members: 2, partitions: 2, joins: 1, losses: 1, expiries: 0 }
const run = (overrides: ConsumerGroupOverrides): Report =>
  check(consumerGroupModel(bounds, overrides), { maxStates: 50_000 })

const member = (change: (edit: Edit) => void): AnyStateMachine => mutated(memberMachine, change)

export const mutants: readonly Mutant[] = [
  {
    name: 'What a member was asked to give up is free before it says that it did',
    caughtBy: 'one-holder',
    check: () => run({ pendingIsHeld: false })
  },
  {
    name: 'Whoever was asked to give up counts as having done so at its next heartbeat',
    caughtBy: 'one-reader',
    check: () =>
      run({
        machine: member(edit =>
          edit.set('states.unrevokedPartitions.on.reconcile', {
            target: 'stable',
            actions: ['release', 'moveToTarget']
          })
        )
      })
  },
  {
    name: 'A member has the target at once, whatever it still holds',
    caughtBy: 'one-reader',
    check: () =>
      run({ machine: member(edit => edit.set('states.stable.on.reconcile.1.actions', 'moveToTarget')) })
  },
  {
    name: 'Whoever waits for others is not looked at again',
    caughtBy: 'settles',
    check: () => run({ machine: member(edit => edit.set('states.unreleasedPartitions.on.reconcile', {})) })
  },
  {
    name: 'Whoever waits for others counts as stable',
    caughtBy: 'settles',
    check: () => run({ machine: member(edit => edit.set('states.stable.on.reconcile.2.target', 'stable')) })
  },
  {
    name: 'A member that has given up stays where it is',
    caughtBy: 'settles',
    check: () => run({ machine: member(edit => edit.set('states.unrevokedPartitions.on.reconcile', {})) })
  },
  {
    name: 'Nobody computes a target when a member has gone',
    caughtBy: 'new-members-new-epoch',
    check: () => run({ bumpsOnLeave: false })
  },
  {
    name: 'Clients take what they say not to hold',
    caughtBy: 'one-reader',
    check: () => run({ takesTooEarly: true })
  }
]
