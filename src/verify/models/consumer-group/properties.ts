// What has to hold of a consumer group, whatever its members do.
import type { Model } from '../../model.js'
import type { Bounds, ConsumerGroupState, Known } from './state.js'

type State = ConsumerGroupState
type Properties = Pick<Model<State>, 'always' | 'everyStep' | 'inevitable' | 'sometimes'>

const known = (state: State): Known[] => state.known.filter(each => each !== null)

function areDisjoint(sets: readonly number[]): boolean {
  let all = 0
  for (const bits of sets) {
    if ((all & bits) !== 0) return false
    all |= bits
  }
  return true
}

/** Everybody who is there has its part of the target, reads it, and knows its epoch. */
function isSettled(bounds: Bounds): (state: State) => boolean {
  const everything = (1 << bounds.partitions) - 1
  return state => {
    const members = known(state)
    if (members.length === 0) return state.clients.every(({ isIn }) => !isIn)
    if (state.epoch !== state.targetEpoch) return false
    const read = state.clients.reduce((bits, { held }) => bits | held, 0)
    return read === everything && state.clients.every((client, index) => isAtTarget(state, client, index))
  }
}

function isAtTarget(
  { known: all, targetEpoch }: State,
  client: State['clients'][number],
  index: number
): boolean {
  const member = all[index] ?? null
  if (!client.isIn || member === null) return !client.isIn && member === null
  return (
    member.state === 'stable' &&
    member.epoch === targetEpoch &&
    member.assigned === member.target &&
    client.epoch === member.epoch &&
    client.held === member.target
  )
}

export function properties(bounds: Bounds): Properties {
  return {
    always: [
      {
        id: 'one-reader',
        says: 'no partition is read by two members of the group',
        holds: ({ clients, known: all }) =>
          areDisjoint(clients.flatMap(({ held }, index) => (all[index] === null ? [] : [held])))
      },
      {
        id: 'one-holder',
        says: 'the coordinator gives nobody what somebody else has, or has still to give up',
        holds: state => areDisjoint(known(state).map(({ assigned, pending }) => assigned | pending))
      },
      {
        id: 'epochs-in-order',
        says: 'no member is ahead of the target, and the target is not ahead of the group',
        holds: state =>
          state.targetEpoch <= state.epoch && known(state).every(({ epoch }) => epoch <= state.targetEpoch)
      },
      {
        id: 'reads-only-its-own',
        says: 'a member reads nothing that the coordinator does not count as its own',
        holds: ({ clients, known: all }) =>
          clients.every(({ held }, index) => {
            const member = all[index]
            return member == null || (held & ~(member.assigned | member.pending)) === 0
          })
      }
    ],
    everyStep: [
      {
        id: 'epochs-grow',
        says: 'no epoch becomes smaller while its owner is there',
        holds: (before, _, after) =>
          after.epoch >= before.epoch &&
          after.targetEpoch >= before.targetEpoch &&
          after.known.every((member, index) => {
            const was = before.known[index]
            return member === null || was == null || member.epoch >= was.epoch
          })
      },
      {
        id: 'new-members-new-epoch',
        says: 'whoever comes or goes, the group has another epoch',
        holds: (before, _, after) =>
          after.epoch > before.epoch ||
          after.known.every((member, index) => (member === null) === (before.known[index] === null))
      }
    ],
    inevitable: [
      {
        id: 'settles',
        says: 'in the end each member reads its part, and all partitions are read',
        from: state => !isSettled(bounds)(state),
        to: isSettled(bounds)
      }
    ],
    sometimes: [
      {
        says: 'a member waits for what another one gives up',
        holds: state => known(state).some(({ state: at }) => at === 'unreleasedPartitions')
      },
      {
        says: 'a member that was removed reads on, while another one has its part',
        holds: ({ clients, known: all }) =>
          clients.some(
            ({ held }, index) =>
              all[index] === null && clients.some((other, at) => at !== index && (other.held & held) !== 0)
          )
      },
      { says: 'a member is fenced', holds: ({ clients }) => clients.some(({ isFenced }) => isFenced) },
      {
        says: 'a member whose answer was lost comes with its former epoch',
        holds: ({ clients, known: all }) =>
          clients.some(({ wire }, index) => {
            const member = all[index]
            return (
              wire?.kind === 'request' &&
              member != null &&
              wire.epoch > 0 &&
              wire.epoch === member.previousEpoch &&
              wire.epoch < member.epoch
            )
          })
      },
      {
        says: 'all members share the partitions',
        holds: ({ clients }) => clients.every(({ held, told }) => held !== 0 && told === null)
      }
    ]
  }
}
