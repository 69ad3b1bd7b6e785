// Goal: Metadata, DescribeCluster and ApiVersions tell clients of each version what they may know of the cluster.
// Method: encoded requests through dispatch.
import { expect, test } from 'vitest'
import { advertised } from '../../../src/actors/apis/index.js'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { apiVersionsRequest, apiVersionsResponse } from '../../../src/protocol/messages/api-versions.js'
import {
  describeClusterRequest,
  describeClusterResponse
} from '../../../src/protocol/messages/describe-cluster.js'
import { metadataRequest, metadataResponse } from '../../../src/protocol/messages/metadata.js'
import { decodeAnswer, type HarnessOptions, harness, topicId, topicInfo } from './harness.js'

const schemas = [metadataRequest, metadataResponse] as const

function broker(options: HarnessOptions = {}) {
  const started = harness(options)
  started.publish([topicInfo('a', topicId(1), 2), topicInfo('b', topicId(2), 1, 7)])
  return started
}

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('version %i lists one topic', async version => {
  const answer = await broker().call(schemas, version, { topics: [{ name: 'a' }] })
  expect(answer.brokers).toMatchObject([{ nodeId: 1, host: 'here', port: 9092 }])
  expect(answer.topics).toMatchObject([{ errorCode: 0, name: 'a' }])
  expect(answer.topics[0]?.partitions).toMatchObject([
    { partitionIndex: 0, leaderId: 1, isrNodes: [1] },
    { partitionIndex: 1 }
  ])
  if (version >= 10) expect(answer.topics[0]?.topicId).toBe(topicId(1))
})

test('all topics are asked for with nothing in version 0 and with null later; nothing means none then', async () => {
  const count = async (version: number, topics: [] | null) =>
    (await broker().call(schemas, version, { topics })).topics.length
  expect([await count(0, []), await count(1, []), await count(1, null), await count(12, null)]).toEqual([
    2, 0, 2, 2
  ])
})

test('a leader that is not alive is no leader', async () => {
  const { topics } = await broker().call(schemas, 9, { topics: [{ name: 'b' }] })
  expect(topics[0]?.partitions[0]).toMatchObject({
    errorCode: errorCode('LEADER_NOT_AVAILABLE'),
    leaderId: -1
  })
})

test('topics are found by id, and unknown ids come first', async () => {
  const at = broker()
  const { topics } = await at.call(schemas, 12, {
    topics: [
      { topicId: topicId(1), name: null },
      { topicId: topicId(9), name: null }
    ]
  })
  expect(topics).toMatchObject([
    { errorCode: errorCode('UNKNOWN_TOPIC_ID'), name: null, topicId: topicId(9) },
    { errorCode: 0, name: 'a' }
  ])
})

test('ids below version 12 are refused', async () => {
  const { topics } = await broker().call(schemas, 10, { topics: [{ topicId: topicId(1), name: null }] })
  expect(topics[0]?.errorCode).toBe(errorCode('INVALID_REQUEST'))
})

test('a missing topic is created on the way, unless it must not be or cannot be', async () => {
  const asked: string[][] = []
  const at = broker({
    controller: {
      async autoCreateTopics(names) {
        asked.push([...names])
        return names.map(name => ({ name, error: 'LEADER_NOT_AVAILABLE', message: null }))
      }
    }
  })
  const codes = async (version: number, names: string[], allow = true) => {
    const body = version >= 4 ? { allowAutoTopicCreation: allow } : {}
    const { topics } = await at.call(schemas, version, { topics: names.map(name => ({ name })), ...body })
    return topics.map(topic => topic.errorCode)
  }
  expect(await codes(12, ['a', 'new', 'no/name'])).toEqual([
    0,
    errorCode('LEADER_NOT_AVAILABLE'),
    errorCode('INVALID_TOPIC_EXCEPTION')
  ])
  expect(await codes(1, ['new'])).toEqual([errorCode('LEADER_NOT_AVAILABLE')])
  expect(await codes(12, ['new'], false)).toEqual([errorCode('UNKNOWN_TOPIC_OR_PARTITION')])
  expect(asked).toEqual([['new'], ['new']])
})

test('without auto creation a missing topic is unknown', async () => {
  const at = broker({ overrides: { 'auto.create.topics.enable': 'false' } })
  const { topics } = await at.call(schemas, 12, { topics: [{ name: 'new' }] })
  expect(topics[0]?.errorCode).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'))
})

test('a controller that fails is answered for every topic asked for', async () => {
  const { topics } = await broker().call(schemas, 12, { topics: [{ name: 'a' }, { name: 'new' }] })
  expect(topics.map(topic => topic.errorCode)).toEqual([-1, -1])
})

test('operations are told on request only', async () => {
  const at = broker()
  const asked = { topics: [{ name: 'a' }], includeTopicAuthorizedOperations: true }
  const silent = await at.call(schemas, 8, { topics: [{ name: 'a' }] })
  const told = await at.call(schemas, 8, { ...asked, includeClusterAuthorizedOperations: true })
  expect([silent.topics[0]?.topicAuthorizedOperations, silent.clusterAuthorizedOperations]).toEqual([
    -2147483648, -2147483648
  ])
  expect([told.topics[0]?.topicAuthorizedOperations, told.clusterAuthorizedOperations]).toEqual([3576, 8096])
})

test.each([0, 1])('DescribeCluster version %i lists the brokers', async version => {
  const answer = await broker().call([describeClusterRequest, describeClusterResponse], version, {})
  expect(answer).toMatchObject({
    errorCode: 0,
    clusterId: 'cluster',
    controllerId: 1,
    brokers: [{ brokerId: 1, host: 'here' }]
  })
})

test('DescribeCluster knows no controllers that are not brokers', async () => {
  const of = async (endpointType: number) =>
    (await broker().call([describeClusterRequest, describeClusterResponse], 1, { endpointType })).errorCode
  expect([await of(2), await of(3)]).toEqual([
    errorCode('MISMATCHED_ENDPOINT_TYPE'),
    errorCode('UNSUPPORTED_ENDPOINT_TYPE')
  ])
})

test.each([0, 1, 2, 3, 4])('ApiVersions %i advertises exactly what is registered', async version => {
  const software = version >= 3 ? { clientSoftwareName: 'a-b.c', clientSoftwareVersion: '1.0' } : {}
  const answer = await broker().call([apiVersionsRequest, apiVersionsResponse], version, software)
  expect(
    answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => ({ apiKey, minVersion, maxVersion }))
  ).toEqual(advertised)
  expect(answer.errorCode).toBe(0)
})

test('ApiVersions refuses software names that are none', async () => {
  const software = { clientSoftwareName: '', clientSoftwareVersion: '1.0' }
  const answer = await broker().call([apiVersionsRequest, apiVersionsResponse], 3, software)
  expect([answer.errorCode, answer.apiKeys]).toEqual([errorCode('INVALID_REQUEST'), []])
})

test('a version of ApiVersions from the future gets the range in the oldest form', async () => {
  const response = await broker().raw(18, 99, Buffer.from('whatever comes')).response
  if (response.kind !== 'send') throw new Error(response.kind)
  const answer = decodeAnswer(apiVersionsResponse, 0, response)
  expect(answer.errorCode).toBe(errorCode('UNSUPPORTED_VERSION'))
  expect(answer.apiKeys).toMatchObject([{ apiKey: 18, minVersion: 0, maxVersion: 4 }])
})
