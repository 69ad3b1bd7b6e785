// The life of a Processor. A full request queue stops its reading, never its writing: answers keep flowing, and what was
// read whole waits where it is.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ProcessorEvent =
  | { type: 'start' }
  /** A request that was read whole found no room in the request queue. */
  | { type: 'queueFull' }
  /** All requests that waited for room are in the queue. */
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
    pauseReading: effect(),
    resumeReading: effect(),
    /** Those that wait to be configured and those that are open; each is taken off the connection quotas. */
    closeConnections: effect(),
    /** Late responses are dropped from here on. */
    closeInboxes: effect(),
    reportStopped: effect()
  }
}).createMachine({
  id: 'processor',
  initial: 'starting',
  states: {
    starting: {
      on: { start: { target: 'running', actions: 'openInboxes' }, stop: 'stopped' }
    },
    running: {
      on: {
        queueFull: { target: 'backpressured', actions: 'pauseReading' },
        stop: 'draining'
      }
    },
    backpressured: {
      on: {
        queueHasRoom: { target: 'running', actions: 'resumeReading' },
        stop: 'draining'
      }
    },
    draining: {
      entry: 'closeConnections',
      on: { drained: 'stopped' },
      exit: 'closeInboxes'
    },
    stopped: { type: 'final', entry: 'reportStopped' }
  }
})
