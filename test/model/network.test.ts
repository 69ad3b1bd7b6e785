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
