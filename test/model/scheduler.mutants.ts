// What may go wrong between the scheduler and its tasks.
import { scheduledTaskMachine } from '../../src/actors/broker/scheduled-task.machine.js'
import { schedulerMachine } from '../../src/actors/broker/scheduler.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { type SchedulerModelOverrides, schedulerModel } from '../../src/verify/models/scheduler.model.js'
import { type Mutant, mutated } from './mutant.js'

const run = (overrides: SchedulerModelOverrides): Report =>
  check(schedulerModel({ tasks: 2, stops: 2 }, overrides), { maxStates: 10_000 })

export const mutants: readonly Mutant[] = [
  {
    name: 'A task is taken in after the stop',
    caughtBy: 'I-63',
    check: () =>
      run({
        scheduler: mutated(schedulerMachine, edit =>
          edit.set('states.stopped.on.taskOffered', { actions: 'addTask' })
        )
      })
  },
  {
    name: 'The timer of a cancelled task fires once more and the task obeys',
    caughtBy: 'I-24',
    check: () =>
      run({
        stoppedTimersAreSilent: false,
        task: mutated(scheduledTaskMachine, edit => {
          edit.remove('states.cancelled.type')
          edit.set('states.cancelled.on', { due: 'running' })
        })
      })
  },
  {
    name: 'A task that runs counts as cancelled at once: the stop does not wait for it',
    caughtBy: 'stop-waits-for-work',
    check: () =>
      run({
        task: mutated(scheduledTaskMachine, edit =>
          edit.set('states.running.on.cancel', { target: 'cancelled', actions: 'stopTimer' })
        )
      })
  },
  {
    name: 'The scheduler is stopped without waiting for its tasks',
    caughtBy: 'stop-waits-for-work',
    check: () =>
      run({ scheduler: mutated(schedulerMachine, edit => edit.set('states.running.on.stop', 'stopped')) })
  },
  {
    name: 'The timer of a task that runs is not stopped',
    caughtBy: 'no-timer-left',
    check: () =>
      run({
        task: mutated(scheduledTaskMachine, edit => edit.set('states.running.on.cancel', 'ending'))
      })
  },
  {
    name: 'A task that is due while it runs is begun beside itself',
    caughtBy: 'never-beside-itself',
    check: () =>
      run({
        task: mutated(scheduledTaskMachine, edit =>
          edit.set('states.running.on.due', { target: 'dueAgain', actions: 'beginWork' })
        )
      })
  },
  {
    name: 'A task that ends while it is cancelled says nothing: the stop waits for ever',
    caughtBy: 'no-deadlock',
    check: () =>
      run({ task: mutated(scheduledTaskMachine, edit => edit.set('states.ending.on', { cancel: {} })) })
  },
  {
    name: 'A second stop is not answered',
    caughtBy: 'stop-ends',
    check: () => run({ scheduler: mutated(schedulerMachine, edit => edit.set('states.stopped.on.stop', {})) })
  }
]
