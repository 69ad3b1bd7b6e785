// What may go wrong between the threads of a ring in shared memory.
import { type RingModel, type RingState, stepRing } from '../../src/actors/runtime/ring.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { ringModel } from '../../src/verify/models/ring.model.js'
import type { Mutant } from './mutant.js'

type Step = typeof stepRing

const few = {
  capacity: 2,
  producers: [[10, 11], [20]],
  consumers: [2, 1],
  positions: 6,
  startAt: 4,
  crashes: 0
}

const run = (step: Step): Report => check(ringModel(few, { step }), { maxStates: 100_000, stopAtFirst: true })

const pushes = (model: RingModel, index: number): boolean => index < model.producers.length

/** The thread's step with its order changed: it passes the slot on with the claim, and copies afterwards. */
function passedOnTooEarly(who: 'producer' | 'consumer'): Step {
  return (model, state, index) => {
    const thread = state.threads[index]
    const after = stepRing(model, state, index)
    if (pushes(model, index) !== (who === 'producer') || thread?.step !== 'claim') return after
    if (after.threads[index]?.step !== 'copy') return after
    const turn = thread.position * 2 + (who === 'producer' ? 1 : model.capacity * 2)
    const slot = thread.position % model.capacity
    return { ...after, sequences: after.sequences.with(slot, turn % (model.positions * 2)) }
  }
}

/** As stepRing, where the thread is at `at` and of that kind; otherwise `change`. */
const changed =
  (at: string, change: (model: RingModel, state: RingState, index: number) => RingState): Step =>
  (model, state, index) =>
    state.threads[index]?.step === at ? change(model, state, index) : stepRing(model, state, index)

export const mutants: readonly Mutant[] = [
  {
    name: 'A slot is passed back to the producers before it was emptied',
    caughtBy: 'a-slot-has-one-holder',
    check: () => run(passedOnTooEarly('consumer'))
  },
  {
    name: 'A slot is passed on to the consumers before it was filled',
    caughtBy: 'a-slot-has-one-holder',
    check: () => run(passedOnTooEarly('producer'))
  },
  {
    name: 'A slot is claimed without comparing: two threads move the cursor from the same place',
    caughtBy: 'a-slot-has-one-holder',
    check: () =>
      run(
        changed('claim', (model, state, index) => {
          const position = state.threads[index]?.position ?? 0
          const seen = pushes(model, index) ? { ...state, pushAt: position } : { ...state, popAt: position }
          return stepRing(model, seen, index)
        })
      )
  },
  {
    name: 'Whether a slot is free is not looked at: the cursor runs over what is not yet taken',
    caughtBy: 'I-10',
    check: () =>
      run(
        changed('check', (model, state, index) => {
          const thread = state.threads[index]
          if (thread === undefined || !pushes(model, index)) return stepRing(model, state, index)
          return { ...state, threads: state.threads.with(index, { ...thread, step: 'claim' }) }
        })
      )
  },
  {
    name: 'A slot that was emptied is never free again',
    caughtBy: 'I-14',
    check: () =>
      run(
        changed('publish', (model, state, index) => {
          const after = stepRing(model, state, index)
          return pushes(model, index) ? after : { ...after, sequences: state.sequences }
        })
      )
  },
  {
    name: 'A push that finds the ring full counts as done',
    caughtBy: 'I-14',
    check: () =>
      run(
        changed('check', (model, state, index) => {
          const after = stepRing(model, state, index)
          const thread = after.threads[index]
          if (thread?.step !== 'look' || !pushes(model, index)) return after
          const log = [...thread.log, model.producers[index]?.[thread.log.length] ?? 0]
          return { ...after, threads: after.threads.with(index, { ...thread, log }) }
        })
      )
  },
  {
    name: 'All positions go by while a thread sleeps between reading the cursor and claiming',
    caughtBy: 'a-slot-has-one-holder',
    check: () => {
      const soonAround = {
        capacity: 1,
        producers: [[10], [20, 21]],
        consumers: [3],
        positions: 2,
        crashes: 0
      }
      return check(ringModel(soonAround), { maxStates: 100_000, stopAtFirst: true })
    }
  }
]
