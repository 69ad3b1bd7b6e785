// The scheduler and its tasks as their driver composes them: timers that fire at any step, work that ends in its own time,
// tasks that are offered and stops that are asked for whenever somebody likes.
import type { AnyStateMachine } from 'xstate'
import { scheduledTaskMachine } from '../../actors/broker/scheduled-task.machine.js'
import { schedulerMachine } from '../../actors/broker/scheduler.machine.js'
import { Bug } from '../../errors.js'
import { modelEntry } from '../entry.js'
import { ExecutedMachine } from '../executed-machine.js'
import type { Action, Model } from '../model.js'

interface TaskState {
  readonly machine: number
  /** The timer runs: it may fire at any moment. */
  readonly armed: boolean
  /** How often the work is being done at this moment; 1 at most, if all is well. */
  readonly working: number
}

export interface SchedulerModelState {
  readonly scheduler: number
  /** One for each task that was taken in. */
  readonly tasks: readonly TaskState[]
  readonly offered: number
  readonly refused: number
  readonly stops: number
  /** Stops that were answered. */
  readonly answered: number
  /** Work was begun although a stop had been answered. */
  readonly begunTooLate: boolean
}

export interface SchedulerModelOverrides {
  readonly scheduler?: AnyStateMachine
  readonly task?: AnyStateMachine
  /** False: a timer that was stopped fires all the same. */
  readonly stoppedTimersAreSilent?: boolean
}

export interface SchedulerBounds {
  readonly tasks: number
  readonly stops: number
}

const owner = 'broker'
const scheduler = 'scheduler'
const start: Action = { from: owner, to: scheduler, says: 'starts it', by: 'actor' }
const offer: Action = { from: owner, to: scheduler, says: 'offers a task', by: 'environment' }
const stop: Action = { from: owner, to: scheduler, says: 'stops it', by: 'environment' }
const taskActions = Array.from({ length: 8 }, (_, index) => {
  const task = `task ${index + 1}`
  return {
    due: { from: task, to: task, says: 'is due', by: 'environment' } satisfies Action,
    ended: { from: task, to: scheduler, says: 'has ended', by: 'actor' } satisfies Action
  }
})

