// The life of a request that waits for a condition: it ends exactly once, by whoever comes first: an event that finds the
// condition true, the timer, its owner, the end of the purgatory. An event during a check is not lost: it is checked again.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type DelayedOperationEvent =
  /** Something happened to what it waits for: the condition is looked at. */
  | { readonly type: 'check' }
  /** The condition was true when it was looked at. */
  | { readonly type: 'satisfied' }
  | { readonly type: 'unsatisfied' }
  /** Looking at it threw; the error goes to whoever asked for the check. */
  | { readonly type: 'checkFailed' }
  /** Its owner ends it, whatever the condition says. */
  | { readonly type: 'force' }
  /** The timer has run out. */
  | { readonly type: 'timeOut' }
  /** Its key was cancelled: from here on only its owner ends it. */
  | { readonly type: 'cancel' }
  /** The purgatory stops. */
  | { readonly type: 'abandon' }

const ends = {
  force: { target: 'completed' },
  timeOut: { target: 'expired' },
  cancel: { target: 'cancelled', actions: 'stopTimer' },
  abandon: { target: 'abandoned' }
} as const

const over = {
  check: {},
  satisfied: {},
  unsatisfied: {},
  checkFailed: {},
  force: {},
  timeOut: {},
  cancel: {},
  abandon: {}
} as const

export const delayedOperationMachine = setup({
  types: { events: {} as DelayedOperationEvent },
  actions: {
    /** Looks at the condition; answers with satisfied, unsatisfied or checkFailed. */
    look: effect(),
    /** Also where none was started. */
    stopTimer: effect(),
    /** What the request waited for is done: it is answered. */
    complete: effect(),
    /** The timer won: for metrics. */
    reportExpired: effect(),
    /** It is never answered; what it holds is given back. */
    giveBack: effect()
  }
}).createMachine({
  id: 'delayedOperation',
  initial: 'waiting',
  states: {
    waiting: { on: { ...ends, check: { target: 'checking', actions: 'look' } } },
    checking: {
      on: {
        ...ends,
        check: 'checkAgain',
        satisfied: 'completed',
        unsatisfied: 'waiting',
        checkFailed: 'waiting'
      }
    },
    /** Something happened since the check began, so that what it finds may be old. */
    checkAgain: {
      on: {
        ...ends,
        check: {},
        satisfied: 'completed',
        unsatisfied: { target: 'checking', actions: 'look' },
        checkFailed: 'waiting'
      }
    },
    completed: { entry: ['stopTimer', 'complete'], on: over },
    expired: { entry: ['stopTimer', 'complete', 'reportExpired'], on: over },
    cancelled: { on: { ...over, force: { target: 'completed' } } },
    abandoned: { entry: ['stopTimer', 'giveBack'], on: over }
  }
})
