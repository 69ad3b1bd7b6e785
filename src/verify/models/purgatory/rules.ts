// What has to hold for requests that wait in a purgatory.
import type { Action, Model } from '../../model.js'
import type { PurgatoryModelState, Waiter } from './state.js'
import type { PurgatorySteps } from './steps.js'

type Rules = Pick<Model<PurgatoryModelState>, 'always' | 'everyStep' | 'inevitable' | 'sometimes'>

export interface PurgatoryActions {
  /** The owner of a cancelled request answers it. */
  isForce(action: Action): boolean
  isTimeOut(action: Action): boolean
}

const sum = (state: PurgatoryModelState, of: (waiter: Waiter) => number): number =>
  state.waiters.reduce((total, waiter) => total + of(waiter), 0)

export function purgatoryRules(steps: PurgatorySteps, { isForce, isTimeOut }: PurgatoryActions): Rules {
  const is = ({ machine }: Waiter, name: string): boolean => steps.operation.name(machine) === name
  const mayWait = (waiter: Waiter): boolean => steps.isWaiting(waiter)
  const isLeft = (waiter: Waiter): boolean => mayWait(waiter) && !waiter.failed
  const isQuiet = (state: PurgatoryModelState): boolean =>
    state.walks.every(({ at }) => at === 'idle') && state.waiters.every(isStill)
  const completed = (before: PurgatoryModelState, after: PurgatoryModelState, name: string): boolean =>
    before.waiters.some(
      (waiter, index) => is(waiter, name) && (after.waiters[index]?.completions ?? 0) > waiter.completions
    )
  return {
    always: [
      {
        id: 'I-44',
        says: 'a request is completed at most once, and not at all if it was given back',
        holds: ({ waiters }) => waiters.every(each => each.completions + each.givenBack <= 1)
      },
      {
        id: 'I-45',
        says: 'no lost wake-up: where all is quiet, no request waits whose condition is true',
        holds: state =>
          !isQuiet(state) ||
          !state.waiters.some(each => each.ready && !each.doubtful && isParked(each) && mayWait(each))
      },
      {
        id: 'I-46',
        says: 'the timer of what is over does not run',
        holds: ({ waiters }) =>
          waiters.every(each => mayWait(each) || (each.timer !== 'armed' && !each.timed))
      },
      {
        id: 'closed-leaves-nothing',
        says: 'once the purgatory is closed nothing waits in it, and no timer runs',
        holds: state =>
          !steps.isClosed(state) ||
          state.waiters.every(each => !isParked(each) || (!isLeft(each) && each.timer !== 'armed'))
      },
      {
        id: 'abandoned-is-given-back',
        says: 'a request gives back what it holds, once, just when it is abandoned',
        holds: ({ waiters }) => waiters.every(each => each.givenBack === (is(each, 'abandoned') ? 1 : 0))
      },
      {
        id: 'one-look-at-a-time',
        says: 'a condition is looked at by one at a time',
        holds: ({ waiters }) => waiters.every(({ twoLooked }) => !twoLooked)
      },
      {
        id: 'an-error-is-the-answer',
        says: 'a request whose call failed is answered by that: no list and no timer keeps it',
        holds: ({ waiters }) =>
          waiters.every(
            each => !each.failed || (each.timer !== 'armed' && !(mayWait(each) && each.listed !== 0))
          )
      }
    ],
    everyStep: [
      {
        id: 'expired-by-the-timer',
        says: 'a request counts as expired just when its timer completed it',
        holds: (before, action, after) => {
          const more = sum(after, each => each.expirations) - sum(before, each => each.expirations)
          const answered = sum(after, each => each.completions) - sum(before, each => each.completions)
          return isTimeOut(action) ? more === answered : more === 0
        }
      },
      {
        id: 'cancelled-is-the-callers',
        says: 'a cancelled request is completed by its owner and by nobody else',
        holds: (before, action, after) => isForce(action) || !completed(before, after, 'cancelled')
      },
      {
        id: 'lists-are-swept',
        says: `right after a request was watched, at most ${steps.bounds.purgeInterval} that are over stand in lists`,
        holds: (before, _, after) =>
          !after.waiters.some((each, index) => isParked(each) && before.waiters[index]?.call === 'second') ||
          after.waiters.filter(each => each.listed !== 0 && isParked(each) && !mayWait(each)).length <=
            steps.bounds.purgeInterval
      }
    ],
    inevitable: steps.bounds.requests.map((_, index) => ({
      id: 'I-48',
      says: 'a request is completed in the end, or its call fails, or the purgatory is closed',
      from: ({ waiters }) => waiters[index]?.call !== 'none',
      to: state => {
        const waiter = state.waiters[index]
        return waiter !== undefined && (waiter.completions > 0 || waiter.failed || is(waiter, 'abandoned'))
      }
    })),
    sometimes: situations(steps)
  }
}

function situations(steps: PurgatorySteps): Rules['sometimes'] {
  const some = (state: PurgatoryModelState, holds: (waiter: Waiter) => boolean): boolean =>
    state.waiters.some(holds)
  const name = ({ machine }: Waiter): string => steps.operation.name(machine)
  const { cancels, throws } = steps.bounds
  return [
    {
      says: 'an event comes while a condition is looked at',
      holds: state => some(state, each => name(each) === 'checkAgain')
    },
    { says: 'the timer wins', holds: state => some(state, ({ expirations }) => expirations > 0) },
    {
      says: 'a timer is due although what it waited for is over',
      holds: state => some(state, each => each.timer === 'due' && each.completions > 0)
    },
    { says: 'a request is abandoned', holds: state => some(state, ({ givenBack }) => givenBack > 0) },
    {
      says: 'a condition becomes true between the first check and the lists',
      holds: state => some(state, each => each.call === 'offering' && each.ready)
    },
    {
      says: 'one that is over stands in a list',
      holds: state => some(state, each => each.listed !== 0 && each.completions > 0)
    },
    ...(cancels === 0 ? [] : cancellations(steps)),
    ...(throws === 0
      ? []
      : [
          {
            says: 'a request ends by an error',
            holds: (state: PurgatoryModelState) => some(state, ({ failed }) => failed)
          }
        ])
  ]
}

const cancellations = (steps: PurgatorySteps): Rules['sometimes'] => [
  {
    says: 'a cancelled request is not yet answered while it stands in another list',
    holds: ({ waiters }) =>
      waiters.some(each => steps.operation.name(each.machine) === 'cancelled' && each.listed !== 0)
  }
]

/** Its call has returned, and nobody looks at its condition. */
const isParked = ({ call, looker }: Waiter): boolean => call === 'returned' && looker === 0

const isStill = (waiter: Waiter): boolean =>
  (waiter.call === 'none' || isParked(waiter)) && waiter.bell !== 'rung'
