// What happens to a broker on the days of its life, with real clients over real sockets; each day gives its traces.
// Brokers come from dist, which is what worker threads load.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kafka, logLevel } from 'kafkajs'
import type { ThreadTrace } from '../../src/actors/runtime/trace.js'
import { apiVersions, append, createTopic, fetch, metadata, readAll } from '../broker/support.js'
import { frameOf, WireClient } from '../support/wire-client.js'

const from = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href
const { Broker }: typeof import('../../src/actors/broker/broker.js') = await import(
  from('actors/broker/broker.js')
)
const { openWorkerPool }: typeof import('../../src/actors/broker/worker-pool.js') = await import(
  from('actors/broker/worker-pool.js')
)
const { loadBrokerConfig }: typeof import('../../src/config/broker-config.js') = await import(
  from('config/broker-config.js')
)

export type Placement = 'inline' | 'networkOnMain' | 'perCore'
type RunningBroker = InstanceType<typeof Broker>

export interface Day {
  readonly traces: readonly ThreadTrace[]
  readonly state: string
}

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Directories in which another day begins. */
const kept = new Set<string>()

/** A broker that keeps everything, from before its start to after its end. */
export async function dayOf(
  placement: Placement,
  overrides: Readonly<Record<string, string>>,
  live: (broker: RunningBroker, directory: string) => Promise<void>,
  directory = mkdtempSync(join(tmpdir(), 'odradek-day-'))
): Promise<Day> {
  const workers = placement === 'inline' ? 0 : 2
  const { config } = loadBrokerConfig({
    overrides: {
      'odradek.placement': placement,
      'odradek.workers': String(workers),
      'odradek.trace': 'all',
      listeners: 'PLAINTEXT://127.0.0.1:0',
      'log.dirs': join(directory, 'data'),
      ...overrides
    }
  })
  const pool = workers === 0 ? undefined : openWorkerPool(workers)
  const broker = new Broker({ config, sink: { level: 'fatal', write: () => {} }, pool })
  try {
    await live(broker, directory)
  } finally {
    broker.stop()
    // A stop that is asked for twice is one stop.
    broker.stop()
    await broker.closed.catch(() => {})
    if (!kept.has(directory)) rmSync(directory, { recursive: true, force: true })
  }
  return { traces: await broker.trace(), state: broker.state }
}

const connect = (broker: RunningBroker): Promise<WireClient> => WireClient.connect(broker.bootstrapServers)

/** A fetch of a partition in which there is nothing: answered after `maxWaitMs`, or when something comes. */
function longPoll(client: WireClient, maxWaitMs: number): Promise<unknown> {
  return client.request(fetch, 11, {
    replicaId: -1,
    maxWaitMs,
    minBytes: 1,
    maxBytes: 1_000_000,
    sessionEpoch: -1,
    topics: [{ topic: 'quiet', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1_000 }] }]
  })
}

const fetchAll = (topic: string, partitionMaxBytes: number) => ({
  replicaId: -1,
  maxWaitMs: 0,
  minBytes: 0,
  maxBytes: 50_000_000,
  sessionEpoch: -1,
  topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes }] }]
})

/** Everything that clients do, kind ones and others, until the broker is stopped while they are at it. */
export function busyDay(placement: Placement): Promise<Day> {
  const overrides = {
    'queued.max.requests': '1',
    'num.io.threads': '2',
    'num.network.threads': '2',
    'connections.max.idle.ms': '800',
    'log.flush.acks': 'true'
  }
  return dayOf(placement, overrides, async broker => {
    await broker.started
    const idle = await connect(broker)
    const main = await connect(broker)
    await createTopic(main, 'day', 3)
    await createTopic(main, 'quiet')
    for (const acks of [-1, 1]) await append(main, 'day', 0, ['kept', 'x'.repeat(2_000)], acks)
    await readAll(main, 'day', 0)
    await realClients(broker.bootstrapServers)
    await manyAtOnce(broker)
    await leavers(broker)
    broker.parts.handlers?.resize(4)
    await manyAtOnce(broker)
    broker.parts.handlers?.resize(2)
    await manyAtOnce(broker)
    broker.parts.handlers?.resize(3)
    await closedByServer(idle)
    // Their connections are too long without use before the answer is due.
    await Promise.all(await waitInEveryWay(broker, 1_600))
    await pause(900)
    await waitInEveryWay(broker, 5_000)
    void manyAtOnce(broker).catch(() => {})
    await pause(15)
  })
}

