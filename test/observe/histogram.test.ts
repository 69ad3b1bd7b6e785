// Goal: quantiles are near the true ones, and of the last minutes; merging threads is as if all had been one.
// Method: values from fast-check against their sorted list; a clock in hand.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Histogram, mergeDistributions, quantile } from '../../src/actors/runtime/histogram.js'

const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 300 })

const filled = (list: readonly number[]): Histogram => {
  const histogram = new Histogram(0)
  for (const value of list) histogram.record(value, 0)
  return histogram
}

test('a quantile is within seven percent of the true one', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const sorted = [...list].sort((a, b) => a - b)
      const truth = sorted[Math.max(1, Math.ceil(list.length * share)) - 1] ?? 0
      const told = quantile(filled(list).read(0), share)
      // Below a thousandth there is one bucket.
      return Math.abs(told - truth) <= Math.max(0.0012, truth * 0.07)
    })
  )
})

test('the distributions of several threads add up to that of one', () => {
  fc.assert(
    fc.property(values, values, (a, b) => {
      const merged = mergeDistributions([filled(a).read(0), filled(b).read(0)])
      const one = filled([...a, ...b]).read(0)
      expect(merged.recent).toEqual(one.recent)
      expect([merged.count, merged.max]).toEqual([one.count, one.max])
      expect(merged.sum).toBeCloseTo(one.sum, -3)
    })
  )
})

test('what is older than five minutes counts no more, in the quantiles only', () => {
  const histogram = new Histogram(0)
  histogram.record(1000, 0)
  histogram.record(1, 160_000)
  expect(quantile(histogram.read(160_000), 1)).toBeGreaterThan(900)
  histogram.record(1, 320_000)
  const told = histogram.read(320_000)
  expect(quantile(told, 1)).toBeLessThan(1.1)
  expect([told.count, told.sum, told.max]).toEqual([3, 1002, 1000])
  expect(quantile(histogram.read(900_000), 0.5)).toBeNaN()
})

test('nonsense counts as nothing, and what is too large as the largest', () => {
  const histogram = filled([-5, Number.NaN, Number.POSITIVE_INFINITY])
  expect(histogram.count).toBe(3)
  expect(quantile(histogram.read(0), 0.5)).toBe(0)
  expect(quantile(histogram.read(0), 1)).toBeGreaterThan(1e11)
})
