// One partition's way to the disk when acknowledgements wait for it (log.flush.acks): one flush at a time, and what is
// appended while it runs is covered by the next one, all of it together.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type PartitionSyncEvent =
  /** Somebody waits until what he appended is on the disk. */
  | { readonly type: 'wanted' }
  /** All that the log held when the flush began is on the disk. */
  | { readonly type: 'flushed' }
  | { readonly type: 'failed' }
  /** The partition no longer leads: nobody waits any more, and the log may not be touched. */
  | { readonly type: 'released' }

export const partitionSyncMachine = setup({
  types: { events: {} as PartitionSyncEvent },
  actions: {
    /** Answers with flushed or failed. */
    flush: effect()
  }
}).createMachine({
  id: 'replicas.partitionSync',
  initial: 'idle',
  states: {
    idle: { on: { wanted: { target: 'running', actions: 'flush' }, released: {} } },
    running: { on: { wanted: 'runningAndWanted', flushed: 'idle', failed: 'idle', released: {} } },
    runningAndWanted: {
      on: {
        wanted: {},
        flushed: { target: 'running', actions: 'flush' },
        failed: 'idle',
        released: 'running'
      }
    }
  }
})
