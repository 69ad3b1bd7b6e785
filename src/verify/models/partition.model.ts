// One hosted partition with its way to the disk: elections, late images, I/O errors and the deletion in any order, while
// clients produce, wait for the disk and read. What a client is told is the rule that the broker uses.
import type { AnyStateMachine } from 'xstate'
import { partitionMachine } from '../../actors/replicas/partition.machine.js'
import { refusalOf } from '../../actors/replicas/partition-refusal.js'
import { partitionSyncMachine } from '../../actors/replicas/partition-sync.machine.js'
import { Bug } from '../../errors.js'
import { modelEntry } from '../entry.js'
import { ExecutedMachine, type ModelEvent } from '../executed-machine.js'
import type { Action, Model } from '../model.js'

type Waiter = 'none' | 'waits' | 'acknowledged' | 'refused'

export interface PartitionModelState {
  readonly machine: number
  readonly sync: number
  /** Deeds of the last event that are still to be done, by their places. */
  readonly deeds: readonly string[]
  /** Events that came while deeds were done. */
  readonly inbox: readonly string[]
  readonly logEnd: number
  readonly highWatermark: number
  readonly synced: number
  /** Where the log ended when the flush that runs began; -1: none runs. */
  readonly flushing: number
  /** Of the log's epoch history. */
  readonly logEpoch: number
  /** Each waits for the offset of its place + 1. */
  readonly waiters: readonly Waiter[]
  readonly logFailed: boolean
  /** The log was written to, or served, when it must not be. */
  readonly touched: 'rightly' | 'failed' | 'notLeading' | 'wrongEpoch'
  /** An event was handled before the deeds of the one before were done. */
  readonly overlapped: boolean
  readonly reads: number
  readonly elections: number
  readonly failures: number
  readonly deleted: boolean
}

export interface PartitionBounds {
  readonly produces: number
  readonly reads: number
  /** Images that name this broker, each with one of so many epochs. */
  readonly elections: number
  readonly epochs: number
  readonly failures: number
}

export interface PartitionModelOverrides {
  readonly machine?: AnyStateMachine
  readonly sync?: AnyStateMachine
  /** An event waits until the deeds of the one before are done. */
  readonly oneAtATime?: boolean
  /** What is wrong is told before the state is asked. */
  readonly refusal?: typeof refusalOf
  /** Whoever waits for the disk is told when a flush is done. */
  readonly tellsSynced?: boolean
  /** A flush covers what was there when it began. */
  readonly coversTheBeginning?: boolean
}

const controller = 'controller'
const partition = 'partition'
const disk = 'disk'
const client = 'client'
const env = (from: string, says: string): Action => ({ from, to: partition, says, by: 'environment' })
const electedBy = [0, 1, 2, 3].map(epoch => env(controller, `names it leader in epoch ${epoch}`))
const actions = {
  resigned: env(controller, 'names another leader'),
  deleted: env(controller, 'deletes the topic'),
  failed: env(disk, 'fails'),
  produce: env(client, 'produces and waits for the disk'),
  read: env(client, 'reads'),
  flushed: { from: disk, to: partition, says: 'has all that the flush covers', by: 'actor' },
  flushFails: env(disk, 'fails in the flush'),
  deed: { from: partition, to: partition, says: 'does what the event asks for', by: 'actor' },
  nextEvent: { from: partition, to: partition, says: 'takes the event that came meanwhile', by: 'actor' }
} satisfies Record<string, Action>

const epochIn = (deed: string): number => Number(deed.split(' ')[1] ?? -1)

