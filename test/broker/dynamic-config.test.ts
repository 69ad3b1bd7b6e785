// Goal: what is altered while a broker runs is in force everywhere when the answer comes, and again after a start.
// Method: whole brokers, in one thread and on two workers, altered over the wire; effects are seen by other clients.
import { afterEach, describe, expect, test } from 'vitest'
import { errorCode } from '../../src/protocol/error-codes.js'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse
} from '../../src/protocol/messages/incremental-alter-configs.js'
import { WireClient } from '../support/wire-client.js'
import { batchOf, createTopic, produce } from './support.js'

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
const { temporaryLogDir }: typeof import('../../src/storage/temporary-log-dir.js') = await import(
  from('storage/temporary-log-dir.js')
)
const { entriesOf }: typeof import('../../src/actors/runtime/trace.js') = await import(
  from('actors/runtime/trace.js')
)

type Running = InstanceType<typeof Broker>

const ends: Array<() => Promise<void> | void> = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function newDirectory(): string {
  const directory = temporaryLogDir()
  ends.push(() => directory.remove())
  return directory.path
}

async function start(placement: string, directory: string): Promise<Running> {
  const workers = placement === 'inline' ? 0 : 2
  const overrides = {
    'broker.id': '1',
    'odradek.placement': placement,
    'odradek.workers': String(workers),
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'log.dirs': directory
  }
  const { config } = loadBrokerConfig({ overrides })
  const pool = workers === 0 ? undefined : openWorkerPool(workers)
  const broker = new Broker({ config, sink: { level: 'fatal', write: () => {} }, pool })
  await broker.started
  ends.push(() => stop(broker))
  return broker
}

async function stop(broker: Running): Promise<void> {
  broker.stop()
  await broker.closed
}

async function connect(broker: Running): Promise<WireClient> {
  const client = await WireClient.connect(broker.bootstrapServers)
  ends.push(() => client.close())
  return client
}

/** `to`: null takes the value away. */
async function alter(
  client: WireClient,
  [resourceType, resourceName]: readonly [number, string],
  to: Readonly<Record<string, string | null>>
): Promise<number | undefined> {
  const configs = Object.entries(to).map(([name, value]) => ({
    name,
    configOperation: value === null ? 1 : 0,
    value
  }))
  const schemas = [incrementalAlterConfigsRequest, incrementalAlterConfigsResponse] as const
  const { responses } = await client.request(schemas, 1, {
    resources: [{ resourceType, resourceName, configs }]
  })
  return responses[0]?.errorCode
}

const topic = (name: string) => [2, name] as const
const broker1 = [4, '1'] as const
const allBrokers = [4, ''] as const

/** Error codes of a record of 2,000 bytes onto each of six partitions. */
async function sizes(client: WireClient, name: string): Promise<Set<number | undefined>> {
  const codes = new Set<number | undefined>()
  for (let index = 0; index < 6; index++) {
    const records = batchOf(['x'.repeat(2000)])
    const { responses } = await client.request(produce, 9, {
      acks: 1,
      timeoutMs: 10_000,
      topicData: [{ name, partitionData: [{ index, records }] }]
    })
    codes.add(responses[0]?.partitionResponses[0]?.errorCode)
  }
  return codes
}

const fits = new Set([0])
const tooLarge = new Set([errorCode('MESSAGE_TOO_LARGE')])

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  expect.fail('it never held')
}

const isRefused = async (broker: Running): Promise<boolean> => {
  const client = await WireClient.connect(broker.bootstrapServers)
  const answer = client.request(produce, 9, { acks: 1, topicData: [] }).then(
    () => false,
    () => true
  )
  return answer.finally(() => client.close())
}

