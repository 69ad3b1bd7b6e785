// Goal: ConsumerGroupHeartbeat and ConsumerGroupDescribe answer as Kafka 4.0's in both versions, and the other group APIs see
// such groups as they should. Method: encoded requests through dispatch, with the offsets topic in memory.
import { expect, test } from 'vitest'
import { errorName } from '../../../src/protocol/error-codes.js'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse
} from '../../../src/protocol/messages/consumer-group-describe.js'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse
} from '../../../src/protocol/messages/consumer-group-heartbeat.js'
import {
  describeGroupsRequest,
  describeGroupsResponse
} from '../../../src/protocol/messages/describe-groups.js'
import { listGroupsRequest, listGroupsResponse } from '../../../src/protocol/messages/list-groups.js'
import { offsetCommitRequest, offsetCommitResponse } from '../../../src/protocol/messages/offset-commit.js'
import { offsetFetchRequest, offsetFetchResponse } from '../../../src/protocol/messages/offset-fetch.js'
import { type HarnessOptions, harness, topicId, topicInfo } from './harness.js'

const heartbeat = [consumerGroupHeartbeatRequest, consumerGroupHeartbeatResponse] as const
const describeGroup = [consumerGroupDescribeRequest, consumerGroupDescribeResponse] as const
const describeClassic = [describeGroupsRequest, describeGroupsResponse] as const
const listGroups = [listGroupsRequest, listGroupsResponse] as const
const offsetCommit = [offsetCommitRequest, offsetCommitResponse] as const
const offsetFetch = [offsetFetchRequest, offsetFetchResponse] as const

function started(options: HarnessOptions = {}) {
  const broker = harness(options)
  broker.publish([topicInfo('a', topicId(1), 3), topicInfo('__consumer_offsets', topicId(100), 4)])
  return broker
}

const joining = {
  groupId: 'g',
  memberId: 'm',
  memberEpoch: 0,
  rebalanceTimeoutMs: 60_000,
  subscribedTopicNames: ['a'],
  topicPartitions: []
}

test.each([0, 1])('a member joins with version %i and is told what it has', async version => {
  const broker = started()
  expect(await broker.call(heartbeat, version, joining)).toMatchObject({
    errorCode: 0,
    memberId: 'm',
    memberEpoch: 1,
    heartbeatIntervalMs: 5000,
    assignment: { topicPartitions: [{ topicId: topicId(1), partitions: [0, 1, 2] }] }
  })
})

test.each([0, 1])('version %i describes epochs, members and what they have', async version => {
  const broker = started()
  await broker.call(heartbeat, 1, joining)
  const request = { groupIds: ['g', 'h'], includeAuthorizedOperations: true }
  const { groups } = await broker.call(describeGroup, version, request)
  const assignment = {
    topicPartitions: [{ topicId: topicId(1), topicName: 'a', partitions: [0, 1, 2] }]
  }
  expect(groups[0]).toMatchObject({
    errorCode: 0,
    groupId: 'g',
    groupState: 'Stable',
    groupEpoch: 1,
    assignmentEpoch: 1,
    assignorName: 'uniform',
    members: [
      { memberId: 'm', memberEpoch: 1, subscribedTopicNames: ['a'], assignment, targetAssignment: assignment }
    ]
  })
  expect(groups[0]?.members[0]?.memberType).toBe(version === 0 ? -1 : 1)
  expect(groups[0]?.authorizedOperations).toBeGreaterThan(0)
  expect(groups[1]).toMatchObject({ groupId: 'h', errorMessage: 'Group h not found.' })
  expect(errorName(groups[1]?.errorCode ?? 0)).toBe('GROUP_ID_NOT_FOUND')
})

test('the group is listed with its type, and DescribeGroups does not know it', async () => {
  const broker = started()
  await broker.call(heartbeat, 1, joining)
  const { groups } = await broker.call(listGroups, 5, { typesFilter: ['consumer'] })
  expect(groups).toMatchObject([
    { groupId: 'g', protocolType: 'consumer', groupState: 'Stable', groupType: 'consumer' }
  ])
  expect((await broker.call(listGroups, 5, { typesFilter: ['classic'] })).groups).toEqual([])
  expect((await broker.call(describeClassic, 5, { groups: ['g'] })).groups).toMatchObject([
    { groupState: 'Dead' }
  ])
})

test('a member commits and fetches at its epoch, and is told when it is another one', async () => {
  const broker = started()
  const { memberEpoch } = await broker.call(heartbeat, 1, joining)
  const topics = [{ name: 'a', partitions: [{ partitionIndex: 0, committedOffset: 7n }] }]
  const commit = async (epoch: number) => {
    const request = { groupId: 'g', memberId: 'm', generationIdOrMemberEpoch: epoch, topics }
    const answer = await broker.call(offsetCommit, 9, request)
    return errorName(answer.topics[0]?.partitions[0]?.errorCode ?? 0)
  }
  expect(await commit(memberEpoch)).toBe('NONE')
  expect(await commit(memberEpoch + 1)).toBe('STALE_MEMBER_EPOCH')
  const fetch = async (epoch: number) => {
    const group = { groupId: 'g', memberId: 'm', memberEpoch: epoch, topics: null }
    return (await broker.call(offsetFetch, 9, { groups: [group] })).groups[0]
  }
  expect((await fetch(memberEpoch))?.topics[0]?.partitions[0]?.committedOffset).toBe(7n)
  expect(errorName((await fetch(memberEpoch + 1))?.errorCode ?? 0)).toBe('STALE_MEMBER_EPOCH')
})

test('where the protocol is left out, nobody speaks it', async () => {
  const broker = started({ overrides: { 'group.coordinator.rebalance.protocols': 'classic' } })
  const { errorCode } = await broker.call(heartbeat, 1, joining)
  expect(errorName(errorCode)).toBe('UNSUPPORTED_VERSION')
  const { groups } = await broker.call(describeGroup, 1, { groupIds: ['g'] })
  expect(groups.map(({ errorCode: code }) => errorName(code))).toEqual(['UNSUPPORTED_VERSION'])
})

test('without an offsets topic there is no coordinator', async () => {
  const { errorCode } = await harness().call(heartbeat, 1, joining)
  expect(errorName(errorCode)).toBe('NOT_COORDINATOR')
})

test.each([
  ['group.consumer.heartbeat.interval.ms', '20000'],
  ['group.consumer.session.timeout.ms', '1000'],
  ['group.consumer.max.session.timeout.ms', '40000']
])('%s = %s is outside its bounds', (name, value) => {
  expect(() => harness({ overrides: { [name]: value } })).toThrow(name)
})
