// One KafkaRequestHandler: takes a request, handles it, takes the next. Flat, so that it runs from a compiled table.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type HandlerEvent =
  /** The request channel gave it a request. */
  | { type: 'requestTaken' }
  /** The request is answered or parked; whoever completes a parked one answers it. */
  | { type: 'handled' }
  /** The dispatcher threw: whether the request was answered is not known. */
  | { type: 'threw' }
  /** The poll of 300 ms ended with nothing. */
  | { type: 'pollEnded' }
  /** A ShutdownRequest came out of the queue: the last thing this handler takes. */
  | { type: 'shutdownTaken' }
  /** The pool became smaller: this handler ends at its next poll, without a ShutdownRequest. */
  | { type: 'dismissed' }

const illegal = { actions: 'illegal' } as const

export const handlerMachine = setup({
  types: { events: {} as HandlerEvent },
  actions: {
    /** Its connection ends, so that no peer waits for an answer that does not come; the loop goes on. */
    closeConnection: effect(),
    illegal: effect()
  }
}).createMachine({
  id: 'handler',
  initial: 'waiting',
  states: {
    waiting: {
      on: {
        requestTaken: 'handling',
        pollEnded: {},
        shutdownTaken: 'stopped',
        dismissed: 'leaving',
        handled: illegal,
        threw: illegal
      }
    },
    handling: {
      on: {
        handled: 'waiting',
        threw: { target: 'waiting', actions: 'closeConnection' },
        dismissed: 'handlingLast',
        requestTaken: illegal,
        pollEnded: illegal,
        shutdownTaken: illegal
      }
    },
    /** Still in the poll that it began before it was dismissed; a request that comes with it is handled. */
    leaving: {
      on: {
        pollEnded: 'stopped',
        requestTaken: 'handlingLast',
        shutdownTaken: 'stopped',
        dismissed: {},
        handled: illegal,
        threw: illegal
      }
    },
    handlingLast: {
      on: {
        handled: 'stopped',
        threw: { target: 'stopped', actions: 'closeConnection' },
        dismissed: {},
        requestTaken: illegal,
        pollEnded: illegal,
        shutdownTaken: illegal
      }
    },
    stopped: { type: 'final' }
  }
})
