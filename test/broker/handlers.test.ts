// Goal: num.io.threads counts loops; every one runs, spread over the workers, none waits in the pool's own queue; the number
// changes while requests flow. Method: a whole broker, its gauges, and clients that do not stop.
import { expect, test } from 'vitest'
import { idlePercent, sumOfGauges } from '../../src/actors/handlers/idle-percent.js'
import { WireClient } from '../support/wire-client.js'
import { append, createTopic, readAll } from './support.js'

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

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await holds()) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  expect.fail('it never held')
}

test.each([1, 2])(
  'eight loops run on %d workers, and twelve, and six, while clients produce',
  async workers => {
    const directory = temporaryLogDir()
    const overrides = {
      'odradek.workers': String(workers),
      listeners: 'PLAINTEXT://127.0.0.1:0',
      'log.dirs': directory.path
    }
    const { config } = loadBrokerConfig({ overrides })
    const broker = new Broker({
      config,
      sink: { level: 'fatal', write: () => {} },
      pool: openWorkerPool(workers)
    })
    await broker.started
    const { threads, handlers } = broker.parts
    if (threads === undefined || handlers === undefined) throw new Error('the broker runs')
    const loops = async (): Promise<number[]> => (await threads.gauges()).map(gauges => gauges.loops)
    await until(async () => (await loops()).every(count => count === 8 / workers))
    expect(threads.queued).toBe(0)
    const before = sumOfGauges(await threads.gauges())
    const clients = await Promise.all([0, 1, 2].map(() => WireClient.connect(broker.bootstrapServers)))
    const [first] = clients
    if (first === undefined) throw new Error('no client')
    await createTopic(first, 'busy', 3)
    let over = false
    const work = clients.map(async (client, partition) => {
      let sent = 0
      for (; !over; sent++) await append(client, 'busy', partition, [`${sent}`], 1)
      return sent
    })
    handlers.resize(12)
    await until(async () => sumOfGauges(await threads.gauges()).loops === 12)
    expect(threads.queued).toBe(0)
    handlers.resize(6)
    await until(async () => sumOfGauges(await threads.gauges()).loops === 6)
    expect(() => handlers.resize(40)).toThrow(/half and double/)
    const steady = sumOfGauges(await threads.gauges())
    await new Promise(resolve => setTimeout(resolve, 200))
    const share = idlePercent(steady, sumOfGauges(await threads.gauges()))
    expect(share).toBeGreaterThan(0.3)
    expect(share).toBeLessThan(1)
    over = true
    const sent = await Promise.all(work)
    const after = sumOfGauges(await threads.gauges())
    expect(after.handled - before.handled).toBeGreaterThanOrEqual(sent.reduce((sum, count) => sum + count, 0))
    for (const [partition, count] of sent.entries()) {
      expect((await readAll(first, 'busy', partition)).map(({ value }) => Number(value))).toEqual(
        Array.from({ length: count }, (_, n) => n)
      )
    }
    for (const client of clients) client.close()
    broker.stop()
    await broker.closed
    directory.remove()
  }
)
