// Goal: an empty tree takes over what a log directory says, once, and contradictions stop the start. Method: boots on
// directories without a journal, as a broker finds them that Kafka wrote.
import { expect, test } from 'vitest'
import { StartupError } from '../../../src/errors.js'
import { boot, newWorld, uuid } from './controller-world.js'

test('topics, partitions, ids, broker id and cluster id are taken over and reported', async () => {
  const world = newWorld()
  world.directories.set('orders-0', uuid(501))
  world.directories.set('orders-1', uuid(501))
  world.directories.set('with-dash-0', uuid(502))
  world.directories.set('__consumer_offsets-0', uuid(503))
  const stored = { clusterId: 'ILoDsgnaSsm7g9KrIMDMqg', brokerId: 7 }
  const { identity, image, tree } = await boot(world, { stored, configuredBrokerId: -1 })
  expect(identity).toMatchObject({ clusterId: stored.clusterId, brokerId: 7 })
  expect(identity.adoption.report).toEqual([
    'adopted cluster id ILoDsgnaSsm7g9KrIMDMqg',
    'adopted broker id 7',
    'adopted 3 topics with 4 partitions from the log directories',
    `adopted topic __consumer_offsets: 1 partitions, id ${uuid(503)}`,
    `adopted topic orders: 2 partitions, id ${uuid(501)}`,
    `adopted topic with-dash: 1 partitions, id ${uuid(502)}`
  ])
  expect(image().topics.get('orders')).toMatchObject({
    id: uuid(501),
    partitions: [{ leader: 7 }, { isr: [7] }]
  })
  expect(image().topics.get('__consumer_offsets')?.configs).toEqual({ 'cleanup.policy': 'compact' })
  expect(JSON.parse(String((await tree.get('/cluster/id'))?.data))).toEqual({
    version: '1',
    id: stored.clusterId
  })
  const again = await boot(world, { stored, configuredBrokerId: -1 })
  expect(again.identity.adoption.report).toEqual([])
  expect(again.image().topics.size).toBe(3)
})

test('a hole between partitions is filled with an empty one, and a topic without an id gets one on disk', async () => {
  const world = newWorld()
  world.directories.set('holes-0', '')
  world.directories.set('holes-2', '')
  const { identity, image } = await boot(world)
  expect(identity.adoption.warnings).toContain('holes-1 has no directory: it is created empty')
  expect(image().topics.get('holes')?.partitions).toHaveLength(3)
  const id = image().topics.get('holes')?.id
  expect([...world.directories].sort()).toEqual([0, 1, 2].map(partition => [`holes-${partition}`, id]))
})

test('of several ids in one topic the most frequent one counts and the other directory is set aside', async () => {
  const world = newWorld()
  world.directories.set('mixed-0', uuid(1000))
  world.directories.set('mixed-1', uuid(1001))
  world.directories.set('mixed-2', uuid(1001))
  const { stray, image, identity } = await boot(world)
  expect(image().topics.get('mixed')?.id).toBe(uuid(1001))
  expect(stray).toEqual(['mixed-0'])
  expect(identity.adoption.warnings.join()).toContain('set aside as stray')
  expect(world.directories.get('mixed-0')).toBe(uuid(1001))
})

test('producer ids go on far above those that adopted logs may know', async () => {
  const world = newWorld()
  world.directories.set('a-0', uuid(500))
  const { controller } = await boot(world)
  expect(await controller.allocateProducerIds()).toMatchObject({ start: 1_700_000_000_000_000 })
})

test('a crash while adopting leaves an empty tree that adopts again', async () => {
  for (let atWrite = 1; atWrite < 12; atWrite += 1) {
    for (const keep of [0, 0.5, 1]) {
      const world = newWorld()
      world.directories.set('a-0', uuid(500))
      world.directories.set('a-2', uuid(500))
      await boot(world, { fault: { atWrite, keep } }).catch(() => undefined)
      const { image, stray } = await boot(world)
      expect(image().topics.get('a')?.partitions).toHaveLength(3)
      expect(stray).toEqual([])
    }
  }
})

test('an id is generated above the reserved ones when none is configured or stored', async () => {
  const world = newWorld()
  const { identity } = await boot(world, { configuredBrokerId: -1 })
  expect(identity.brokerId).toBe(1001)
  const stored = { clusterId: identity.clusterId, brokerId: 1001 }
  expect((await boot(world, { configuredBrokerId: -1, stored })).identity.brokerId).toBe(1001)
})

test('a cluster id or a broker id that contradicts meta.properties stops the start', async () => {
  const world = newWorld()
  const { identity } = await boot(world)
  const other = boot(world, { stored: { clusterId: 'another' } })
  await expect(other).rejects.toThrow(StartupError)
  const stored = { clusterId: identity.clusterId, brokerId: 3 }
  await expect(boot(world, { stored, configuredBrokerId: 4 })).rejects.toThrow('broker.id: configured 4')
})
