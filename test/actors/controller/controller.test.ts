// Goal: every check of CreateTopics, DeleteTopics and CreatePartitions has its error, and success means that log,
// tree and image agree. Method: one controller on a disk in memory, asked as a handler asks.
import { describe, expect, test } from 'vitest'
import {
  localController,
  remoteController,
  serveController
} from '../../../src/actors/controller/controller-client.js'
import { asking, localMesh } from '../../../src/actors/runtime/mesh.js'
import { ZERO_UUID } from '../../../src/protocol/schema.js'
import { boot, creation, newWorld, settings, uuid } from './controller-world.js'

const create = (topics: ReturnType<typeof creation>[], timeoutMs = 1000, validateOnly = false) => ({
  topics,
  timeoutMs,
  validateOnly
})

describe('creating topics', () => {
  test('a created topic is in the tree, in the image and on disk when the answer comes', async () => {
    const world = newWorld()
    const { controller, tree, image } = await boot(world)
    const configs = [{ name: 'retention.ms', value: '5' }]
    const [result] = await controller.createTopics(create([creation('orders', { configs })]))
    expect(result).toMatchObject({ error: 'NONE', message: null, numPartitions: 2, replicationFactor: 1 })
    expect([...world.directories]).toEqual([
      ['orders-0', result?.topicId],
      ['orders-1', result?.topicId]
    ])
    expect(image().topics.get('orders')).toEqual({
      name: 'orders',
      id: result?.topicId,
      isInternal: false,
      configs: { 'retention.ms': '5' },
      partitions: [0, 1].map(() => ({ leader: 0, leaderEpoch: 0, replicas: [0], isr: [0], offline: [] }))
    })
    expect(image().topicNames.get(result?.topicId ?? ZERO_UUID)).toBe('orders')
    expect(JSON.parse(String((await tree.get('/brokers/topics/orders'))?.data))).toEqual({
      partitions: { 0: [0], 1: [0] },
      topic_id: result?.topicId,
      adding_replicas: {},
      removing_replicas: {},
      version: 3
    })
    expect(JSON.parse(String((await tree.get('/brokers/topics/orders/partitions/1/state'))?.data))).toEqual({
      controller_epoch: 1,
      leader: 0,
      version: 1,
      leader_epoch: 0,
      isr: [0]
    })
    expect(JSON.parse(String((await tree.get('/config/topics/orders'))?.data))).toEqual({
      version: 1,
      config: { 'retention.ms': '5' }
    })
  })

  test('each refusal has its code and the other topics of the request are created all the same', async () => {
    const { controller, image } = await boot(newWorld())
    await controller.createTopics(create([creation('there'), creation('with.dot')]))
    const results = await controller.createTopics(
      create([
        creation('fine'),
        creation('there'),
        creation('null-config', { configs: [{ name: 'retention.ms', value: null }] }),
        creation('both', { assignments: [{ partition: 0, brokerIds: [0] }] }),
        creation('none', { numPartitions: 0 }),
        creation('factor-0', { replicationFactor: 0 }),
        creation('factor-2', { replicationFactor: 2 }),
        creation('bad name'),
        creation('..'),
        creation('x'.repeat(250)),
        creation('with_dot'),
        creation('gap', assigned([0, 2], [0])),
        creation('unknown', assigned([0], [7])),
        creation('repeated', assigned([0], [0, 0])),
        creation('config', { configs: [{ name: 'bad', value: '1' }] }),
        creation('twice'),
        creation('twice'),
        creation('__cluster_metadata')
      ])
    )
    expect(results.map(({ error }) => error)).toEqual([
      'NONE',
      'TOPIC_ALREADY_EXISTS',
      'INVALID_CONFIG',
      'INVALID_REQUEST',
      'INVALID_PARTITIONS',
      'INVALID_REPLICATION_FACTOR',
      'INVALID_REPLICATION_FACTOR',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_REPLICA_ASSIGNMENT',
      'INVALID_REPLICA_ASSIGNMENT',
      'INVALID_REPLICA_ASSIGNMENT',
      'INVALID_CONFIG',
      'INVALID_REQUEST',
      'INVALID_REQUEST'
    ])
    expect(results.filter(({ error }) => error !== 'NONE').every(r => r.numPartitions === -1)).toBe(true)
    expect([...image().topics.keys()].sort()).toEqual(['fine', 'there', 'with.dot'])
  })

  test('-1 takes the defaults of the broker and an explicit assignment its own counts', async () => {
    const { controller } = await boot(newWorld())
    const results = await controller.createTopics(
      create([
        creation('defaults', { numPartitions: -1, replicationFactor: -1 }),
        creation('explicit', assigned([2, 0, 1], [0]))
      ])
    )
    expect(results.map(r => [r.error, r.numPartitions, r.replicationFactor])).toEqual([
      ['NONE', 1, 1],
      ['NONE', 3, 1]
    ])
  })

  test('names that differ by dot and underscore only collide within one request too', async () => {
    const { controller } = await boot(newWorld())
    const results = await controller.createTopics(create([creation('a.b'), creation('a_b')]))
    expect(results.map(({ error }) => error)).toEqual(['NONE', 'INVALID_TOPIC_EXCEPTION'])
  })

  test('validation creates nothing', async () => {
    const world = newWorld()
    const { controller, image } = await boot(world)
    const results = await controller.createTopics(create([creation('a'), creation('..')], 0, true))
    expect(results.map(({ error, numPartitions }) => [error, numPartitions])).toEqual([
      ['NONE', 2],
      ['INVALID_TOPIC_EXCEPTION', -1]
    ])
    expect(image().topics.size + world.directories.size).toBe(0)
  })

  test('a timeout of 0 answers timed out for what was accepted, refuses the rest, and the topic comes', async () => {
    const { controller, image } = await boot(newWorld())
    const results = await controller.createTopics(create([creation('a'), creation('..')], 0))
    expect(results.map(({ error }) => error)).toEqual(['REQUEST_TIMED_OUT', 'INVALID_TOPIC_EXCEPTION'])
    await controller.createTopics(create([creation('behind-it')]))
    expect(image().topics.has('a')).toBe(true)
  })

  test('a slow thread makes the answer time out and not the creation', async () => {
    let release = (): void => undefined
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let deltas = 0
    const publish = (): Promise<void> => (++deltas === 1 ? Promise.resolve() : held)
    const { controller } = await boot(newWorld(), { overrides: { publish } })
    const [late] = await controller.createTopics(create([creation('a')], 20))
    expect(late?.error).toBe('REQUEST_TIMED_OUT')
    release()
    const [again] = await controller.createTopics(create([creation('a')]))
    expect(again?.error).toBe('TOPIC_ALREADY_EXISTS')
  })

  test('a log that cannot be created leaves an offline partition, which the next start brings up', async () => {
    const world = newWorld()
    const full = { kind: 'refused', error: 'KAFKA_STORAGE_ERROR', message: 'disk full' } as const
    const partitions = { create: async () => full, delete: async () => full }
    const { controller, image } = await boot(world, { overrides: { partitions } })
    const [result] = await controller.createTopics(create([creation('a', { numPartitions: 1 })]))
    expect(result).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', message: 'disk full' })
    expect(image().topics.get('a')?.partitions).toMatchObject([{ leader: -1, offline: [0] }])
    const restarted = await boot(world)
    expect(restarted.image().topics.get('a')?.partitions).toMatchObject([{ leader: 0, offline: [] }])
  })
})

