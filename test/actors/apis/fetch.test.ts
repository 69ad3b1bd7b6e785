// Goal: Fetch obeys its limits, waits for what is asked, tells only news in sessions, and speaks the old formats.
// Method: encoded requests through dispatch, over logs in memory.
import { expect, test } from 'vitest'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { fetchRequest, fetchResponse } from '../../../src/protocol/messages/fetch.js'
import { produceRequest, produceResponse } from '../../../src/protocol/messages/produce.js'
import { type Uuid, ZERO_UUID } from '../../../src/protocol/schema.js'
import { batchOf } from '../replicas/memory-log.js'
import { harness, topicId, topicInfo } from './harness.js'

const schemas = [fetchRequest, fetchResponse] as const
const id = topicId(1)

function broker(overrides: Record<string, string> = {}) {
  const started = harness({ overrides })
  started.publish([topicInfo('a', id, 3)])
  return started
}
type Broker = ReturnType<typeof broker>

interface Ask {
  partition?: number
  fetchOffset?: bigint
  partitionMaxBytes?: number
  currentLeaderEpoch?: number
  lastFetchedEpoch?: number
}
interface How {
  version?: number
  minBytes?: number
  maxWaitMs?: number
  maxBytes?: number
  sessionId?: number
  sessionEpoch?: number
  topicId?: Uuid
  topic?: string
  forgotten?: number[]
  isolationLevel?: number
}

async function fetch(at: Broker, asks: readonly Ask[], how: How = {}) {
  const version = how.version ?? 17
  const name = version >= 13 ? { topicId: how.topicId ?? id } : { topic: how.topic ?? 'a' }
  const partitions = asks.map(
    ({ partition = 0, fetchOffset = 0n, partitionMaxBytes = 1_000_000, ...more }) => ({
      partition,
      fetchOffset,
      partitionMaxBytes,
      ...more
    })
  )
  const answer = await at.call(schemas, version, {
    maxWaitMs: how.maxWaitMs ?? 0,
    minBytes: how.minBytes ?? 1,
    ...(how.maxBytes === undefined ? {} : { maxBytes: how.maxBytes }),
    ...(how.isolationLevel === undefined ? {} : { isolationLevel: how.isolationLevel }),
    ...(version < 7 ? {} : { sessionId: how.sessionId ?? 0, sessionEpoch: how.sessionEpoch ?? -1 }),
    topics: asks.length === 0 ? [] : [{ ...name, partitions }],
    ...(how.forgotten === undefined ? {} : { forgottenTopicsData: [{ ...name, partitions: how.forgotten }] })
  })
  const all = answer.responses.flatMap(topic => topic.partitions)
  return { answer, all, codes: all.map(p => p.errorCode), sizes: all.map(p => p.records?.length ?? 0) }
}

async function append(at: Broker, partition: number, ...values: string[]): Promise<number> {
  const records = batchOf(...values)
  await at.call([produceRequest, produceResponse], 9, {
    acks: 1,
    timeoutMs: 1000,
    topicData: [{ name: 'a', partitionData: [{ index: partition, records }] }]
  })
  return records.length
}

test.each([4, 5, 6, 7, 9, 11, 12, 13, 15, 16, 17])('version %i reads what was written', async version => {
  const at = broker()
  const bytes = await append(at, 0, 'x', 'y')
  const { all } = await fetch(at, [{}], { version })
  expect(all[0]).toMatchObject({ errorCode: 0, highWatermark: 2n, abortedTransactions: null })
  expect(all[0]?.records).toHaveLength(bytes)
})

test.each([
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 1]
])('version %i gets magic %i', async (version, magic) => {
  const at = broker()
  await append(at, 0, 'x', 'y')
  const { all } = await fetch(at, [{ fetchOffset: 1n }], { version })
  expect(all[0]?.records?.readBigInt64BE(0)).toBe(1n)
  expect(all[0]?.records?.[16]).toBe(magic)
})

