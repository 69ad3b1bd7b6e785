// What must hold of a classic group, its members, its clients and its log.
import type { Model } from '../../model.js'
import { isDead } from './clients.js'
import type { Coordinator } from './coordinator.js'
import type { Entry, GroupModelState } from './state.js'

type S = GroupModelState

/** Nothing is under way and everybody is where he wants to be. */
export function isSettled(coordinator: Coordinator, state: S): boolean {
  const { entries, clients, generation, storing, readmissions } = state
  if (!coordinator.isOwned(state) || storing.length + readmissions.length > 0) return false
  const alive = clients.filter(({ phase }) => phase !== 'gone')
  if (alive.length === 0) return entries.length === 0 && coordinator.phase(state) === 'empty'
  return (
    coordinator.phase(state) === 'stable' &&
    entries.length === alive.length &&
    alive.every(client => client.phase === 'owns' && client.generation === generation)
  )
}

export function groupProperties(
  coordinator: Coordinator
): Pick<Model<S>, 'always' | 'everyStep' | 'possible' | 'inevitable' | 'sometimes'> {
  const phase = (state: S): string => coordinator.phase(state)
  const waitsFor = { joining: 'join', rejoining: 'join', syncing: 'sync' } as Readonly<Record<string, string>>
  const settled = (state: S): boolean => isSettled(coordinator, state)
  return {
    always: [
      {
        id: 'unowned-is-empty',
        says: 'while its partition is not owned nobody is a member, nobody waits and nothing is written',
        holds: state => coordinator.isOwned(state) || (state.entries.length === 0 && state.timer === 'none')
      },
      {
        id: 'one-answer',
        says: 'an answer goes to a client that waits for one of its kind',
        holds: ({ wrong }) => wrong !== 'answeredTwice'
      },
      {
        id: 'nobody-is-forgotten',
        says: 'a client that waits has a request that waits at the coordinator, exactly one',
        holds: state =>
          state.clients.every(({ phase: own }, at) => {
            const waiting = state.entries.filter(({ waiter }) => waiter === at).map(({ waits }) => waits)
            if (own === 'joining') return waiting.join() === 'join'
            return own === 'syncing' ? waiting.join() === 'sync' : waiting.length === 0
          })
      },
      {
        id: 'waits-as-its-state-says',
        says: 'a request of a member waits exactly where its state says so',
        holds: ({ entries }) =>
          entries.every(entry => entry.waits === (waitsFor[coordinator.memberState(entry)] ?? 'nothing'))
      },
      {
        id: 'split',
        says: 'whoever is given an assignment of a generation is given a part of the same one, and no generation is used again',
        holds: ({ wrong }) => wrong !== 'split'
      },
      {
        id: 'shared-is-stored',
        says: 'an assignment that somebody was given is in the log, or a later generation',
        holds: ({ shared, log }) => shared.generation <= (log?.generation ?? 0)
      },
      {
        id: 'told-when-acknowledged',
        says: 'an assignment is told only after its write was acknowledged',
        holds: ({ wrong }) => wrong !== 'toldEarly'
      },
      {
        id: 'generations-are-read-back',
        says: 'while its partition is owned, the group is not behind an assignment that somebody was given',
        holds: state => !coordinator.isOwned(state) || state.generation >= state.shared.generation
      },
      {
        id: 'fenced',
        says: 'a commit is accepted only of the newest generation of which somebody was given an assignment',
        holds: ({ wrong }) => wrong !== 'commitOfThePast'
      },
      {
        id: 'one-leader',
        says: 'one member leads, where there are members',
        holds: state => {
          const members = coordinator.members(state)
          return members.length === 0 || members.filter(({ leads }) => leads).length === 1
        }
      },
      {
        id: 'empty-is-empty',
        says: 'a group is empty if and only if it has no members, while no rebalance is under way',
        holds: state =>
          coordinator.isPreparing(state) ||
          (phase(state) === 'empty') === (coordinator.members(state).length === 0)
      },
      {
        id: 'nobody-waits-for-nobody',
        says: 'joins wait only for somebody who has not joined',
        holds: state =>
          phase(state) !== 'preparing' ||
          state.entries.some(entry => entry.isPending || !coordinator.hasJoined(entry))
      },
      {
        id: 'stable-waits-for-nobody',
        says: 'in a stable group no sync waits, and no join but that of a static member that is being readmitted',
        holds: state =>
          phase(state) !== 'stable' ||
          state.entries.every(
            ({ waits, id }) =>
              waits === 'nothing' || (waits === 'join' && state.readmissions.some(each => each.id === id))
          )
      }
    ],
    everyStep: [
      {
        id: 'generations-grow',
        says: 'while the partition is owned the generation does not go back',
        holds: (before, _, after) =>
          !coordinator.isOwned(before) || !coordinator.isOwned(after) || after.generation >= before.generation
      },
      {
        id: 'generation-begins-with-joins',
        says: 'a generation begins with members that have joined, its leader is one of them; static ones may come later',
        holds: (before, _, after) =>
          phase(after) !== 'completing' ||
          after.generation === before.generation ||
          coordinator
            .members(after)
            .every(
              entry =>
                (entry.instance >= 0 && !entry.leads) || joinedBefore(coordinator, before, entry, after)
            )
      }
    ],
    inevitable: [
      {
        id: 'joins-are-answered',
        says: 'a client that waits in a join is answered in the end, or dies',
        from: ({ clients }) => clients.some(client => client.phase === 'joining'),
        to: ({ clients }) => !clients.some(client => client.phase === 'joining')
      },
      {
        id: 'syncs-are-answered',
        says: 'a client that waits in a sync is answered in the end, or dies',
        from: ({ clients }) => clients.some(client => client.phase === 'syncing'),
        to: ({ clients }) => !clients.some(client => client.phase === 'syncing')
      },
      {
        id: 'settles',
        says: 'left alone, the group becomes stable with all that live, each with its assignment, or empty',
        from: () => true,
        to: settled
      },
      {
        id: 'the-dead-go',
        says: 'who is dead is no member in the end',
        from: state => state.entries.some(entry => isDead(state, entry)),
        to: state => !state.entries.some(entry => isDead(state, entry))
      },
      {
        id: 'loads-end',
        says: 'a load ends',
        from: state => ['queued', 'loading'].includes(coordinator.partition.name(state.partition)),
        to: state => !['queued', 'loading'].includes(coordinator.partition.name(state.partition))
      }
    ],
    sometimes: sometimes(coordinator)
  }
}

