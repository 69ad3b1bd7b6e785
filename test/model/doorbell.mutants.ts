// What may go wrong between those who ring and the one who listens.
import { stepListener, stepRinger } from '../../src/actors/runtime/doorbell.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { type DoorbellModelOverrides, doorbellModel } from '../../src/verify/models/doorbell.model.js'
import type { Mutant } from './mutant.js'

const run = (overrides: DoorbellModelOverrides): Report =>
  check(doorbellModel({ ringers: 2, rings: 2 }, overrides), { maxStates: 50_000 })

export const mutants: readonly Mutant[] = [
  {
    name: 'The word is lowered after the look: what comes in between is not seen',
    caughtBy: 'no-deadlock',
    check: () =>
      run({
        listener: state => {
          if (state.owner === 'lower')
            return {
              ...state,
              owner: state.word === 1 ? 'look' : 'wait',
              seen: state.word === 1 ? state.work : state.seen
            }
          return state.owner === 'look' ? { ...state, word: 0, owner: 'wait' } : stepListener(state)
        }
      })
  },
  {
    name: 'The owner goes to sleep without looking at the word',
    caughtBy: 'no-deadlock',
    check: () =>
      run({
        listener: state => (state.owner === 'wait' ? { ...state, owner: 'asleep' } : stepListener(state))
      })
  },
  {
    name: 'The bell is rung before the work is visible',
    caughtBy: 'no-deadlock',
    check: () =>
      run({
        ringer: (state, index) => {
          const ringer = state.ringers[index]
          const after = stepRinger(state, index)
          if (after === undefined || ringer === undefined) return after
          if (ringer.step === 'publish') return { ...after, work: state.work }
          const isRung = after.ringers[index]?.left !== ringer.left
          return isRung ? { ...after, work: after.work + 1 } : after
        }
      })
  },
  {
    name: 'The word is raised, and nobody is notified',
    caughtBy: 'no-deadlock',
    check: () =>
      run({
        ringer: (state, index) => {
          const after = stepRinger(state, index)
          return after && { ...after, owner: state.owner }
        }
      })
  }
]
