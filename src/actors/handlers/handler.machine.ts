// One KafkaRequestHandler: takes a request, handles it, takes the next. Flat, so that it runs from a compiled table.
import { setup } from 'xstate'

export type HandlerEvent =
  /** The request channel gave it a request. */
  | { type: 'requestTaken' }
  /** The request is answered or parked; whoever completes a parked one answers it. */
  | { type: 'handled' }
  /** The poll of 300 ms ended with nothing. */
  | { type: 'pollEnded' }
  /** A ShutdownRequest came out of the queue: the last thing this handler takes. */
  | { type: 'shutdownTaken' }
  /** The pool became smaller: this handler ends at its next poll, without a ShutdownRequest. */
  | { type: 'dismissed' }

export const handlerMachine = setup({ types: { events: {} as HandlerEvent } }).createMachine({
  id: 'handler',
  initial: 'waiting',
  states: {
    waiting: {
      on: { requestTaken: 'handling', pollEnded: 'waiting', shutdownTaken: 'stopped', dismissed: 'leaving' }
    },
    handling: { on: { handled: 'waiting', dismissed: 'handlingLast' } },
    /** Still in the poll that it began before it was dismissed; a request that comes with it is handled. */
    leaving: { on: { pollEnded: 'stopped', requestTaken: 'handlingLast', shutdownTaken: 'stopped' } },
    handlingLast: { on: { handled: 'stopped' } },
    stopped: {}
  }
})
