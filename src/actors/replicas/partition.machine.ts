// The life of one hosted partition. Only a leading partition serves; a failed log directory is final until restart.
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

export type PartitionAction =
  /** Writes the epoch into the log's epoch history, before anything is appended under it. */
  | 'assignLeaderEpoch'
  /** Whoever waits for this partition is answered with what became of it. */
  | 'wakeWaiters'

export type PartitionState = 'idle' | 'leading' | 'offline' | 'deleting'

export const partitionMachine = setup({
  types: { events: {} as PartitionEvent },
  actions: { assignLeaderEpoch: effect(), wakeWaiters: effect() }
}).createMachine({
  id: 'replicas.partition',
  initial: 'idle',
  states: {
    idle: {
      on: {
        elected: { target: 'leading', actions: 'assignLeaderEpoch' },
        resigned: {},
        logFailed: 'offline',
        deleted: 'deleting'
      }
    },
    leading: {
      on: {
        elected: { actions: 'assignLeaderEpoch' },
        resigned: { target: 'idle', actions: 'wakeWaiters' },
        logFailed: { target: 'offline', actions: 'wakeWaiters' },
        deleted: { target: 'deleting', actions: 'wakeWaiters' }
      }
    },
    offline: { on: { elected: {}, resigned: {}, logFailed: {}, deleted: 'deleting' } },
    deleting: { on: { elected: {}, resigned: {}, logFailed: {}, deleted: {} } }
  }
})
