// Goal: topics come and go as a client was told, also over a restart. Method: create, delete, create again over the wire.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deleteRecordsRequest, deleteRecordsResponse } from '../../src/protocol/messages/delete-records.js'
import { deleteTopicsRequest, deleteTopicsResponse } from '../../src/protocol/messages/delete-topics.js'
import { WireClient } from '../support/wire-client.js'
import { append, createTopic, listOffsets, metadata, readAll } from './support.js'

const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)
const deleteTopics = [deleteTopicsRequest, deleteTopicsResponse] as const
const deleteRecords = [deleteRecordsRequest, deleteRecordsResponse] as const

async function idOf(client: WireClient, name: string): Promise<string | undefined> {
  const { topics } = await client.request(metadata, 10, { topics: [{ name }], allowAutoTopicCreation: false })
  return topics[0]?.errorCode === 0 ? topics[0].topicId : undefined
}

async function remove(client: WireClient, name: string): Promise<void> {
  const { responses } = await client.request(deleteTopics, 3, { topicNames: [name], timeoutMs: 10_000 })
  expect(responses[0]?.errorCode).toBe(0)
}

test('a deleted topic does not come back, and one of the same name is a new one', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-topics-'))
  const overrides = { 'log.dirs': directory, 'odradek.placement': 'perCore', 'odradek.workers': '2' }
  let broker = await startBroker({ overrides })
  let client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'gone', 3)
  await append(client, 'gone', 1, ['old'])
  const first = await idOf(client, 'gone')
  await remove(client, 'gone')
  expect(await idOf(client, 'gone')).toBeUndefined()
  await createTopic(client, 'gone', 3)
  expect(await idOf(client, 'gone')).not.toBe(first)
  expect(await readAll(client, 'gone', 1)).toEqual([])
  await remove(client, 'gone')
  client.close()
  await broker.close()
  broker = await startBroker({ overrides })
  client = await WireClient.connect(broker.bootstrapServers)
  expect(await idOf(client, 'gone')).toBeUndefined()
  expect(readdirSync(directory).filter(name => /^gone-\d+$/.test(name))).toEqual([])
  client.close()
  await broker.close()
  rmSync(directory, { recursive: true, force: true })
})

test('500 partitions are created in one request and are all there after a restart', {
  timeout: 40_000
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-topics-'))
  const overrides = { 'log.dirs': directory }
  let broker = await startBroker({ overrides })
  let client = await WireClient.connect(broker.bootstrapServers)
  const from = performance.now()
  await createTopic(client, 'many', 500)
  expect(performance.now() - from).toBeLessThan(10_000)
  await append(client, 'many', 499, ['last'])
  client.close()
  await broker.close()
  broker = await startBroker({ overrides })
  client = await WireClient.connect(broker.bootstrapServers)
  const { topics } = await client.request(metadata, 9, { topics: [{ name: 'many' }] })
  expect(topics[0]?.partitions).toHaveLength(500)
  expect((await readAll(client, 'many', 499)).map(({ value }) => value)).toEqual(['last'])
  client.close()
  await broker.close()
  rmSync(directory, { recursive: true, force: true })
})

test('deleted records stay deleted over a restart, and an acknowledgement may wait for the disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-topics-'))
  const overrides = { 'log.dirs': directory, 'log.flush.acks': 'true' }
  let broker = await startBroker({ overrides })
  let client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'trimmed')
  for (let i = 0; i < 10; i++) await append(client, 'trimmed', 0, [`${i}`])
  const { topics } = await client.request(deleteRecords, 1, {
    topics: [{ name: 'trimmed', partitions: [{ partitionIndex: 0, offset: 6n }] }],
    timeoutMs: 5000
  })
  expect(topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, lowWatermark: 6n })
  client.close()
  await broker.close()
  broker = await startBroker({ overrides })
  client = await WireClient.connect(broker.bootstrapServers)
  const earliest = await client.request(listOffsets, 5, {
    replicaId: -1,
    topics: [{ name: 'trimmed', partitions: [{ partitionIndex: 0, timestamp: -2n }] }]
  })
  expect(earliest.topics[0]?.partitions[0]?.offset).toBe(6n)
  expect((await readAll(client, 'trimmed', 0, 6)).map(({ value }) => value)).toEqual(['6', '7', '8', '9'])
  client.close()
  await broker.close()
  rmSync(directory, { recursive: true, force: true })
})
