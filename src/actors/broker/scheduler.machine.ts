// The life of the KafkaScheduler: after a stop was asked for nothing is taken in, and it is over only when the last task
// has ended. What each task does meanwhile is its own machine (scheduled-task.machine.ts).
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type SchedulerEvent =
  | { readonly type: 'start' }
  /** Somebody wants something done again and again. */
  | { readonly type: 'taskOffered' }
  | { readonly type: 'stop' }
  /** No task is left: each was cancelled, those that ran have ended. */
  | { readonly type: 'allCancelled' }

export const schedulerMachine = setup({
  types: { events: {} as SchedulerEvent },
  actions: {
    /** Gives the task a life of its own. */
    addTask: effect(),
    /** Says in the log that the task will never run; the caller is not told. */
    refuseTask: effect(),
    /** Tells every task; answers with allCancelled. */
    cancelTasks: effect(),
    /** Whoever waits for the stop is told. */
    reportStopped: effect()
  }
}).createMachine({
  id: 'scheduler',
  initial: 'idle',
  states: {
    idle: { on: { start: 'running', taskOffered: { actions: 'refuseTask' }, stop: 'stopped' } },
    running: { on: { taskOffered: { actions: 'addTask' }, stop: 'stopping' } },
    stopping: {
      entry: 'cancelTasks',
      on: { taskOffered: { actions: 'refuseTask' }, stop: {}, allCancelled: 'stopped' }
    },
    stopped: {
      entry: 'reportStopped',
      on: { taskOffered: { actions: 'refuseTask' }, stop: { actions: 'reportStopped' } }
    }
  }
})