/** What applications use. */
async function realClients(bootstrap: string): Promise<void> {
  const kafka = new Kafka({ clientId: 'day', brokers: [bootstrap], logLevel: logLevel.NOTHING })
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'day', messages: [{ value: 'from kafkajs' }, { key: 'k', value: 'again' }] })
  await producer.send({ topic: 'day', acks: 0, messages: [{ value: 'no answer' }] })
  await producer.disconnect()
  const admin = kafka.admin()
  await admin.connect()
  await admin.fetchTopicOffsets('day')
  await admin.createPartitions({ topicPartitions: [{ topic: 'day', count: 4 }] })
  await admin.createTopics({ topics: [{ topic: 'short-lived' }] })
  await admin.deleteTopics({ topics: ['short-lived'] })
  await admin.disconnect()
  const args = ['-b', bootstrap, '-C', '-t', 'day', '-o', 'beginning', '-e', '-q']
  await promisify(execFile)('kcat', args, { timeout: 10_000 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** More requests than the queue and the handlers hold. */
async function manyAtOnce(broker: RunningBroker): Promise<void> {
  const clients = await Promise.all(Array.from({ length: 12 }, () => connect(broker)))
  await Promise.all(
    clients.map(async (client, i) => {
      const work: Promise<unknown>[] = []
      for (let n = 0; n < 8; n++)
        work.push(
          n % 2 === 0
            ? append(client, 'day', i % 3, ['y'.repeat(500)], 1)
            : client.request(metadata, 5, { topics: null })
        )
      await Promise.all(work)
    })
  )
  for (const client of clients) client.close()
}

/** Peers that wait for an answer: one as it should, one that sends no more, one that is gone. */
async function waitInEveryWay(
  broker: RunningBroker,
  maxWaitMs: number
): Promise<readonly Promise<unknown>[]> {
  const ways = [
    () => {},
    (client: WireClient) => client.socket.end(),
    (client: WireClient) => client.socket.resetAndDestroy()
  ]
  const waiting = await Promise.all(
    ways.map(async go => {
      const client = await connect(broker)
      const answer = longPoll(client, maxWaitMs).catch(() => {})
      await pause(20)
      go(client)
      return [answer]
    })
  )
  return waiting.flat()
}

/** Peers that go in every way there is. */
async function leavers(broker: RunningBroker): Promise<void> {
  const [inTheMiddle, parked, halfClosed, halfClosedParked, garbage, notReading, ahead, pipelined] =
    await Promise.all(Array.from({ length: 8 }, () => connect(broker)))
  if (
    !inTheMiddle ||
    !parked ||
    !halfClosed ||
    !halfClosedParked ||
    !garbage ||
    !notReading ||
    !ahead ||
    !pipelined
  )
    throw new Error('not everybody came')
  inTheMiddle.socket.write(Buffer.from([0, 0, 1, 0, 0, 18]))
  void longPoll(parked, 400).catch(() => {})
  void longPoll(halfClosedParked, 300).catch(() => {})
  halfClosedParked.socket.end()
  const answered = halfClosed.request(apiVersions, 2, {})
  halfClosed.socket.end()
  await answered
  garbage.socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3]))
  await append(ahead, 'day', 1, ['z'.repeat(900_000)])
  notReading.socket.pause()
  for (let n = 0; n < 40; n++)
    notReading.write(frameOf(fetch[0], 11, n, { ...fetchAll('day', 1_000_000), topics: bigTopics }))
  // Frames behind one whose answer cannot be written: they wait in the broker when the peer goes.
  for (let n = 0; n < 3; n++)
    pipelined.write(frameOf(fetch[0], 11, n, { ...fetchAll('day', 10), maxWaitMs: 300, minBytes: 9_000_000 }))
  await pause(60)
  inTheMiddle.socket.resetAndDestroy()
  parked.socket.resetAndDestroy()
  notReading.socket.resetAndDestroy()
  pipelined.socket.resetAndDestroy()
  ahead.close()
  await pause(500)
}

const bigTopics = [
  { topic: 'day', partitions: [{ partition: 1, fetchOffset: 0n, partitionMaxBytes: 1_000_000 }] }
]

async function closedByServer({ socket }: WireClient): Promise<void> {
  if (socket.destroyed) return
  await new Promise(resolve => socket.once('close', resolve))
}

async function open(port: number): Promise<net.Socket> {
  const socket = net.connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  await new Promise(resolve => socket.once('connect', resolve))
  return socket
}

