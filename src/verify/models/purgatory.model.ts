// Requests that wait, their purgatory, events on their keys, their timers, a cancellation and the end, in any order. Every
// look at a condition takes a while in which all the others go on.
import { modelEntry } from '../entry.js'
import type { Action, Model } from '../model.js'
import { purgatoryRules } from './purgatory/rules.js'
import { keyOf, type PurgatoryModelState } from './purgatory/state.js'
import { type PurgatoryBounds, type PurgatoryModelOverrides, PurgatorySteps } from './purgatory/steps.js'

export type { PurgatoryModelOverrides } from './purgatory/steps.js'

const broker = 'broker'
const purgatory = 'purgatory'
const most = 6
const requestOf = (index: number): string => `request ${index + 1}`
const keyNames = ['key a', 'key b', 'key c']

const close: Action = { from: broker, to: purgatory, says: 'closes it', by: 'environment' }
const requests = Array.from({ length: most }, (_, index) => {
  const request = requestOf(index)
  const own = (says: string, by: Action['by']): Action => ({ from: request, to: request, says, by })
  return {
    offer: { from: broker, to: request, says: 'lets it wait', by: 'environment' } satisfies Action,
    putIn: { from: request, to: purgatory, says: 'is put into its lists', by: 'actor' } satisfies Action,
    look: own('looks at its condition', 'actor'),
    lookThrows: own('looks at its condition, which throws', 'environment'),
    tellSeen: own('acts on what it saw', 'actor'),
    ring: { from: broker, to: request, says: 'makes its condition true', by: 'environment' } satisfies Action,
    answerBell: own('hears its bell', 'actor'),
    // Going off while it is stopped is what a wheel does that has taken out all that is due at once.
    due: { from: 'timer', to: 'timer', says: `takes out ${request}`, by: 'actor' } satisfies Action,
    timeOut: { from: 'timer', to: request, says: 'runs out', by: 'actor' } satisfies Action,
    force: {
      from: broker,
      to: request,
      says: 'answers it, as it was cancelled',
      by: 'actor'
    } satisfies Action
  }
})
const keys = keyNames.map(key => ({
  happens: requests.map((_, index): Action => {
    const says = `makes the condition of ${requestOf(index)} true`
    return { from: broker, to: key, says, by: 'environment' }
  }),
  inVain: { from: broker, to: key, says: 'changes something', by: 'environment' } satisfies Action,
  beginWalk: { from: key, to: purgatory, says: 'tells those that watch it', by: 'actor' } satisfies Action,
  walkOn: { from: key, to: purgatory, says: 'goes on to the next', by: 'actor' } satisfies Action,
  cancel: { from: broker, to: key, says: 'cancels it', by: 'environment' } satisfies Action
}))

export function purgatoryModel(
  bounds: PurgatoryBounds,
  overrides: PurgatoryModelOverrides = {}
): Model<PurgatoryModelState> {
  const steps = new PurgatorySteps(bounds, overrides)
  const { requests: kinds, vainEvents, throws, cancels } = bounds
  return {
    name: 'purgatory',
    about: `${kinds.length} requests under ${bounds.keys} keys: ${vainEvents} events in vain, ${throws} conditions that throw, ${cancels} cancellations`,
    parts: [
      broker,
      purgatory,
      'timer',
      ...keyNames.slice(0, bounds.keys),
      ...kinds.map((_, i) => requestOf(i))
    ],
    initial: () => steps.initial(),
    next(state, step) {
      if (!steps.isClosed(state)) step(close, steps.close(state))
      for (let key = 0; key < bounds.keys; key++) keySteps(steps, state, key, step)
      for (let index = 0; index < kinds.length; index++) requestSteps(steps, state, index, step)
    },
    key: keyOf,
    show: state => ({
      [purgatory]: steps.purgatory.name(state.purgatory),
      ...Object.fromEntries(
        state.waiters.map(({ machine, call }, index) => [
          requestOf(index),
          call === 'none' ? 'not there yet' : steps.operation.name(machine)
        ])
      )
    }),
    mayRest: ({ waiters, walks }) =>
      walks.every(({ at }) => at === 'idle') &&
      waiters.every(
        each => each.call === 'none' || (each.call === 'returned' && (each.failed || !steps.isWaiting(each)))
      ),
    ...purgatoryRules(steps, {
      isForce: action => requests.some(({ force }) => force === action),
      isTimeOut: action => requests.some(({ timeOut }) => timeOut === action)
    })
  }
}

type Step = (action: Action, to: PurgatoryModelState) => void

function keySteps(steps: PurgatorySteps, state: PurgatoryModelState, key: number, step: Step): void {
  const actions = keys[key]
  const walk = state.walks[key]
  if (actions === undefined || walk === undefined) return
  if (walk.at === 'happened') step(actions.beginWalk, steps.beginWalk(state, key))
  else if (walk.at === 'walking') {
    if (!steps.isLooking(state, key)) step(actions.walkOn, steps.walkOn(state, key))
  } else {
    if (state.vainEvents > 0) step(actions.inVain, steps.happensInVain(state, key))
    state.waiters.forEach(({ ready, call }, index) => {
      const action = actions.happens[index]
      const watches = ((steps.bounds.requests[index] ?? 0) & (1 << key)) !== 0
      if (action !== undefined && watches && !ready && call !== 'none')
        step(action, steps.happens(state, index, key))
    })
  }
  if (state.cancels > 0) step(actions.cancel, steps.cancelKey(state, key))
}

function requestSteps(steps: PurgatorySteps, state: PurgatoryModelState, index: number, step: Step): void {
  const actions = requests[index]
  const waiter = state.waiters[index]
  if (actions === undefined || waiter === undefined) return
  if (waiter.call === 'none') {
    step(actions.offer, steps.offer(state, index))
    return
  }
  if (waiter.call === 'offering') step(actions.putIn, steps.putIn(state, index))
  if (waiter.looker !== 0) {
    if (waiter.saw !== 'nothing') step(actions.tellSeen, steps.tellSeen(state, index))
    else {
      step(actions.look, steps.look(state, index))
      if (state.throws > 0) step(actions.lookThrows, steps.lookThrows(state, index))
    }
  }
  if (!waiter.ready && steps.bounds.requests[index] === 0) step(actions.ring, steps.ring(state, index))
  if (waiter.bell === 'rung') step(actions.answerBell, steps.answerBell(state, index))
  if (waiter.timer === 'armed') {
    const waiters = state.waiters.with(index, { ...waiter, timer: 'due' })
    step(actions.due, { ...state, waiters })
  }
  if (waiter.timer === 'due') step(actions.timeOut, steps.timeOut(state, index))
  if (steps.operation.name(waiter.machine) === 'cancelled') step(actions.force, steps.force(state, index))
}

export const purgatoryEntry = modelEntry(bound =>
  purgatoryModel(
    bound === 'small'
      ? { requests: [3, 0], keys: 2, vainEvents: 0, throws: 1, cancels: 0, purgeInterval: 0 }
      : { requests: [3, 0], keys: 2, vainEvents: 1, throws: 1, cancels: 1, purgeInterval: 0 }
  )
)
