// Threads that ring the bell of another one, under every interleaving of their atomic steps: nothing that was made visible
// before a ring stays unseen.
import {
  type DoorbellModel,
  type DoorbellState,
  initialDoorbell,
  type ListenerStep,
  type RingerStep,
  stepListener,
  stepRinger
} from '../../actors/runtime/doorbell.machine.js'
import { modelEntry } from '../entry.js'
import type { Action, Model } from '../model.js'

export interface DoorbellModelOverrides {
  readonly listener?: typeof stepListener
  readonly ringer?: typeof stepRinger
}

const owner = 'owner'
const most = 4
const ownerSteps: readonly ListenerStep[] = ['lower', 'look', 'wait', 'asleep']
const ringerSteps: readonly RingerStep[] = ['publish', 'load', 'raise', 'notify', 'done']
const own = (says: string): Action => ({ from: owner, to: owner, says, by: 'actor' })
const ownerActions: Readonly<Record<ListenerStep, Action>> = {
  lower: own('lowers the word'),
  look: own('looks at all that has come'),
  wait: own('goes to wait unless the word is up'),
  asleep: own('sleeps')
}
const ringerActions = Array.from({ length: most }, (_, index) => {
  const action = (says: string, to: string): Action => ({
    from: `ringer ${index + 1}`,
    to,
    says,
    by: 'actor'
  })
  return {
    publish: action('makes its work visible', 'memory'),
    load: action('looks whether the word is up', 'memory'),
    raise: action('raises the word', 'memory'),
    notify: action('notifies', owner),
    done: action('has rung', owner)
  } satisfies Record<RingerStep, Action>
})

export function doorbellModel(
  bounds: DoorbellModel,
  overrides: DoorbellModelOverrides = {}
): Model<DoorbellState> {
  const listen = overrides.listener ?? stepListener
  const ring = overrides.ringer ?? stepRinger
  const isAllSeen = ({ work, seen }: DoorbellState): boolean => seen === work
  return {
    name: 'doorbell',
    about: `${bounds.ringers} threads ring ${bounds.rings} times each`,
    parts: [owner, 'memory', ...ringerActions.slice(0, bounds.ringers).map(({ load }) => load.from)],
    initial: () => initialDoorbell(bounds),
    next(state, step) {
      const after = listen(state)
      if (after !== undefined) step(ownerActions[state.owner], after)
      state.ringers.forEach((ringer, index) => {
        const actions = ringerActions[index]
        const next = ring(state, index)
        if (actions !== undefined && next !== undefined) step(actions[ringer.step], next)
      })
    },
    key: ({ word, work, seen, owner: at, ringers }) =>
      String.fromCharCode(
        word,
        work,
        seen,
        ownerSteps.indexOf(at),
        ...ringers.map(({ step, left }) => ringerSteps.indexOf(step) + 8 * left)
      ),
    show: ({ word, work, seen, owner: at, ringers }) => ({
      [owner]: at,
      memory: `word ${word}, ${work - seen} unseen`,
      ...Object.fromEntries(ringers.map(({ step }, index) => [`ringer ${index + 1}`, step]))
    }),
    mayRest: state => isAllSeen(state) && state.ringers.every(({ step }) => step === 'done'),
    everyStep: [
      {
        id: 'a-look-sees-all',
        says: 'whoever finds the bell rung looks at all that was made visible before',
        holds: (before, action, after) => action !== ownerActions.look || after.seen === before.work
      }
    ],
    inevitable: [
      {
        id: 'no-lost-wake-up',
        says: 'what was made visible before a ring is seen',
        from: state => !isAllSeen(state),
        to: isAllSeen
      }
    ],
    sometimes: [
      {
        says: 'the owner is asleep while all is done',
        holds: state => state.owner === 'asleep' && state.work > 0
      },
      {
        says: 'a thread finds the bell rung by another one',
        holds: ({ word, ringers }) => word === 1 && ringers.some(({ step }) => step === 'load')
      },
      {
        says: 'the bell rings between the look and the wait',
        holds: ({ word, owner: at, seen }) => word === 1 && at === 'wait' && seen > 0
      }
    ]
  }
}

export const doorbellEntry = modelEntry(bound =>
  doorbellModel(bound === 'small' ? { ringers: 2, rings: 3 } : { ringers: 3, rings: 6 })
)