export function partitionModel(
  bounds: PartitionBounds,
  overrides: PartitionModelOverrides = {}
): Model<PartitionModelState> {
  const life = new ExecutedMachine(overrides.machine ?? partitionMachine)
  const sync = new ExecutedMachine(overrides.sync ?? partitionSyncMachine)
  const refuse = overrides.refusal ?? refusalOf
  const oneAtATime = overrides.oneAtATime ?? true
  const name = (state: PartitionModelState): string => life.name(state.machine)
  const epoch = (state: PartitionModelState): number =>
    (life.context(state.machine) as { leaderEpoch: number }).leaderEpoch
  const refusal = (state: PartitionModelState): string => refuse(name(state), epoch(state), -1)

  /** An event as its driver takes it: at once, or behind the deeds of the one before. */
  const send = (state: PartitionModelState, event: string): PartitionModelState => {
    if (state.deeds.length > 0 && oneAtATime) return { ...state, inbox: [...state.inbox, event] }
    const [type = '', leaderEpoch] = event.split(' ')
    const sent: string | ModelEvent =
      leaderEpoch === undefined ? type : { type, leaderEpoch: Number(leaderEpoch) }
    const { state: machine, actions: deeds } = life.step(state.machine, sent)
    const more = deeds.map(deed =>
      deed.type === 'assignLeaderEpoch'
        ? `${deed.type} ${(deed.params as { leaderEpoch: number }).leaderEpoch}`
        : deed.type
    )
    const overlapped = state.overlapped || state.deeds.length > 0
    return { ...state, machine, deeds: [...state.deeds, ...more], overlapped }
  }

  const touch = (state: PartitionModelState): PartitionModelState => {
    if (state.touched !== 'rightly') return state
    if (state.logFailed) return { ...state, touched: 'failed' }
    if (name(state) !== 'leading') return { ...state, touched: 'notLeading' }
    return state.logEpoch === epoch(state) ? state : { ...state, touched: 'wrongEpoch' }
  }

  const stepSync = (state: PartitionModelState, event: string): PartitionModelState => {
    const { state: machine, deeds } = sync.step(state.sync, event)
    const after = { ...state, sync: machine }
    return deeds.includes('flush') ? touch({ ...after, flushing: after.logEnd }) : after
  }

  const wake = (state: PartitionModelState): PartitionModelState => {
    const waiters = state.waiters.map((waiter, index): Waiter => {
      if (waiter !== 'waits') return waiter
      if (refusal(state) !== 'NONE') return 'refused'
      return state.synced > index ? 'acknowledged' : 'waits'
    })
    return { ...state, waiters }
  }

  const doDeed = (state: PartitionModelState): PartitionModelState => {
    const [deed = '', ...deeds] = state.deeds
    const after = { ...state, deeds }
    if (deed.startsWith('assignLeaderEpoch'))
      return { ...after, logEpoch: epochIn(deed), highWatermark: after.logEnd }
    if (deed === 'wakeWaiters') return wake(stepSync(after, 'released'))
    throw new Bug(`the model does not know the action ${deed}`)
  }

  const produce = (state: PartitionModelState): PartitionModelState => {
    const index = state.waiters.indexOf('none')
    const answer = (waiter: Waiter): readonly Waiter[] => state.waiters.with(index, waiter)
    if (refusal(state) !== 'NONE') return { ...state, waiters: answer('refused') }
    const touched = touch(state)
    const logEnd = state.logEnd + 1
    // Offsets are those of the places: what was refused before leaves its place empty.
    const appended = { ...touched, logEnd: Math.max(logEnd, index + 1), waiters: answer('waits') }
    return stepSync({ ...appended, highWatermark: appended.logEnd }, 'wanted')
  }

  const fail = (state: PartitionModelState): PartitionModelState => {
    const failed = { ...state, logFailed: true, failures: state.failures + 1 }
    return name(state) === 'deleting' || name(state) === 'offline' ? failed : send(failed, 'logFailed')
  }

  const flushed = (state: PartitionModelState): PartitionModelState => {
    const upTo = overrides.coversTheBeginning === false ? state.logEnd : state.flushing
    const safe = { ...state, flushing: -1, synced: Math.max(state.synced, upTo) }
    const after = stepSync(safe, 'flushed')
    return overrides.tellsSynced === false ? after : wake(after)
  }

  const isBusy = ({ deeds, inbox }: PartitionModelState): boolean => deeds.length > 0 || inbox.length > 0

  return {
    name: 'partition',
    about: `a partition: ${bounds.elections} elections in ${bounds.epochs} epochs, ${bounds.produces} produces, ${bounds.failures} I/O errors, its deletion`,
    parts: [controller, partition, disk, client],
    initial: () => ({
      machine: life.initial,
      sync: sync.initial,
      deeds: [],
      inbox: [],
      logEnd: 0,
      highWatermark: 0,
      synced: 0,
      flushing: -1,
      logEpoch: -1,
      waiters: new Array<Waiter>(bounds.produces).fill('none'),
      logFailed: false,
      touched: 'rightly',
      overlapped: false,
      reads: 0,
      elections: 0,
      failures: 0,
      deleted: false
    }),
    next(state, step) {
      const { elections, failures, deleted, reads } = state
      if (state.deeds.length > 0) step(actions.deed, doDeed(state))
      else if (state.inbox.length > 0) {
        const [event = '', ...inbox] = state.inbox
        step(actions.nextEvent, send({ ...state, inbox }, event))
      }
      if (elections < bounds.elections) {
        const asked = { ...state, elections: elections + 1 }
        electedBy.slice(0, bounds.epochs).forEach((action, leaderEpoch) => {
          step(action, send(asked, `elected ${leaderEpoch}`))
        })
        step(actions.resigned, send(asked, 'resigned'))
      }
      if (!deleted) step(actions.deleted, send({ ...state, deleted: true }, 'deleted'))
      if (failures < bounds.failures) step(actions.failed, fail(state))
      // Clients and flushes are heard on the same thread: never in the middle of an event.
      if (isBusy(state) && oneAtATime) return
      if (state.flushing >= 0) {
        const ended = stepSync({ ...state, flushing: -1 }, 'failed')
        // A log that has failed meanwhile is not safe by what was under way.
        step(actions.flushed, state.logFailed ? ended : flushed(state))
        if (failures < bounds.failures) step(actions.flushFails, fail(ended))
      }
      if (state.waiters.includes('none')) step(actions.produce, produce(state))
      if (reads < bounds.reads) {
        const read = { ...state, reads: reads + 1 }
        step(actions.read, refusal(state) === 'NONE' ? touch(read) : read)
      }
    },
    key: state => Object.values(state).join(';'),
    show: state => ({
      [partition]: `${name(state)}, epoch ${epoch(state)}, sync ${sync.name(state.sync)}`,
      [disk]: `${state.synced} of ${state.logEnd} safe`,
      [client]: state.waiters.join(' ')
    }),
    mayRest: state => !isBusy(state) && !state.waiters.includes('waits'),
    ...rules(name, epoch, isBusy)
  }
}