describe('automatic creation', () => {
  test('Metadata sees a topic coming, whether it is new, there already, or internal', async () => {
    const { controller, image } = await boot(newWorld())
    const [first, invalid] = await controller.autoCreateTopics(['a', '..'])
    expect(first).toMatchObject({ name: 'a', error: 'LEADER_NOT_AVAILABLE' })
    expect(invalid).toMatchObject({ error: 'INVALID_TOPIC_EXCEPTION' })
    expect(await controller.autoCreateTopics(['a'])).toMatchObject([{ error: 'LEADER_NOT_AVAILABLE' }])
    await controller.autoCreateTopics(['__consumer_offsets'])
    expect(image().topics.get('__consumer_offsets')).toMatchObject({
      isInternal: true,
      configs: { 'cleanup.policy': 'compact' }
    })
    expect(image().topics.get('__consumer_offsets')?.partitions).toHaveLength(5)
  })

  test('a second request for a topic that is being created is told that it is unknown', async () => {
    const { controller } = await boot(newWorld())
    const [first, second] = await Promise.all([
      controller.autoCreateTopics(['a']),
      controller.autoCreateTopics(['a'])
    ])
    expect([first[0]?.error, second[0]?.error]).toEqual([
      'LEADER_NOT_AVAILABLE',
      'UNKNOWN_TOPIC_OR_PARTITION'
    ])
  })

  test('a default replication factor above the number of brokers is told', async () => {
    const overrides = { settings: () => ({ ...settings, defaultReplicationFactor: 3 }) }
    const { controller } = await boot(newWorld(), { overrides })
    expect(await controller.autoCreateTopics(['a'])).toMatchObject([{ error: 'INVALID_REPLICATION_FACTOR' }])
  })
})

