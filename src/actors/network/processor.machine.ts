// The life of a Processor. A full request queue stops its reading, never its writing: answers keep flowing, and what was
// read whole waits where it is.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ProcessorEvent =
  | { type: 'start' }
  /** The first request that was read whole waits for room in the request queue. */
  | { type: 'queueFull' }
  /** No request waits for room any more: it has found some, or its connection is gone. */
  | { type: 'queueHasRoom' }
  /** No new connections; those there are end. */
  | { type: 'stop' }
  /** The last connection is gone. */
  | { type: 'drained' }

export const processorMachine = setup({
  types: { events: {} as ProcessorEvent },
  actions: {
    /** New connections and responses reach it from here on. */
    openInboxes: effect(),
    /** Connections whose reading was held back go on. */
    resumeReading: effect(),
    /** Those that wait to be configured and those that are open; each is taken off the connection quotas. */
    closeConnections: effect(),
    /** Late responses are dropped from here on. */
    closeInboxes: effect(),
    /** Requests that handlers still have are accounted for now: their answers reach nobody. */
    abandonOrphans: effect(),
    reportStopped: effect()
  }
}).createMachine({
  id: 'processor',
  initial: 'starting',
  states: {
    starting: {
      on: {
        start: { target: 'running', actions: 'openInboxes' },
        stop: 'draining',
        queueFull: {},
        queueHasRoom: {},
        drained: {}
      }
    },
    running: {
      on: { queueFull: 'backpressured', stop: 'draining', start: {}, queueHasRoom: {}, drained: {} }
    },
    /** Nothing is read while a request waits for room. */
    backpressured: {
      on: {
        queueHasRoom: { target: 'running', actions: 'resumeReading' },
        stop: 'draining',
        start: {},
        queueFull: {},
        drained: {}
      }
    },
    draining: {
      entry: 'closeConnections',
      on: {
        drained: { target: 'stopped', actions: ['closeInboxes', 'abandonOrphans'] },
        start: {},
        stop: {},
        queueFull: {},
        queueHasRoom: {}
      }
    },
    stopped: { type: 'final', entry: 'reportStopped' }
  }
})
