// Goal: FindCoordinator, OffsetCommit, OffsetFetch, OffsetDelete, DescribeGroups, ListGroups and DeleteGroups answer as Kafka
// does for groups that only commit. Method: encoded requests through dispatch, with the offsets topic in memory.
import { expect, test } from 'vitest'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { deleteGroupsRequest, deleteGroupsResponse } from '../../../src/protocol/messages/delete-groups.js'
import {
  describeGroupsRequest,
  describeGroupsResponse
} from '../../../src/protocol/messages/describe-groups.js'
import {
  findCoordinatorRequest,
  findCoordinatorResponse
} from '../../../src/protocol/messages/find-coordinator.js'
import { listGroupsRequest, listGroupsResponse } from '../../../src/protocol/messages/list-groups.js'
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/protocol/messages/offset-commit.js'
import { offsetDeleteRequest, offsetDeleteResponse } from '../../../src/protocol/messages/offset-delete.js'
import { offsetFetchRequest, offsetFetchResponse } from '../../../src/protocol/messages/offset-fetch.js'
import { type HarnessOptions, harness, topicId, topicInfo } from './harness.js'

const findCoordinator = [findCoordinatorRequest, findCoordinatorResponse] as const
const offsetCommit = [offsetCommitRequest, offsetCommitResponse] as const
const offsetFetch = [offsetFetchRequest, offsetFetchResponse] as const
const offsetDelete = [offsetDeleteRequest, offsetDeleteResponse] as const
const describeGroups = [describeGroupsRequest, describeGroupsResponse] as const
const listGroups = [listGroupsRequest, listGroupsResponse] as const
const deleteGroups = [deleteGroupsRequest, deleteGroupsResponse] as const

const offsetsTopic = topicInfo('__consumer_offsets', topicId(100), 4)

function started(options: HarnessOptions = {}) {
  const broker = harness(options)
  broker.publish([topicInfo('a', topicId(1), 3), topicInfo('b', topicId(2), 1), offsetsTopic])
  return broker
}
type Broker = ReturnType<typeof started>

const topicsOf = (topic: string, offsets: readonly (readonly [partition: number, offset: bigint])[]) => [
  {
    name: topic,
    partitions: offsets.map(([partitionIndex, committedOffset]) => ({
      partitionIndex,
      committedOffset,
      committedMetadata: `at ${committedOffset}`
    }))
  }
]

async function commit(broker: Broker, groupId: string, offsets: Parameters<typeof topicsOf>[1], version = 8) {
  const { topics } = await broker.call(offsetCommit, version, { groupId, topics: topicsOf('a', offsets) })
  return topics[0]?.partitions.map(({ errorCode: code }) => code)
}

async function fetched(broker: Broker, groupId: string, partitions: readonly number[], version = 7) {
  const topics = [{ name: 'a', partitionIndexes: partitions }]
  const answer = await broker.call(offsetFetch, version, { groupId, topics })
  return answer.topics[0]?.partitions.map(({ committedOffset }) => Number(committedOffset))
}

test('FindCoordinator names the leader of the partition that the group hashes to, in every version', async () => {
  const broker = started()
  for (let version = 0; version <= 3; version++) {
    const answer = await broker.call(findCoordinator, version, { key: 'g' })
    expect(answer, `v${version}`).toMatchObject({ errorCode: 0, nodeId: 1, host: 'here', port: 9092 })
  }
  for (let version = 4; version <= 6; version++) {
    const { coordinators } = await broker.call(findCoordinator, version, { coordinatorKeys: ['g', 'h'] })
    expect(coordinators.map(({ key, nodeId }) => [key, nodeId])).toEqual([
      ['g', 1],
      ['h', 1]
    ])
  }
})

test('FindCoordinator creates the offsets topic for the first who asks, whatever auto.create.topics.enable says', async () => {
  const created: string[] = []
  const broker = harness({
    overrides: { 'auto.create.topics.enable': 'false' },
    controller: {
      autoCreateTopics: async names => {
        created.push(...names)
        broker.publish([offsetsTopic])
        return names.map(name => ({ name, error: 'LEADER_NOT_AVAILABLE', message: null }))
      }
    }
  })
  expect(await broker.call(findCoordinator, 3, { key: 'g' })).toMatchObject({ errorCode: 0, nodeId: 1 })
  expect(created).toEqual(['__consumer_offsets'])
})

