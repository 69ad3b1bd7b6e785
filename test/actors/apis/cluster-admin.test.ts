// Goal: the admin APIs beside topics and configurations answer as Kafka does on one broker: elections and reassignments,
// pages of topics, log directories, producers, and features that are off. Method: encoded requests through dispatch.
import { expect, test } from 'vitest'
import { errorCode } from '../../../src/protocol/error-codes.js'
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse
} from '../../../src/protocol/messages/alter-partition-reassignments.js'
import {
  describeLogDirsRequest,
  describeLogDirsResponse
} from '../../../src/protocol/messages/describe-log-dirs.js'
import {
  describeProducersRequest,
  describeProducersResponse
} from '../../../src/protocol/messages/describe-producers.js'
import {
  describeTopicPartitionsRequest,
  describeTopicPartitionsResponse
} from '../../../src/protocol/messages/describe-topic-partitions.js'
import { electLeadersRequest, electLeadersResponse } from '../../../src/protocol/messages/elect-leaders.js'
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse
} from '../../../src/protocol/messages/list-partition-reassignments.js'
import { ZERO_UUID } from '../../../src/protocol/schema.js'
import { batchOf } from '../replicas/memory-log.js'
import { type HarnessOptions, harness, topicId, topicInfo } from './harness.js'

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

/** Topics a (1 partition), b (3) and broken, whose one partition has nobody to lead it. */
function broker(options: HarnessOptions = {}) {
  const started = harness(options)
  const broken = { leader: -1, leaderEpoch: 0, replicas: [1], isr: [1], offline: [1] }
  started.publish([
    topicInfo('b', topicId(2), 3),
    topicInfo('a', topicId(1), 1),
    { ...topicInfo('broken', topicId(3), 1), partitions: [broken] }
  ])
  return started
}

const elsewhere = () => broker({ needs: { brokerId: 2 } })

test.each(range(3))('ElectLeaders version %i: a partition that is led needs no election', async version => {
  const { errorCode: whole, replicaElectionResults } = await broker().call(
    [electLeadersRequest, electLeadersResponse],
    version,
    {
      topicPartitions: [
        { topic: 'b', partitions: [0, 7] },
        { topic: 'none', partitions: [0] }
      ]
    }
  )
  expect(whole).toBe(0)
  const codes = replicaElectionResults.map(({ topic, partitionResult }) => [
    topic,
    partitionResult.map(({ partitionId, errorCode: code }) => [partitionId, code])
  ])
  const unknown = errorCode('UNKNOWN_TOPIC_OR_PARTITION')
  expect(codes).toEqual([
    [
      'b',
      [
        [0, errorCode('ELECTION_NOT_NEEDED')],
        [7, unknown]
      ]
    ],
    ['none', [[0, unknown]]]
  ])
})

test.each([
  [0, 'PREFERRED_LEADER_NOT_AVAILABLE'],
  [1, 'ELIGIBLE_LEADERS_NOT_AVAILABLE']
] as const)(
  'an election of type %i over all partitions tells only of the one that has no leader',
  async (type, error) => {
    const body = { electionType: type, topicPartitions: null }
    const answer = await broker().call([electLeadersRequest, electLeadersResponse], 2, body)
    expect(answer.replicaElectionResults).toMatchObject([
      { topic: 'broken', partitionResult: [{ partitionId: 0, errorCode: errorCode(error) }] }
    ])
  }
)

test('an election of a type that does not exist, or asked of another broker, is refused', async () => {
  const topicPartitions = [{ topic: 'a', partitions: [0] }]
  const schemas = [electLeadersRequest, electLeadersResponse] as const
  const odd = await broker().call(schemas, 2, { electionType: 5, topicPartitions })
  expect(odd.errorCode).toBe(errorCode('INVALID_REQUEST'))
  const there = await elsewhere().call(schemas, 2, { topicPartitions })
  const code = there.replicaElectionResults[0]?.partitionResult[0]?.errorCode
  expect([there.errorCode, code]).toEqual([0, errorCode('NOT_CONTROLLER')])
})

const reassign = [alterPartitionReassignmentsRequest, alterPartitionReassignmentsResponse] as const

