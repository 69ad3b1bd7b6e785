// Goal: the contract of delayed operations: exactly one completion whatever the order of events, no lost wake-up (R1-R6).
// Method: each race by hand, then random sequences of events against what the contract promises.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Deed, DelayedOperation } from '../../../src/actors/replicas/delayed-operation.js'
import { Purgatory } from '../../../src/actors/replicas/purgatory.js'

function world(purgeInterval = 1000) {
  const timers = new Set<() => void>()
  const timer = {
    add(_: number, run: () => void) {
      timers.add(run)
      return () => void timers.delete(run)
    }
  }
  const fire = () => {
    for (const run of [...timers]) run()
  }
  return { timers, fire, purgatory: new Purgatory({ name: 'test', timer, purgeInterval }) }
}

function operation(deed: Partial<Deed> = {}) {
  const log: string[] = []
  const state = { ready: false }
  const op = new DelayedOperation({
    isSatisfied: () => state.ready,
    complete: () => void log.push('complete'),
    expired: () => void log.push('expired'),
    abandon: () => void log.push('abandoned'),
    ...deed
  })
  return { op, log, state }
}

test('an operation that is satisfied at once is never watched', () => {
  const { purgatory, timers } = world()
  const { op, log, state } = operation()
  state.ready = true
  expect(purgatory.tryCompleteElseWatch(op, ['a'], 10)).toBe(true)
  expect([log, purgatory.watched, timers.size]).toEqual([['complete'], 0, 0])
})

test('R1: of an event and the timer one wins, and only the timer counts as expiry', () => {
  const { purgatory, fire } = world()
  const event = operation()
  const late = operation()
  purgatory.tryCompleteElseWatch(event.op, ['a'], 10)
  purgatory.tryCompleteElseWatch(late.op, ['b'], 10)
  event.state.ready = true
  expect(purgatory.checkAndComplete('a')).toBe(1)
  fire()
  late.state.ready = true
  purgatory.checkAndComplete('b')
  expect([event.log, late.log]).toEqual([['complete'], ['complete', 'expired']])
})

test('R2: an event between the first check and the watching is caught by the second check', () => {
  const { purgatory, timers } = world()
  let checks = 0
  const { op, log } = operation({ isSatisfied: () => ++checks > 1 })
  expect(purgatory.tryCompleteElseWatch(op, ['a', 'b'], 10)).toBe(true)
  expect([log, timers.size]).toEqual([['complete'], 0])
})

test('R3: what completed while it was being watched has no timer', () => {
  const { purgatory, timers } = world()
  let checks = 0
  const { op } = operation({
    isSatisfied: () => {
      if (++checks === 2) op.forceComplete()
      return false
    }
  })
  purgatory.tryCompleteElseWatch(op, ['a'], 10)
  expect([op.state, timers.size, purgatory.delayed]).toEqual(['completed', 0, 0])
})

test('R4: an event during the check makes the operation check once more', () => {
  const { purgatory } = world()
  let checks = 0
  const { op, log } = operation({
    isSatisfied: () => {
      if (++checks === 3) purgatory.checkAndComplete('b')
      return checks > 3
    }
  })
  purgatory.tryCompleteElseWatch(op, ['a', 'b'], 10)
  purgatory.checkAndComplete('a')
  expect([checks, log]).toEqual([4, ['complete']])
})

test('an event caused by one completion reaches operations of the same key that were checked before', () => {
  const { purgatory } = world()
  const first = operation()
  const second = operation({
    complete: () => {
      first.state.ready = true
      purgatory.checkAndComplete('a')
    }
  })
  purgatory.tryCompleteElseWatch(first.op, ['a'], 10)
  purgatory.tryCompleteElseWatch(second.op, ['a'], 10)
  second.state.ready = true
  purgatory.checkAndComplete('a')
  expect(first.log).toEqual(['complete'])
})

test('R6: closing abandons what waits, gives back what it holds and never completes it', () => {
  const { purgatory, timers } = world()
  const waiting = operation()
  const late = operation()
  purgatory.tryCompleteElseWatch(waiting.op, ['a', 'b'], 10)
  purgatory.close()
  purgatory.tryCompleteElseWatch(late.op, ['a'], 10)
  expect([waiting.log, late.log]).toEqual([['abandoned'], ['abandoned']])
  expect([waiting.op.forceComplete(), timers.size, purgatory.delayed]).toEqual([false, 0, 0])
})

