// Goal: pointed at a directory that a real Kafka wrote, with an empty tree, the broker is that broker: its ids, its topics,
// their records. Method: the fixture of a cleanly stopped Kafka 3.9.1, read over the wire and compared with what Kafka read.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { BatchCursor } from '../../src/protocol/records/batch.js'
import { readBatch } from '../../src/protocol/records/read-batch.js'
import { expectedOf, sha256, unpack } from '../storage/support/fixture.js'
import { WireClient } from '../support/wire-client.js'
import { append, fetch, listOffsets, metadata } from './support.js'

const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)
const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url))

interface Expected {
  readonly readUncommitted: Record<
    string,
    {
      readonly logStartOffset: number
      readonly logEndOffset: number
      readonly records: readonly {
        offset: number
        timestamp: number
        key: string | null
        value: string | null
      }[]
    }
  >
}

const plain = (bytes: Buffer | null): string | null =>
  bytes === null ? null : bytes.length > 64 ? `sha256:${sha256(bytes)}` : bytes.toString('hex')

async function readPartition(
  client: WireClient,
  topic: string,
  partition: number,
  from: number,
  end: number
) {
  const found: unknown[] = []
  for (let next = from; next < end; ) {
    const before = next
    const { responses } = await client.request(fetch, 11, {
      replicaId: -1,
      maxBytes: 1_000_000,
      sessionEpoch: -1,
      topics: [
        { topic, partitions: [{ partition, fetchOffset: BigInt(next), partitionMaxBytes: 1_000_000 }] }
      ]
    })
    const answer = responses[0]?.partitions[0]
    expect(answer?.errorCode).toBe(0)
    const cursor = new BatchCursor(answer?.records ?? Buffer.alloc(0))
    while (cursor.next()) {
      const steps = readBatch(cursor)
      let step = steps.next()
      for (; step.done !== true; step = steps.next()) await step.value
      for (const { offset, timestamp, key, value } of step.value.records) {
        if (offset < next || cursor.isControl) continue
        found.push({ offset, timestamp: Number(timestamp), key: plain(key), value: plain(value) })
      }
      next = cursor.lastOffset + 1
    }
    if (next === before) break
  }
  return found
}

test.each(['inline', 'perCore'])(
  'a broker placed %s takes over the directory of a real Kafka',
  async placement => {
    const directory = unpack(fixtures, 'clean')
    const expected = expectedOf(fixtures, 'clean') as Expected
    const lines: string[] = []
    const overrides = {
      'log.dirs': directory,
      'odradek.placement': placement,
      'log.retention.ms': '-1',
      'odradek.workers': '2'
    }
    const log = { level: 'info' as const, write: (line: string) => void lines.push(line) }
    const broker = await startBroker({ overrides, log })
    expect(broker.clusterId).toBe('aqTTSPGNQq6zcWISVfrG8g')
    expect(lines.join('\n')).toMatch(/adopted cluster id[\s\S]*adopted broker id 0[\s\S]*adopted \d+ topics/)
    const client = await WireClient.connect(broker.bootstrapServers)
    const { brokers, topics } = await client.request(metadata, 12, { topics: null })
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([0])
    const names = new Set(
      Object.keys(expected.readUncommitted).map(name => name.slice(0, name.lastIndexOf('-')))
    )
    const found = new Map(topics.map(topic => [topic.name, topic]))
    for (const name of names) {
      const id = /topic_id: (\S+)/.exec(
        readFileSync(path.join(directory, `${name}-0`, 'partition.metadata'), 'utf8')
      )?.[1]
      expect(found.get(name)?.topicId, name).toBe(id)
    }
    for (const [name, view] of Object.entries(expected.readUncommitted)) {
      if (name.startsWith('__')) continue
      const topic = name.slice(0, name.lastIndexOf('-'))
      const partition = Number(name.slice(name.lastIndexOf('-') + 1))
      const latest = await client.request(listOffsets, 5, {
        replicaId: -1,
        topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp: -1n }] }]
      })
      expect(Number(latest.topics[0]?.partitions[0]?.offset), name).toBe(view.logEndOffset)
      const records = await readPartition(client, topic, partition, view.logStartOffset, view.logEndOffset)
      const wanted = view.records.map(({ offset, timestamp, key, value }) => ({
        offset,
        timestamp,
        key,
        value
      }))
      expect(records, name).toEqual(wanted)
    }
    expect(await append(client, 'empty', 0, ['ours'])).toBe(0)
    client.close()
    await broker.close()
    const left = readdirSync(directory)
    for (const file of ['.kafka_cleanshutdown', 'meta.properties', 'recovery-point-offset-checkpoint']) {
      expect(left).toContain(file)
    }
    expect(readFileSync(path.join(directory, 'meta.properties'), 'utf8')).toMatch(
      /cluster\.id=aqTTSPGNQq6zcWISVfrG8g/
    )
    rmSync(directory, { recursive: true, force: true })
  }
)