test.each([
  ['the present assignment', [1], 'NONE'],
  ['a cancellation', null, 'NO_REASSIGNMENT_IN_PROGRESS'],
  ['nobody', [], 'INVALID_REPLICA_ASSIGNMENT'],
  ['a broker twice', [1, 1], 'INVALID_REPLICA_ASSIGNMENT'],
  ['a negative id', [-1], 'INVALID_REPLICA_ASSIGNMENT'],
  ['a broker that is not there', [1, 9], 'INVALID_REPLICA_ASSIGNMENT']
] as const)('a reassignment to %s (%j) is answered with %s', async (_, replicas, error) => {
  const topics = [{ name: 'a', partitions: [{ partitionIndex: 0, replicas: replicas && [...replicas] }] }]
  const { errorCode: whole, responses } = await broker().call(reassign, 0, { topics })
  const [partition] = responses[0]?.partitions ?? []
  expect([whole, partition?.errorCode]).toEqual([0, errorCode(error)])
  expect(partition?.errorMessage === null).toBe(error === 'NONE')
})

test('a partition that does not exist is not reassigned, and another broker refuses the whole request', async () => {
  const topics = [{ name: 'a', partitions: [{ partitionIndex: 4, replicas: [1] }] }]
  const { responses } = await broker().call(reassign, 0, { topics })
  expect(responses[0]?.partitions[0]?.errorCode).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'))
  const there = await elsewhere().call(reassign, 0, { topics })
  expect(there).toMatchObject({ errorCode: errorCode('NOT_CONTROLLER'), responses: [] })
})

test('no reassignment is ever under way', async () => {
  const schemas = [listPartitionReassignmentsRequest, listPartitionReassignmentsResponse] as const
  const topics = [{ name: 'a', partitionIndexes: [0, 5] }]
  expect(await broker().call(schemas, 0, { topics })).toMatchObject({ errorCode: 0, topics: [] })
  expect(await broker().call(schemas, 0, { topics: null })).toMatchObject({ errorCode: 0, topics: [] })
  expect((await elsewhere().call(schemas, 0, { topics })).errorCode).toBe(errorCode('NOT_CONTROLLER'))
})

const pages = [describeTopicPartitionsRequest, describeTopicPartitionsResponse] as const
const inShort = (
  topics: readonly { name: string | null; partitions: readonly { partitionIndex: number }[] }[]
) => topics.map(({ name, partitions }) => [name, partitions.map(({ partitionIndex }) => partitionIndex)])

test('all topics are described by name, page by page, and the cursor leads through all partitions once', async () => {
  const at = broker()
  const seen: unknown[] = []
  let cursor: { topicName: string; partitionIndex: number } | null = null
  do {
    const answer: Awaited<ReturnType<typeof ask>> = await ask(cursor)
    seen.push(inShort(answer.topics), answer.nextCursor && { ...answer.nextCursor })
    cursor = answer.nextCursor
  } while (cursor !== null)
  function ask(from: typeof cursor) {
    return at.call(pages, 0, { topics: [], responsePartitionLimit: 2, cursor: from })
  }
  expect(seen).toMatchObject([
    [
      ['a', [0]],
      ['b', [0]]
    ],
    { topicName: 'b', partitionIndex: 1 },
    [['b', [1, 2]]],
    { topicName: 'broken', partitionIndex: 0 },
    [['broken', [0]]],
    null
  ])
})

test('the broker limits a page to max.request.partition.size.limit, and a page has at least one partition', async () => {
  const at = broker({ overrides: { 'max.request.partition.size.limit': '3' } })
  const first = await at.call(pages, 0, { topics: [], responsePartitionLimit: 100 })
  expect(inShort(first.topics)).toEqual([
    ['a', [0]],
    ['b', [0, 1]]
  ])
  const least = await at.call(pages, 0, { topics: [], responsePartitionLimit: -4 })
  expect(inShort(least.topics)).toEqual([['a', [0]]])
})

test('topics asked for by name are told once each, also those that are not there', async () => {
  const names = ['none', 'b', 'a', 'b', 'not/one', 'broken']
  const { topics, nextCursor } = await broker().call(pages, 0, { topics: names.map(name => ({ name })) })
  expect(topics.map(({ name, errorCode: code, topicId: id }) => [name, code, id])).toEqual([
    ['a', 0, topicId(1)],
    ['b', 0, topicId(2)],
    ['broken', 0, topicId(3)],
    ['none', errorCode('UNKNOWN_TOPIC_OR_PARTITION'), ZERO_UUID],
    ['not/one', errorCode('INVALID_TOPIC_EXCEPTION'), ZERO_UUID]
  ])
  expect(nextCursor).toBeNull()
  expect(topics[2]?.partitions).toMatchObject([
    { leaderId: -1, isrNodes: [1], offlineReplicas: [1], eligibleLeaderReplicas: [], lastKnownElr: [] }
  ])
})