describe('deleting topics', () => {
  test('a deleted topic is gone from disk, tree and image, and the name can be used again with a new id', async () => {
    const world = newWorld()
    const { controller, tree, image } = await boot(world)
    const [before] = await controller.createTopics(create([creation('a')]))
    const results = await controller.deleteTopics({
      topics: [
        { kind: 'name', name: 'a' },
        { kind: 'name', name: 'a' },
        { kind: 'name', name: 'missing' },
        { kind: 'id', id: uuid(999) }
      ],
      timeoutMs: 1000
    })
    expect(results.map(({ name, error }) => [name, error])).toEqual([
      ['a', 'NONE'],
      ['missing', 'UNKNOWN_TOPIC_OR_PARTITION'],
      [null, 'UNKNOWN_TOPIC_ID']
    ])
    expect(world.directories.size + image().topics.size + image().topicNames.size).toBe(0)
    for (const path of ['/brokers/topics', '/config/topics', '/admin/delete_topics']) {
      expect(await tree.children(path), path).toEqual([])
    }
    const [after] = await controller.createTopics(create([creation('a')]))
    expect(after?.error).toBe('NONE')
    expect(after?.topicId).not.toBe(before?.topicId)
  })

  test('a topic named and given by its id is deleted once', async () => {
    const { controller } = await boot(newWorld())
    const [topic] = await controller.createTopics(create([creation('a')]))
    const results = await controller.deleteTopics({
      topics: [
        { kind: 'id', id: topic?.topicId ?? ZERO_UUID },
        { kind: 'name', name: 'a' }
      ],
      timeoutMs: 1000
    })
    expect(results).toMatchObject([{ name: 'a', topicId: topic?.topicId, error: 'NONE' }])
  })

  test('deletion that is switched off is said so, and a timeout of 0 is answered at once', async () => {
    const { controller } = await boot(newWorld())
    await controller.createTopics(create([creation('a')]))
    const topics = [{ kind: 'name', name: 'a' }] as const
    expect(await controller.deleteTopics({ topics, timeoutMs: 0 })).toMatchObject([
      { error: 'REQUEST_TIMED_OUT' }
    ])
    const overrides = { settings: () => ({ ...settings, deleteTopicEnable: false }) }
    const off = await boot(newWorld(), { overrides })
    expect(await off.controller.deleteTopics({ topics, timeoutMs: 9 })).toMatchObject([
      { error: 'TOPIC_DELETION_DISABLED' }
    ])
  })

  test('a directory that cannot be removed leaves the topic marked, and the next start finishes it', async () => {
    const world = newWorld()
    const first = await boot(world)
    await first.controller.createTopics(create([creation('a', { numPartitions: 1 })]))
    const busy = { kind: 'refused', error: 'KAFKA_STORAGE_ERROR', message: 'busy' } as const
    const partitions = { create: async () => ({ kind: 'done' }) as const, delete: async () => busy }
    const second = await boot(world, { overrides: { partitions } })
    const topics = [{ kind: 'name', name: 'a' }] as const
    expect(await second.controller.deleteTopics({ topics, timeoutMs: 9 })).toMatchObject([{ error: 'NONE' }])
    expect(second.image().topics.size).toBe(0)
    const [again] = await second.controller.createTopics(create([creation('a')]))
    expect(again?.error).toBe('TOPIC_ALREADY_EXISTS')
    const third = await boot(world)
    expect([...third.image().topics.keys(), ...world.directories.keys()]).toEqual([])
    expect(third.log.join()).toContain('finishing the deletion of topic a')
  })
})

