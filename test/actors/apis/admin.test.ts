// Goal: the admin APIs translate between the wire and the controller in every version, refuse where this broker is not
// the controller, and DescribeConfigs answers each resource alone. Method: encoded requests through dispatch.
import { expect, test } from 'vitest'
import type { ControllerClient } from '../../../src/actors/controller/controller-client.js'
import { errorCode } from '../../../src/protocol/error-codes.js'
import {
  createPartitionsRequest,
  createPartitionsResponse
} from '../../../src/protocol/messages/create-partitions.js'
import { createTopicsRequest, createTopicsResponse } from '../../../src/protocol/messages/create-topics.js'
import { deleteTopicsRequest, deleteTopicsResponse } from '../../../src/protocol/messages/delete-topics.js'
import {
  describeConfigsRequest,
  describeConfigsResponse
} from '../../../src/protocol/messages/describe-configs.js'
import {
  initProducerIdRequest,
  initProducerIdResponse
} from '../../../src/protocol/messages/init-producer-id.js'
import { ZERO_UUID } from '../../../src/protocol/schema.js'
import { harness, topicId, topicInfo } from './harness.js'

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

function broker(controller: Partial<ControllerClient> = {}) {
  const started = harness({ controller })
  started.publish([{ ...topicInfo('a', topicId(1), 1), configs: { 'retention.ms': '7' } }])
  return started
}

const elsewhere = () => {
  const started = harness({ needs: { brokerId: 2 } })
  started.publish([topicInfo('a', topicId(1), 1)])
  return started
}

const topic = { name: 'n', numPartitions: 3, replicationFactor: 1 }

test.each(range(8))('CreateTopics version %i tells what was created and what was not', async version => {
  const at = broker({
    createTopics: async ({ topics }) => [
      {
        name: topics[0]?.name ?? '',
        topicId: topicId(5),
        numPartitions: 3,
        replicationFactor: 1,
        configs: { 'retention.ms': '9' },
        error: 'NONE',
        message: null
      },
      {
        name: 'x',
        topicId: ZERO_UUID,
        numPartitions: -1,
        replicationFactor: -1,
        configs: {},
        error: 'TOPIC_ALREADY_EXISTS',
        message: 'there'
      }
    ]
  })
  const { topics } = await at.call([createTopicsRequest, createTopicsResponse], version, {
    topics: [topic],
    timeoutMs: 10
  })
  expect(topics).toMatchObject([
    { name: 'n', errorCode: 0 },
    { name: 'x', errorCode: errorCode('TOPIC_ALREADY_EXISTS') }
  ])
  if (version >= 5) {
    const retention = topics[0]?.configs?.find(({ name }) => name === 'retention.ms')
    expect([topics[0]?.numPartitions, retention?.value, retention?.configSource]).toEqual([3, '9', 1])
  }
  if (version >= 7) expect(topics[0]?.topicId).toBe(topicId(5))
})

test.each(range(7))('DeleteTopics version %i tells each topic', async version => {
  const at = broker({
    deleteTopics: async ({ topics }) =>
      topics.map(ref => ({
        name: ref.kind === 'name' ? ref.name : 'byId',
        topicId: topicId(1),
        error: 'TOPIC_DELETION_DISABLED',
        message: null
      }))
  })
  const names =
    version >= 6
      ? { topics: [{ name: 'a' }, { name: null, topicId: topicId(1) }] }
      : { topicNames: ['a', 'byId'] }
  const { responses } = await at.call([deleteTopicsRequest, deleteTopicsResponse], version, {
    ...names,
    timeoutMs: 10
  })
  const code = errorCode(version >= 3 ? 'TOPIC_DELETION_DISABLED' : 'INVALID_REQUEST')
  expect(responses.map(({ name, errorCode: given }) => [name, given])).toEqual([
    ['a', code],
    ['byId', code]
  ])
})

test('DeleteTopics refuses a topic with a name and an id', async () => {
  const body = { topics: [{ name: 'a', topicId: topicId(1) }], timeoutMs: 10 }
  const { responses } = await broker().call([deleteTopicsRequest, deleteTopicsResponse], 6, body)
  expect(responses[0]?.errorCode).toBe(errorCode('INVALID_REQUEST'))
})

