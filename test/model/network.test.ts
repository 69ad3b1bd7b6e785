// Goal: whatever clients, operators and the order of events do, the network keeps its promises and ends when it is told to.
// Method: the machines that run, composed with their mailboxes; every state within small bounds.
import { expect, it } from 'vitest'
import {
  crowdEntry,
  networkEntry,
  processorsEntry,
  resizeEntry
} from '../../src/verify/models/network.model.js'
import { expectNoViolation } from './expect-report.js'

it('holds for two clients, in every one of more than 10^5 states', () => {
  const report = networkEntry.check('small')
  expectNoViolation(report)
  expect(report).toMatchObject({ complete: true })
  expect(report.states).toBeGreaterThan(100_000)
}, 120_000)

it.each([crowdEntry, resizeEntry, processorsEntry])(
  'holds in $name',
  ({ check }) => {
    const report = check('small')
    expectNoViolation(report)
    expect(report.complete).toBe(true)
  },
  60_000
)

it('holds on random ways through a bound that nobody can walk whole, the same for the same seed', () => {
  const ways = { seed: 11, walks: 150, depth: 400 }
  const report = networkEntry.walk('huge', ways)
  expectNoViolation(report)
  expect(report.complete).toBe(false)
  expect(report.states).toBeGreaterThan(5_000)
  const { ms: _, ...again } = networkEntry.walk('huge', ways)
  expect(report).toMatchObject(again)
}, 60_000)
