// Goal: DescribeConfigs prints what Kafka 3.9 prints. Method: chosen entries of topics and brokers, with synonyms.
import { describe, expect, test } from 'vitest'
import { loadBrokerConfig } from '../../src/config/broker-config.js'
import { describeBroker, describeTopic } from '../../src/config/describe.js'

const broker = (properties: Record<string, string> = {}) =>
  loadBrokerConfig({ file: 'server.properties', properties }).config

describe('a described topic', () => {
  test('has 36 entries, none of them read-only', () => {
    const entries = describeTopic(broker(), {})
    expect(entries).toHaveLength(36)
    expect(entries.some(({ readOnly }) => readOnly)).toBe(false)
  })

  test('shows its own value before what the broker says, in the unit of each name', () => {
    const [entry] = describeTopic(broker({ 'log.retention.ms': '60000' }), { 'retention.ms': '5' }, [
      'retention.ms'
    ])
    expect(entry).toMatchObject({
      name: 'retention.ms',
      value: '5',
      configSource: 1,
      configType: 5,
      isSensitive: false
    })
    expect(entry?.synonyms).toEqual([
      { name: 'retention.ms', value: '5', source: 1 },
      { name: 'log.retention.ms', value: '60000', source: 4 },
      { name: 'log.retention.hours', value: '168', source: 5 }
    ])
  })

  test('has the value of a coarser unit without its name: Kafka drops what stands before the first name', () => {
    const [entry] = describeTopic(broker({ 'log.retention.hours': '2' }), {}, ['retention.ms'])
    expect(entry).toMatchObject({ value: '7200000', configSource: 5, synonyms: [] })
  })

  test.each([
    ['flush.messages', '9223372036854775807', 5],
    ['min.cleanable.dirty.ratio', '0.5', 6],
    ['cleanup.policy', 'delete', 7],
    ['preallocate', 'false', 1],
    ['compression.type', 'producer', 2],
    ['follower.replication.throttled.replicas', '', 7]
  ])('prints the default of %s as Java does', (name, value, configType) => {
    expect(describeTopic(broker(), {}, [name])).toMatchObject([{ name, value, configType, configSource: 5 }])
  })

  test('leaves out names that there are not, and shows all when none is asked for', () => {
    expect(
      describeTopic(broker(), {}, ['nothing', 'segment.ms', 'segment.ms']).map(({ name }) => name)
    ).toEqual(['segment.ms'])
    expect(describeTopic(broker(), {}, [])).toHaveLength(36)
  })
})

describe('a described broker', () => {
  const one = (name: string, properties: Record<string, string> = {}) =>
    describeBroker(broker(properties), [name])[0]

  test('does not show what Kafka hides', () => {
    const names = describeBroker(broker()).map(({ name }) => name)
    expect(names).toContain('num.io.threads')
    expect(names).toContain('log.flush.acks')
    expect(names).not.toContain('log.initial.task.delay.ms')
    expect(new Set(names).size).toBe(names.length)
  })

  test('says what may change while it runs', () => {
    expect(one('num.partitions')?.readOnly).toBe(true)
    expect(one('num.io.threads')?.readOnly).toBe(false)
  })

  test('has no value and a secret where a password belongs', () => {
    expect(one('ssl.keystore.password')).toMatchObject({
      value: null,
      isSensitive: true,
      configType: 9,
      configSource: 5
    })
  })

  test('keeps an unknown property to itself, since it may be a secret', () => {
    expect(one('my.plugin.key', { 'my.plugin.key': 'x' })).toMatchObject({
      value: null,
      isSensitive: true,
      configType: 0
    })
  })

  test('drops the synonyms that stand before the name', () => {
    expect(one('log.roll.hours', { 'log.roll.ms': '5', 'log.roll.hours': '1' })).toMatchObject({
      value: '1',
      synonyms: [
        { name: 'log.roll.hours', value: '1', source: 4 },
        { name: 'log.roll.hours', value: '168', source: 5 }
      ]
    })
    expect(one('log.retention.minutes')).toMatchObject({ value: null, synonyms: [], configSource: 5 })
  })

  test('shows the value of one listener with that of the broker behind it', () => {
    const name = 'listener.name.plaintext.max.connections'
    expect(one(name, { [name]: '5' })).toMatchObject({
      value: '5',
      synonyms: [
        { name, value: '5', source: 4 },
        { name: 'max.connections', source: 5 }
      ]
    })
  })

  test('prints doubles as Java does', () => {
    expect(one('log.cleaner.io.max.bytes.per.second')?.value).toBe('1.7976931348623157E308')
    expect(one('log.cleaner.io.buffer.load.factor')?.value).toBe('0.9')
  })
})
