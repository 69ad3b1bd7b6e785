// The life of a purgatory: once it is closed nothing is taken in any more, and what is offered is given back at once. What
// becomes of each request is a machine of its own (delayed-operation.machine.ts).
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type PurgatoryEvent =
  /** An operation whose condition does not hold yet. */
  { readonly type: 'offer' } | { readonly type: 'close' }

export const purgatoryMachine = setup({
  types: { events: {} as PurgatoryEvent },
  actions: {
    /** Into the lists of all its keys, then one more check; answers with watched if it still waits. */
    watch: effect(),
    startTimer: effect(),
    /** It is told that it will never be answered. */
    turnAway: effect(),
    /** So are all that wait. */
    abandonAll: effect()
  }
}).createMachine({
  id: 'purgatory',
  initial: 'open',
  states: {
    open: {
      on: {
        offer: { actions: 'watch' },
        watched: { actions: 'startTimer' },
        close: { target: 'closed', actions: 'abandonAll' }
      }
    },
    closed: { on: { offer: { actions: 'turnAway' }, watched: { actions: 'turnAway' }, close: {} } }
  }
})
