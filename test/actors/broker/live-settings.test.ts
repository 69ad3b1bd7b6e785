// Goal: no property is described as one that may change while the broker runs unless something goes by the new value.
// Method: the names of what is applied against the update modes of the definitions, both ways.
import { expect, test } from 'vitest'
import {
  atNextStart,
  type MainParts,
  mainSettings,
  threadSettings,
  topicDefaults
} from '../../../src/actors/broker/live-settings.js'
import { loadBrokerConfig } from '../../../src/config/broker-config.js'
import { brokerDefinition, brokerDefinitions, isBrokerConfig } from '../../../src/config/definitions.js'
import { isDynamic } from '../../../src/config/dynamic-layer.js'

const all = Object.keys(brokerDefinitions).filter(isBrokerConfig)
const applied = new Set([
  ...[...mainSettings, ...threadSettings].flatMap(({ names }) => names),
  ...topicDefaults,
  ...atNextStart
])

test('whatever is honoured and may change is applied', () => {
  const dynamic = all.filter(name => isDynamic(name) && brokerDefinition(name).support === 'honoured')
  expect(dynamic.filter(name => !applied.has(name))).toEqual([])
  expect(dynamic.length).toBeGreaterThan(20)
})

test('whatever is applied may change, except coarser units and names that are only asked at the start', () => {
  const fixed = [...applied].filter(name => !isDynamic(name))
  expect(fixed.sort()).toEqual([
    'log.flush.scheduler.interval.ms',
    'log.message.format.version',
    'log.retention.hours',
    'log.retention.minutes',
    'log.roll.hours',
    'log.roll.jitter.hours'
  ])
})

const changed = () => {
  const { config } = loadBrokerConfig({ file: 'server.properties' })
  const clusterDefault = {
    'num.io.threads': '9',
    'num.network.threads': '4',
    'max.connections': '77',
    'odradek.slow.request.ms': '33',
    'odradek.trace': 'all',
    'producer.id.expiration.ms': '44',
    'log.flush.acks': 'true'
  }
  expect(config.adopt({ broker: {}, clusterDefault })).toEqual([])
  return config
}

test('the main thread resizes pools, limits connections and keeps as much of its steps as it is told', async () => {
  const seen: unknown[] = []
  const parts: MainParts = {
    handlers: { resize: loops => void seen.push(loops) },
    network: {
      ownThread: undefined,
      reconfigure: async ({ listeners, quotas }) => {
        seen.push([listeners[0]?.processors, quotas.maxConnections])
      }
    },
    trace: { want: level => void seen.push(level) }
  }
  for (const { apply } of mainSettings) await apply(parts, changed())
  expect(seen).toEqual([9, [4, 77], 'all'])
})

test('each thread tells its own parts', async () => {
  const seen: unknown[] = []
  const parts = {
    network: { figures: { slowMs: 0 } },
    logs: { expireProducersAfter: (ms: number) => void seen.push(ms) },
    shard: { flushAcks: false },
    trace: { want: (level: string) => void seen.push(level) }
  }
  for (const { apply } of threadSettings) await apply(parts, changed())
  expect(seen.sort()).toEqual([44, 'all'])
  expect([parts.network.figures.slowMs, parts.shard.flushAcks]).toEqual([33, true])
})

test('what has not started yet is left out', async () => {
  const nothing = { network: undefined, logs: undefined, shard: undefined, handlers: undefined }
  const trace = { want: () => {} }
  for (const { apply } of mainSettings) await apply({ ...nothing, trace }, changed())
  for (const { apply } of threadSettings) await apply({ ...nothing, trace: undefined }, changed())
})

test('nothing that protects may change, since nothing would honour it', () => {
  expect(all.filter(name => brokerDefinition(name).support === 'protects' && isDynamic(name))).toEqual([])
})
