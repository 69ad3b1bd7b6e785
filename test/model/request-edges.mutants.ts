// What may go wrong where threads wait for requests, or for room.
import { stepConsumer, stepProducer } from '../../src/actors/network/neighbours.machine.js'
import { check } from '../../src/verify/check.js'
import type { Report } from '../../src/verify/model.js'
import { type EdgesModelOverrides, edgesModel } from '../../src/verify/models/request-edges.model.js'
import type { Mutant } from './mutant.js'

const small = { capacity: 1, producers: [1, 1], consumers: 2, stuck: 0 }
const oneStuck = { ...small, capacity: 2, stuck: 1 }

const run = (overrides: EdgesModelOverrides, bounds = small): Report =>
  check(edgesModel(bounds, overrides), { maxStates: 200_000 })

/** The handler's step, with other steps in place of those that are named. */
const instead =
  (steps: Partial<Record<string, string>>): typeof stepConsumer =>
  (model, state, index) => {
    const after = stepConsumer(model, state, index)
    const consumer = after?.consumers[index]
    const step = consumer && steps[consumer.step]
    if (after === undefined || consumer === undefined || step === undefined) return after
    if (step !== 'waiting' && step !== 'working') throw new Error(`no step ${step} to go to`)
    return { ...after, consumers: after.consumers.with(index, { ...consumer, step }) }
  }

export const mutants: readonly Mutant[] = [
  {
    name: 'A handler goes idle without looking into the queue again',
    caughtBy: 'I-14',
    check: () => run({ consumer: instead({ lookAgain: 'waiting' }) })
  },
  {
    name: 'A handler that was rung takes one request and does not pass the ring on',
    caughtBy: 'I-14',
    check: () => run({ consumer: instead({ passOn: 'working' }) }, oneStuck)
  },
  {
    name: 'A thread that waits for room does not try once more after it has said so',
    caughtBy: 'I-16',
    check: () =>
      run({
        producer: (model, state, index) => {
          const producer = state.producers[index]
          return producer?.step === 'pushAgain'
            ? { ...state, producers: state.producers.with(index, { ...producer, step: 'blocked' }) }
            : stepProducer(model, state, index)
        }
      })
  },
  {
    name: 'Room is announced only if the queue was full at the look',
    caughtBy: 'I-16',
    check: () =>
      run({
        consumer: (model, state, index) => {
          const consumer = state.consumers[index]
          const isBlind = consumer?.step === 'announce' && consumer.at === 0
          return stepConsumer(model, isBlind ? { ...state, wanting: 0 } : state, index)
        }
      })
  }
]
