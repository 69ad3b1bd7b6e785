// Goal: ListOffsets, DeleteRecords and OffsetForLeaderEpoch give each outcome its code and form in every version.
// Method: encoded requests through dispatch, over logs in memory.
import { expect, test } from 'vitest'
import { type ErrorName, errorCode } from '../../../src/protocol/error-codes.js'
import { deleteRecordsRequest, deleteRecordsResponse } from '../../../src/protocol/messages/delete-records.js'
import { listOffsetsRequest, listOffsetsResponse } from '../../../src/protocol/messages/list-offsets.js'
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse
} from '../../../src/protocol/messages/offset-for-leader-epoch.js'
import { batchOf } from '../replicas/memory-log.js'
import { harness, topicId, topicInfo } from './harness.js'

const id = topicId(1)

async function broker() {
  const started = harness()
  started.publish([topicInfo('a', id, 2), topicInfo('__consumer_offsets', topicId(2), 1)])
  const records = batchOf('x', 'y', 'z')
  const partitions = [{ topic: 'a', topicId: id, partition: 0, records }]
  await started.replicas.produce({ partitions, acks: 1, timeoutMs: 0, requestVersion: 9, nowMs: 1 })
  return started
}
type Broker = Awaited<ReturnType<typeof broker>>

async function list(at: Broker, timestamps: readonly bigint[], version = 9, more = {}, topic = 'a') {
  const partitions = timestamps.map(timestamp => ({ partitionIndex: 0, timestamp, ...more }))
  const answers = []
  for (const partition of partitions) {
    const { topics } = await at.call([listOffsetsRequest, listOffsetsResponse], version, {
      replicaId: -1,
      topics: [{ name: topic, partitions: [partition] }]
    })
    answers.push(topics[0]?.partitions[0])
  }
  return answers
}

test('offsets are found by the names of places and by time, and not found is no error', async () => {
  const found = await list(await broker(), [-1n, -2n, -3n, -4n, -5n, 1001n, 99_999n])
  expect(found.map(answer => [answer?.errorCode, answer?.offset, answer?.timestamp])).toEqual([
    [0, 3n, -1n],
    [0, 0n, -1n],
    [0, 2n, 1002n],
    [0, 0n, -1n],
    [0, -1n, -1n],
    [0, 1n, 1001n],
    [0, -1n, -1n]
  ])
})

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('version %i of ListOffsets finds the end', async version => {
  expect(await list(await broker(), [-1n], version)).toMatchObject([{ errorCode: 0, offset: 3n }])
})

test('version 0 of ListOffsets lists several offsets', async () => {
  const [answer] = await list(await broker(), [-1n], 0, { maxNumOffsets: 2 })
  expect(answer).toMatchObject({ errorCode: 0, oldStyleOffsets: [3n, 0n] })
})

test.each<[bigint, number]>([
  [-3n, 6],
  [-4n, 7],
  [-5n, 8],
  [-6n, 9]
])('place %s is not known to version %i', async (timestamp, version) => {
  expect((await list(await broker(), [timestamp], version))[0]?.errorCode).toBe(
    errorCode('UNSUPPORTED_VERSION')
  )
})

test('ListOffsets refuses what is unknown, repeated, fenced or led elsewhere', async () => {
  const at = await broker()
  const code = async (more: object, topic = 'a') => (await list(at, [-1n], 9, more, topic))[0]?.errorCode
  expect(await code({ partitionIndex: 5 })).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'))
  expect(await code({}, 'b')).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'))
  expect(await code({ currentLeaderEpoch: 3 })).toBe(errorCode('UNKNOWN_LEADER_EPOCH'))
  const twice = [
    { partitionIndex: 0, timestamp: -1n },
    { partitionIndex: 0, timestamp: -2n }
  ]
  const { topics } = await at.call([listOffsetsRequest, listOffsetsResponse], 9, {
    replicaId: -1,
    topics: [{ name: 'a', partitions: twice }]
  })
  expect(topics[0]?.partitions.map(answer => answer.errorCode)).toEqual([42, 42])
  at.publish([topicInfo('a', id, 2, 2)])
  expect(await code({})).toBe(errorCode('NOT_LEADER_OR_FOLLOWER'))
})

test.each([0, 1, 2])('version %i of DeleteRecords moves the log start, never back', async version => {
  const at = await broker()
  const remove = async (offset: bigint, topic = 'a', partitionIndex = 0) => {
    const body = { timeoutMs: 100, topics: [{ name: topic, partitions: [{ partitionIndex, offset }] }] }
    const { topics } = await at.call([deleteRecordsRequest, deleteRecordsResponse], version, body)
    const answer = topics[0]?.partitions[0]
    return [answer?.errorCode, answer?.lowWatermark]
  }
  const refused = (error: ErrorName) => [errorCode(error), -1n]
  expect(await remove(2n)).toEqual([0, 2n])
  expect(await remove(1n)).toEqual([0, 2n])
  expect(await remove(-1n)).toEqual([0, 3n])
  expect(await remove(9n)).toEqual(refused('OFFSET_OUT_OF_RANGE'))
  expect(await remove(-2n)).toEqual(refused('OFFSET_OUT_OF_RANGE'))
  expect(await remove(0n, 'b')).toEqual(refused('UNKNOWN_TOPIC_OR_PARTITION'))
  expect(await remove(0n, '__consumer_offsets')).toEqual(refused('INVALID_TOPIC_EXCEPTION'))
  const log = at.logOf('a', 0)
  log.config = { ...log.config, cleanupPolicy: ['compact'] }
  expect(await remove(1n)).toEqual(refused('POLICY_VIOLATION'))
  at.publish([topicInfo('a', id, 2, 2)])
  expect(await remove(1n)).toEqual(refused('NOT_LEADER_OR_FOLLOWER'))
})

test.each([0, 1, 2, 3, 4])('version %i of OffsetForLeaderEpoch says where an epoch ends', async version => {
  const at = await broker()
  const ask = async (leaderEpoch: number, more = {}, topic = 'a') => {
    const body = { topics: [{ topic, partitions: [{ partition: 0, leaderEpoch, ...more }] }] }
    const { topics } = await at.call(
      [offsetForLeaderEpochRequest, offsetForLeaderEpochResponse],
      version,
      body
    )
    const answer = topics[0]?.partitions[0]
    return [answer?.errorCode, answer?.endOffset]
  }
  expect(await ask(0)).toEqual([0, 3n])
  expect(await ask(7)).toEqual([0, -1n])
  expect(await ask(0, {}, 'b')).toEqual([errorCode('UNKNOWN_TOPIC_OR_PARTITION'), -1n])
  if (version >= 2)
    expect(await ask(0, { currentLeaderEpoch: 1 })).toEqual([errorCode('UNKNOWN_LEADER_EPOCH'), -1n])
})