test('FindCoordinator has no coordinator for transactions and share groups, nor for a topic that cannot be created', async () => {
  const broker = started()
  const keyType = async (type: number, version: number) => {
    const { coordinators } = await broker.call(findCoordinator, version, {
      keyType: type,
      coordinatorKeys: ['t']
    })
    return coordinators[0]?.errorCode
  }
  expect(await keyType(1, 4)).toBe(errorCode('COORDINATOR_NOT_AVAILABLE'))
  expect(await keyType(2, 5)).toBe(errorCode('INVALID_REQUEST'))
  expect(await keyType(2, 6)).toBe(errorCode('COORDINATOR_NOT_AVAILABLE'))
  expect(await keyType(7, 6)).toBe(errorCode('INVALID_REQUEST'))
  const refusing = harness({
    controller: {
      autoCreateTopics: async names =>
        names.map(name => ({ name, error: 'INVALID_REPLICATION_FACTOR', message: 'no' }))
    }
  })
  refusing.publish([topicInfo('a', topicId(1), 1)])
  expect(await refusing.call(findCoordinator, 2, { key: 'g' })).toMatchObject({
    errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'),
    nodeId: -1,
    host: '',
    port: -1
  })
})

test('version 0 keeps offsets in the tree: no coordinator knows them, and each partition has its own error', async () => {
  const kept = new Map<string, bigint>()
  const broker = started({
    overrides: { 'offset.metadata.max.bytes': '10' },
    controller: {
      setConsumerOffsets: async (group, offsets) =>
        offsets.map(({ topic, partition, offset }) => {
          if (partition === 2) return 'UNKNOWN_SERVER_ERROR'
          kept.set(`${group} ${topic} ${partition}`, offset)
          return 'NONE'
        }),
      consumerOffsets: async (group, partitions) =>
        partitions.map(({ topic, partition }) => kept.get(`${group} ${topic} ${partition}`) ?? null)
    }
  })
  const partitions = [
    { partitionIndex: 0, committedOffset: 7n, committedMetadata: 'x'.repeat(11) },
    { partitionIndex: 1, committedOffset: 8n, committedMetadata: 'x'.repeat(10) },
    { partitionIndex: 2, committedOffset: 9n, committedMetadata: null },
    { partitionIndex: 3, committedOffset: 9n, committedMetadata: '' }
  ]
  const nowhere = [{ partitionIndex: 0, committedOffset: 9n, committedMetadata: '' }]
  const committed = await broker.call(offsetCommit, 0, {
    groupId: 'g',
    topics: [
      { name: 'nowhere', partitions: nowhere },
      { name: 'a', partitions }
    ]
  })
  expect(committed.topics.map(topic => topic.partitions.map(({ errorCode: code }) => code))).toEqual([
    [errorCode('UNKNOWN_TOPIC_OR_PARTITION')],
    [
      errorCode('OFFSET_METADATA_TOO_LARGE'),
      0,
      errorCode('UNKNOWN_SERVER_ERROR'),
      errorCode('UNKNOWN_TOPIC_OR_PARTITION')
    ]
  ])
  const { topics } = await broker.call(offsetFetch, 0, {
    groupId: 'g',
    topics: [
      { name: 'nowhere', partitionIndexes: [0] },
      { name: 'a', partitionIndexes: [1, 0, 1] }
    ]
  })
  const unknown = errorCode('UNKNOWN_TOPIC_OR_PARTITION')
  expect(topics.map(topic => topic.partitions.map(p => [p.committedOffset, p.errorCode]))).toEqual([
    [[-1n, unknown]],
    [
      [8n, 0],
      [-1n, unknown],
      [8n, 0]
    ]
  ])
  expect(await fetched(broker, 'g', [1], 1)).toEqual([-1])
})

