// Goal: the algorithms of ring and arena are right under every interleaving, not only those that happened to run.
// Method: breadth-first over all states of the step machines; each final state is checked.
import { expect, test } from 'vitest'
import {
  type ArenaModel,
  type ArenaState,
  arenaSuccessors,
  initialArena
} from '../../../src/actors/runtime/arena.machine.js'
import {
  crashRing,
  initialRing,
  type RingModel,
  type RingState,
  ringSuccessors
} from '../../../src/actors/runtime/ring.machine.js'

/** All reachable states; those without successor are given to `final`. Throws when the limit is hit. */
function explore<S>(
  initial: S,
  successors: (state: S) => S[],
  final: (state: S) => void,
  limit = 400_000
): number {
  const seen = new Set<string>([JSON.stringify(initial)])
  const open: S[] = [initial]
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const next = successors(state)
    if (next.length === 0) final(state)
    for (const candidate of next) {
      const key = JSON.stringify(candidate)
      if (seen.has(key)) continue
      seen.add(key)
      if (seen.size > limit) throw new Error(`more than ${limit} states`)
      open.push(candidate)
    }
  }
  return seen.size
}

const ringModel: RingModel = { capacity: 2, producers: [[10, 11], [20]], consumers: [2, 1], positions: 4 }
const consumed = (model: RingModel, state: RingState): number[] =>
  state.threads.slice(model.producers.length).flatMap(({ log }) => log)

test('two producers and two consumers over capacity 2 lose and repeat nothing in any interleaving', () => {
  let finals = 0
  const states = explore(
    initialRing(ringModel),
    state => ringSuccessors(ringModel, state),
    state => {
      finals++
      expect(state.threads.every(({ step }) => step === 'done')).toBe(true)
      expect(consumed(ringModel, state).sort()).toEqual([10, 11, 20])
      for (const { log } of state.threads.slice(2)) {
        const fromFirst = log.filter(message => message < 20)
        expect(fromFirst).toEqual([...fromFirst].sort())
      }
    }
  )
  expect(finals).toBeGreaterThan(0)
  expect(states).toBeGreaterThan(1000)
})

test('a ring of capacity 1 works in any interleaving', () => {
  const model: RingModel = { capacity: 1, producers: [[1], [2]], consumers: [2], positions: 3 }
  explore(
    initialRing(model),
    state => ringSuccessors(model, state),
    state => expect(consumed(model, state).sort()).toEqual([1, 2])
  )
})

test('wherever a consumer dies, no message is taken twice', () => {
  const model: RingModel = { capacity: 2, producers: [[10, 11]], consumers: [1, 1], positions: 4 }
  const seen = new Set<string>()
  explore(
    initialRing(model),
    state => {
      // Every state counts, not only final ones: the survivors may look for ever at the dead thread's slot.
      seen.add(consumed(model, state).join())
      const victim = model.producers.length
      const others = ringSuccessors(model, state)
      const alive = state.threads[victim]?.step
      return alive === 'crashed' || alive === 'done' ? others : [...others, crashRing(state, victim)]
    },
    () => {}
  )
  for (const messages of seen) expect(new Set(messages.split(',')).size).toBe(messages.split(',').length)
})

const arenaModel: ArenaModel = { pool: 2, blocks: 4, releasers: 2 }

test('the owner of a region is never left asleep and every block comes back once, in any interleaving', () => {
  const check = (state: ArenaState): void => {
    expect(state.owner).toBe('done')
    expect(state.used).toBe(0)
    const inStack: number[] = []
    for (let block = state.head; block !== 0; block = state.next[block] ?? 0) inStack.push(block)
    expect([...state.reclaimed, ...inStack].sort()).toEqual([1, 2, 3, 4])
  }
  const successors = (state: ArenaState): ArenaState[] => {
    if (state.used > arenaModel.pool) throw new Error('overdrawn')
    return arenaSuccessors(arenaModel, state)
  }
  expect(explore(initialArena(arenaModel), successors, check)).toBeGreaterThan(1000)
})
