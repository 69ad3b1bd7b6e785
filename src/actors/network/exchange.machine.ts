// What became of the one request that a connection may have in flight. It outlives the connection where a handler still has
// the request: an orphan, whose answer goes nowhere. Each request that was read ends by exactly one release or completion.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ExchangeEvent =
  /** A whole request was read. */
  | { type: 'received' }
  /** It is in the request queue, or with a handler directly. */
  | { type: 'enqueued' }
  /** Its response is on the way to the socket. */
  | { type: 'sendBegun' }
  /** The kernel has all of the response. */
  | { type: 'sent' }
  /** It is answered and nothing is written: acks=0, a connection that is to be closed, a peer that is gone. */
  | { type: 'answeredWithout' }
  /** The connection is over. */
  | { type: 'connectionGone' }
  /** The Processor ends: answers reach nobody from here on. */
  | { type: 'abandoned' }

const illegal = { actions: 'illegal' } as const

export const exchangeMachine = setup({
  types: { events: {} as ExchangeEvent },
  actions: {
    /** Its memory goes back: no handler has seen it. */
    releaseRequest: effect(),
    /** Told to metrics and the slow-request log, once a request. */
    completeRequest: effect(),
    /** Its connection's number stays taken until the handler has answered. */
    keepOrphan: effect(),
    forgetOrphan: effect(),
    /** A response where none is awaited: it was answered twice. Costs the connection its life. */
    illegal: effect()
  }
}).createMachine({
  id: 'exchange',
  initial: 'idle',
  states: {
    idle: {
      on: {
        received: 'waitingForRoom',
        connectionGone: 'over',
        enqueued: illegal,
        sendBegun: illegal,
        sent: illegal,
        answeredWithout: illegal,
        abandoned: illegal
      }
    },
    /** Read, and not yet in the request queue. */
    waitingForRoom: {
      on: {
        enqueued: 'handling',
        connectionGone: { target: 'over', actions: 'releaseRequest' },
        received: illegal,
        sendBegun: illegal,
        sent: illegal,
        answeredWithout: illegal,
        abandoned: illegal
      }
    },
    /** In the queue, with a handler, or parked: whoever has it answers it once and gives its memory back. */
    handling: {
      on: {
        sendBegun: 'writing',
        answeredWithout: { target: 'idle', actions: 'completeRequest' },
        connectionGone: { target: 'orphaned', actions: 'keepOrphan' },
        received: illegal,
        enqueued: illegal,
        sent: illegal,
        abandoned: illegal
      }
    },
    writing: {
      on: {
        sent: { target: 'idle', actions: 'completeRequest' },
        connectionGone: { target: 'over', actions: 'completeRequest' },
        received: illegal,
        enqueued: illegal,
        sendBegun: illegal,
        answeredWithout: illegal,
        abandoned: illegal
      }
    },
    /** The connection is gone, a handler still has the request. */
    orphaned: {
      on: {
        answeredWithout: { target: 'over', actions: ['forgetOrphan', 'completeRequest'] },
        abandoned: { target: 'over', actions: ['forgetOrphan', 'completeRequest'] },
        connectionGone: {},
        received: illegal,
        enqueued: illegal,
        sendBegun: illegal,
        sent: illegal
      }
    },
    over: { type: 'final' }
  }
})
