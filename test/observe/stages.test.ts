// Goal: what happened to a request can be told afterwards: every stage in order, parts that add up to the whole, the flush
// that brought its bytes to the disk, and a line in the log when it was slow. Method: known requests over the wire on a whole
// broker in every placement, then /api/snapshot, /api/offset and the log.
import { describe, expect, test } from 'vitest'
import type { BrokerSnapshot, OffsetHistory, RequestRecord } from '../../src/observe/snapshot.js'
import { spanNames, stageNames } from '../../src/observe/snapshot.js'
import { append, createTopic, fetch as fetchSchema } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'

// Worker threads load dist, so the whole broker is taken from there.
const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)

const placements = [
  ['inline', {}],
  ['networkOnMain', { 'odradek.workers': '2' }],
  ['perCore', { 'odradek.workers': '2' }]
] as const

async function started(overrides: Record<string, string>) {
  const lines: string[] = []
  const broker = await startBroker({
    overrides: { 'inspector.listener': 'http://127.0.0.1:0', ...overrides },
    log: { level: 'info', write: line => void lines.push(line) }
  })
  const client = await WireClient.connect(broker.bootstrapServers)
  const ask = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${broker.inspector}${path}`)).json()) as T
  const stop = async (): Promise<void> => {
    client.close()
    await broker.close()
  }
  return { broker, client, lines, ask, stop }
}

const longPoll = (client: WireClient, maxWaitMs: number) =>
  client.request(fetchSchema, 11, {
    replicaId: -1,
    maxWaitMs,
    minBytes: 1,
    maxBytes: 1_000_000,
    sessionEpoch: -1,
    topics: [{ topic: 'a', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }]
  })

function expectToAddUp(record: RequestRecord): void {
  const sum = spanNames.reduce((total, name) => total + record.spans[name], 0)
  expect(sum, JSON.stringify(record)).toBeCloseTo(record.totalMs, 6)
  for (const name of spanNames) expect(record.spans[name]).toBeGreaterThanOrEqual(0)
  const times = stageNames.filter(name => name !== 'synced').flatMap(name => record.stages[name] ?? [])
  // Times of a turn are those of its begin; a thread that has to share its core is longer about a turn.
  for (const [i, time] of times.entries()) expect(time - (times[i - 1] ?? 0)).toBeGreaterThan(-20)
}

describe.each(placements)('a broker placed %s', (placement, more) => {
  const overrides = { 'odradek.placement': placement, 'odradek.slow.request.ms': '1', ...more }

  test('tells every stage of a request, up to the flush that covered it', async () => {
    const { client, ask, lines, stop } = await started({ ...overrides, 'log.flush.interval.messages': '1' })
    await createTopic(client, 'a', 2)
    const [partition, offset] = [1, await append(client, 'a', 1, ['x', 'y'])]
    const answer = longPoll(client, 200)
    await answer
    // The flush is not waited for by anybody.
    let produced: RequestRecord | undefined
    let snapshot: BrokerSnapshot | undefined
    for (let tries = 0; tries < 50 && produced?.stages.synced === undefined; tries++) {
      snapshot = await ask<BrokerSnapshot>('api/snapshot')
      produced = snapshot.requests.newest.find(({ api }) => api === 'Produce')
    }
    expect(produced).toMatchObject({
      topic: 'a',
      partition,
      partitions: 1,
      baseOffset: offset,
      lastOffset: 1
    })
    expect(produced?.flush).toMatchObject({ cause: 'count', upTo: 2 })
    expect(produced?.durabilityLagMs).toBeGreaterThan(0)
    expect(produced?.appendMs).toBeLessThanOrEqual(produced?.totalMs ?? 0)
    for (const name of [
      'received',
      'enqueued',
      'dequeued',
      'decided',
      'appended',
      'answered',
      'sent'
    ] as const)
      expect(produced?.stages[name], name).toBeGreaterThanOrEqual(0)
    for (const record of snapshot?.requests.newest ?? []) expectToAddUp(record)
    const polled = snapshot?.requests.newest.find(({ api }) => api === 'Fetch')
    expect(polled?.stages.completed).toBeGreaterThan((polled?.stages.parked ?? 0) + 150)
    expect(polled?.spans.remote).toBeGreaterThan(150)

    const history = await ask<OffsetHistory>(`api/offset?topic=a&partition=1&offset=${offset + 1}`)
    expect(history).toMatchObject({
      append: { baseOffset: offset, lastOffset: offset + 1 },
      flush: { upTo: 2 }
    })
    expect(history.request?.id).toBe(produced?.id)
    const [received = 0, appended = 0, synced = 0] = [
      history.append?.receivedAtMs,
      history.append?.appendedAtMs,
      history.syncedAtMs
    ]
    expect(appended).toBeGreaterThanOrEqual(received - 6)
    expect(synced).toBeGreaterThan(appended)
    const later = await ask<OffsetHistory>('api/offset?topic=a&partition=1&offset=9')
    expect(later.remark).toBe('it has not been appended yet')

    // The topic took longer than a millisecond to create.
    const slow = lines.filter(line => line.includes('slow request'))
    expect(slow.some(line => /api=CreateTopics version=5 .*local=.* total=\d/.test(line))).toBe(true)
    await stop()
  })

  test('waits with the answer for the disk where that is asked for, and says so', async () => {
    const { client, ask, stop } = await started({ ...overrides, 'log.flush.acks': 'true' })
    await createTopic(client, 'a', 1)
    await append(client, 'a', 0, ['x'])
    const { requests } = await ask<BrokerSnapshot>('api/snapshot')
    const produced = requests.newest.find(({ api }) => api === 'Produce')
    const { appended = 0, synced = 0, completed = 0 } = produced?.stages ?? {}
    expect(produced?.flush?.cause).toBe('acks')
    expect(synced).toBeGreaterThan(appended)
    expect(completed).toBeGreaterThanOrEqual(synced - 1)
    await stop()
  })

  test('shows its connections, queues, actors and logs as they are', async () => {
    const { broker, client, ask, stop } = await started(overrides)
    await createTopic(client, 'a', 3)
    const poll = longPoll(client, 1000)
    let snapshot = await ask<BrokerSnapshot>('api/snapshot')
    for (let tries = 0; tries < 50 && snapshot.shards.every(shard => shard.delayedFetches === 0); tries++)
      snapshot = await ask<BrokerSnapshot>('api/snapshot')
    expect(snapshot.broker).toMatchObject({ state: 'running', clusterId: broker.clusterId, placement })
    expect(snapshot.connections).toHaveLength(1)
    expect(snapshot.connections[0]).toMatchObject({ state: 'open', inFlight: { api: 'Fetch' } })
    expect(snapshot.acceptors).toMatchObject([{ listener: 'PLAINTEXT', state: 'listening', connections: 1 }])
    expect(snapshot.topics).toMatchObject([{ name: 'a', partitions: 3, records: 0 }])
    expect(snapshot.logs.map(({ state }) => state)).toEqual(['leading', 'leading', 'leading'])
    expect(snapshot.shards.reduce((sum, each) => sum + each.leaders, 0)).toBe(3)
    expect(snapshot.requestQueue).toMatchObject({ depth: 0, capacity: 500 })
    expect(snapshot.handlers).toHaveLength(8)
    expect(snapshot.actors.find(({ machine }) => machine === 'broker')?.state).toBe('running')
    const processor = snapshot.actors.find(({ name }) => name === 'processor.0.PLAINTEXT')
    expect(processor?.transitions.at(-1)?.to).toBe(processor?.state)
    const names = snapshot.mailboxes.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['requestQueue', 'processor.0.newConnections']))
    await poll
    await stop()
  })
})
