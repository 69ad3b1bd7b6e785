// The life of one __consumer_offsets partition at the coordinator: its groups are served only while it is owned, which is
// after its log was read to the end. Epochs of elections never go back. Loads wait for their turn, one at a time a thread.
import { setup } from 'xstate'
import type { ErrorName } from '../../protocol/error-codes.js'
import { effect } from '../runtime/effect.js'

export type OffsetsPartitionEvent =
  /** This broker leads the partition. */
  | { readonly type: 'elected'; readonly leaderEpoch: number }
  /** Somebody else does, or nobody. */
  | { readonly type: 'resigned' }
  /** No other partition of the thread is being loaded. */
  | { readonly type: 'turnCame' }
  /** The log was read to where it ended when the load began. */
  | { readonly type: 'loaded' }
  /** An I/O error took its log out of service, until restart. */
  | { readonly type: 'logFailed' }
  /** The topic is deleted. */
  | { readonly type: 'deleted' }
  /** The coordinator stops. */
  | { readonly type: 'stop' }

export interface OffsetsPartitionContext {
  /** Of the last election; -1 before the first. */
  readonly leaderEpoch: number
}

const partitionSetup = setup({
  types: { events: {} as OffsetsPartitionEvent, context: {} as OffsetsPartitionContext },
  actions: {
    /** Answers with turnCame. */
    queueLoad: effect(),
    /** Reads the log from its start; answers with loaded. */
    beginLoad: effect(),
    /** Neither turnCame nor loaded comes any more. */
    abandonLoad: effect(),
    /** Groups and offsets that were read become those that are served. */
    install: effect(),
    /** Whoever waits in one of its groups is answered; groups and offsets are forgotten. */
    unload: effect<{ error: ErrorName }>()
  },
  guards: {
    isNewer: ({ context }, { leaderEpoch }: { leaderEpoch: number }) => leaderEpoch > context.leaderEpoch,
    isOlder: ({ context }, { leaderEpoch }: { leaderEpoch: number }) => leaderEpoch < context.leaderEpoch
  }
})

const epochOf = ({ event }: { event: OffsetsPartitionEvent }): { leaderEpoch: number } => ({
  leaderEpoch: event.type === 'elected' ? event.leaderEpoch : -1
})
const rememberEpoch = partitionSetup.assign(({ event }) => epochOf({ event }))
/** The log is the same one under a newer epoch: there is nothing to read again. */
const electedAgain = { guard: { type: 'isNewer' as const, params: epochOf }, actions: rememberEpoch }
const unloadSaying = (error: ErrorName) => ({ type: 'unload' as const, params: { error } })
const nothing = { elected: {}, resigned: {}, turnCame: {}, loaded: {}, logFailed: {}, deleted: {}, stop: {} }
const notLoading = { turnCame: {}, loaded: {} }

export const offsetsPartitionMachine = partitionSetup.createMachine({
  id: 'groups.offsetsPartition',
  context: { leaderEpoch: -1 },
  initial: 'notOwned',
  states: {
    notOwned: {
      on: {
        ...notLoading,
        elected: [
          { guard: { type: 'isOlder', params: epochOf } },
          { target: 'queued', actions: [rememberEpoch, 'queueLoad'] }
        ],
        resigned: {},
        logFailed: 'offline',
        deleted: 'gone',
        stop: 'stopped'
      }
    },
    queued: {
      on: {
        elected: electedAgain,
        resigned: { target: 'notOwned', actions: 'abandonLoad' },
        turnCame: { target: 'loading', actions: 'beginLoad' },
        loaded: {},
        logFailed: { target: 'offline', actions: 'abandonLoad' },
        deleted: { target: 'gone', actions: 'abandonLoad' },
        stop: { target: 'stopped', actions: 'abandonLoad' }
      }
    },
    loading: {
      on: {
        elected: electedAgain,
        resigned: { target: 'notOwned', actions: 'abandonLoad' },
        turnCame: {},
        loaded: { target: 'owned', actions: 'install' },
        logFailed: { target: 'offline', actions: 'abandonLoad' },
        deleted: { target: 'gone', actions: 'abandonLoad' },
        stop: { target: 'stopped', actions: 'abandonLoad' }
      }
    },
    owned: {
      on: {
        ...notLoading,
        elected: electedAgain,
        resigned: { target: 'notOwned', actions: unloadSaying('NOT_COORDINATOR') },
        logFailed: { target: 'offline', actions: unloadSaying('NOT_COORDINATOR') },
        deleted: { target: 'gone', actions: unloadSaying('NOT_COORDINATOR') },
        stop: { target: 'stopped', actions: unloadSaying('COORDINATOR_NOT_AVAILABLE') }
      }
    },
    offline: { on: { ...nothing, deleted: 'gone', stop: 'stopped' } },
    gone: { on: nothing },
    stopped: { on: nothing }
  }
})
