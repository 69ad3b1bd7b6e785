// What may go wrong between the owner of request memory and the threads that give it back.
import { stepOwner, stepReleaser } from '../../src/actors/runtime/arena.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { type ArenaModelOverrides, arenaModel } from '../../src/verify/models/arena.model.js'
import type { Mutant } from './mutant.js'

const run = (overrides: ArenaModelOverrides): Report =>
  check(arenaModel({ pool: 2, blocks: 4, releasers: 2 }, overrides), { maxStates: 200_000 })

export const mutants: readonly Mutant[] = [
  {
    name: 'The owner goes to sleep without looking for room once more',
    caughtBy: 'no-deadlock',
    check: () =>
      run({
        owner: (model, state) =>
          state.owner === 'recheck' ? { ...state, owner: 'asleep' } : stepOwner(model, state)
      })
  },
  {
    name: 'The owner looks for room once more before it says that it waits',
    caughtBy: 'no-deadlock',
    check: () =>
      run({
        owner: (model, state) => {
          if (state.owner === 'flag')
            return { ...state, owner: state.used < model.pool ? 'reclaim' : 'recheck' }
          return state.owner === 'recheck'
            ? { ...state, waiting: 1, owner: 'asleep' }
            : stepOwner(model, state)
        }
      })
  },
  {
    name: 'Who gives back looks for a waiting owner before it credits the pool',
    caughtBy: 'no-deadlock',
    check: () =>
      run({
        releaser: (state, index) => {
          const releaser = state.releasers[index]
          const to = (step: 'credit' | 'wake' | 'ring' | 'idle', used = state.used) => ({
            ...state,
            used,
            releasers: state.releasers.with(index, { block: 0, seenHead: 0, ...releaser, step })
          })
          if (releaser?.step === 'push' && state.head === releaser.seenHead)
            return { ...to('wake'), head: releaser.block }
          if (releaser?.step === 'wake')
            return state.waiting === 1 ? { ...to('ring'), waiting: 0 } : to('credit')
          if (releaser?.step === 'ring') return { ...to('credit'), bell: 1 }
          return releaser?.step === 'credit' ? to('idle', state.used - 1) : stepReleaser(state, index)
        }
      })
  },
  {
    name: 'The pool is credited twice for one block',
    caughtBy: 'I-13',
    check: () =>
      run({
        releaser: (state, index) => {
          const after = stepReleaser(state, index)
          return after !== undefined && state.releasers[index]?.step === 'credit'
            ? { ...after, used: after.used - 1 }
            : after
        }
      })
  },
  {
    name: 'A released block is made the head of the stack without comparing',
    caughtBy: 'a-block-comes-back-once',
    check: () =>
      run({
        releaser: (state, index) => {
          const releaser = state.releasers[index]
          return releaser?.step === 'push'
            ? stepReleaser(
                {
                  ...state,
                  releasers: state.releasers.with(index, { ...releaser, seenHead: state.head })
                },
                index
              )
            : stepReleaser(state, index)
        }
      })
  },
  {
    name: 'The owner takes the stack of released blocks and leaves it where it is',
    caughtBy: 'a-block-comes-back-once',
    check: () =>
      run({
        owner: (model, state) => {
          const after = stepOwner(model, state)
          return after !== undefined && state.owner === 'reclaim' ? { ...after, head: state.head } : after
        }
      })
  }
]
