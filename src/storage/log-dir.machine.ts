// The life of one log directory: locked first, its clean-shutdown marker gone before any log is opened, and back only when
// every log of it was loaded and closed in order. The lock goes last of all, after the last file was let go of.
import { setup } from 'xstate'
import { effect } from '../actors/runtime/effect.js'

/** replication-offset-checkpoint, or recovery-point- and log-start-offset-checkpoint. */
export type CheckpointKind = 'highWatermarks' | 'recoveryPoints'

export type LogDirEvent =
  | { readonly type: 'open' }
  | { readonly type: 'locked' }
  /** Another process has the lock, or the directory cannot be used. */
  | { readonly type: 'refused' }
  /** `.kafka_cleanshutdown` is there: whoever used the directory last has closed it in order. */
  | { readonly type: 'markerFound' }
  | { readonly type: 'markerMissing' }
  | { readonly type: 'load' }
  | { readonly type: 'markerRemoved' }
  /** Every log that the directory holds is open. */
  | { readonly type: 'allLoaded' }
  | { readonly type: 'someNotLoaded' }
  | { readonly type: 'checkpointDue'; readonly kind: CheckpointKind }
  | { readonly type: 'written' }
  | { readonly type: 'ioFailed' }
  /** No shard has a file of it open any more. */
  | { readonly type: 'letGo' }
  | { readonly type: 'allClosed' }
  /** At least one log failed, or was abandoned without being flushed. */
  | { readonly type: 'someNotClosed' }
  | { readonly type: 'release' }

export interface LogDirInput {
  /** The metadata tree lies in it: its lock is kept as long as the broker lives. */
  readonly isHome: boolean
}

const logDirSetup = setup({
  types: {
    events: {} as LogDirEvent,
    input: {} as LogDirInput,
    context: {} as LogDirInput
  },
  actions: {
    /** Answers with locked or refused. */
    takeLock: effect(),
    /** Answers with markerFound, markerMissing or ioFailed. */
    lookForMarker: effect(),
    /** Answers with markerRemoved or ioFailed. */
    removeMarker: effect(),
    /** Answers with ioFailed when it cannot. */
    writeCheckpoint: effect<{ kind: CheckpointKind }>(),
    /** Both kinds, from the values of the closed logs; answers with written or ioFailed. */
    writeLastCheckpoints: effect(),
    /** Answers with written or ioFailed. */
    writeMarker: effect(),
    /** Every shard drops its logs of this directory without writing; answers with letGo. */
    abandonLogs: effect(),
    releaseLock: effect()
  },
  guards: { isHome: ({ context }) => context.isHome }
})

export const logDirMachine = logDirSetup.createMachine({
  id: 'logDir',
  context: ({ input }) => ({ isHome: input.isHome }),
  initial: 'unlocked',
  states: {
    unlocked: { on: { open: 'locking' } },
    locking: { entry: 'takeLock', on: { locked: 'locked', refused: 'refused' } },
    locked: {
      entry: 'lookForMarker',
      on: {
        markerFound: 'inService.clean',
        markerMissing: 'inService.unclean',
        ioFailed: { target: 'refused', actions: 'releaseLock' }
      }
    },
    inService: {
      initial: 'unclean',
      on: { ioFailed: 'failing', release: 'released' },
      states: {
        clean: { on: { load: 'removingMarker' } },
        unclean: { on: { load: 'recovering' } },
        removingMarker: { entry: 'removeMarker', on: { markerRemoved: 'loadingClean', ioFailed: 'clean' } },
        /** Logs are opened as they were left; what a failed start did not touch is as clean as before. */
        loadingClean: {
          on: {
            allLoaded: 'online',
            someNotLoaded: {},
            allClosed: '#logDir.marking',
            someNotClosed: '#logDir.untrusted'
          }
        },
        /** Logs are opened and checked; before all of them are, the directory cannot become clean. */
        recovering: {
          on: {
            allLoaded: 'online',
            someNotLoaded: {},
            allClosed: '#logDir.untrusted',
            someNotClosed: '#logDir.untrusted'
          }
        },
        online: {
          on: {
            checkpointDue: {
              actions: { type: 'writeCheckpoint', params: ({ event }) => ({ kind: event.kind }) }
            },
            allClosed: '#logDir.checkpointing',
            someNotClosed: '#logDir.untrusted'
          }
        }
      }
    },
    checkpointing: { entry: 'writeLastCheckpoints', on: { written: 'marking', ioFailed: 'untrusted' } },
    marking: { entry: 'writeMarker', on: { written: 'marked', ioFailed: 'untrusted' } },
    marked: { on: { release: 'released' } },
    /** The next start recovers. */
    untrusted: { on: { release: 'released' } },
    failing: {
      entry: 'abandonLogs',
      on: { letGo: [{ guard: 'isHome', target: 'lost' }, { target: 'offline' }], release: 'released' }
    },
    /** No log of it is served any more; the metadata tree is still here. */
    lost: { on: { release: 'released' } },
    offline: { type: 'final', entry: 'releaseLock' },
    released: { type: 'final', entry: 'releaseLock' },
    refused: { type: 'final' }
  }
})
