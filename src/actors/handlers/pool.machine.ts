// The life of the handler pool: num.io.threads loops on however many threads there are. A dismissed loop ends at its next
// poll; until then it counts, since it may take a ShutdownRequest that was meant for another.
import { assign, setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export interface PoolContext {
  /** Loops that are to be there: num.io.threads. */
  readonly staying: number
  /** Loops that were dismissed and have not ended. */
  readonly leaving: number
}

export type PoolEvent =
  | { type: 'start' }
  /** num.io.threads changed at run time. */
  | { type: 'resize'; loops: number }
  /** Queued requests are gone: one ShutdownRequest a loop goes in behind them. */
  | { type: 'stop' }
  /** A loop has taken its ShutdownRequest. */
  | { type: 'loopEnded' }
  /** A dismissed loop has ended. */
  | { type: 'leaverEnded' }
  /** A loop ended by an error, or its thread died: nothing restarts it. */
  | { type: 'loopDied' }

export const poolMachine = setup({
  types: {
    context: {} as PoolContext,
    events: {} as PoolEvent,
    input: {} as { readonly loops: number }
  },
  guards: {
    isLast: ({ context }) => context.staying + context.leaving === 1,
    grows: ({ context }, { loops }: { loops: number }) => loops > context.staying,
    shrinks: ({ context }, { loops }: { loops: number }) => loops < context.staying
  },
  actions: {
    startLoops: effect<{ count: number }>(),
    /** The youngest ones. */
    dismissLoops: effect<{ count: number }>(),
    /** Puts that many ShutdownRequests into the request queue. */
    sendShutdowns: effect<{ count: number }>(),
    /** Tells the broker, which ends. */
    reportDeath: effect(),
    /** The stop is complete. */
    reportStopped: effect(),
    loopGone: assign({ staying: ({ context }) => context.staying - 1 }),
    leaverGone: assign({ leaving: ({ context }) => context.leaving - 1 })
  }
}).createMachine({
  id: 'handlerPool',
  context: ({ input }) => ({ staying: input.loops, leaving: 0 }),
  initial: 'idle',
  states: {
    idle: {
      on: {
        start: {
          target: 'running',
          actions: { type: 'startLoops', params: ({ context }) => ({ count: context.staying }) }
        },
        resize: { actions: assign({ staying: ({ event }) => event.loops }) },
        stop: 'stopped',
        loopEnded: {},
        leaverEnded: {},
        loopDied: {}
      }
    },
    running: {
      on: {
        resize: [
          {
            guard: { type: 'grows', params: ({ event }) => ({ loops: event.loops }) },
            actions: [
              {
                type: 'startLoops',
                params: ({ context, event }) => ({ count: event.loops - context.staying })
              },
              assign({ staying: ({ event }) => event.loops })
            ]
          },
          {
            guard: { type: 'shrinks', params: ({ event }) => ({ loops: event.loops }) },
            actions: [
              {
                type: 'dismissLoops',
                params: ({ context, event }) => ({ count: context.staying - event.loops })
              },
              assign(({ context, event }) => ({
                staying: event.loops,
                leaving: context.leaving + context.staying - event.loops
              }))
            ]
          },
          {}
        ],
        leaverEnded: { actions: 'leaverGone' },
        stop: 'stopping',
        /** It took a ShutdownRequest that nobody sent. */
        loopEnded: 'failed',
        loopDied: 'failed',
        start: {}
      }
    },
    stopping: {
      entry: {
        type: 'sendShutdowns',
        params: ({ context }) => ({ count: context.staying + context.leaving })
      },
      on: {
        loopEnded: [{ guard: 'isLast', target: 'stopped', actions: 'loopGone' }, { actions: 'loopGone' }],
        leaverEnded: [
          { guard: 'isLast', target: 'stopped', actions: 'leaverGone' },
          { actions: 'leaverGone' }
        ],
        /** The others may wait for it for ever: nobody waits for them. */
        loopDied: { target: 'stopped', actions: 'reportDeath' },
        start: {},
        resize: {},
        stop: {}
      }
    },
    failed: {
      entry: 'reportDeath',
      on: { stop: 'stopped', start: {}, resize: {}, loopEnded: {}, leaverEnded: {}, loopDied: {} }
    },
    stopped: { type: 'final', entry: 'reportStopped' }
  }
})
