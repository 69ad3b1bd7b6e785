// What may go wrong between consumers, the coordinator of their classic group, and its log.
import { classicGroupMachine } from '../../src/actors/groups/classic/classic-group.machine.js'
import { classicMemberMachine } from '../../src/actors/groups/classic/classic-member.machine.js'
import { offsetsPartitionMachine } from '../../src/actors/groups/offsets-partition.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { groupModel } from '../../src/verify/models/group.model.js'
import type { GroupModelOverrides } from '../../src/verify/models/groups/coordinator.js'
import type { Budget } from '../../src/verify/models/groups/state.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

type Trouble = Exclude<keyof Budget, 'disturbances'>

const calm: Budget = {
  ...{ deaths: 0, leaves: 0, resets: 0, changes: 0, slow: 0, unloads: 0, refusals: 0, commits: 0 },
  disturbances: 1
}

/** One dynamic and one static client, or two static ones that are one instance; and what may happen to them. */
function run(overrides: GroupModelOverrides, troubles: readonly Trouble[] = [], twins = false): Report {
  const budget = { ...calm, ...Object.fromEntries(troubles.map(trouble => [trouble, 1])) }
  const bounds = { clients: 2, statics: twins ? 2 : 1, twins, ...budget }
  return check(groupModel(bounds, overrides), { maxStates: 50_000 })
}

const runGroup = (change: (edit: Edit) => void, troubles: readonly Trouble[] = []): Report =>
  run({ group: mutated(classicGroupMachine, change) }, troubles)
const runMember = (change: (edit: Edit) => void, troubles: readonly Trouble[] = []): Report =>
  run({ member: mutated(classicMemberMachine, change) }, troubles)

export const mutants: readonly Mutant[] = [
  {
    name: 'A late acknowledgement of an earlier generation makes the present one stable',
    caughtBy: 'told-when-acknowledged',
    check: () => run({ knowsLateAcknowledgements: false })
  },
  {
    name: 'Members that have not joined in time are taken into the next generation',
    caughtBy: 'generation-begins-with-joins',
    check: () => run({ dropsTheMissing: false }, ['deaths'])
  },
  {
    name: 'A static leader that has not joined goes on leading',
    caughtBy: 'generation-begins-with-joins',
    check: () => run({ electsJoinedLeaders: false }, ['deaths'])
  },
  {
    name: 'The last join does not end the wait for joins',
    caughtBy: 'nobody-waits-for-nobody',
    check: () => run({ settles: false })
  },
  {
    name: 'The former life of a static member waits for ever',
    caughtBy: 'nobody-is-forgotten',
    check: () => run({ fencesFormerLives: false }, [], true)
  },
  {
    name: 'A rebalance goes on under the generation of the last one',
    caughtBy: 'split',
    check: () => run({ generationsGrow: false })
  },
  {
    name: 'A commit is accepted of any generation of a member',
    caughtBy: 'fenced',
    check: () => run({ fencesCommits: false }, ['commits', 'slow'])
  },
  {
    name: 'A member that comes while assignments are written is not a reason to rebalance',
    caughtBy: 'stable-waits-for-nobody',
    check: () => runGroup(edit => edit.set('states.storing.on.changed', {}))
  },
  {
    name: 'Syncs that wait are not answered when a rebalance begins',
    caughtBy: 'syncs-are-answered',
    check: () =>
      runGroup(edit => edit.set('states.completing.on.changed', { target: 'preparing' }), ['deaths'])
  },
  {
    name: 'Assignments are told before the log has them',
    caughtBy: 'shared-is-stored',
    check: () =>
      runGroup(
        edit => edit.set('states.completing.on.assigned', { target: 'stable', actions: ['share', 'store'] }),
        ['refusals']
      )
  },
  {
    name: 'Assignments are told although the log has refused them',
    caughtBy: 'shared-is-stored',
    check: () =>
      runGroup(
        edit => edit.set('states.storing.on.notStored', { target: 'stable', actions: 'share' }),
        ['refusals']
      )
  },
  {
    name: 'A new member is given up without an answer',
    caughtBy: 'nobody-is-forgotten',
    check: () => runMember(edit => edit.set('states.joining.on.expire', { target: 'gone' }), ['slow'])
  },
  {
    name: 'The session of a member runs on while its sync waits, and ends it',
    caughtBy: 'nobody-is-forgotten',
    check: () => runMember(edit => edit.set('states.syncing.on.expire', { target: 'gone' }), ['slow'])
  },
  {
    name: 'Whoever waits is not told that the partition is another broker’s',
    caughtBy: 'nobody-is-forgotten',
    check: () => runGroup(edit => edit.remove('states.dead.entry'), ['unloads'])
  },
  {
    name: 'Groups are served on although the partition is another broker’s',
    caughtBy: 'unowned-is-empty',
    check: () =>
      run(
        {
          partition: mutated(offsetsPartitionMachine, edit =>
            edit.set('states.owned.on.resigned', { target: 'notOwned' })
          )
        },
        ['unloads']
      )
  },
  {
    name: 'A load that was read is not installed',
    caughtBy: 'generations-are-read-back',
    check: () =>
      run(
        {
          partition: mutated(offsetsPartitionMachine, edit =>
            edit.set('states.loading.on.loaded', { target: 'owned' })
          )
        },
        ['unloads']
      )
  },
  {
    name: 'The end of the initial delay begins nothing',
    caughtBy: 'joins-are-answered',
    check: () => runGroup(edit => edit.set('states.gathering.on.delayOver', {}))
  }
]