describe('adding partitions', () => {
  test('partitions are added, and each refusal has its code', async () => {
    const world = newWorld()
    const { controller, image } = await boot(world)
    await controller.createTopics(create([creation('a'), creation('b'), creation('c')]))
    const grow = (name: string, count: number, assignments: number[][] | null = null) => ({
      name,
      count,
      assignments
    })
    const results = await controller.createPartitions({
      topics: [
        grow('a', 4),
        grow('b', 2),
        grow('missing', 3),
        grow('c', 3, [[0], [0]]),
        grow('d', 3),
        grow('d', 4)
      ],
      timeoutMs: 1000,
      validateOnly: false
    })
    expect(results.map(({ error }) => error)).toEqual([
      'NONE',
      'INVALID_PARTITIONS',
      'UNKNOWN_TOPIC_OR_PARTITION',
      'INVALID_REPLICA_ASSIGNMENT',
      'INVALID_REQUEST'
    ])
    expect(image().topics.get('a')?.partitions).toHaveLength(4)
    expect(world.directories.has('a-3')).toBe(true)
    const restarted = await boot(world)
    expect(restarted.image().topics.get('a')?.partitions).toHaveLength(4)
  })
})

describe('producer ids', () => {
  test('no id is given twice, not by two threads and not after a kill', async () => {
    const world = newWorld()
    const first = await boot(world)
    const clients = [localController(first.controller), localController(first.controller)]
    const ids: bigint[] = []
    for (const client of clients)
      for (let i = 0; i < 1500; i++) ids.push((await client.nextProducerId()).producerId)
    const second = localController((await boot(world)).controller)
    ids.push((await second.nextProducerId()).producerId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids[0]).toBe(0n)
    expect(String((await first.tree.get('/latest_producer_id_block'))?.data)).toContain('"block_end":"3999"')
  })

  test('many requests at the end of a block share one request for the next', async () => {
    const { controller } = await boot(newWorld())
    const client = localController(controller)
    const ids = await Promise.all(Array.from({ length: 2500 }, () => client.nextProducerId()))
    expect(new Set(ids.map(({ producerId }) => producerId)).size).toBe(2500)
    expect(await controller.allocateProducerIds()).toEqual({ kind: 'block', start: 3000, end: 3999 })
  })
})

test('a client on another thread gets the same answers by message', async () => {
  const { controller } = await boot(newWorld())
  const mesh = asking(localMesh())
  serveController(mesh, controller)
  const client = remoteController(mesh)
  expect(await client.createTopics(create([creation('a')]))).toMatchObject([{ name: 'a', error: 'NONE' }])
  expect(await client.nextProducerId()).toEqual({ error: 'NONE', producerId: 0n })
  expect(await client.autoCreateTopics(['a'])).toMatchObject([{ error: 'LEADER_NOT_AVAILABLE' }])
  const grown = { topics: [{ name: 'a', count: 3, assignments: null }], timeoutMs: 9, validateOnly: false }
  expect(await client.createPartitions(grown)).toMatchObject([{ error: 'NONE' }])
  expect(await client.setConsumerOffsets('g', [{ topic: 'a', partition: 0, offset: 4n }])).toEqual(['NONE'])
  expect(await client.consumerOffsets('g', [{ topic: 'a', partition: 0 }])).toEqual([4n])
  const topics = [{ kind: 'name', name: 'a' }] as const
  expect(await client.deleteTopics({ topics, timeoutMs: 1000 })).toMatchObject([{ error: 'NONE' }])
})

test('a stop gives up the controllership and the registration', async () => {
  const { tree, controller } = await boot(newWorld())
  expect(String((await tree.get('/controller_epoch'))?.data)).toBe('1')
  await controller.stop()
  expect(await tree.exists('/controller')).toBeUndefined()
  expect(await tree.exists('/brokers/ids/0')).toBeUndefined()
})

function assigned(partitions: number[], brokerIds: number[]) {
  return {
    numPartitions: -1,
    replicationFactor: -1,
    assignments: partitions.map(partition => ({ partition, brokerIds }))
  }
}