test('a topic that forbids conversion refuses old clients', async () => {
  const at = broker({ 'log.message.downconversion.enable': 'false' })
  await append(at, 0, 'x')
  expect((await fetch(at, [{}], { version: 1 })).codes).toEqual([errorCode('UNSUPPORTED_VERSION')])
})

test('an old client whose limit is smaller than the batch is told so by a piece of it', async () => {
  const at = broker()
  await append(at, 0, 'x'.repeat(100))
  const { sizes } = await fetch(at, [{ partitionMaxBytes: 50 }], { version: 1 })
  expect(sizes).toEqual([12])
})

test('the first batch comes whole, later partitions only if they fit', async () => {
  const at = broker()
  const first = await append(at, 0, 'x'.repeat(100))
  await append(at, 1, 'y'.repeat(100))
  const asks = [{ partition: 2 }, { partition: 0 }, { partition: 1 }]
  expect((await fetch(at, asks, { maxBytes: 10 })).sizes).toEqual([0, first, 0])
  expect((await fetch(at, asks, { maxBytes: first * 2 })).sizes).toEqual([0, first, first])
})

test('each refusal has its code', async () => {
  const at = broker()
  await append(at, 0, 'x')
  const one = async (ask: Ask, how: How = {}) => (await fetch(at, [ask], how)).codes[0]
  expect(await one({ fetchOffset: 9n })).toBe(errorCode('OFFSET_OUT_OF_RANGE'))
  expect(await one({ partition: 7 })).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'))
  expect(await one({}, { topicId: topicId(9) })).toBe(errorCode('UNKNOWN_TOPIC_ID'))
  expect(await one({}, { version: 12, topic: 'b' })).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'))
  expect(await one({ currentLeaderEpoch: 5 })).toBe(errorCode('UNKNOWN_LEADER_EPOCH'))
  at.publish([
    {
      ...topicInfo('a', id, 3),
      partitions: [{ leader: 1, leaderEpoch: 3, replicas: [1], isr: [1], offline: [] }]
    }
  ])
  expect(await one({ currentLeaderEpoch: 2 })).toBe(errorCode('FENCED_LEADER_EPOCH'))
  at.publish([topicInfo('a', id, 3, 2)])
  expect(await one({})).toBe(errorCode('NOT_LEADER_OR_FOLLOWER'))
})

test('an unknown partition ends the wait of the others', async () => {
  const at = broker()
  const { codes } = await fetch(at, [{ partition: 9 }, { partition: 0 }], { maxWaitMs: 60_000 })
  expect(codes).toEqual([0, errorCode('UNKNOWN_TOPIC_OR_PARTITION')])
})

test('a reader with another history is told where they part', async () => {
  const at = broker()
  at.publish([
    {
      ...topicInfo('a', id, 3),
      partitions: [{ leader: 1, leaderEpoch: 4, replicas: [1], isr: [1], offline: [] }]
    }
  ])
  await append(at, 0, 'x')
  const { all } = await fetch(at, [{ fetchOffset: 1n, lastFetchedEpoch: 2 }], { version: 12 })
  expect(all[0]?.errorCode).toBe(errorCode('OFFSET_OUT_OF_RANGE'))
})

test('offline partitions look like moved ones to versions up to 5', async () => {
  const at = broker()
  at.shard.find(id, 0)?.send({ type: 'logFailed' })
  expect((await fetch(at, [{}], { version: 5 })).codes).toEqual([errorCode('NOT_LEADER_OR_FOLLOWER')])
  expect((await fetch(at, [{}], { version: 6 })).codes).toEqual([errorCode('KAFKA_STORAGE_ERROR')])
})

test('a waiting fetch is woken by an append', async () => {
  const at = broker()
  const waiting = fetch(at, [{ partition: 1 }, { partition: 0 }], { maxWaitMs: 60_000 })
  const bytes = await append(at, 0, 'x')
  expect((await waiting).sizes).toEqual([0, bytes])
  expect(at.shard.fetches.delayed).toBe(0)
})