test.each([
  ['a topic that the request does not ask for', { topicName: 'b', partitionIndex: 0 }],
  ['a negative partition', { topicName: 'a', partitionIndex: -1 }]
])('a cursor at %s is refused', async (_, cursor) => {
  const { topics } = await broker().call(pages, 0, { topics: [{ name: 'a' }], cursor })
  expect(topics).toMatchObject([{ name: 'a', errorCode: errorCode('INVALID_REQUEST'), partitions: [] }])
})

const dirs = [describeLogDirsRequest, describeLogDirsResponse] as const

test.each(range(5))(
  'DescribeLogDirs version %i tells the size of each log and the space of the disk',
  async version => {
    const at = broker()
    at.logOf('b', 1).appendAsLeader(batchOf('some'), { nowMs: 0, origin: 'client', requestVersion: 9 })
    const { results, errorCode: whole } = await at.call(dirs, version, { topics: null })
    expect(whole).toBe(0)
    expect(results).toHaveLength(1)
    const [dir] = results
    const sizes = dir?.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, partitionSize }) => [name, partitionIndex, partitionSize > 0n])
    )
    expect(sizes?.sort()).toEqual([
      ['a', 0, false],
      ['b', 0, false],
      ['b', 1, true],
      ['b', 2, false],
      ['broken', 0, false]
    ])
    const space = version >= 4 ? [1000n, 400n] : [-1n, -1n]
    expect([dir?.logDir, dir?.errorCode, dir?.totalBytes, dir?.usableBytes]).toEqual(['/logs', 0, ...space])
  }
)

test('partitions asked for are told where they are, and those that are not there are left out', async () => {
  const topics = [
    { topic: 'b', partitions: [2, 9] },
    { topic: 'none', partitions: [0] }
  ]
  const { results } = await broker().call(dirs, 4, { topics })
  expect(results[0]?.topics).toMatchObject([{ name: 'b', partitions: [{ partitionIndex: 2 }] }])
  expect((await broker().call(dirs, 4, { topics: [] })).results[0]?.topics).toEqual([])
})

test('a directory that failed is named with its error, and one whose space is unknown has failed', async () => {
  const logDirs = {
    all: () => [
      { path: '/logs', isOffline: true },
      { path: '/other', isOffline: false }
    ],
    space: () => Promise.reject(new Error('EIO'))
  }
  const at = broker({ needs: { logDirs } })
  at.shard.find(topicId(1), 0)?.send({ type: 'logFailed' })
  const { results } = await at.call(dirs, 3, { topics: null })
  expect(results).toMatchObject([
    { logDir: '/logs', errorCode: errorCode('KAFKA_STORAGE_ERROR'), topics: [] },
    { logDir: '/other', errorCode: errorCode('KAFKA_STORAGE_ERROR'), topics: [] }
  ])
})

test('DescribeProducers tells who writes with a producer id, and an error for each partition that is not here', async () => {
  const at = broker()
  const producer = {
    producerId: 5n,
    producerEpoch: 2,
    lastSequence: 7,
    lastTimestamp: 99n,
    coordinatorEpoch: -1,
    currentTxnStartOffset: 12
  }
  at.logOf('b', 1).knownProducers.push(producer)
  at.shard.find(topicId(2), 2)?.send({ type: 'logFailed' })
  at.shard.drop(topicId(1), 0)
  const names = ['b', 'a', 'none', 'not/one']
  const topics = names.map(name => ({ name, partitionIndexes: name === 'b' ? [1, 2, 3] : [0] }))
  const answer = await at.call([describeProducersRequest, describeProducersResponse], 0, { topics })
  const told = answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode: code }) => [name, partitionIndex, code])
  )
  expect(told).toEqual([
    ['b', 1, 0],
    ['b', 2, errorCode('KAFKA_STORAGE_ERROR')],
    ['b', 3, errorCode('UNKNOWN_TOPIC_OR_PARTITION')],
    ['a', 0, errorCode('NOT_LEADER_OR_FOLLOWER')],
    ['none', 0, errorCode('UNKNOWN_TOPIC_OR_PARTITION')],
    ['not/one', 0, errorCode('INVALID_TOPIC_EXCEPTION')]
  ])
  expect(answer.topics[0]?.partitions[0]?.activeProducers).toMatchObject([
    { ...producer, currentTxnStartOffset: 12n }
  ])
})