test.each(range(4))('CreatePartitions version %i tells each topic', async version => {
  const at = broker({
    createPartitions: async ({ topics }) =>
      topics.map(({ name, assignments }) => ({
        name,
        error: assignments === null ? 'NONE' : 'INVALID_REPLICA_ASSIGNMENT',
        message: null
      }))
  })
  const topics = [
    { name: 'a', count: 3, assignments: null },
    { name: 'b', count: 2, assignments: [{ brokerIds: [1] }] }
  ]
  const { results } = await at.call([createPartitionsRequest, createPartitionsResponse], version, {
    topics,
    timeoutMs: 10
  })
  expect(results.map(result => result.errorCode)).toEqual([0, errorCode('INVALID_REPLICA_ASSIGNMENT')])
})

test('a broker that is not the controller sends its clients to it', async () => {
  const at = elsewhere()
  const created = await at.call([createTopicsRequest, createTopicsResponse], 7, { topics: [topic] })
  const deleted = await at.call([deleteTopicsRequest, deleteTopicsResponse], 5, { topicNames: ['a'] })
  const grown = await at.call([createPartitionsRequest, createPartitionsResponse], 3, {
    topics: [{ name: 'a', count: 3, assignments: null }]
  })
  const codes = [created.topics[0], deleted.responses[0], grown.results[0]].map(answer => answer?.errorCode)
  expect(codes).toEqual([41, 41, 41])
})

test('a controller that fails is answered in the shape of each request', async () => {
  const at = broker()
  const created = await at.call([createTopicsRequest, createTopicsResponse], 7, { topics: [topic] })
  const deleted = await at.call([deleteTopicsRequest, deleteTopicsResponse], 6, { topics: [{ name: 'a' }] })
  const grown = await at.call([createPartitionsRequest, createPartitionsResponse], 3, {
    topics: [{ name: 'a', count: 3, assignments: null }]
  })
  const initialised = await at.call([initProducerIdRequest, initProducerIdResponse], 5, {
    transactionalId: null
  })
  const codes = [created.topics[0], deleted.responses[0], grown.results[0], initialised].map(
    answer => answer?.errorCode
  )
  expect(codes).toEqual([-1, -1, -1, -1])
})

test.each(range(6))(
  'InitProducerId version %i gives an idempotent producer an id of its own',
  async version => {
    const at = broker({ nextProducerId: async () => ({ error: 'NONE', producerId: 4000n }) })
    const answer = await at.call([initProducerIdRequest, initProducerIdResponse], version, {
      transactionalId: null
    })
    expect(answer).toMatchObject({ errorCode: 0, producerId: 4000n, producerEpoch: 0 })
  }
)

test('InitProducerId refuses half an identity and transactions', async () => {
  const at = broker({ nextProducerId: async () => ({ error: 'COORDINATOR_NOT_AVAILABLE', producerId: -1n }) })
  const code = async (body: object) =>
    (await at.call([initProducerIdRequest, initProducerIdResponse], 5, { transactionalId: null, ...body }))
      .errorCode
  expect(await code({ producerId: 5n })).toBe(errorCode('INVALID_REQUEST'))
  expect(await code({ transactionalId: '' })).toBe(errorCode('INVALID_REQUEST'))
  expect(await code({ transactionalId: 't' })).toBe(errorCode('COORDINATOR_NOT_AVAILABLE'))
  expect(await code({})).toBe(errorCode('COORDINATOR_NOT_AVAILABLE'))
})

test.each(range(5))('DescribeConfigs version %i answers each resource alone', async version => {
  const resources = [
    { resourceType: 2, resourceName: 'a', configurationKeys: ['retention.ms', 'no.such'] },
    { resourceType: 2, resourceName: 'missing', configurationKeys: null },
    { resourceType: 2, resourceName: 'no/name', configurationKeys: null },
    { resourceType: 4, resourceName: '1', configurationKeys: ['num.partitions'] },
    { resourceType: 4, resourceName: '9', configurationKeys: null },
    { resourceType: 4, resourceName: '', configurationKeys: null },
    { resourceType: 1, resourceName: 'a', configurationKeys: null }
  ]
  const { results } = await broker().call([describeConfigsRequest, describeConfigsResponse], version, {
    resources
  })
  expect(results.map(result => result.errorCode)).toEqual([0, 3, 17, 0, 42, 0, 42])
  expect(results[0]?.configs).toMatchObject([{ name: 'retention.ms', value: '7', synonyms: [] }])
  expect(results[3]?.configs).toMatchObject([{ name: 'num.partitions', value: '1' }])
})
