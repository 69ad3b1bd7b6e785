// Goal: Kafka's placement, so that a cluster of several gets what its tools predict. Method: known layouts of the
// rotation, and properties for any number of brokers.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeReplicas, rotationOfExisting } from '../../../src/actors/controller/placement-of-replicas.js'

test('five brokers, ten partitions and three replicas are laid out as Kafka documents it', () => {
  expect(placeReplicas([0, 1, 2, 3, 4], 10, 3, { start: 0, shift: 0 })).toEqual([
    [0, 1, 2],
    [1, 2, 3],
    [2, 3, 4],
    [3, 4, 0],
    [4, 0, 1],
    [0, 2, 3],
    [1, 3, 4],
    [2, 4, 0],
    [3, 0, 1],
    [4, 1, 2]
  ])
})

test('one broker holds everything', () => {
  expect(placeReplicas([7], 3, 1, { start: 0, shift: 0 })).toEqual([[7], [7], [7]])
})

test('added partitions continue the rotation of partition 0', () => {
  const rotation = rotationOfExisting([3, 1, 2], 2)
  expect(rotation).toEqual({ start: 1, shift: 1 })
  expect(placeReplicas([3, 1, 2], 2, 1, rotation, 1)).toEqual([[3], [1]])
})

test('replicas of a partition are distinct and leaders are spread evenly', () => {
  const brokers = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(
      brokers,
      fc.integer({ min: 1, max: 30 }),
      fc.nat(7),
      fc.nat(7),
      (ids, count, start, shift) => {
        const factor = 1 + (shift % ids.length)
        const placed = placeReplicas(ids, count, factor, { start: start % ids.length, shift })
        for (const replicas of placed) expect(new Set(replicas).size).toBe(factor)
        const led = ids.map(id => placed.filter(([leader]) => leader === id).length)
        expect(Math.max(...led) - Math.min(...led)).toBeLessThanOrEqual(1)
      }
    )
  )
})