describe.each(['inline', 'perCore'])('placed %s', { timeout: 60_000 }, placement => {
  test('a topic, all brokers and one of them say what a record may weigh, the nearest first', async () => {
    const directory = newDirectory()
    let broker = await start(placement, directory)
    let client = await connect(broker)
    await createTopic(client, 'own', 6)
    await createTopic(client, 'inherits', 6)
    expect(await alter(client, topic('own'), { 'max.message.bytes': '1000' })).toBe(0)
    expect([await sizes(client, 'own'), await sizes(client, 'inherits')]).toEqual([tooLarge, fits])
    expect(await alter(client, allBrokers, { 'message.max.bytes': '1000' })).toBe(0)
    expect(await alter(client, topic('own'), { 'max.message.bytes': '9000' })).toBe(0)
    expect([await sizes(client, 'own'), await sizes(client, 'inherits')]).toEqual([fits, tooLarge])
    await stop(broker)
    broker = await start(placement, directory)
    client = await connect(broker)
    expect([await sizes(client, 'own'), await sizes(client, 'inherits')]).toEqual([fits, tooLarge])
    await createTopic(client, 'new', 6)
    expect(await sizes(client, 'new')).toEqual(tooLarge)
    expect(await alter(client, broker1, { 'message.max.bytes': '9000' })).toBe(0)
    expect(await sizes(client, 'inherits')).toEqual(fits)
    expect(await alter(client, broker1, { 'message.max.bytes': null })).toBe(0)
    expect(await alter(client, topic('own'), { 'max.message.bytes': null })).toBe(0)
    expect([await sizes(client, 'own'), await sizes(client, 'inherits')]).toEqual([tooLarge, tooLarge])
  })

  test('handler loops and Processors come and go, and as many are there after a start', async () => {
    const directory = newDirectory()
    let broker = await start(placement, directory)
    let client = await connect(broker)
    const count = async (): Promise<number> => {
      const { answers = [] } = (await broker.parts.threads?.looks()) ?? {}
      const own = broker.parts.network?.ownProcessors ?? []
      return own.length + answers.flatMap(({ processors }) => processors).length
    }
    expect([broker.parts.handlers?.loops, await count()]).toEqual([8, 3])
    expect(await alter(client, broker1, { 'num.io.threads': '16', 'num.network.threads': '6' })).toBe(0)
    await until(async () => broker.parts.handlers?.loops === 16 && (await count()) === 6)
    expect(await alter(client, broker1, { 'num.io.threads': '7' })).toBe(errorCode('INVALID_REQUEST'))
    await stop(broker)
    broker = await start(placement, directory)
    expect([broker.parts.handlers?.loops, await count()]).toEqual([16, 6])
    client = await connect(broker)
    expect(await alter(client, broker1, { 'num.io.threads': null, 'num.network.threads': '3' })).toBe(0)
    await until(async () => broker.parts.handlers?.loops === 8 && (await count()) === 3)
    await createTopic(await connect(broker), 'after', 6)
  })

  test('limits of connections hold for the next one', async () => {
    const broker = await start(placement, newDirectory())
    const client = await connect(broker)
    expect(await isRefused(broker)).toBe(false)
    expect(await alter(client, allBrokers, { 'max.connections.per.ip': '1' })).toBe(0)
    await until(() => isRefused(broker))
    expect(await alter(client, allBrokers, { 'max.connections.per.ip.overrides': '127.0.0.1:2' })).toBe(0)
    await until(async () => !(await isRefused(broker)))
  })

  test('the trace begins with requests when it is told to, and ends again', async () => {
    const broker = await start(placement, newDirectory())
    const client = await connect(broker)
    const detailed = async (): Promise<number> => {
      await createTopic(client, 'traced', 6)
      const traces = await broker.trace()
      return traces.flatMap(trace => [...entriesOf(trace)]).filter(({ actor }) => actor.level === 'all')
        .length
    }
    const before = await detailed()
    expect(await alter(client, allBrokers, { 'odradek.trace': 'all' })).toBe(0)
    const during = await detailed()
    expect(during).toBeGreaterThan(before)
    expect(await alter(client, allBrokers, { 'odradek.trace': null })).toBe(0)
    const after = await detailed()
    expect(await detailed()).toBe(after)
  })
})
