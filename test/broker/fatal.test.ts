// Goal: a worker thread that dies ends the broker: cause logged, listeners closed, no clean-shutdown marker, no restart.
// Method: a broker with one worker; the worker is terminated from outside while a client is connected.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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
const { startBroker }: typeof import('../../src/index.js') = await import(from('index.js'))

// The stop asks the worker's Processors to end: an answer that never comes.
test('a worker that dies while the broker stops does not keep it from ending', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-fatal-'))
  const overrides = {
    'odradek.placement': 'perCore',
    'odradek.workers': '1',
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'log.dirs': join(directory, 'data')
  }
  const { config } = loadBrokerConfig({ overrides })
  const broker = new Broker({ config, sink: { level: 'info', write: () => {} }, pool: openWorkerPool(1) })
  await broker.started
  const [worker] = broker.parts.threads?.workers ?? []
  const gone = worker?.terminate()
  broker.stop()
  await gone
  await expect(broker.closed).rejects.toThrow()
  expect(broker.state).toBe('failed')
  expect(existsSync(join(directory, 'data', '.kafka_cleanshutdown'))).toBe(false)
  rmSync(directory, { recursive: true, force: true })
})

test.each(['perCore', 'networkOnMain'])('a dying worker of a broker placed %s is fatal', async placement => {
  const directory = mkdtempSync(join(tmpdir(), 'odradek-fatal-'))
  const logDir = join(directory, 'data')
  const overrides = {
    'odradek.placement': placement,
    'odradek.workers': '1',
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'log.dirs': logDir
  }
  const lines: string[] = []
  const { config } = loadBrokerConfig({ overrides })
  const sink = { level: 'info' as const, write: (line: string) => void lines.push(line) }
  const broker = new Broker({ config, sink, pool: openWorkerPool(1) })
  await broker.started
  const client = await WireClient.connect(broker.bootstrapServers)
  await createTopic(client, 'kept')
  await append(client, 'kept', 0, ['before'])
  const [worker] = broker.parts.threads?.workers ?? []
  const begun = performance.now()
  await worker?.terminate()
  await expect(broker.closed).rejects.toThrow()
  expect(performance.now() - begun).toBeLessThan(10_000)
  expect(broker.state).toBe('failed')
  expect(lines.some(line => line.includes('FATAL'))).toBe(true)
  await expect(WireClient.connect(broker.bootstrapServers)).rejects.toThrow()
  expect(existsSync(join(logDir, '.kafka_cleanshutdown'))).toBe(false)
  client.close()
  const again = await startBroker({ overrides: { 'log.dirs': logDir } })
  const reader = await WireClient.connect(again.bootstrapServers)
  expect((await readAll(reader, 'kept', 0)).map(({ value }) => value)).toEqual(['before'])
  reader.close()
  await again.close()
  expect(existsSync(join(logDir, '.kafka_cleanshutdown'))).toBe(true)
  rmSync(directory, { recursive: true, force: true })
})
