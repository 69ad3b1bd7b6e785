// The offsets partitions of one thread as their driver composes them: elections of any epoch, one load at a time in turn, logs
// that fail, a topic that is deleted, a stop, whenever somebody likes.
import type { AnyStateMachine } from 'xstate'
import {
  type OffsetsPartitionContext,
  offsetsPartitionMachine
} from '../../actors/groups/offsets-partition.machine.js'
import { Bug } from '../../errors.js'
import { modelEntry } from '../entry.js'
import { ExecutedMachine, type ModelEvent } from '../executed-machine.js'
import type { Action, Model } from '../model.js'

interface PartitionState {
  readonly machine: number
  /** A read of its log goes on; one that was abandoned ends unheard. */
  readonly reading: boolean
  /** Its groups can be reached: Kafka's ownedPartitions. */
  readonly served: boolean
}

export interface OffsetsPartitionsState {
  readonly partitions: readonly PartitionState[]
  /** In the order in which their turn comes. */
  readonly waiting: readonly number[]
  /** -1: nobody's turn. */
  readonly turn: number
  readonly stopped: boolean
  /** A load was begun or ended for groups that were still served, or groups were let go that nobody had. */
  readonly overlapped: boolean
}

export interface OffsetsPartitionsOverrides {
  readonly machine?: AnyStateMachine
  /** False: who gives up while it is its turn keeps it. */
  readonly givesTurnBack?: boolean
  /** False: an end of a read counts although its load was abandoned. */
  readonly abandonedLoadsAreSilent?: boolean
}

const controller = 'controller'
const partitionActions = Array.from({ length: 4 }, (_, index) => {
  const partition = `partition ${index}`
  const environment = (from: string, says: string): Action => ({
    from,
    to: partition,
    says,
    by: 'environment'
  })
  return {
    elected: [0, 1, 2].map(epoch => environment(controller, `makes it the leader under epoch ${epoch}`)),
    resigned: environment(controller, 'gives the leadership to another'),
    deleted: environment(controller, 'deletes the topic'),
    logFailed: environment('log', 'fails'),
    loaded: { from: partition, to: partition, says: 'has read its log', by: 'actor' } satisfies Action,
    lateRead: environment('log', 'ends a read that was abandoned')
  }
})
const stop: Action = { from: 'broker', to: 'coordinator', says: 'stops it', by: 'environment' }

