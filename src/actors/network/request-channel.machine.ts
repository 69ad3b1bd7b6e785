// The life of the request channel on one thread. Requests and responses pass without it; what it decides is what happens
// at the edges: the queue is full, there is room again, handlers are to end, all is over.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type RequestChannelEvent =
  /** The queue took no request: its Processor waits, with all that its connections sent. */
  | { type: 'refused' }
  /** A queue that refused something has room. */
  | { type: 'room' }
  /** One handler loop more is to end; the Processors have stopped. */
  | { type: 'shutdownRequested' }
  | { type: 'close' }

export const requestChannelMachine = setup({
  types: { events: {} as RequestChannelEvent },
  actions: {
    /** Puts the ShutdownRequests that are owed into the queue, as many as find room. */
    payShutdowns: effect(),
    /** Handlers that still wait are sent home; the queue is let go. */
    letGo: effect()
  }
}).createMachine({
  id: 'requestChannel',
  initial: 'accepting',
  states: {
    accepting: { on: { refused: 'full', shutdownRequested: 'draining', close: 'closed' } },
    /** A Processor of this thread is backpressured. */
    full: { on: { room: 'accepting', shutdownRequested: 'draining', close: 'closed' } },
    /** Behind what is queued stands one ShutdownRequest a handler loop. */
    draining: {
      entry: 'payShutdowns',
      on: {
        shutdownRequested: { actions: 'payShutdowns' },
        room: { actions: 'payShutdowns' },
        close: 'closed'
      }
    },
    closed: { type: 'final', entry: 'letGo' }
  }
})
