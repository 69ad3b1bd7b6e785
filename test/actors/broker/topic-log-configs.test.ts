// Goal: logs go by new values when their topic's change or what it inherits does, and are left alone otherwise. Method:
// deltas as a controller publishes them, over logs that count.
import { expect, test } from 'vitest'
import { TopicLogConfigs } from '../../../src/actors/broker/topic-log-configs.js'
import {
  applyDelta,
  emptyImage,
  type MetadataDelta,
  type MetadataImage
} from '../../../src/actors/controller/metadata-image.js'
import { loadBrokerConfig } from '../../../src/config/broker-config.js'
import type { DynamicConfigs } from '../../../src/config/dynamic-layer.js'
import type { LogConfig } from '../../../src/storage/log-config.js'
import { topicId, topicInfo } from '../apis/harness.js'

function world() {
  const { config } = loadBrokerConfig({ file: 'server.properties' })
  const updates: Array<[log: string, segmentBytes: number]> = []
  const find = (topic: string, partition: number) => ({
    updateConfig: ({ segmentBytes }: LogConfig) => void updates.push([`${topic}-${partition}`, segmentBytes])
  })
  const logs = new TopicLogConfigs(config, { find })
  let image: MetadataImage = emptyImage
  return {
    /** What it changed at which logs. */
    apply(more: Partial<MetadataDelta>): unknown {
      const delta = { version: image.version + 1, full: false, topics: [], deletedTopics: [], ...more }
      image = applyDelta(image, delta)
      if (delta.brokerConfigs !== undefined) config.adopt(delta.brokerConfigs)
      logs.applied(image, delta)
      return updates.splice(0)
    }
  }
}

const topic = (name: string, id: number, segmentBytes?: number) => ({
  ...topicInfo(name, topicId(id), 2),
  configs: segmentBytes === undefined ? {} : { 'segment.bytes': String(segmentBytes) }
})

const forAll = (texts: DynamicConfigs['clusterDefault']) => ({
  brokerConfigs: { broker: {}, clusterDefault: texts }
})

test('a topic that is new has opened its logs with what it says', () => {
  expect(world().apply({ topics: [topic('a', 1, 500)] })).toEqual([])
})

test('every log of a topic goes by a value that has changed, and by none that has not', () => {
  const { apply } = world()
  apply({ topics: [topic('a', 1), topic('b', 2)] })
  expect(apply({ topics: [topic('a', 1)] })).toEqual([])
  expect(apply({ topics: [topic('a', 1, 500)] })).toEqual([
    ['a-0', 500],
    ['a-1', 500]
  ])
  expect(apply({ topics: [topic('a', 1, 500)] })).toEqual([])
  expect(apply({ topics: [topic('a', 1)] })).toEqual([
    ['a-0', 2 ** 30],
    ['a-1', 2 ** 30]
  ])
})

test('a topic of the same name is another one', () => {
  const { apply } = world()
  apply({ topics: [topic('a', 1, 500)] })
  expect(apply({ topics: [topic('a', 2, 600)], deletedTopics: ['a'] })).toEqual([])
  expect(apply({ deletedTopics: ['a'] })).toEqual([])
  expect(apply({ topics: [topic('a', 3, 700)] })).toEqual([])
})

test('a default of the broker reaches all logs, and is hidden where a topic has its own', () => {
  const { apply } = world()
  apply({ topics: [topic('a', 1), topic('own', 2, 500)] })
  expect(apply(forAll({ 'log.segment.bytes': '900' }))).toEqual([
    ['a-0', 900],
    ['a-1', 900],
    ['own-0', 500],
    ['own-1', 500]
  ])
  expect(apply(forAll({ 'log.segment.bytes': '900', 'num.io.threads': '9' }))).toEqual([])
  expect(apply({ topics: [topic('a', 1, 300)] })).toEqual([
    ['a-0', 300],
    ['a-1', 300]
  ])
})