test('what was committed is fetched, in every version of both', async () => {
  const broker = started()
  for (let version = 1; version <= 9; version++) {
    expect(await commit(broker, 'g', [[version % 3, BigInt(version)]], version)).toEqual([0])
  }
  for (let version = 1; version <= 7; version++) {
    expect(await fetched(broker, 'g', [0, 1, 2], version)).toEqual([9, 7, 8])
  }
  const { groups } = await broker.call(offsetFetch, 9, {
    groups: [
      { groupId: 'g', topics: [{ name: 'a', partitionIndexes: [1] }] },
      { groupId: 'other', topics: [{ name: 'a', partitionIndexes: [1] }] },
      { groupId: 'g', topics: null }
    ]
  })
  expect(groups.map(({ topics }) => topics[0]?.partitions.map(p => [p.committedOffset, p.metadata]))).toEqual(
    [
      [[7n, 'at 7']],
      [[-1n, '']],
      [
        [7n, 'at 7'],
        [8n, 'at 8'],
        [9n, 'at 9']
      ]
    ]
  )
})

test('a group that nobody knows has committed nothing, without an error', async () => {
  const broker = started()
  expect(await fetched(broker, 'nobody', [0, 2], 2)).toEqual([-1, -1])
  const { groups } = await broker.call(offsetFetch, 8, { groups: [{ groupId: 'nobody', topics: null }] })
  expect(groups).toEqual([{ groupId: 'nobody', topics: [], errorCode: 0 }])
})

test('a partition that does not exist is refused alone, and in its place', async () => {
  const broker = started()
  expect(
    await commit(broker, 'g', [
      [7, 1n],
      [0, 2n],
      [9, 3n],
      [1, 4n]
    ])
  ).toEqual([3, 0, 3, 0])
  expect(await fetched(broker, 'g', [0, 1])).toEqual([2, 4])
  const { topics } = await broker.call(offsetCommit, 8, { groupId: 'g', topics: topicsOf('gone', [[0, 1n]]) })
  expect(topics[0]?.partitions).toEqual([{ partitionIndex: 0, errorCode: 3 }])
})

test('metadata that is too long is refused alone', async () => {
  const broker = started({ overrides: { 'offset.metadata.max.bytes': '10' } })
  const { topics } = await broker.call(offsetCommit, 8, {
    groupId: 'g',
    topics: [
      {
        name: 'a',
        partitions: [
          { partitionIndex: 0, committedOffset: 1n, committedMetadata: 'more than ten' },
          { partitionIndex: 1, committedOffset: 2n, committedMetadata: null }
        ]
      }
    ]
  })
  const codes = topics[0]?.partitions.map(({ errorCode: code }) => code)
  expect(codes).toEqual([errorCode('OFFSET_METADATA_TOO_LARGE'), 0])
  expect(await fetched(broker, 'g', [0, 1])).toEqual([-1, 2])
})

test('who has a generation in a group that does not exist is told so', async () => {
  const broker = started()
  const withGeneration = async (version: number) => {
    const { topics } = await broker.call(offsetCommit, version, {
      groupId: 'g',
      generationIdOrMemberEpoch: 3,
      memberId: 'm',
      topics: topicsOf('a', [[0, 1n]])
    })
    return topics[0]?.partitions[0]?.errorCode
  }
  expect(await withGeneration(8)).toBe(errorCode('ILLEGAL_GENERATION'))
  expect(await withGeneration(9)).toBe(errorCode('GROUP_ID_NOT_FOUND'))
})

test('a log that refuses is a coordinator that cannot commit, and nothing is remembered', async () => {
  const broker = started()
  const refusals = {
    NOT_ENOUGH_REPLICAS: 'COORDINATOR_NOT_AVAILABLE',
    MESSAGE_TOO_LARGE: 'INVALID_COMMIT_OFFSET_SIZE',
    INVALID_TIMESTAMP: 'INVALID_TIMESTAMP'
  } as const
  for (const [refusal, told] of Object.entries(refusals)) {
    for (let i = 0; i < 4; i++) broker.logOf('__consumer_offsets', i).nextAppend = refusal as never
    expect(await commit(broker, 'g', [[0, 1n]])).toEqual([errorCode(told)])
  }
  expect(await fetched(broker, 'g', [0])).toEqual([-1])
  const { groups } = await broker.call(listGroups, 4, {})
  expect(groups).toEqual([])
})

