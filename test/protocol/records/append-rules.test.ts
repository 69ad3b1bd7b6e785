// Goal: limits of record times are exact and their text never overflows. Method: times at and beside the limits, as
// numbers and as exact integers.
import { describe, expect, test } from 'vitest'
import {
  type AppendRules,
  asSafeNumber,
  TimestampLimits
} from '../../../src/protocol/records/append-rules.js'

const rules = (before: number, after: number): AppendRules => ({
  maxMessageBytes: 1000,
  compressionType: 'producer',
  compressionGzipLevel: -1,
  compressionLz4Level: 9,
  compressionZstdLevel: 3,
  messageTimestampType: 'CreateTime',
  messageTimestampBeforeMaxMs: before,
  messageTimestampAfterMaxMs: after,
  cleanupPolicy: ['delete']
})

describe('limits of record times', () => {
  const limits = new TimestampLimits(rules(100, 50), 1000)

  test.each([899n, 1051n, -2n, 2n ** 63n - 1n, -(2n ** 63n)])('refuse a time of %d', time => {
    expect(limits.problem(time)).toContain('should be within [900, 1050]')
    expect(limits.allows(Number(time))).toBe(false)
  })

  test.each([900n, 1000n, 1050n, -1n])('let %d pass', time => {
    expect(limits.problem(time)).toBeUndefined()
  })

  test('show the largest time there is when only one side is limited', () => {
    expect(new TimestampLimits(rules(100, 2 ** 63), 1000).problem(3n)).toContain('[900, 9223372036854775807]')
  })

  test('never trust a number that is too large to be exact', () => {
    expect(asSafeNumber(2n ** 62n)).toBeNaN()
    expect(limits.allows(asSafeNumber(2n ** 62n))).toBe(false)
    expect(asSafeNumber(-5n)).toBe(-5)
  })
})
