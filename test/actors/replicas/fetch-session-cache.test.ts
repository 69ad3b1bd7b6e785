// Goal: when all slots are taken, only those may be evicted whom Kafka would evict. Method: a cache with two slots and a
// clock that is set by hand.
import { expect, test } from 'vitest'
import type { FetchSessionRequest } from '../../../src/actors/replicas/fetch-session.js'
import { evictionMs, FetchSessionCache } from '../../../src/actors/replicas/fetch-session-cache.js'
import { topicId } from '../apis/harness.js'

function world(slots = 2) {
  const clock = { ms: 0 }
  return { clock, cache: new FetchSessionCache({ slots, monotonicMs: () => clock.ms, idOf: id => id }) }
}

const request = (partitions: number, isFollower = false): FetchSessionRequest => ({
  sessionId: 0,
  epoch: 0,
  usesIds: true,
  isFollower,
  forgotten: [],
  partitions: Array.from({ length: partitions }, (_, partition) => ({
    topic: '',
    topicId: topicId(1),
    partition,
    fetchOffset: 0,
    maxBytes: 1,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    toldHighWatermark: -1,
    toldLogStartOffset: -1
  }))
})

test('with all slots taken a new reader goes on without a session', () => {
  const { cache } = world()
  const ids = [cache.open(request(1), []), cache.open(request(1), []), cache.open(request(9), [])]
  expect(ids.map(id => id > 0)).toEqual([true, true, false])
})

test('an idle session makes room', () => {
  const { cache, clock } = world()
  const idle = cache.open(request(5), [])
  clock.ms = evictionMs
  cache.open(request(5), [])
  clock.ms = evictionMs + 1
  expect(cache.open(request(1), [])).toBeGreaterThan(0)
  expect(cache.begin({ ...request(0), sessionId: idle, epoch: 1 })).toMatchObject({ kind: 'refused' })
})

test('a larger session evicts a smaller one that is old, though it is in use', () => {
  const { cache, clock } = world(1)
  const small = cache.open(request(2), [])
  clock.ms = evictionMs + 1
  expect(cache.begin({ ...request(0), sessionId: small, epoch: 1 }).kind).toBe('incremental')
  expect(cache.open(request(2), [])).toBe(0)
  expect(cache.open(request(3), [])).toBeGreaterThan(0)
})

test('a follower evicts a consumer at once, a consumer never a follower in use', () => {
  const { cache } = world(1)
  expect(cache.open(request(9), [])).toBeGreaterThan(0)
  expect(cache.open(request(1, true), [])).toBeGreaterThan(0)
  expect(cache.open(request(9), [])).toBe(0)
  expect(cache.size).toBe(1)
  expect(cache.figures).toEqual({ sessions: 1, partitions: 1, evictions: 1 })
})

test('a partition that was served goes to the end of the order', () => {
  const { cache } = world()
  const sessionId = cache.open(request(3), [])
  const told = {
    topic: '',
    topicId: topicId(1),
    partition: 0,
    highWatermark: 1,
    logStartOffset: 0,
    hadRecords: true
  }
  cache.told(sessionId, [told])
  const next = cache.begin({ ...request(0), sessionId, epoch: 1 })
  expect(next.kind === 'incremental' && next.partitions.map(({ partition }) => partition)).toEqual([1, 2, 0])
})
