// What may go wrong while requests wait.
import { delayedOperationMachine } from '../../src/actors/replicas/delayed-operation.machine.js'
import { purgatoryMachine } from '../../src/actors/replicas/purgatory.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { type PurgatoryModelOverrides, purgatoryModel } from '../../src/verify/models/purgatory.model.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

const few = { requests: [3], keys: 2, vainEvents: 1, throws: 0, cancels: 0, purgeInterval: 0 }

const run = (overrides: PurgatoryModelOverrides, bounds: Partial<typeof few> = {}): Report =>
  check(purgatoryModel({ ...few, ...bounds }, overrides), { maxStates: 300_000, stopAtFirst: true })

const runOperation = (change: (edit: Edit) => void, bounds: Partial<typeof few> = {}): Report =>
  run({ operation: mutated(delayedOperationMachine, change) }, bounds)

export const mutants: readonly Mutant[] = [
  {
    name: 'A request is not looked at again after it was put into its lists',
    caughtBy: 'I-45',
    check: () => run({ checksTwice: false })
  },
  {
    name: 'An event during a check is forgotten',
    caughtBy: 'I-45',
    check: () => runOperation(edit => edit.set('states.checking.on.check', {}))
  },
  {
    name: 'An event during a check begins a second one beside it',
    caughtBy: 'one-look-at-a-time',
    check: () =>
      runOperation(edit => edit.set('states.checking.on.check', { target: 'checkAgain', actions: 'look' }))
  },
  {
    name: 'A condition that throws keeps the event from the others of the key',
    caughtBy: 'I-45',
    check: () => run({ goesOnAfterError: false }, { requests: [1, 1], keys: 1, throws: 1, vainEvents: 0 })
  },
  {
    name: 'The sweep of a list also drops those that still wait',
    caughtBy: 'I-45',
    check: () => run({ sweepKeepsWaiting: false })
  },
  {
    name: 'The timer of a completed request is not stopped',
    caughtBy: 'I-46',
    check: () => runOperation(edit => edit.set('states.completed.entry', ['complete']))
  },
  {
    name: 'A request that completed while it was being watched gets a timer all the same',
    caughtBy: 'I-46',
    check: () => run({ timerOnlyIfWaiting: false })
  },
  {
    name: 'The timer completes what is completed already',
    caughtBy: 'I-44',
    check: () => runOperation(edit => edit.set('states.completed.on.timeOut', { target: 'expired' }))
  },
  {
    name: 'A request that an event completed counts as expired',
    caughtBy: 'expired-by-the-timer',
    check: () =>
      runOperation(edit => edit.set('states.completed.entry', ['stopTimer', 'complete', 'reportExpired']))
  },
  {
    name: 'The timer runs out while the condition is looked at, and is not heard',
    caughtBy: 'I-48',
    check: () => runOperation(edit => edit.set('states.checking.on.timeOut', {}))
  },
  {
    name: 'Closing abandons nothing',
    caughtBy: 'closed-leaves-nothing',
    check: () =>
      run({ purgatory: mutated(purgatoryMachine, edit => edit.set('states.open.on.close', 'closed')) })
  },
  {
    name: 'A closed purgatory still takes requests in',
    caughtBy: 'closed-leaves-nothing',
    check: () =>
      run({
        purgatory: mutated(purgatoryMachine, edit => {
          edit.set('states.closed.on.offer', { actions: 'watch' })
          edit.set('states.closed.on.watched', { actions: 'startTimer' })
        })
      })
  },
  {
    name: 'Closing does not reach a request that stands in no list',
    caughtBy: 'closed-leaves-nothing',
    check: () => run({ knowsTimers: false }, { requests: [0] })
  },
  {
    name: 'What an abandoned request holds is not given back',
    caughtBy: 'abandoned-is-given-back',
    check: () => runOperation(edit => edit.set('states.abandoned.entry', ['stopTimer']))
  },
  {
    name: 'A request that is cancelled while it is looked at is completed by who looks',
    caughtBy: 'cancelled-is-the-callers',
    check: () =>
      runOperation(edit => edit.set('states.cancelled.on.satisfied', { target: 'completed' }), { cancels: 1 })
  },
  {
    name: 'A cancelled request loses its timer and goes on waiting',
    caughtBy: 'I-45',
    check: () =>
      runOperation(edit => edit.set('states.waiting.on.cancel', { actions: 'stopTimer' }), { cancels: 1 })
  },
  {
    name: 'A request whose second check throws stays in its lists',
    caughtBy: 'an-error-is-the-answer',
    check: () => run({ takesBackAfterError: false }, { throws: 1 })
  },
  {
    name: 'Lists are not swept where the second check completed the request',
    caughtBy: 'lists-are-swept',
    check: () => run({ sweepsOnEveryWay: false })
  }
]
