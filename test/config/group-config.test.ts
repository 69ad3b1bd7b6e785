// Goal: a consumer group's own configuration is checked and shown as Kafka 4.0 does it. Method: chosen texts against a broker's
// properties.
import { describe, expect, test } from 'vitest'
import { loadBrokerConfig } from '../../src/config/broker-config.js'
import { describeGroup } from '../../src/config/describe.js'
import { groupConfigFault, groupValue } from '../../src/config/group-config.js'

const broker = (properties: Record<string, string> = {}) =>
  loadBrokerConfig({ file: 'server.properties', properties }).config

const session = 'consumer.session.timeout.ms'
const heartbeat = 'consumer.heartbeat.interval.ms'

describe('a group', () => {
  test('goes by its own value, else by the broker’s', () => {
    const config = broker({ 'group.consumer.session.timeout.ms': '50000' })
    expect(groupValue(config, { [session]: '46000' }, session)).toBe(46_000)
    expect(groupValue(config, {}, session)).toBe(50_000)
    expect(groupValue(config, {}, heartbeat)).toBe(5_000)
  })

  test.each<[Record<string, string>, RegExp | undefined]>([
    [{}, undefined],
    [{ [session]: '45000', [heartbeat]: '15000' }, undefined],
    [{ 'share.session.timeout.ms': '45000' }, /^Unknown group config name: share\.session\.timeout\.ms$/],
    [{ [session]: 'long' }, /^Invalid value long for configuration consumer\.session\.timeout\.ms: /],
    [{ [session]: '0' }, /^Invalid value 0 for .*: Value must be at least 1$/],
    [{ [session]: '44999' }, /^consumer\.session.* greater than or equal to group\.consumer\.min\.session/],
    [{ [session]: '60001' }, /^consumer\.session.* less than or equal to group\.consumer\.max\.session/],
    [{ [heartbeat]: '4999' }, /^consumer\.heartbeat.* greater than or equal to group\.consumer\.min\.heart/],
    [{ [heartbeat]: '15001' }, /^consumer\.heartbeat.* less than or equal to group\.consumer\.max\.heartbeat/]
  ])('may have %o unless there is a reason: %s', (overrides, reason) => {
    const fault = groupConfigFault(broker(), overrides)
    if (reason === undefined) expect(fault).toBeUndefined()
    else expect(fault).toMatch(reason)
  })

  test('has a session that outlasts a heartbeat', () => {
    const config = broker({
      'group.consumer.min.session.timeout.ms': '1000',
      'group.consumer.min.heartbeat.interval.ms': '1000'
    })
    expect(groupConfigFault(config, { [session]: '6000', [heartbeat]: '6000' })).toBe(
      'consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms'
    )
    expect(groupConfigFault(config, { [session]: '6001', [heartbeat]: '6000' })).toBeUndefined()
  })

  test('is described with its own value, or the broker’s as if it were the default', () => {
    const config = broker({ 'group.consumer.session.timeout.ms': '50000' })
    expect(describeGroup(config, { [heartbeat]: '6000' })).toMatchObject([
      {
        name: heartbeat,
        value: '6000',
        configSource: 8,
        configType: 3,
        readOnly: false,
        synonyms: [{ name: heartbeat, value: '6000', source: 8 }]
      },
      {
        name: session,
        value: '50000',
        configSource: 5,
        synonyms: [{ name: session, value: '50000', source: 5 }]
      }
    ])
  })
})