type Rules = Pick<Model<PartitionModelState>, 'always' | 'everyStep' | 'inevitable' | 'sometimes'>

function rules(
  name: (state: PartitionModelState) => string,
  epoch: (state: PartitionModelState) => number,
  isBusy: (state: PartitionModelState) => boolean
): Rules {
  return {
    always: [
      {
        id: 'I-40',
        says: 'high watermark and what is safe are not beyond the end of the log',
        holds: ({ highWatermark, synced, logEnd }) => highWatermark <= logEnd && synced <= logEnd
      },
      {
        id: 'I-42',
        says: 'a partition whose log has failed is offline or deleted: the log is not touched again',
        holds: state =>
          state.touched !== 'failed' &&
          state.touched !== 'notLeading' &&
          (isBusy(state) || !state.logFailed || ['offline', 'deleting'].includes(name(state)))
      },
      {
        id: 'I-58',
        says: 'elections, I/O errors and the deletion are handled one after the other',
        holds: ({ overlapped }) => !overlapped
      },
      {
        id: 'epoch-before-append',
        says: 'nothing is appended or read before the epoch is in the log’s history',
        holds: ({ touched }) => touched !== 'wrongEpoch'
      },
      {
        id: 'acknowledged-is-safe',
        says: 'what was acknowledged is on the disk',
        holds: ({ waiters, synced }) =>
          waiters.every((waiter, index) => waiter !== 'acknowledged' || synced > index)
      },
      {
        id: 'only-leaders-let-wait',
        says: 'nobody waits for a partition that does not lead',
        holds: state => isBusy(state) || name(state) === 'leading' || !state.waiters.includes('waits')
      }
    ],
    everyStep: [
      {
        id: 'I-40',
        says: 'the high watermark never goes back',
        holds: (before, _, after) => after.highWatermark >= before.highWatermark
      },
      {
        id: 'epochs-grow',
        says: 'the epoch never goes back, neither of the partition nor of its log',
        holds: (before, _, after) => epoch(after) >= epoch(before) && after.logEpoch >= before.logEpoch
      },
      {
        id: 'safe-is-flushed',
        says: 'only what the log held when the flush began is safe by it',
        holds: (before, _, after) => after.synced === before.synced || after.synced === before.flushing
      }
    ],
    inevitable: [
      {
        id: 'answered-by-events',
        says: 'whoever waits for the disk is answered, by an event alone',
        from: ({ waiters }) => waiters.includes('waits'),
        to: ({ waiters }) => !waiters.includes('waits')
      }
    ],
    sometimes: [
      {
        says: 'one waits while a flush runs that does not cover it',
        holds: ({ flushing, waiters }) =>
          flushing >= 0 && waiters.some((waiter, index) => waiter === 'waits' && index >= flushing)
      },
      { says: 'a produce is acknowledged', holds: ({ waiters }) => waiters.includes('acknowledged') },
      {
        says: 'one that waited is refused since the partition no longer leads',
        holds: state => state.logEnd > 0 && name(state) === 'idle' && state.waiters[0] === 'refused'
      },
      { says: 'an event comes while deeds are done', holds: ({ inbox }) => inbox.length > 0 },
      {
        says: 'it leads again under a newer epoch',
        holds: state => name(state) === 'leading' && epoch(state) > 0 && state.logEnd > 0
      },
      { says: 'it is offline', holds: state => name(state) === 'offline' }
    ]
  }
}

export const partitionEntry = modelEntry(bound =>
  partitionModel(
    bound === 'small'
      ? { produces: 2, reads: 1, elections: 3, epochs: 2, failures: 1 }
      : { produces: 3, reads: 1, elections: 4, epochs: 3, failures: 2 }
  )
)
