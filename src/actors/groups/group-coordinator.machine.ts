// Whether the coordinator of one thread serves: Kafka's isActive, which is false before start-up and after shutdown.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type GroupCoordinatorEvent =
  /** All that it needs is up. */
  | { readonly type: 'start' }
  /** Logs are closed next. */
  | { readonly type: 'stop' }

export const groupCoordinatorMachine = setup({
  types: { events: {} as GroupCoordinatorEvent },
  actions: {
    /** Every partition lets go of its groups; whoever waits in one is answered. */
    stopPartitions: effect()
  }
}).createMachine({
  id: 'groups.coordinator',
  initial: 'inactive',
  states: {
    inactive: { on: { start: 'active', stop: { target: 'stopped', actions: 'stopPartitions' } } },
    active: { on: { start: {}, stop: { target: 'stopped', actions: 'stopPartitions' } } },
    stopped: { on: { start: {}, stop: {} } }
  }
})
