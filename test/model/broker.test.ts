// Goal: a broker starts or fails and lets go of everything, and a stop ends, whatever fails or dies when. Method: the
// broker's machine with all of its components; every state.
import { expect, it } from 'vitest'
import { brokerEntry } from '../../src/verify/models/broker.model.js'
import { expectNoViolation } from './expect-report.js'

it('ends from wherever it is asked to, in every state', () => {
  const report = brokerEntry.check('large')
  expectNoViolation(report)
  expect(report.complete).toBe(true)
})
