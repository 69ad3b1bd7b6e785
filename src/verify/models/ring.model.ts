// The ring in shared memory under every interleaving of its threads' atomic steps, and with a thread that dies anywhere.
import {
  crashRing,
  initialRing,
  type RingModel,
  type RingState,
  type RingStep,
  type RingThread,
  stepRing
} from '../../actors/runtime/ring.machine.js'
import { modelEntry } from '../entry.js'
import type { Action, Model } from '../model.js'

export interface RingBounds extends RingModel {
  /** Threads that may die. */
  readonly crashes: number
}

export interface RingModelOverrides {
  readonly step?: typeof stepRing
}

const memory = 'memory'
const most = 4
const stepNames: readonly RingStep[] = ['look', 'check', 'claim', 'copy', 'publish', 'crashed', 'done']
const actionsOf = (thread: string, copies: string) => {
  const action = (says: string): Action => ({ from: thread, to: memory, says, by: 'actor' })
  return {
    look: action('reads the cursor'),
    check: action('looks whose turn the slot is'),
    claim: action('claims the slot, unless another was quicker'),
    copy: action(copies),
    publish: action('passes the slot on'),
    crashed: { from: thread, to: thread, says: 'dies', by: 'environment' },
    done: action('is done')
  } satisfies Record<RingStep, Action>
}
const names = (kind: string): string[] => Array.from({ length: most }, (_, i) => `${kind} ${i + 1}`)
const producerActions = names('producer').map(name => actionsOf(name, 'fills the slot'))
const consumerActions = names('consumer').map(name => actionsOf(name, 'empties the slot'))

export function ringModel(bounds: RingBounds, overrides: RingModelOverrides = {}): Model<RingState> {
  const { producers, consumers, capacity, positions, crashes } = bounds
  const takeStep = overrides.step ?? stepRing
  const first = producers.length
  const actions = [...producerActions.slice(0, first), ...consumerActions.slice(0, consumers.length)]
  const parts = actions.map(({ look }) => look.from)
  const pushed = new Set(producers.flat())
  const taken = ({ threads }: RingState): readonly number[] => threads.slice(first).flatMap(({ log }) => log)
  const isOver = ({ threads }: RingState): boolean => threads.every(({ step }) => step === 'done')
  const crashed = ({ threads }: RingState): number => threads.filter(({ step }) => step === 'crashed').length
  return {
    name: crashes > 0 ? 'ring-with-deaths' : 'ring',
    about: `a ring of ${capacity}: ${producers.length} producers of ${pushed.size} messages, ${consumers.length} consumers, ${crashes} deaths`,
    parts: [...parts.slice(0, first), memory, ...parts.slice(first)],
    initial: () => initialRing(bounds),
    next(state, step) {
      state.threads.forEach((thread, index) => {
        const own = actions[index]
        if (own === undefined || thread.step === 'done' || thread.step === 'crashed') return
        step(own[thread.step], takeStep(bounds, state, index))
        if (crashed(state) < crashes) step(own.crashed, crashRing(state, index))
      })
    },
    key: ringKey,
    show: state => ({
      [memory]: `${state.pushAt} pushed, ${state.popAt} popped, turns ${state.sequences.join(' ')}`,
      ...Object.fromEntries(state.threads.map(({ step }, index) => [parts[index] ?? '', step]))
    }),
    mayRest: ({ threads }) => threads.every(({ step }) => step === 'done' || step === 'crashed'),
    always: [
      {
        id: 'I-10',
        says: 'no more slots are claimed than there are',
        holds: ({ pushAt, popAt }) => (pushAt - popAt + positions) % positions <= capacity
      },
      {
        id: 'a-slot-has-one-holder',
        says: 'a slot that is being filled or emptied is nobody else’s',
        holds: ({ threads }) =>
          areDistinct(threads.filter(isHolding).map(({ position }) => position % capacity))
      },
      {
        id: 'taken-once',
        says: 'a message is taken once at most, and only messages that were pushed',
        holds: state => areDistinct(taken(state)) && taken(state).every(message => pushed.has(message))
      },
      {
        id: 'in-order',
        says: 'a consumer takes the messages of one producer in their order',
        holds: ({ threads }) =>
          threads.slice(first).every(({ log }) => producers.every(messages => isInOrder(log, messages)))
      },
      {
        id: 'nothing-lost',
        says: 'when all are done every message was taken',
        holds: state => !isOver(state) || taken(state).length === pushed.size
      }
    ],
    inevitable:
      crashes > 0
        ? []
        : [
            {
              id: 'I-14',
              says: 'a ring drains: every message is taken, whoever waits for room finds some',
              from: () => true,
              to: isOver
            }
          ],
    sometimes: [
      {
        says: 'the ring is full',
        holds: ({ pushAt, popAt }) => (pushAt - popAt + positions) % positions === capacity
      },
      {
        says: 'two threads want the same slot',
        holds: ({ threads }) => {
          const wanted = threads.slice(0, first).filter(({ step }) => step === 'claim')
          return wanted.length > 1 || threads.slice(first).filter(({ step }) => step === 'claim').length > 1
        }
      },
      crashes > 0
        ? {
            says: 'a thread dies with a slot in its hands',
            holds: ({ threads, pushAt, popAt }) =>
              threads.some(
                each => each.step === 'crashed' && each.position !== pushAt && each.position !== popAt
              )
          }
        : { says: 'all is over', holds: isOver },
      {
        says: 'positions have wrapped',
        holds: ({ pushAt, threads }) =>
          pushAt < (bounds.startAt ?? 0) || (pushAt === 0 && threads.some(hasLog))
      }
    ]
  }
}

function ringKey({ pushAt, popAt, sequences, slots, threads }: RingState): string {
  let key = String.fromCharCode(pushAt, popAt, ...sequences, ...slots.map(slot => slot + 1))
  for (const { step, position, held, log } of threads)
    key += String.fromCharCode(stepNames.indexOf(step), position, held + 1, log.length, ...log)
  return key
}

const hasLog = ({ log }: RingThread): boolean => log.length > 0
const isHolding = ({ step }: RingThread): boolean => step === 'copy' || step === 'publish'
const areDistinct = (values: readonly number[]): boolean => new Set(values).size === values.length

function isInOrder(log: readonly number[], messages: readonly number[]): boolean {
  let last = -1
  for (const message of log) {
    const place = messages.indexOf(message)
    if (place < 0) continue
    if (place <= last) return false
    last = place
  }
  return true
}

// A thread that sleeps between reading the cursor and claiming must not wake up after all positions have gone by: in
// production they are 2^29, here more than the messages that follow. The wrap is met since both cursors begin below it.
export const ringEntry = modelEntry(bound =>
  ringModel({
    capacity: 2,
    producers: bound === 'small' ? [[10, 11], [20]] : [[10, 11], [20], [30]],
    consumers: bound === 'small' ? [2, 1] : [3, 1],
    positions: 6,
    startAt: 4,
    crashes: 0
  })
)

export const ringDeathsEntry = modelEntry(bound =>
  ringModel({
    capacity: 2,
    producers:
      bound === 'small'
        ? [[10, 11]]
        : [
            [10, 11],
            [20, 21]
          ],
    consumers: bound === 'small' ? [1, 1] : [2, 2],
    positions: 6,
    startAt: 5,
    crashes: 1
  })
)
