// Goal: a broker is a value: any number in one process, on free ports, gone without a trace after close().
// Method: startBroker() as a user of the package would call it, in every placement.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { WireClient } from '../support/wire-client.js'
import { append, createTopic, fetch, listOffsets, metadata, readAll } from './support.js'

// Worker threads load dist, so the whole broker is taken from there.
const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)

const placements = [
  ['inline', {}],
  ['networkOnMain', { 'odradek.workers': '1' }],
  ['networkOnMain', { 'odradek.workers': '2' }],
  ['perCore', { 'odradek.workers': '1' }],
  ['perCore', { 'odradek.workers': '2' }]
] as const

describe.each(placements)('a broker placed %s %j', (placement, more) => {
  const overrides = { 'odradek.placement': placement, ...more }

  test('takes records over six partitions and gives them back in order', async () => {
    const broker = await startBroker({ overrides })
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => WireClient.connect(broker.bootstrapServers))
    )
    const [first] = clients
    if (first === undefined) throw new Error('no client')
    await createTopic(first, 'six', 6)
    await Promise.all(
      clients.map(async (client, writer) => {
        for (let i = 0; i < 30; i++)
          await append(client, 'six', (writer + i) % 6, [`${writer}/${i}`, 'x'.repeat(i * 100)])
      })
    )
    const all = await Promise.all([0, 1, 2, 3, 4, 5].map(partition => readAll(first, 'six', partition)))
    expect(all.flat()).toHaveLength(4 * 30 * 2)
    for (const client of clients) client.close()
    await broker.close()
  })

  test('answers a long poll as soon as a record arrives on another connection', async () => {
    const broker = await startBroker({ overrides })
    const [reader, writer] = await Promise.all([
      WireClient.connect(broker.bootstrapServers),
      WireClient.connect(broker.bootstrapServers)
    ])
    await createTopic(writer, 'polled', 3)
    const from = performance.now()
    const answer = reader.request(fetch, 11, {
      replicaId: -1,
      maxWaitMs: 10_000,
      minBytes: 1,
      maxBytes: 1_000_000,
      sessionEpoch: -1,
      topics: [
        {
          topic: 'polled',
          partitions: [0, 1, 2].map(partition => ({
            partition,
            fetchOffset: 0n,
            partitionMaxBytes: 1_000_000
          }))
        }
      ]
    })
    await new Promise(resolve => setTimeout(resolve, 100))
    await append(writer, 'polled', 2, ['now'])
    const { responses } = await answer
    expect(performance.now() - from).toBeLessThan(3000)
    expect(
      responses[0]?.partitions.map(({ errorCode, records }) => [errorCode, (records?.length ?? 0) > 0])
    ).toEqual([
      [0, false],
      [0, false],
      [0, true]
    ])
    reader.close()
    writer.close()
    await broker.close()
  })

  test('keeps its data over a restart', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'odradek-test-'))
    const kept = { ...overrides, 'log.dirs': join(directory, 'data') }
    const first = await startBroker({ overrides: kept })
    const client = await WireClient.connect(first.bootstrapServers)
    await createTopic(client, 'kept', 4)
    for (let partition = 0; partition < 4; partition++)
      await append(client, 'kept', partition, ['one', 'two'])
    client.close()
    await first.close()
    const second = await startBroker({ overrides: kept })
    expect(second.clusterId).toBe(first.clusterId)
    const again = await WireClient.connect(second.bootstrapServers)
    for (let partition = 0; partition < 4; partition++) {
      expect((await readAll(again, 'kept', partition)).map(({ value }) => value)).toEqual(['one', 'two'])
    }
    again.close()
    await second.close()
    rmSync(directory, { recursive: true, force: true })
  })
})

describe('embedding', () => {
  test('runs several brokers in one process, each with a temporary directory that goes with it', async () => {
    const before = new Set(readdirSync(tmpdir()))
    const brokers = await Promise.all([startBroker(), startBroker(), startBroker()])
    expect(new Set(brokers.map(({ bootstrapServers }) => bootstrapServers)).size).toBe(3)
    const made = readdirSync(tmpdir()).filter(name => name.startsWith('odradek-') && !before.has(name))
    expect(made.length).toBeGreaterThanOrEqual(3)
    await Promise.all(brokers.map(broker => broker.close()))
    expect(
      made.filter(
        name => existsSync(join(tmpdir(), name)) && readdirSync(join(tmpdir(), name)).includes('.lock')
      )
    ).toEqual([])
  })

  test('refuses a directory that another broker of this process uses', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'odradek-test-'))
    const overrides = { 'log.dirs': directory }
    const broker = await startBroker({ overrides })
    await expect(startBroker({ overrides })).rejects.toThrow(/Failed to acquire lock/)
    await broker.close()
    const again = await startBroker({ overrides })
    await again.close()
    rmSync(directory, { recursive: true, force: true })
  })

  test('refuses a port in use with one line that names it', async () => {
    const broker = await startBroker()
    const overrides = { listeners: `PLAINTEXT://${broker.bootstrapServers}` }
    await expect(startBroker({ overrides })).rejects.toThrow(
      new RegExp(broker.bootstrapServers.split(':')[1] ?? '-')
    )
    await broker.close()
  })

  test('answers a topic that it was just told to create on any connection', async () => {
    const broker = await startBroker({
      overrides: { 'odradek.placement': 'perCore', 'odradek.workers': '2' }
    })
    const clients = await Promise.all(
      Array.from({ length: 6 }, () => WireClient.connect(broker.bootstrapServers))
    )
    for (let i = 0; i < 5; i++) {
      const maker = clients[i % clients.length]
      if (maker === undefined) throw new Error('no client')
      await createTopic(maker, `fresh-${i}`, 3)
      for (const client of clients) {
        const { topics } = await client.request(metadata, 9, { topics: [{ name: `fresh-${i}` }] })
        expect(topics[0]).toMatchObject({ errorCode: 0 })
        const offsets = await client.request(listOffsets, 5, {
          replicaId: -1,
          topics: [
            {
              name: `fresh-${i}`,
              partitions: [0, 1, 2].map(partitionIndex => ({ partitionIndex, timestamp: -1n }))
            }
          ]
        })
        expect(offsets.topics[0]?.partitions.map(({ offset }) => offset)).toEqual([0n, 0n, 0n])
      }
    }
    for (const client of clients) client.close()
    await broker.close()
  })
})
