// Goal: a topic works with its own values, else the broker's, by Kafka's precedence of units.
// Method: effective values for chosen broker settings and overrides.
import { describe, expect, test } from 'vitest'
import { loadBrokerConfig } from '../../src/config/broker-config.js'
import { logConfigOf, topicValue, validateTopicConfigs } from '../../src/config/topic-config.js'
import { defaultLogConfig, type LogConfig } from '../../src/storage/log-config.js'

const broker = (properties: Record<string, string> = {}) => loadBrokerConfig({ properties }).config

describe('the configuration of a log', () => {
  test("is Kafka's default when nobody says anything", () => {
    const config: LogConfig = logConfigOf(broker(), {})
    expect(config).toEqual(defaultLogConfig)
  })

  test('prefers the finer unit on the broker, and the topic over the broker', () => {
    const hours = { 'log.roll.hours': '2', 'log.retention.hours': '3' }
    expect(logConfigOf(broker(hours), {})).toMatchObject({ segmentMs: 7_200_000, retentionMs: 10_800_000 })
    const minutes = broker({ ...hours, 'log.roll.ms': '5000', 'log.retention.minutes': '1' })
    expect(logConfigOf(minutes, {})).toMatchObject({ segmentMs: 5000, retentionMs: 60_000 })
    expect(logConfigOf(minutes, { 'segment.ms': '7', 'retention.ms': '8' })).toMatchObject({
      segmentMs: 7,
      retentionMs: 8
    })
  })

  test('keeps for ever when the retention of the broker is negative', () => {
    expect(logConfigOf(broker({ 'log.retention.hours': '-5' }), {}).retentionMs).toBe(-1)
  })

  test('flushes by the interval of the scheduler when no other is set', () => {
    expect(logConfigOf(broker({ 'log.flush.scheduler.interval.ms': '50' }), {}).flushMs).toBe(50)
    const both = broker({ 'log.flush.scheduler.interval.ms': '50', 'log.flush.interval.ms': '70' })
    expect(logConfigOf(both, {}).flushMs).toBe(70)
  })

  test('bounds timestamps on each side by the difference unless the side has its own bound', () => {
    const overrides = { 'message.timestamp.difference.max.ms': '100', 'message.timestamp.before.max.ms': '5' }
    expect(logConfigOf(broker(), overrides)).toMatchObject({
      messageTimestampBeforeMaxMs: 5,
      messageTimestampAfterMaxMs: 100
    })
  })

  test('gives single values by name with their type', () => {
    const replicas: number = topicValue(broker({ 'min.insync.replicas': '2' }), {}, 'min.insync.replicas')
    expect(replicas).toBe(2)
  })
})

describe('topic configs of a client', () => {
  test('are good when every name and value is', () => {
    const good = {
      'segment.bytes': '1048576',
      'cleanup.policy': 'compact, delete',
      'message.format.version': '2.8'
    }
    expect(validateTopicConfigs(good, broker())).toBeUndefined()
  })

  test.each([
    [{ 'segment.byte': '1' }, 'Unknown topic config name: segment.byte'],
    [{ 'segment.bytes': 'x' }, 'Invalid value x for configuration segment.bytes: Not a number of type INT'],
    [
      { 'segment.bytes': '13' },
      'Invalid value 13 for configuration segment.bytes: Value must be at least 14'
    ],
    [{ 'retention.ms': '-2' }, 'Invalid value -2 for configuration retention.ms: Value must be at least -1'],
    [{ 'remote.storage.enable': 'true' }, 'Tiered Storage functionality is disabled'],
    [{ 'min.compaction.lag.ms': '9', 'max.compaction.lag.ms': '8' }, 'conflict topic config setting'],
    [{ 'leader.replication.throttled.replicas': '1' }, 'Invalid value 1 for configuration leader']
  ])('%j is refused in a sentence', (configs, reason) => {
    expect(validateTopicConfigs(configs, broker())?.reason).toContain(reason)
    expect(validateTopicConfigs(configs, broker())?.name).toBe(Object.keys(configs)[0])
  })
})