/** More connections than there may be; a listener for other brokers is exempt, others have to go for it. */
export function crowdedDay(placement: Placement): Promise<Day> {
  const overrides = {
    listeners: 'PLAINTEXT://127.0.0.1:0,INTERNAL://127.0.0.1:0',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'num.network.threads': '1',
    'max.connections': '3'
  }
  return dayOf(placement, overrides, async broker => {
    await broker.started
    const [outer = 0, inner = 0] = broker.listeners.map(({ port }) => port)
    const early = [await open(outer), await open(outer), await open(outer)]
    await pause(30)
    const late = [await open(outer), await open(outer)]
    const others = [await open(inner), await open(inner)]
    await pause(100)
    for (const socket of [...early, ...others]) socket.destroy()
    await pause(100)
    for (const socket of late) socket.destroy()
    const last = await Promise.all([0, 1, 2, 3, 4].map(() => open(outer)))
    await pause(50)
    for (const socket of last) socket.unref()
  })
}

/** Connections come faster than they may, and more at once than a Processor takes. */
export function hurriedDay(placement: Placement): Promise<Day> {
  const overrides = {
    listeners: 'PLAINTEXT://127.0.0.1:0,SLOW://127.0.0.1:0',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SLOW:PLAINTEXT',
    'listener.name.slow.max.connection.creation.rate': '2',
    'num.network.threads': '1'
  }
  return dayOf(placement, overrides, async broker => {
    await broker.started
    const [quick = 0, slow = 0] = broker.listeners.map(({ port }) => port)
    const held = await Promise.all(Array.from({ length: 3 }, () => open(slow)))
    for (let i = 0; i < 20; i++) held.push(await open(slow))
    const crowd = await Promise.all(Array.from({ length: 120 }, () => open(quick)))
    await pause(700)
    for (const socket of [...held, ...crowd]) socket.destroy()
    await pause(100)
  })
}

/** A worker dies while clients are connected. */
export function lastDay(placement: Exclude<Placement, 'inline'>): Promise<Day> {
  return dayOf(placement, {}, async broker => {
    await broker.started
    const client = await connect(broker)
    await createTopic(client, 'kept')
    await append(client, 'kept', 0, ['before'])
    await broker.parts.threads?.workers[0]?.terminate()
    await broker.closed.catch(() => {})
    client.close()
  })
}

/** Something outside is broken for good. */
export function fatalDay(placement: Placement): Promise<Day> {
  return dayOf(placement, {}, async broker => {
    await broker.started
    broker.fail(new Error('the end'))
    await broker.closed.catch(() => {})
  })
}

/** Stopped again before it is up. */
export function shortDay(placement: Placement, afterMs: number): Promise<Day> {
  return dayOf(placement, {}, async () => {
    await pause(afterMs)
  })
}

/** Its port is taken: it never opens. */
export async function closedDay(placement: Placement): Promise<Day> {
  const taken = net.createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const day = await dayOf(placement, { listeners: `PLAINTEXT://127.0.0.1:${port}` }, async broker => {
    await broker.started.catch(() => {})
  })
  taken.close()
  return day
}

/** Three lives on one directory: a clean start behind an orderly stop, a recovery behind the opposite. */
export async function threeDays(placement: Placement): Promise<readonly Day[]> {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-days-'))
  kept.add(directory)
  const first = await dayOf(
    placement,
    {},
    async broker => {
      await broker.started
      const client = await connect(broker)
      await createTopic(client, 'kept', 2)
      await append(client, 'kept', 0, ['one'])
      client.close()
    },
    directory
  )
  const second = await dayOf(
    placement,
    {},
    async broker => {
      await broker.started
      const client = await connect(broker)
      await append(client, 'kept', 1, ['two'])
      broker.fail(new Error('the power is gone'))
      await broker.closed.catch(() => {})
      client.close()
    },
    directory
  )
  kept.delete(directory)
  const third = await dayOf(placement, {}, async broker => void (await broker.started), directory)
  return [first, second, third]
}

/** One of two log directories is lost while records come in, then the other one. */
export function brokenDay(placement: Placement): Promise<Day> {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-day-'))
  const dirs = [join(directory, 'a'), join(directory, 'b')]
  const overrides = { 'log.dirs': dirs.join(), 'log.segment.bytes': '1000' }
  return dayOf(
    placement,
    overrides,
    async broker => {
      await broker.started
      const client = await connect(broker)
      await createTopic(client, 'rolled', 4)
      let over = false
      const end = broker.closed.catch(() => {
        over = true
      })
      for (const dir of dirs.reverse()) {
        rmSync(dir, { recursive: true, force: true })
        for (let n = 0; n < 12 && !over; n++) {
          const sent = append(client, 'rolled', n % 4, ['r'.repeat(600)])
          await Promise.race([sent.catch(() => {}), end])
        }
      }
      await end
      client.close()
    },
    directory
  )
}