/** It waited in a join before, or joins with the step that begins the generation. */
function joinedBefore(coordinator: Coordinator, before: S, { id }: Entry, after: S): boolean {
  const entry = coordinator.find(before, id)
  if (entry !== undefined && !entry.isPending && coordinator.hasJoined(entry)) return true
  return after.clients.some(client => client.id === id && client.phase === 'joined')
}

function sometimes(coordinator: Coordinator): Model<S>['sometimes'] {
  const phase = (state: S): string => coordinator.phase(state)
  return [
    {
      says: 'all clients own a part of one generation',
      holds: state => state.clients.every(client => client.phase === 'owns') && isSettled(coordinator, state)
    },
    { says: 'somebody new comes during the initial delay', holds: state => phase(state) === 'gatheringMore' },
    {
      says: 'a write is under way while the next rebalance is prepared',
      holds: state => state.storing.length > 0 && coordinator.isPreparing(state)
    },
    {
      says: 'two writes are under way',
      holds: ({ storing, readmissions }) => storing.length + readmissions.length > 1
    },
    {
      says: 'a static member waits to be readmitted to a stable group',
      holds: state => phase(state) === 'stable' && state.readmissions.length > 0
    },
    {
      says: 'an id that was given out and forgotten holds up a rebalance',
      holds: state =>
        phase(state) === 'preparing' && state.entries.some(entry => entry.isPending && isDead(state, entry))
    },
    {
      says: 'a follower waits for its assignment, and the leader is dead',
      holds: state =>
        state.entries.some(entry => entry.leads && isDead(state, entry)) &&
        state.clients.some(client => client.phase === 'syncing')
    },
    {
      says: 'a group is read back from the log with all its members',
      holds: state =>
        state.left.unloads === 0 && phase(state) === 'stable' && coordinator.members(state).length > 1
    },
    { says: 'a commit is accepted', holds: ({ commit }) => commit === 'accepted' },
    { says: 'a commit is refused', holds: ({ commit }) => commit === 'refused' },
    {
      says: 'a group that had members is empty again',
      holds: state => phase(state) === 'empty' && state.generation > 1
    },
    {
      says: 'two clients own parts of different generations',
      holds: ({ clients }) => {
        const owned = clients.filter(client => client.phase === 'owns').map(({ generation }) => generation)
        return new Set(owned).size > 1
      }
    }
  ]
}
