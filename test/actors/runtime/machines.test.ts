// Goal: the algorithms of ring, arena and doorbell are right under every interleaving, not only those that happened to run.
// Method: all states of the step machines, by the common checker; the sizes are pinned, so that none shrinks unseen.
import { expect, test } from 'vitest'
import { check } from '../../../src/verify/check.js'
import { arenaEntry } from '../../../src/verify/models/arena.model.js'
import { doorbellEntry } from '../../../src/verify/models/doorbell.model.js'
import {
  type RingBounds,
  ringDeathsEntry,
  ringEntry,
  ringModel
} from '../../../src/verify/models/ring.model.js'
import { expectNoViolation } from '../../model/expect-report.js'

test('two producers and two consumers over capacity 2 lose and repeat nothing in any interleaving', () => {
  const report = ringEntry.check('small')
  expectNoViolation(report)
  expect(report).toMatchObject({ complete: true, states: 15_005 })
})

test('a ring of capacity 1 works in any interleaving', () => {
  const bounds: RingBounds = {
    capacity: 1,
    producers: [[1], [2]],
    consumers: [2],
    positions: 3,
    startAt: 2,
    crashes: 0
  }
  const report = check(ringModel(bounds))
  expectNoViolation(report)
  expect(report.states).toBeGreaterThan(300)
})

test('wherever a thread dies, no message is taken twice', () => {
  const report = ringDeathsEntry.check('small')
  expectNoViolation(report)
  expect(report.complete).toBe(true)
})

test('the owner of a region is never left asleep and every block comes back once, in any interleaving', () => {
  const report = arenaEntry.check('small')
  expectNoViolation(report)
  expect(report).toMatchObject({ complete: true, states: 24_249 })
})

test('no ring of a bell is lost, whatever the others do meanwhile', () => {
  const report = doorbellEntry.check('small')
  expectNoViolation(report)
  expect(report).toMatchObject({ complete: true, states: 3273 })
})
