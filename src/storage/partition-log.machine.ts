// The life of one partition's log. Only an open log takes records; one that is closed or deleted lets what it has taken
// end first, and what failed once is never trusted again: a disk that could not sync says "done" the next time.
import { setup } from 'xstate'
import { effect } from '../actors/runtime/effect.js'

export type PartitionLogEvent =
  /** An I/O error: what is on the disk is uncertain. */
  | { readonly type: 'ioFailed' }
  | { readonly type: 'close' }
  /** What was being appended when `close` came has ended. */
  | { readonly type: 'drained' }
  /** Everything is on the disk, the files are closed. */
  | { readonly type: 'filesClosed' }
  /** Its directory failed: no file of it may be touched again. */
  | { readonly type: 'abandon' }
  /** The topic is deleted: the directory is being renamed. */
  | { readonly type: 'delete' }
  | { readonly type: 'renamed' }

export const partitionLogMachine = setup({
  types: { events: {} as PartitionLogEvent },
  actions: {
    /** The log directory is to be taken out of service. */
    reportFailure: effect()
  }
}).createMachine({
  id: 'partitionLog',
  initial: 'open',
  states: {
    open: {
      on: {
        ioFailed: { target: 'failed', actions: 'reportFailure' },
        close: 'draining',
        abandon: 'failed',
        delete: 'deleting'
      }
    },
    /** Takes nothing new. */
    draining: { on: { ioFailed: 'failed', drained: 'closing', abandon: 'failed' } },
    closing: { on: { ioFailed: 'failed', filesClosed: 'closed', abandon: 'failed' } },
    closed: {},
    /** Whoever closes it is told; its directory gets no clean-shutdown marker. */
    failed: { on: { delete: 'deleting' } },
    deleting: { on: { renamed: 'deleted', ioFailed: 'failed', abandon: 'failed' } },
    /** The directory ends in `-delete` and is removed later. */
    deleted: {}
  }
})
