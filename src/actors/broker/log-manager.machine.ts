// The life of the LogManager: it loads what the directories hold, writes checkpoints while it runs, closes every log. A
// directory that fails is one event; the last one ends the broker.
import { setup } from 'xstate'
import type { CheckpointKind } from '../../storage/log-dir.machine.js'
import { effect } from '../runtime/effect.js'

export type LogManagerEvent =
  | { readonly type: 'load' }
  | { readonly type: 'allLoaded' }
  /** A log cannot be opened, or a shard did not answer: the start fails. */
  | { readonly type: 'loadFailed' }
  /** Partitions are served from now on. */
  | { readonly type: 'serve' }
  /** A timer, or the end of the replicas. */
  | { readonly type: 'checkpointDue'; readonly kind: CheckpointKind }
  /** Every shard has said where its logs stand. */
  | { readonly type: 'valuesCame'; readonly kind: CheckpointKind }
  /** `left`: directories that are still in service. */
  | { readonly type: 'dirFailed'; readonly left: number }
  /** Flush and close all. */
  | { readonly type: 'close' }
  /** Something is dead: drop all without writing. */
  | { readonly type: 'abandon' }
  | { readonly type: 'logsClosed' }
  /** A shard did not answer. */
  | { readonly type: 'closeFailed' }
  | { readonly type: 'logsAbandoned' }

const logManagerSetup = setup({
  types: { events: {} as LogManagerEvent },
  actions: {
    /** Clean-shutdown markers first, then every shard opens its own; answers with allLoaded or loadFailed. */
    openLogs: effect(),
    /** Checkpoints and the expiry of producers. */
    scheduleTasks: effect(),
    /** Asks every shard; answers with valuesCame. */
    collectValues: effect<{ kind: CheckpointKind }>(),
    writeCheckpoint: effect<{ kind: CheckpointKind }>(),
    /** The broker ends. */
    reportNoDirLeft: effect(),
    /** Every shard flushes and closes its own; answers with logsClosed or closeFailed. */
    closeLogs: effect(),
    /** The last checkpoints and the marker of each directory that deserves it. */
    finishDirs: effect(),
    /** Every shard drops its own without writing; answers with logsAbandoned. */
    abandonLogs: effect(),
    /** No directory gets its marker. */
    distrustDirs: effect(),
    reportClosed: effect()
  },
  guards: { isLast: (_, { left }: { left: number }) => left === 0 }
})

const isLast = {
  type: 'isLast',
  params: ({ event }: { event: LogManagerEvent }) => ({ left: event.type === 'dirFailed' ? event.left : 0 })
} as const
const lastIsFatal = { dirFailed: { guard: isLast, target: 'dead' } } as const

export const logManagerMachine = logManagerSetup.createMachine({
  id: 'logManager',
  initial: 'idle',
  states: {
    idle: { on: { load: 'loading', close: 'closed', abandon: 'closed' } },
    loading: {
      entry: 'openLogs',
      on: {
        allLoaded: 'loaded',
        loadFailed: 'halfLoaded',
        close: 'loadingThenClosing',
        abandon: 'abandoning',
        ...lastIsFatal
      }
    },
    /** A log that is being opened cannot be closed: the opening ends first. */
    loadingThenClosing: {
      on: { allLoaded: 'closing', loadFailed: 'closing', abandon: 'abandoning', ...lastIsFatal }
    },
    loaded: { on: { serve: 'running', close: 'closing', abandon: 'abandoning', ...lastIsFatal } },
    /** Writes no checkpoint: it would forget the logs that are missing. */
    halfLoaded: { on: { close: 'closing', abandon: 'abandoning', ...lastIsFatal } },
    running: {
      entry: 'scheduleTasks',
      on: {
        checkpointDue: {
          actions: { type: 'collectValues', params: ({ event }) => ({ kind: event.kind }) }
        },
        valuesCame: {
          actions: { type: 'writeCheckpoint', params: ({ event }) => ({ kind: event.kind }) }
        },
        close: 'closing',
        abandon: 'abandoning',
        ...lastIsFatal
      }
    },
    /** Values that come only now are older than those of the closed logs: they are dropped. */
    closing: {
      entry: 'closeLogs',
      on: {
        logsClosed: { target: 'closed', actions: 'finishDirs' },
        closeFailed: { target: 'closed', actions: 'distrustDirs' },
        dirFailed: { guard: isLast, actions: 'reportNoDirLeft' },
        abandon: 'abandoning'
      }
    },
    dead: { entry: 'reportNoDirLeft', on: { close: 'abandoning', abandon: 'abandoning' } },
    abandoning: {
      entry: 'abandonLogs',
      on: { logsAbandoned: { target: 'closed', actions: 'distrustDirs' } }
    },
    closed: {
      entry: 'reportClosed',
      on: { close: { actions: 'reportClosed' }, abandon: { actions: 'reportClosed' } }
    }
  }
})
