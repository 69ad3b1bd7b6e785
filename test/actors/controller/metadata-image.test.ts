// Goal: images are immutable, deltas survive the way between threads, and every thread ends with the same image.
// Method: random topic changes, each delta sent through both encodings in use.
import fc from 'fast-check'
import { pack, unpack } from 'msgpackr'
import { expect, test } from 'vitest'
import {
  applyDelta,
  emptyImage,
  fullDelta,
  type MetadataDelta,
  type MetadataImage,
  type TopicInfo
} from '../../../src/actors/controller/metadata-image.js'
import { Bug } from '../../../src/errors.js'
import { uuid } from './controller-world.js'

const topic = (name: string, id: number, count = 1): TopicInfo => ({
  name,
  id: uuid(id),
  isInternal: false,
  configs: { 'retention.ms': String(id) },
  partitions: Array.from({ length: count }, () => ({
    leader: 0,
    leaderEpoch: 0,
    replicas: [0],
    isr: [0],
    offline: []
  }))
})
const change = (version: number, topics: TopicInfo[], deletedTopics: string[] = []): MetadataDelta => ({
  version,
  full: false,
  topics,
  deletedTopics
})

test('a topic that is deleted and created again in one delta keeps its new id only', () => {
  const before = applyDelta(emptyImage, change(1, [topic('a', 1)]))
  const after = applyDelta(before, change(2, [topic('a', 2)], ['a']))
  expect(after.topicNames).toEqual(new Map([[uuid(2), 'a']]))
  expect(before.topics.get('a')?.id).toBe(uuid(1))
})

test('of a delta that adds, changes and deletes a reader sees all or nothing (I-56)', () => {
  const before = applyDelta(emptyImage, change(1, [topic('kept', 1), topic('gone', 2)]))
  const held = { version: before.version, names: [...before.topics.keys()], kept: before.topics.get('kept') }
  const after = applyDelta(before, change(2, [topic('kept', 1, 3), topic('new', 3)], ['gone']))
  expect({
    version: before.version,
    names: [...before.topics.keys()],
    kept: before.topics.get('kept')
  }).toEqual(held)
  expect([...after.topics.keys()].sort()).toEqual(['kept', 'new'])
  expect(after.topics.get('kept')?.partitions).toHaveLength(3)
  expect(after.version).toBeGreaterThan(before.version)
})

test('a gap between deltas is a bug', () => {
  expect(() => applyDelta(emptyImage, change(2, []))).toThrow(Bug)
})

test('a thread that starts late with the full image agrees with one that followed every delta', () => {
  const steps = fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      gone: fc.boolean(),
      isGroup: fc.boolean(),
      count: fc.integer({ min: 1, max: 3 })
    })
  )
  fc.assert(
    fc.property(steps, run => {
      let image: MetadataImage = emptyImage
      run.forEach(({ name, gone, isGroup, count }, i) => {
        const configs: Record<string, string> = gone ? {} : { 'consumer.session.timeout.ms': String(i) }
        const ofGroup = { ...change(i + 1, []), groupConfigs: [{ groupId: name, configs }] }
        const ofTopic = gone ? change(i + 1, [], [name]) : change(i + 1, [topic(name, i, count)])
        const delta = isGroup ? ofGroup : ofTopic
        const before = [...image.topics]
        const next = applyDelta(image, unpack(pack(delta)))
        expect([...image.topics]).toEqual(before)
        image = next
      })
      expect(image.topicNames.size).toBe(image.topics.size)
      expect(applyDelta(emptyImage, structuredClone(fullDelta(image)))).toEqual(image)
    })
  )
})
