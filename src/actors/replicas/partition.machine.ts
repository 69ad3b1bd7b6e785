// The life of one hosted partition. Only a leading partition serves, under an epoch that never goes back; a failed log
// directory is final until restart.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type PartitionEvent =
  /** The metadata image names this broker as leader. */
  | { readonly type: 'elected'; readonly leaderEpoch: number }
  /** The metadata image names another leader, or none. */
  | { readonly type: 'resigned' }
  /** An I/O error: the log must not be touched again. */
  | { readonly type: 'logFailed' }
  /** The topic is deleted. */
  | { readonly type: 'deleted' }

export interface PartitionContext {
  /** Of the last election; -1 before the first. */
  readonly leaderEpoch: number
}

export type PartitionState = 'idle' | 'leading' | 'offline' | 'deleting'

const partitionSetup = setup({
  types: { events: {} as PartitionEvent, context: {} as PartitionContext },
  actions: {
    /** Writes the epoch into the log's epoch history, before anything is appended under it. */
    assignLeaderEpoch: effect<{ leaderEpoch: number }>(),
    /** Whoever waits for this partition is answered with what became of it. */
    wakeWaiters: effect()
  },
  guards: {
    isNewer: ({ context }, { leaderEpoch }: { leaderEpoch: number }) => leaderEpoch > context.leaderEpoch,
    isOlder: ({ context }, { leaderEpoch }: { leaderEpoch: number }) => leaderEpoch < context.leaderEpoch
  }
})

const epochOf = ({ event }: { event: PartitionEvent }): { leaderEpoch: number } => ({
  leaderEpoch: event.type === 'elected' ? event.leaderEpoch : -1
})
const takeUp = [
  partitionSetup.assign(({ event }) => epochOf({ event })),
  { type: 'assignLeaderEpoch' as const, params: epochOf }
]

export const partitionMachine = partitionSetup.createMachine({
  id: 'replicas.partition',
  context: { leaderEpoch: -1 },
  initial: 'idle',
  states: {
    idle: {
      on: {
        elected: [{ guard: { type: 'isOlder', params: epochOf } }, { target: 'leading', actions: takeUp }],
        resigned: {},
        logFailed: 'offline',
        deleted: 'deleting'
      }
    },
    leading: {
      on: {
        elected: { guard: { type: 'isNewer', params: epochOf }, actions: takeUp },
        resigned: { target: 'idle', actions: 'wakeWaiters' },
        logFailed: { target: 'offline', actions: 'wakeWaiters' },
        deleted: { target: 'deleting', actions: 'wakeWaiters' }
      }
    },
    offline: { on: { elected: {}, resigned: {}, logFailed: {}, deleted: 'deleting' } },
    deleting: { on: { elected: {}, resigned: {}, logFailed: {}, deleted: {} } }
  }
})