test('without the offsets topic nobody is the coordinator', async () => {
  const broker = harness()
  broker.publish([topicInfo('a', topicId(1), 3)])
  const notCoordinator = errorCode('NOT_COORDINATOR')
  expect(await commit(broker, 'g', [[0, 1n]])).toEqual([notCoordinator])
  const v1 = await broker.call(offsetFetch, 1, {
    groupId: 'g',
    topics: [{ name: 'a', partitionIndexes: [0] }]
  })
  expect(v1.topics[0]?.partitions[0]).toMatchObject({ committedOffset: -1n, errorCode: notCoordinator })
  const v2 = await broker.call(offsetFetch, 2, {
    groupId: 'g',
    topics: [{ name: 'a', partitionIndexes: [0] }]
  })
  expect(v2).toMatchObject({ errorCode: notCoordinator, topics: [] })
  const { groups } = await broker.call(describeGroups, 4, { groups: ['g'] })
  expect(groups[0]).toMatchObject({ errorCode: notCoordinator, groupState: '' })
  const { results } = await broker.call(deleteGroups, 2, { groupsNames: ['g'] })
  expect(results).toEqual([{ groupId: 'g', errorCode: notCoordinator }])
  expect(await broker.call(offsetDelete, 0, { groupId: 'g' })).toMatchObject({ errorCode: notCoordinator })
})

test('OffsetDelete removes what it names, and says what does not exist', async () => {
  const broker = started()
  await commit(broker, 'g', [
    [0, 1n],
    [1, 2n]
  ])
  const answer = await broker.call(offsetDelete, 0, {
    groupId: 'g',
    topics: [{ name: 'a', partitions: [{ partitionIndex: 0 }, { partitionIndex: 2 }, { partitionIndex: 8 }] }]
  })
  expect(answer.errorCode).toBe(0)
  expect(answer.topics[0]?.partitions.map(({ errorCode: code }) => code)).toEqual([0, 0, 3])
  expect(await fetched(broker, 'g', [0, 1])).toEqual([-1, 2])
  const unknown = await broker.call(offsetDelete, 0, { groupId: 'nobody', topics: [] })
  expect(unknown.errorCode).toBe(errorCode('GROUP_ID_NOT_FOUND'))
})

test('a group that only commits is listed and described as Empty, and filters choose', async () => {
  const broker = started()
  await commit(broker, 'g', [[0, 1n]])
  await commit(broker, 'h', [[0, 1n]])
  const listed = async (states: string[], types: string[]) => {
    const { groups } = await broker.call(listGroups, 5, { statesFilter: states, typesFilter: types })
    return groups.map(({ groupId }) => groupId).sort()
  }
  const { groups } = await broker.call(listGroups, 5, {})
  expect(groups).toContainEqual({ groupId: 'g', protocolType: '', groupState: 'Empty', groupType: 'classic' })
  expect(await listed(['empty'], [])).toEqual(['g', 'h'])
  expect(await listed(['Stable'], [])).toEqual([])
  expect(await listed([], ['CLASSIC'])).toEqual(['g', 'h'])
  expect(await listed([], ['consumer'])).toEqual([])
  const described = await broker.call(describeGroups, 5, {
    groups: ['g', 'nobody'],
    includeAuthorizedOperations: true
  })
  expect(described.groups.map(({ groupState, errorCode: code }) => [groupState, code])).toEqual([
    ['Empty', 0],
    ['Dead', 0]
  ])
  expect(described.groups[0]?.authorizedOperations).toBe(
    (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11)
  )
  const notAsked = await broker.call(describeGroups, 3, { groups: ['g'] })
  expect(notAsked.groups[0]?.authorizedOperations).toBe(-2147483648)
})

test('DeleteGroups ends a group with its offsets, once however often it is named', async () => {
  const broker = started()
  await commit(broker, 'g', [[0, 1n]])
  const { results } = await broker.call(deleteGroups, 2, { groupsNames: ['g', 'nobody', 'g'] })
  expect(results).toEqual([
    { groupId: 'g', errorCode: 0 },
    { groupId: 'nobody', errorCode: errorCode('GROUP_ID_NOT_FOUND') }
  ])
  expect(await fetched(broker, 'g', [0])).toEqual([-1])
  const { groups } = await broker.call(listGroups, 0, {})
  expect(groups).toEqual([])
})
