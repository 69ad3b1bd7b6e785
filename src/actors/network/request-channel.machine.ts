// The life of the request channel on one thread. Requests and responses pass without it; what it decides is what happens
// at the edges: the queue is full, there is room again, handlers are to end, all is over.
import { assign, setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export interface RequestChannelContext {
  /** ShutdownRequests that are not in the queue yet. */
  readonly owed: number
}

export type RequestChannelEvent =
  /** The queue took no request: its Processor waits, with all that its connections sent. */
  | { type: 'refused' }
  /** A queue that refused something has room. */
  | { type: 'room' }
  /** One handler loop more is to end; the Processors have stopped. */
  | { type: 'shutdownRequested' }
  /** The queue has taken the ShutdownRequest that it was offered. */
  | { type: 'shutdownQueued' }
  /** The queue was full, and says when there is room. */
  | { type: 'shutdownRefused' }
  | { type: 'close' }

export const requestChannelMachine = setup({
  types: { context: {} as RequestChannelContext, events: {} as RequestChannelEvent },
  guards: { owesMore: ({ context }) => context.owed > 1 },
  actions: {
    /** Puts one ShutdownRequest into the queue; `shutdownQueued` or `shutdownRefused` says what came of it. */
    offerShutdown: effect(),
    /** Handlers that still wait are sent home; the queue is let go. */
    letGo: effect(),
    owe: assign({ owed: ({ context }) => context.owed + 1 }),
    pay: assign({ owed: ({ context }) => context.owed - 1 })
  }
}).createMachine({
  id: 'requestChannel',
  context: { owed: 0 },
  initial: 'accepting',
  states: {
    accepting: {
      on: {
        refused: 'full',
        shutdownRequested: { target: 'draining.offering', actions: 'owe' },
        close: 'closed',
        room: {},
        shutdownQueued: {},
        shutdownRefused: {}
      }
    },
    /** A Processor of this thread is backpressured. */
    full: {
      on: {
        room: 'accepting',
        shutdownRequested: { target: 'draining.offering', actions: 'owe' },
        close: 'closed',
        refused: {},
        shutdownQueued: {},
        shutdownRefused: {}
      }
    },
    /** Behind what is queued stands one ShutdownRequest a handler loop. */
    draining: {
      initial: 'offering',
      on: { close: 'closed', refused: {} },
      states: {
        offering: {
          entry: 'offerShutdown',
          on: {
            shutdownQueued: [
              { guard: 'owesMore', target: 'offering', reenter: true, actions: 'pay' },
              { target: 'paid', actions: 'pay' }
            ],
            shutdownRefused: 'owing',
            shutdownRequested: { actions: 'owe' },
            room: {}
          }
        },
        /** The queue is full. */
        owing: {
          on: {
            room: 'offering',
            shutdownRequested: { actions: 'owe' },
            shutdownQueued: {},
            shutdownRefused: {}
          }
        },
        paid: {
          on: {
            shutdownRequested: { target: 'offering', actions: 'owe' },
            room: {},
            shutdownQueued: {},
            shutdownRefused: {}
          }
        }
      }
    },
    closed: { type: 'final', entry: 'letGo' }
  }
})
