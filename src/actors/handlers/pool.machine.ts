// The life of the handler pool: num.io.threads loops on however many threads there are.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type PoolEvent =
  | { type: 'start' }
  /** num.io.threads changed at run time. */
  | { type: 'resize'; loops: number }
  /** Queued requests are gone: one ShutdownRequest a loop goes in behind them. */
  | { type: 'stop' }
  /** The last loop has ended. */
  | { type: 'allEnded' }
  /** A loop ended by an error, or its thread died: nothing restarts it. */
  | { type: 'loopDied' }

export const poolMachine = setup({
  types: { events: {} as PoolEvent },
  actions: {
    /** Starts the configured number of loops. */
    startLoops: effect(),
    /** Starts more or dismisses the last ones. */
    adjustLoops: effect<{ loops: number }>(),
    /** Puts one ShutdownRequest a loop into the request queue. */
    sendShutdowns: effect(),
    /** Tells the broker, which ends. */
    reportDeath: effect(),
    /** The stop is complete. */
    reportStopped: effect()
  }
}).createMachine({
  id: 'handlerPool',
  initial: 'idle',
  states: {
    idle: { on: { start: 'running', stop: 'stopped' } },
    running: {
      entry: 'startLoops',
      on: {
        resize: { actions: { type: 'adjustLoops', params: ({ event }) => ({ loops: event.loops }) } },
        stop: 'stopping',
        loopDied: 'failed'
      }
    },
    stopping: { entry: 'sendShutdowns', on: { allEnded: 'stopped', loopDied: 'failed' } },
    stopped: { entry: 'reportStopped', type: 'final' },
    failed: { entry: 'reportDeath', on: { stop: 'stopped' } }
  }
})
