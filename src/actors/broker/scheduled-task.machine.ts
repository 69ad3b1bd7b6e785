// The life of one periodic task: it never runs beside itself. When its time comes while it runs, it runs once more right
// afterwards, however often that was.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ScheduledTaskEvent =
  | { readonly type: 'schedule' }
  /** The initial delay or a period is over. */
  | { readonly type: 'due' }
  /** The work has ended, well or with an error that was logged. */
  | { readonly type: 'ended' }
  | { readonly type: 'cancel' }

export const scheduledTaskMachine = setup({
  types: { events: {} as ScheduledTaskEvent },
  actions: {
    /** The initial delay first, then one period after the other: each tells `due`. */
    startTimer: effect(),
    stopTimer: effect(),
    /** Begins the work; answers with ended. */
    beginWork: effect(),
    /** Nothing of it runs or will run. */
    reportCancelled: effect()
  }
}).createMachine({
  id: 'scheduledTask',
  initial: 'idle',
  states: {
    idle: { on: { schedule: { target: 'waiting', actions: 'startTimer' }, cancel: 'cancelled' } },
    waiting: { on: { due: 'running', cancel: { target: 'cancelled', actions: 'stopTimer' } } },
    running: {
      entry: 'beginWork',
      on: { due: 'dueAgain', ended: 'waiting', cancel: { target: 'ending', actions: 'stopTimer' } }
    },
    dueAgain: {
      on: { due: {}, ended: 'running', cancel: { target: 'ending', actions: 'stopTimer' } }
    },
    /** Cancelled, but what runs is waited for. */
    ending: { on: { ended: 'cancelled' } },
    cancelled: { type: 'final', entry: 'reportCancelled' }
  }
})