export function schedulerModel(
  bounds: SchedulerBounds,
  overrides: SchedulerModelOverrides = {}
): Model<SchedulerModelState> {
  const life = new ExecutedMachine(overrides.scheduler ?? schedulerMachine)
  const task = new ExecutedMachine(overrides.task ?? scheduledTaskMachine)
  const timersAreSilent = overrides.stoppedTimersAreSilent ?? true
  const name = (state: SchedulerModelState): string => life.name(state.scheduler)

  const send = (state: SchedulerModelState, event: string): SchedulerModelState => {
    const { state: next, deeds } = life.step(state.scheduler, event)
    return deeds.reduce(carryOut, { ...state, scheduler: next })
  }

  const carryOut = (state: SchedulerModelState, deed: string): SchedulerModelState => {
    switch (deed) {
      case 'addTask': {
        const added: TaskState = { machine: task.initial, armed: false, working: 0 }
        const tasks = [...state.tasks, added]
        return sendTask({ ...state, tasks }, tasks.length - 1, 'schedule')
      }
      case 'refuseTask':
        return { ...state, refused: state.refused + 1 }
      case 'cancelTasks':
        return cancelTasks(state)
      case 'reportStopped':
        return { ...state, answered: state.stops }
      default:
        throw new Bug(`the model does not know the action ${deed}`)
    }
  }

  const cancelTasks = (state: SchedulerModelState): SchedulerModelState => {
    if (left(state) === 0) return send(state, 'allCancelled')
    let after = state
    for (let index = 0; index < state.tasks.length; index++) {
      const { machine = task.initial } = after.tasks[index] ?? {}
      if (task.name(machine) !== 'cancelled') after = sendTask(after, index, 'cancel')
    }
    return after
  }

  const left = ({ tasks }: SchedulerModelState): number =>
    tasks.filter(({ machine }) => task.name(machine) !== 'cancelled').length

  const sendTask = (state: SchedulerModelState, index: number, event: string): SchedulerModelState => {
    const before = state.tasks[index]
    if (before === undefined) throw new Bug(`no task ${index}`)
    const { state: machine, deeds } = task.step(before.machine, event)
    let after = before
    let begunTooLate = state.begunTooLate
    for (const deed of deeds) {
      if (deed === 'startTimer') after = { ...after, armed: true }
      else if (deed === 'stopTimer') after = { ...after, armed: after.armed && !timersAreSilent }
      else if (deed === 'beginWork') {
        after = { ...after, working: after.working + 1 }
        begunTooLate ||= state.answered > 0
      } else if (deed !== 'reportCancelled') throw new Bug(`the model does not know the action ${deed}`)
    }
    const tasks = state.tasks.with(index, { ...after, machine })
    const told = { ...state, tasks, begunTooLate }
    return deeds.includes('reportCancelled') && left(told) === 0 ? send(told, 'allCancelled') : told
  }

  return {
    name: 'scheduler',
    about: `the scheduler with up to ${bounds.tasks} offered tasks, ${bounds.stops} stops, timers that fire at any step`,
    parts: [owner, scheduler, ...taskActions.slice(0, bounds.tasks).map(({ due }) => due.from)],
    initial: () => ({
      scheduler: life.initial,
      tasks: [],
      offered: 0,
      refused: 0,
      stops: 0,
      answered: 0,
      begunTooLate: false
    }),
    next(state, step) {
      if (name(state) === 'idle' && state.stops === 0) step(start, send(state, 'start'))
      if (state.offered < bounds.tasks)
        step(offer, send({ ...state, offered: state.offered + 1 }, 'taskOffered'))
      if (state.stops < bounds.stops) step(stop, send({ ...state, stops: state.stops + 1 }, 'stop'))
      state.tasks.forEach(({ armed, working }, index) => {
        const actions = taskActions[index]
        if (actions === undefined) return
        // Twice at a time is wrong enough to be seen.
        if (armed && working < 2) step(actions.due, sendTask(state, index, 'due'))
        if (working === 0) return
        const tasks = state.tasks.map((each, at) => (at === index ? { ...each, working: working - 1 } : each))
        step(actions.ended, sendTask({ ...state, tasks }, index, 'ended'))
      })
    },
    key: state =>
      [
        state.scheduler,
        state.offered,
        state.refused,
        state.stops,
        state.answered,
        state.begunTooLate ? 1 : 0,
        ...state.tasks.map(({ machine, armed, working }) => `${machine}.${armed ? 1 : 0}.${working}`)
      ].join(),
    show: state => ({
      [scheduler]: name(state),
      ...Object.fromEntries(
        state.tasks.map(({ machine }, index) => [`task ${index + 1}`, task.name(machine)])
      )
    }),
    mayRest: state => name(state) !== 'stopping' && state.tasks.every(({ working }) => working === 0),
    always: [
      {
        id: 'I-24',
        says: 'no work begins once a stop was answered',
        holds: ({ begunTooLate }) => !begunTooLate
      },
      {
        id: 'stop-waits-for-work',
        says: 'a stop is answered only when nothing runs any more',
        holds: ({ answered, tasks }) => answered === 0 || tasks.every(({ working }) => working === 0)
      },
      {
        id: 'no-timer-left',
        says: 'once a stop was answered no timer runs',
        holds: ({ answered, tasks }) => answered === 0 || tasks.every(({ armed }) => !armed)
      },
      {
        id: 'never-beside-itself',
        says: 'a task does not run twice at a time',
        holds: ({ tasks }) => tasks.every(({ working }) => working <= 1)
      },
      {
        id: 'no-run-forgotten',
        says: 'a task that is due again and does not run is a bug: it runs at once',
        holds: ({ tasks }) =>
          tasks.every(
            ({ machine, working }) =>
              !['running', 'dueAgain', 'ending'].includes(task.name(machine)) || working === 1
          )
      }
    ],
    everyStep: [
      {
        id: 'I-63',
        says: 'what is offered after a stop is dropped: nothing is armed, nothing begins, nobody fails',
        holds: (before, action, after) =>
          action !== offer ||
          before.stops === 0 ||
          (after.refused === before.refused + 1 && after.tasks.length === before.tasks.length)
      }
    ],
    inevitable: [
      {
        id: 'stop-ends',
        says: 'a stop that was asked for is answered',
        from: ({ stops }) => stops > 0,
        to: ({ stops, answered }) => answered === stops
      }
    ],
    sometimes: [
      {
        says: 'a task is due again while it runs',
        holds: ({ tasks }) => tasks.some(({ machine }) => task.name(machine) === 'dueAgain')
      },
      {
        says: 'a stop waits for a task that runs',
        holds: state => name(state) === 'stopping'
      },
      {
        says: 'a stop finds one task running and another one waiting',
        holds: state =>
          name(state) === 'stopping' && state.tasks.some(({ machine }) => task.name(machine) === 'cancelled')
      },
      { says: 'a task is offered too late', holds: ({ stops, refused }) => stops > 0 && refused > 0 },
      { says: 'a second stop is answered', holds: ({ answered }) => answered > 1 }
    ]
  }
}

export const schedulerEntry = modelEntry(bound =>
  schedulerModel(bound === 'small' ? { tasks: 2, stops: 2 } : { tasks: 5, stops: 2 })
)
