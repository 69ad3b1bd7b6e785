// Goal: what brokers are told while they run lies over the file in Kafka's order, is checked as Kafka checks it, and is
// described with where it came from. Method: a configuration adopts what a tree would hold; any sequence of changes against
// a plain look-up over the levels.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadBrokerConfig } from '../../src/config/broker-config.js'
import { describeBroker, describeClusterDefault, describeTopic } from '../../src/config/describe.js'
import { brokerChangeFault } from '../../src/config/dynamic-change.js'
import type { BrokerEntity } from '../../src/config/dynamic-layer.js'
import { stepped } from '../../src/config/incremental.js'
import { logConfigOf, topicDefinition } from '../../src/config/topic-config.js'

type Texts = Record<string, string>

const broker = (properties: Texts = {}, ofBroker: Texts = {}, ofAll: Texts = {}) => {
  const { config } = loadBrokerConfig({ file: 'server.properties', properties })
  config.adopt({ broker: ofBroker, clusterDefault: ofAll })
  return config
}

describe('the effective configuration', () => {
  test('I-54: of any sequence of changes the effective value is that of the highest level that has one', () => {
    const names = ['num.io.threads', 'message.max.bytes', 'max.connections'] as const
    const texts = fc.dictionary(
      fc.constantFrom(...names),
      fc.integer({ min: 1, max: 1000 }).map(n => String(n))
    )
    const untouched = broker()
    const states = fc.array(fc.record({ broker: texts, clusterDefault: texts }), { minLength: 1 })
    fc.assert(
      fc.property(texts, states, (properties, changes) => {
        const config = broker(properties)
        for (const change of changes) {
          expect(config.adopt(change)).toEqual([])
          for (const name of names) {
            const text = change.broker[name] ?? change.clusterDefault[name] ?? properties[name]
            expect(config.text(name)).toBe(text ?? untouched.text(name))
          }
        }
      }),
      { numRuns: 200 }
    )
  })

  test('a dynamic value takes the coarser units of the file with it', () => {
    const config = broker({ 'log.retention.hours': '2', 'log.retention.minutes': '7' })
    expect(logConfigOf(config, {}).retentionMs).toBe(420_000)
    config.adopt({ broker: {}, clusterDefault: { 'log.retention.ms': '5000' } })
    expect(logConfigOf(config, {}).retentionMs).toBe(5000)
    expect(config.get('log.retention.hours')).toBe(168)
    config.adopt({ broker: {}, clusterDefault: {} })
    expect(logConfigOf(config, {}).retentionMs).toBe(420_000)
  })

  test('a listener has its own limit before that of all brokers and of the file', () => {
    const name = 'listener.name.plaintext.max.connections'
    const config = broker({ [name]: '50' })
    const limit = () => config.forListener('PLAINTEXT', 'max.connections')
    expect(limit()).toBe(50)
    config.adopt({ broker: {}, clusterDefault: { [name]: '40' } })
    expect(limit()).toBe(40)
    config.adopt({ broker: { [name]: '30' }, clusterDefault: { [name]: '40' } })
    expect(limit()).toBe(30)
  })

  test('addresses have the limits that were set last', () => {
    const config = broker()
    config.adopt({ broker: {}, clusterDefault: { 'max.connections.per.ip.overrides': '10.0.0.1:5' } })
    expect([...config.connectionsByHost]).toEqual([['10.0.0.1', 5]])
  })

  test('what cannot hold is left out with its reason, and the rest holds', () => {
    const config = broker()
    const ignored = config.adopt({
      broker: { 'num.partitions': '9', 'num.io.threads': 'many', 'message.max.bytes': '77' },
      clusterDefault: { 'listener.name.plaintext.ssl.keystore.type': 'JKS' }
    })
    expect(ignored).toHaveLength(3)
    expect([config.get('num.partitions'), config.get('num.io.threads')]).toEqual([1, 8])
    expect(config.get('message.max.bytes')).toBe(77)
  })

  test('a trial leaves the configuration as it is', () => {
    const config = broker()
    expect(config.with({ broker: { 'num.io.threads': '9' }, clusterDefault: {} }).get('num.io.threads')).toBe(
      9
    )
    expect(config.get('num.io.threads')).toBe(8)
  })
})