export function offsetsPartitionsModel(
  { partitions: count }: { readonly partitions: number },
  overrides: OffsetsPartitionsOverrides = {}
): Model<OffsetsPartitionsState> {
  const machine = new ExecutedMachine(overrides.machine ?? offsetsPartitionMachine)
  const givesTurnBack = overrides.givesTurnBack ?? true
  const areSilent = overrides.abandonedLoadsAreSilent ?? true
  const name = ({ machine: state }: PartitionState): string => machine.name(state)
  const epochOf = ({ machine: state }: PartitionState): number =>
    (machine.context(state) as OffsetsPartitionContext).leaderEpoch
  const isLoading = (partition: PartitionState): boolean =>
    name(partition) === 'queued' || name(partition) === 'loading'

  const change = (
    state: OffsetsPartitionsState,
    index: number,
    to: Partial<PartitionState>
  ): OffsetsPartitionsState => {
    const before = at(state, index)
    return { ...state, partitions: state.partitions.with(index, { ...before, ...to }) }
  }

  const send = (
    state: OffsetsPartitionsState,
    index: number,
    event: string | ModelEvent
  ): OffsetsPartitionsState => {
    const { state: next, deeds } = machine.step(at(state, index).machine, event)
    return deeds.reduce(
      (after, deed) => carryOut(after, index, deed),
      change(state, index, { machine: next })
    )
  }

  const carryOut = (state: OffsetsPartitionsState, index: number, deed: string): OffsetsPartitionsState => {
    const { served, reading } = at(state, index)
    switch (deed) {
      case 'queueLoad':
        return nextTurn({ ...state, waiting: [...state.waiting, index] })
      case 'beginLoad':
        return change({ ...state, overlapped: state.overlapped || served }, index, { reading: true })
      case 'abandonLoad':
        return leave(change(state, index, { reading: reading && !areSilent }), index, givesTurnBack)
      case 'install': {
        const overlapped = state.overlapped || served
        return leave(change({ ...state, overlapped }, index, { reading: false, served: true }), index)
      }
      case 'unload':
        return change({ ...state, overlapped: state.overlapped || !served }, index, { served: false })
      default:
        throw new Bug(`the model does not know the action ${deed}`)
    }
  }

  /** LoadQueue.#leave */
  const leave = (state: OffsetsPartitionsState, index: number, turnToo = true): OffsetsPartitionsState => {
    const waiting = state.waiting.filter(other => other !== index)
    return nextTurn({ ...state, waiting, turn: state.turn === index && turnToo ? -1 : state.turn })
  }

  /** LoadQueue.#next */
  const nextTurn = (state: OffsetsPartitionsState): OffsetsPartitionsState => {
    const [first, ...waiting] = state.waiting
    if (state.turn >= 0 || first === undefined) return state
    return send({ ...state, turn: first, waiting }, first, 'turnCame')
  }

  const all = Array.from({ length: count }, (_, index) => index)
  return {
    name: 'offsets-partitions',
    about: `${count} partitions of __consumer_offsets: elections of any epoch, loads in turn, failures, deletion, stop`,
    parts: [controller, 'broker', 'coordinator', 'log', ...all.map(index => `partition ${index}`)],
    initial: () => ({
      partitions: all.map(() => ({ machine: machine.initial, reading: false, served: false })),
      waiting: [],
      turn: -1,
      stopped: false,
      overlapped: false
    }),
    next(state, step) {
      for (const index of all) {
        const actions = partitionActions[index]
        if (actions === undefined) continue
        const partition = at(state, index)
        for (const [leaderEpoch, action] of actions.elected.entries()) {
          step(action, send(state, index, { type: 'elected', leaderEpoch }))
        }
        step(actions.resigned, send(state, index, 'resigned'))
        step(actions.deleted, send(state, index, 'deleted'))
        step(actions.logFailed, send(state, index, 'logFailed'))
        if (!partition.reading) continue
        const isHeard = name(partition) === 'loading'
        const ended = change(state, index, { reading: false })
        step(isHeard ? actions.loaded : actions.lateRead, send(ended, index, 'loaded'))
      }
      if (state.stopped) return
      let after: OffsetsPartitionsState = { ...state, stopped: true }
      for (const index of all) after = send(after, index, 'stop')
      step(stop, after)
    },
    key: ({ partitions, waiting, turn, stopped, overlapped }) =>
      [
        ...partitions.map(each => `${each.machine}.${each.reading ? 1 : 0}.${each.served ? 1 : 0}`),
        waiting.join('-'),
        turn,
        stopped ? 1 : 0,
        overlapped ? 1 : 0
      ].join(),
    show: state =>
      Object.fromEntries(state.partitions.map((each, index) => [`partition ${index}`, name(each)])),
    mayRest: ({ partitions }) => !partitions.some(isLoading),
    always: [
      {
        id: 'I-49',
        says: 'loading and letting go of one partition never overlap, and one load goes on at a time',
        holds: ({ overlapped, partitions }) =>
          !overlapped && partitions.filter(({ reading }) => reading).length <= 1
      },
      {
        id: 'I-50',
        says: 'groups are served exactly while their partition is owned',
        holds: ({ partitions }) => partitions.every(each => each.served === (name(each) === 'owned'))
      },
      {
        id: 'stopped-for-good',
        says: 'nothing is loaded or served once the coordinator has stopped',
        holds: ({ stopped, partitions }) =>
          !stopped || partitions.every(each => !each.served && !each.reading && !isLoading(each))
      }
    ],
    everyStep: [
      {
        id: 'epoch-grows',
        says: 'the epoch of the last election never goes back',
        holds: (before, _, after) =>
          before.partitions.every((each, index) => epochOf(each) <= epochOf(at(after, index)))
      }
    ],
    inevitable: [
      {
        id: 'I-51',
        says: 'a load ends: the partition is owned, or not its any more',
        // One stands for all: they differ in nothing.
        from: state => isLoading(at(state, 0)),
        to: state => !isLoading(at(state, 0))
      }
    ],
    sometimes: [
      {
        says: 'one waits while another loads',
        holds: ({ waiting, turn }) => waiting.length > 0 && turn >= 0
      },
      {
        says: 'one is owned while another loads',
        holds: ({ partitions }) => partitions.some(({ served }) => served) && partitions.some(isLoading)
      },
      {
        says: 'an owned one was elected again',
        holds: ({ partitions }) => partitions.some(each => each.served && epochOf(each) === 2)
      },
      { says: 'the stop is through', holds: ({ stopped }) => stopped }
    ]
  }
}

function at({ partitions }: OffsetsPartitionsState, index: number): PartitionState {
  const partition = partitions[index]
  if (partition === undefined) throw new Bug(`no partition ${index}`)
  return partition
}

export const offsetsPartitionsEntry = modelEntry(bound =>
  offsetsPartitionsModel({ partitions: bound === 'small' ? 2 : 3 })
)
