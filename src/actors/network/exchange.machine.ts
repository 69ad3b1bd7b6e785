// The one request that a connection may have in flight, from its last byte to the last byte of its answer. A second answer
// for it is illegal, and so is one that nobody waits for.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ExchangeEvent =
  /** A request was read whole. */
  | { type: 'received' }
  /** It is in the request queue, or with a handler. */
  | { type: 'enqueued' }
  /** Its response is handed to the socket. */
  | { type: 'sendBegun' }
  /** The last byte of it is written. */
  | { type: 'sent' }
  /** It is over without a response: acks=0, or the connection is to be closed. */
  | { type: 'answeredWithout' }
  /** The connection is over. */
  | { type: 'connectionGone' }

const illegal = { actions: 'illegal' } as const

export const exchangeMachine = setup({
  types: { events: {} as ExchangeEvent },
  actions: {
    /** Its bytes are given back: nobody has seen it. */
    releaseRequest: effect(),
    /** Metrics and the slow-request log are told, once a request. */
    completeRequest: effect(),
    /** The two sides disagree about what is in flight: the connection is closed. */
    illegal: effect()
  }
}).createMachine({
  id: 'exchange',
  initial: 'idle',
  states: {
    idle: {
      on: {
        received: 'waitingForRoom',
        enqueued: illegal,
        sendBegun: illegal,
        sent: illegal,
        answeredWithout: illegal,
        connectionGone: 'over'
      }
    },
    /** The request queue is full; nothing more is read from this connection. */
    waitingForRoom: {
      on: {
        received: illegal,
        enqueued: 'handling',
        sendBegun: illegal,
        sent: illegal,
        answeredWithout: illegal,
        connectionGone: { target: 'over', actions: 'releaseRequest' }
      }
    },
    handling: {
      on: {
        received: illegal,
        enqueued: illegal,
        sendBegun: 'writing',
        sent: illegal,
        answeredWithout: { target: 'idle', actions: 'completeRequest' },
        connectionGone: 'orphaned'
      }
    },
    writing: {
      on: {
        received: illegal,
        enqueued: illegal,
        sendBegun: illegal,
        sent: { target: 'idle', actions: 'completeRequest' },
        answeredWithout: illegal,
        connectionGone: { target: 'over', actions: 'completeRequest' }
      }
    },
    /** A handler has it, or it is parked; its answer will be dropped. */
    orphaned: {
      on: {
        received: illegal,
        enqueued: illegal,
        sendBegun: illegal,
        sent: illegal,
        answeredWithout: { target: 'over', actions: 'completeRequest' },
        connectionGone: {}
      }
    },
    over: {
      on: { received: {}, enqueued: {}, sendBegun: {}, sent: {}, answeredWithout: {}, connectionGone: {} }
    }
  }
})