describe('a change of the brokers is refused', () => {
  const fault = (texts: Texts, entity: BrokerEntity = 'broker', config = broker()) =>
    brokerChangeFault(config, entity, texts)

  test.each<[string, Texts, BrokerEntity, RegExp | undefined]>([
    ['not, when it may', { 'num.io.threads': '16' }, 'broker', undefined],
    ['not, when nobody knows the name', { 'my.plugin.key': 'x' }, 'clusterDefault', undefined],
    [
      'for what is read at the start',
      { 'num.partitions': '2' },
      'broker',
      /dynamically: Set\(num.partitions\)/
    ],
    ['for listeners', { listeners: 'PLAINTEXT://:1' }, 'broker', /dynamically: Set\(listeners\)/],
    ['for security without a listener', { 'ssl.keystore.type': 'JKS' }, 'broker', /only per-listener/],
    ['for security of a listener', { 'listener.name.a.ssl.keystore.type': 'JKS' }, 'broker', /cannot honour/],
    ['for what else protects', { 'super.users': 'User:a' }, 'broker', /cannot honour/],
    [
      'for a listener of all brokers',
      { 'listener.name.a.ssl.keystore.type': 'J' },
      'clusterDefault',
      /id must/
    ],
    ['for no number', { 'log.segment.bytes': 'x' }, 'broker', /Invalid value x for .*: Not a number/],
    ['out of range', { 'log.segment.bytes': '1' }, 'broker', /Value must be at least 14/],
    ['out of range of a listener', { 'listener.name.a.num.network.threads': '0' }, 'broker', /at least 1/],
    [
      'out of range without a static form',
      { 'leader.replication.throttled.rate': '-1' },
      'broker',
      /at least 0/
    ],
    ['for values that do not go together', { 'max.connections.per.ip': '0' }, 'clusterDefault', /overrides/],
    ['below half', { 'num.io.threads': '3' }, 'broker', /at least half the current value 8/],
    ['above double', { 'num.network.threads': '7' }, 'clusterDefault', /double the current value 3/],
    [
      'above double of one listener',
      { 'listener.name.plaintext.num.network.threads': '7' },
      'broker',
      /double/
    ],
    ['for two threads of cleaning more', { 'log.cleaner.threads': '3' }, 'broker', /double the current/]
  ])('%s', (_, texts, entity, reason) => {
    if (reason === undefined) expect(fault(texts, entity)).toBeUndefined()
    else expect(fault(texts, entity)).toMatch(reason)
  })

  test('by the first of its faults, whatever else is good', () => {
    expect(fault({ 'message.max.bytes': '9', 'num.partitions': '2', 'log.segment.bytes': '1' })).toMatch(
      /num.partitions/
    )
  })

  test('not, when a higher level hides it', () => {
    const config = broker({}, { 'num.io.threads': '12' })
    expect(fault({ 'num.io.threads': '1' }, 'clusterDefault', config)).toBeUndefined()
    expect(fault({}, 'broker', broker({}, { 'num.io.threads': '20' }))).toMatch(/half the current value 20/)
  })
})

describe('a step', () => {
  const next = (
    stored: Texts,
    op: 'set' | 'delete' | 'append' | 'subtract',
    value = '',
    name = 'cleanup.policy'
  ) =>
    stepped(stored, [{ name, op, value }], key =>
      key === 'nobody.knows' ? undefined : topicDefinition(key === 'segment.ms' ? key : 'cleanup.policy')
    )

  test.each<[Texts, 'set' | 'delete' | 'append' | 'subtract', string, Texts]>([
    [{}, 'set', 'compact', { 'cleanup.policy': 'compact' }],
    [{ 'cleanup.policy': 'compact' }, 'delete', '', {}],
    [{}, 'delete', '', {}],
    [{}, 'append', 'compact', { 'cleanup.policy': 'delete,compact' }],
    [{ 'cleanup.policy': 'compact' }, 'append', 'compact,delete', { 'cleanup.policy': 'compact,delete' }],
    [{ 'cleanup.policy': 'compact,delete' }, 'subtract', 'compact', { 'cleanup.policy': 'delete' }],
    [{}, 'subtract', 'delete', { 'cleanup.policy': '' }]
  ])('from %j by %s %s leads to %j', (stored, op, value, texts) => {
    expect(next(stored, op, value)).toEqual({ texts })
  })

  test('into a list is refused where there is none', () => {
    expect(next({}, 'append', '5', 'segment.ms')).toHaveProperty('fault')
    expect(next({}, 'subtract', '5', 'nobody.knows')).toHaveProperty('fault')
  })
})

describe('described', () => {
  const all = () =>
    broker(
      { 'log.retention.hours': '2' },
      { 'log.retention.ms': '-1', 'my.plugin.key': 'x' },
      { 'log.retention.ms': '5000', 'leader.replication.throttled.rate': '7' }
    )

  test('a broker shows every level of a value, highest first', () => {
    expect(describeBroker(all(), ['log.retention.ms'])[0]).toMatchObject({
      value: '-1',
      configSource: 2,
      readOnly: false,
      synonyms: [
        { name: 'log.retention.ms', value: '-1', source: 2 },
        { name: 'log.retention.ms', value: '5000', source: 3 },
        { name: 'log.retention.hours', value: '2', source: 4 },
        { name: 'log.retention.hours', value: '168', source: 5 }
      ]
    })
  })

  test('a topic inherits them', () => {
    expect(describeTopic(all(), {}, ['retention.ms'])[0]).toMatchObject({ value: '-1', configSource: 2 })
  })

  test('the default of all brokers has only what is stored for it', () => {
    expect(describeClusterDefault(all())).toMatchObject([
      { name: 'log.retention.ms', value: '5000', configSource: 3, synonyms: [{ source: 3 }] },
      { name: 'leader.replication.throttled.rate', value: '7', configSource: 3, configType: 5 }
    ])
    expect(describeClusterDefault(broker())).toEqual([])
  })

  test('nobody is shown what only a plug-in knows', () => {
    expect(describeBroker(all(), ['my.plugin.key'])[0]).toMatchObject({
      value: null,
      isSensitive: true,
      configSource: 2
    })
  })

  test('what protects is read-only here, since nothing would honour it', () => {
    expect(describeBroker(broker(), ['ssl.keystore.type'])[0]?.readOnly).toBe(true)
    expect(describeBroker(broker(), ['advertised.listeners'])[0]?.readOnly).toBe(true)
  })
})