test('cancelling a key leaves the answer to the caller: no event on another key and no end of the purgatory takes it away', () => {
  const { purgatory, timers, fire } = world()
  const { op, log, state } = operation()
  purgatory.tryCompleteElseWatch(op, ['a', 'b'], 10)
  expect(purgatory.cancelForKey('a')).toEqual([op])
  state.ready = true
  purgatory.checkAndComplete('b')
  fire()
  purgatory.close()
  expect([log, timers.size, purgatory.delayed]).toEqual([[], 0, 0])
  expect([op.forceComplete(), op.forceComplete(), log]).toEqual([true, false, ['complete']])
})

test('closing abandons an operation without keys, too, and stops its timer', () => {
  const { purgatory, timers } = world()
  const { op, log } = operation()
  purgatory.tryCompleteElseWatch(op, [], 10)
  purgatory.close()
  expect([log, timers.size, op.state]).toEqual([['abandoned'], 0, 'abandoned'])
})

test('a condition that throws keeps no event from the others of its key', () => {
  const { purgatory } = world()
  let checks = 0
  const broken = operation({
    isSatisfied: () => {
      if (++checks > 2) throw new Error('broken condition')
      return false
    }
  })
  const other = operation()
  purgatory.tryCompleteElseWatch(broken.op, ['a'], 10)
  purgatory.tryCompleteElseWatch(other.op, ['a'], 10)
  other.state.ready = true
  expect(() => purgatory.checkAndComplete('a')).toThrow('broken condition')
  expect([other.log, broken.op.state]).toEqual([['complete'], 'waiting'])
})

test('a condition that throws at the second check leaves nothing behind: the caller answers', () => {
  const { purgatory, timers } = world(0)
  let checks = 0
  const { op, log } = operation({
    isSatisfied: () => {
      if (++checks === 2) throw new Error('broken condition')
      return false
    }
  })
  expect(() => purgatory.tryCompleteElseWatch(op, ['a'], 10)).toThrow('broken condition')
  expect([log, timers.size, purgatory.watched]).toEqual([['abandoned'], 0, 0])
})

test('operations that complete at their second check are swept, too', () => {
  const { purgatory } = world(10)
  for (let i = 0; i < 100; i++) {
    let checks = 0
    const { op } = operation({ isSatisfied: () => ++checks > 1 })
    expect(purgatory.tryCompleteElseWatch(op, ['a'], 10)).toBe(true)
  }
  expect(purgatory.watched).toBeLessThanOrEqual(11)
})

test('completed operations are swept from the lists of their other keys', () => {
  const { purgatory } = world(10)
  for (let i = 0; i < 100; i++) {
    const { op, state } = operation()
    purgatory.tryCompleteElseWatch(op, ['quiet', 'busy'], 10)
    state.ready = true
    purgatory.checkAndComplete('busy')
  }
  expect(purgatory.watched).toBeLessThanOrEqual(12)
})

test('whatever happens in whatever order, each operation completes once, and by the first event that finds it ready', () => {
  const event = fc.oneof(
    fc.record({
      kind: fc.constant('watch' as const),
      keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 })
    }),
    fc.record({ kind: fc.constant('ready' as const), which: fc.nat(9) }),
    fc.record({ kind: fc.constant('event' as const), key: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ kind: fc.constant('expire' as const) })
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), events => {
      const { purgatory, fire, timers } = world(5)
      const all: (ReturnType<typeof operation> & { keys: string[] })[] = []
      for (const next of events) {
        if (next.kind === 'watch') {
          const made = { ...operation(), keys: next.keys }
          all.push(made)
          purgatory.tryCompleteElseWatch(made.op, next.keys, 10)
        } else if (next.kind === 'ready') {
          const chosen = all[next.which]
          if (chosen) chosen.state.ready = true
        } else if (next.kind === 'expire') fire()
        else {
          purgatory.checkAndComplete(next.key)
          for (const { op, state, keys } of all) {
            if (state.ready && keys.includes(next.key)) expect(op.isWaiting).toBe(false)
          }
        }
      }
      expect(timers.size).toBe(all.filter(({ op }) => op.isWaiting).length)
      expect(purgatory.delayed).toBe(timers.size)
      fire()
      for (const { log } of all) expect(log.filter(line => line === 'complete')).toHaveLength(1)
    }),
    { numRuns: 200 }
  )
})