test('a waiting fetch gathers min bytes over several appends', async () => {
  const at = broker()
  const bytes = batchOf('x').length
  let isAnswered = false
  const waiting = fetch(at, [{}], { maxWaitMs: 60_000, minBytes: bytes * 2 }).finally(() => {
    isAnswered = true
  })
  await append(at, 0, 'x')
  await new Promise(resolve => setTimeout(resolve, 5))
  expect(isAnswered).toBe(false)
  await append(at, 0, 'x')
  expect((await waiting).sizes).toEqual([bytes * 2])
})

test('a fetch that nobody wakes answers when its time is over', async () => {
  const at = broker()
  const start = performance.now()
  expect((await fetch(at, [{}], { maxWaitMs: 30 })).sizes).toEqual([0])
  expect(performance.now() - start).toBeGreaterThan(25)
})

test('a waiting fetch learns that its topic is gone', async () => {
  const at = broker()
  const waiting = fetch(at, [{}], { maxWaitMs: 60_000 })
  await new Promise(resolve => setImmediate(resolve))
  at.shard.drop(id, 0)
  expect((await waiting).codes).toEqual([errorCode('UNKNOWN_TOPIC_OR_PARTITION')])
})

test('a session answers in full once and then only what changed', async () => {
  const at = broker()
  await append(at, 0, 'x')
  const first = await fetch(at, [{ partition: 0 }, { partition: 1 }], { sessionEpoch: 0 })
  const { sessionId } = first.answer
  expect(sessionId).toBeGreaterThan(0)
  expect(first.all).toHaveLength(2)
  const moved = await fetch(at, [{ partition: 0, fetchOffset: 1n }], { sessionId, sessionEpoch: 1 })
  expect(moved.all).toHaveLength(0)
  await append(at, 1, 'y')
  const second = await fetch(at, [], { sessionId, sessionEpoch: 2, maxWaitMs: 1000 })
  expect(second.answer.sessionId).toBe(sessionId)
  expect(second.all.map(({ partitionIndex }) => partitionIndex)).toEqual([1])
  const forgotten = await fetch(at, [], { sessionId, sessionEpoch: 3, forgotten: [1] })
  expect(forgotten.all).toHaveLength(0)
})

test('sessions refuse wrong ids, wrong epochs and the other kind of topic names', async () => {
  const at = broker()
  const { sessionId } = (await fetch(at, [{}], { sessionEpoch: 0 })).answer
  const code = async (how: How) => (await fetch(at, [], how)).answer.errorCode
  expect(await code({ sessionId: sessionId + 1, sessionEpoch: 1 })).toBe(
    errorCode('FETCH_SESSION_ID_NOT_FOUND')
  )
  expect(await code({ sessionId, sessionEpoch: 5 })).toBe(errorCode('INVALID_FETCH_SESSION_EPOCH'))
  expect(await code({ sessionId, sessionEpoch: 1, version: 12 })).toBe(
    errorCode('FETCH_SESSION_TOPIC_ID_ERROR')
  )
  expect(await code({ sessionId, sessionEpoch: 1 })).toBe(0)
})

test('an emptied session ends', async () => {
  const at = broker()
  const { sessionId } = (await fetch(at, [{}], { sessionEpoch: 0 })).answer
  expect((await fetch(at, [], { sessionId, sessionEpoch: 1, forgotten: [0] })).answer.sessionId).toBe(0)
  const next = await fetch(at, [], { sessionId, sessionEpoch: 2 })
  expect(next.answer.errorCode).toBe(errorCode('FETCH_SESSION_ID_NOT_FOUND'))
})

test('read_committed carries a list of aborted transactions', async () => {
  const at = broker()
  await append(at, 0, 'x')
  expect((await fetch(at, [{}], { isolationLevel: 1 })).all[0]?.abortedTransactions).toEqual([])
})

test('an id that is all zero is no topic', async () => {
  expect((await fetch(broker(), [{}], { topicId: ZERO_UUID })).codes).toEqual([errorCode('UNKNOWN_TOPIC_ID')])
})
