// Goal: committed offsets belong to a whole broker: any connection reaches the coordinator, whichever thread has it; they
// outlive a stop and a topic's end. Method: a broker in this process with two workers, KafkaJS's admin and raw requests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  findCoordinatorRequest,
  findCoordinatorResponse
} from '../../src/protocol/messages/find-coordinator.js'
import { offsetCommitRequest, offsetCommitResponse } from '../../src/protocol/messages/offset-commit.js'
import { offsetFetchRequest, offsetFetchResponse } from '../../src/protocol/messages/offset-fetch.js'
import { WireClient } from '../support/wire-client.js'
import { createTopic } from './support.js'

const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)
const offsetCommit = [offsetCommitRequest, offsetCommitResponse] as const
const offsetFetch = [offsetFetchRequest, offsetFetchResponse] as const
const findCoordinator = [findCoordinatorRequest, findCoordinatorResponse] as const

const groupIds = Array.from({ length: 40 }, (_, i) => `group-${i}`)

async function commit(client: WireClient, groupId: string, topic: string, offset: number): Promise<number> {
  const { topics } = await client.request(offsetCommit, 8, {
    groupId,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: BigInt(offset) }] }]
  })
  return topics[0]?.partitions[0]?.errorCode ?? -1
}

async function committed(client: WireClient, topic: string): Promise<number[]> {
  const { groups } = await client.request(offsetFetch, 8, {
    groups: groupIds.map(groupId => ({ groupId, topics: [{ name: topic, partitionIndexes: [0] }] }))
  })
  return groups.map(({ topics }) => Number(topics[0]?.partitions[0]?.committedOffset))
}

/** A client asks again while the coordinator of its group still loads. */
async function untilLoaded(client: WireClient): Promise<void> {
  for (;;) {
    const { groups } = await client.request(offsetFetch, 8, {
      groups: groupIds.map(groupId => ({ groupId, topics: null }))
    })
    if (groups.every(({ errorCode }) => errorCode === 0)) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

describe.each([
  ['perCore', '2'],
  ['inline', '0']
])('with placement %s', (placement, workers) => {
  const dir = mkdtempSync(join(tmpdir(), 'odradek-offsets-'))
  const start = () =>
    startBroker({
      overrides: {
        'log.dirs': dir,
        'odradek.placement': placement,
        'group.initial.rebalance.delay.ms': '0',
        ...(workers === '0' ? {} : { 'odradek.workers': workers })
      }
    })
  let broker: Awaited<ReturnType<typeof start>>
  let client: WireClient

  beforeAll(async () => {
    broker = await start()
    client = await WireClient.connect(broker.bootstrapServers)
  }, 60_000)

  afterAll(async () => {
    client.close()
    await broker.close()
    rmSync(dir, { recursive: true, force: true })
  }, 60_000)

  test('the first client that asks for a coordinator gets one, with the defaults of Kafka', async () => {
    const answer = await client.request(findCoordinator, 2, { key: 'group-1' })
    expect(answer).toMatchObject({ errorCode: 0, host: '127.0.0.1' })
  })

  test('commits of many groups are there for every connection', async () => {
    await createTopic(client, 'read')
    for (const [i, groupId] of groupIds.entries()) expect(await commit(client, groupId, 'read', i)).toBe(0)
    const others = await Promise.all(
      Array.from({ length: 4 }, () => WireClient.connect(broker.bootstrapServers))
    )
    for (const other of others) {
      expect(await committed(other, 'read')).toEqual(groupIds.map((_, i) => i))
      other.close()
    }
  })

  test('KafkaJS lists, describes, fetches, sets offsets of and deletes groups', async () => {
    const admin = new Kafka({ brokers: [broker.bootstrapServers], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    const { groups } = await admin.listGroups()
    expect(groups.map(({ groupId }) => groupId).sort()).toEqual([...groupIds].sort())
    const described = await admin.describeGroups(['group-0', 'group-1'])
    expect(described.groups.map(({ state }) => state)).toEqual(['Empty', 'Empty'])
    expect(await admin.fetchOffsets({ groupId: 'group-3', topics: ['read'] })).toMatchObject([
      { topic: 'read', partitions: [{ partition: 0, offset: '3' }] }
    ])
    await admin.setOffsets({
      groupId: 'group-4',
      topic: 'read',
      partitions: [{ partition: 0, offset: '44' }]
    })
    expect(await admin.fetchOffsets({ groupId: 'group-4', topics: ['read'] })).toMatchObject([
      { topic: 'read', partitions: [{ partition: 0, offset: '44' }] }
    ])
    await admin.deleteGroups(['group-3'])
    expect(await admin.fetchOffsets({ groupId: 'group-3', topics: ['read'] })).toMatchObject([
      { topic: 'read', partitions: [{ partition: 0, offset: '-1' }] }
    ])
    await admin.disconnect()
  })

  test('a topic takes the offsets that were committed for it along', async () => {
    await createTopic(client, 'gone')
    for (const groupId of groupIds) expect(await commit(client, groupId, 'gone', 7)).toBe(0)
    const admin = new Kafka({ brokers: [broker.bootstrapServers], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.deleteTopics({ topics: ['gone'] })
    await admin.disconnect()
    expect(await committed(client, 'gone')).toEqual(groupIds.map(() => -1))
  })

  test('the next start has the groups and their offsets, and nothing of what was deleted', async () => {
    await commit(client, 'group-5', 'read', 50)
    client.close()
    await broker.close()
    broker = await start()
    client = await WireClient.connect(broker.bootstrapServers)
    await untilLoaded(client)
    const expected = groupIds.map((_, i) => i)
    expected[3] = -1
    expected[4] = 44
    expected[5] = 50
    expect(await committed(client, 'read')).toEqual(expected)
    expect(await committed(client, 'gone')).toEqual(groupIds.map(() => -1))
  })
})
