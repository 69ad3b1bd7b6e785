// Goal: partitions of two threads are served as one: complete, in request order, under common limits, and a waiting fetch
// is woken by either thread. Method: two shards in one process, linked by meshes that clone messages.
import { expect, test } from 'vitest'
import {
  MetadataCache,
  publishMetadata,
  receiveMetadata
} from '../../../src/actors/replicas/metadata-cache.js'
import { shardedPartitionStore } from '../../../src/actors/replicas/partition-store.js'
import type { FetchCommand, FetchResult, ReplicaAccess } from '../../../src/actors/replicas/replica-access.js'
import { placementTable } from '../../../src/actors/runtime/placement.js'
import { harness, topicId, topicInfo } from '../apis/harness.js'
import { linkedMeshes } from './linked-meshes.js'
import { batchOf } from './memory-log.js'

const id = topicId(1)
const ref = (partition: number) => ({ topic: 'a', topicId: id, partition })

/** Workers 1 and 2; partition i of the topic lies on the thread that the placement says. */
async function twoThreads() {
  const [main, one, two] = linkedMeshes(2)
  if (main === undefined || one === undefined || two === undefined) throw new Error('three meshes')
  const placement = placementTable('perCore', 2)
  receiveMetadata(main, new MetadataCache())
  const threads = [harness({ mesh: one, placement }), harness({ mesh: two, placement })] as const
  const store = shardedPartitionStore(main, placement)
  for (let i = 0; i < 4; i++) expect(await store.create('a', id, i, {}, 0)).toEqual({ kind: 'done' })
  const topics = [topicInfo('a', id, 4)]
  await publishMetadata(main)({ version: 1, full: true, brokers: [], topics, deletedTopics: [] })
  const ownerOf = (partition: number) => threads[placement.shardOf(id, partition)] ?? threads[0]
  return { threads, store, ownerOf }
}

const produce = (access: ReplicaAccess, records: readonly (readonly [number, Buffer])[]) =>
  access.produce({
    partitions: records.map(([partition, bytes]) => ({ ...ref(partition), records: bytes })),
    acks: -1,
    timeoutMs: 1000,
    requestVersion: 9,
    nowMs: 1
  })

const fetchOf = (partitions: readonly number[], more: Partial<FetchCommand> = {}): FetchCommand => ({
  partitions: partitions.map(partition => ({
    ...ref(partition),
    fetchOffset: 0,
    maxBytes: 1_000_000,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1
  })),
  minBytes: 1,
  maxBytes: 1_000_000,
  maxWaitMs: 0,
  upTo: 'highWatermark',
  hardMaxBytes: false,
  ...more
})

const sizes = (results: readonly FetchResult[]) =>
  results.map(result => (result.kind === 'records' ? Buffer.concat(result.records).length : result.error))

test('the store puts each partition on the thread of the placement, and only there', async () => {
  const { threads } = await twoThreads()
  const hosted = threads.map(({ shard }) => shard.partitions().map(({ log }) => log.partition))
  expect(hosted.map(list => list.length)).toEqual([2, 2])
  expect(hosted.flat().sort()).toEqual([0, 1, 2, 3])
})

test('records for partitions of both threads are appended once each and answered in request order', async () => {
  const { threads, ownerOf } = await twoThreads()
  for (const { replicas } of threads) {
    await produce(replicas, [
      [3, batchOf('x')],
      [0, batchOf('y', 'z')],
      [1, batchOf('w')]
    ])
  }
  const again = await produce(threads[0].replicas, [
    [1, batchOf('w')],
    [0, batchOf('y')],
    [9, batchOf('q')],
    [3, batchOf('x')]
  ])
  expect(again.map(result => ('baseOffset' in result ? result.baseOffset : result.kind))).toEqual([
    2,
    4,
    'refused',
    2
  ])
  expect(ownerOf(0).logOf('a', 0).logEndOffset).toBe(5)
})

test('a fetch over both threads is complete and in request order', async () => {
  const { threads } = await twoThreads()
  for (const i of [0, 1, 2, 3]) await produce(threads[0].replicas, [[i, batchOf('x'.repeat(i * 10))]])
  const expected = [2, 0, 3, 1].map(i => batchOf('x'.repeat(i * 10)).length)
  for (const { replicas } of threads) {
    const results = await replicas.fetch(fetchOf([2, 0, 3, 1]))
    expect(sizes(results)).toEqual(expected)
    const bodies = results.map(result => (result.kind === 'records' ? result.records[0]?.at(-2) : undefined))
    expect(bodies).toHaveLength(4)
  }
})

test('the limits are common: one batch too large at most, then only what fits', async () => {
  const { threads } = await twoThreads()
  for (const i of [0, 1, 2, 3]) await produce(threads[0].replicas, [[i, batchOf('x'.repeat(100))]])
  const one = batchOf('x'.repeat(100)).length
  const { replicas } = threads[1]
  expect(sizes(await replicas.fetch(fetchOf([0, 1, 2, 3], { maxBytes: 10 })))).toEqual([one, 0, 0, 0])
  expect(sizes(await replicas.fetch(fetchOf([0, 1, 2, 3], { maxBytes: one * 2 + 5 })))).toEqual([
    one,
    one,
    0,
    0
  ])
  const hard = fetchOf([0, 1, 2, 3], { maxBytes: one + 5, hardMaxBytes: true })
  expect(sizes(await replicas.fetch(hard))).toEqual([one, 5, 0, 0])
})

test.each([0, 1, 2, 3])(
  'a waiting fetch over both threads is woken by an append to partition %i',
  async partition => {
    const { threads } = await twoThreads()
    const waiting = threads[0].replicas.fetch(fetchOf([0, 1, 2, 3], { maxWaitMs: 60_000 }))
    await new Promise(resolve => setTimeout(resolve, 5))
    await produce(threads[1].replicas, [[partition, batchOf('x')]])
    const expected = [0, 0, 0, 0]
    expected[partition] = batchOf('x').length
    expect(sizes(await waiting)).toEqual(expected)
    await new Promise(resolve => setTimeout(resolve, 2))
    expect(threads.map(({ shard }) => shard.fetches.delayed)).toEqual([0, 0])
  }
)

test('a waiting fetch over both threads gathers min bytes from both', async () => {
  const { threads } = await twoThreads()
  const bytes = batchOf('x').length
  const waiting = Promise.resolve(
    threads[0].replicas.fetch(fetchOf([0, 1], { maxWaitMs: 60_000, minBytes: bytes * 2 }))
  )
  await produce(threads[0].replicas, [[0, batchOf('x')]])
  await new Promise(resolve => setTimeout(resolve, 5))
  await produce(threads[0].replicas, [[1, batchOf('x')]])
  expect(sizes(await waiting)).toEqual([bytes, bytes])
})

test('a fetch over both threads answers when its time is over, and leaves nobody waiting', async () => {
  const { threads } = await twoThreads()
  expect(sizes(await threads[0].replicas.fetch(fetchOf([0, 1], { maxWaitMs: 20 })))).toEqual([0, 0])
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(threads.map(({ shard }) => shard.fetches.delayed)).toEqual([0, 0])
})

test('records of another thread lie where earlier ones lay once those were given back, and not before', async () => {
  const { threads, ownerOf } = await twoThreads()
  const other = ownerOf(0) === threads[0] ? threads[1] : threads[0]
  await produce(other.replicas, [[0, batchOf('x')]])
  const read = async () => {
    const results = await other.replicas.fetch(fetchOf([0]))
    const [first] = results
    if (first?.kind !== 'records' || first.records[0] === undefined) throw new Error('no records')
    return { results, chunk: first.records[0] }
  }
  const [first, second] = [await read(), await read()]
  expect(second.chunk.buffer).not.toBe(first.chunk.buffer)
  expect(second.chunk.equals(first.chunk)).toBe(true)
  other.replicas.giveBack(first.results)
  other.replicas.giveBack(first.results)
  const third = await read()
  expect(third.chunk.buffer).toBe(first.chunk.buffer)
  expect((await read()).chunk.buffer).not.toBe(third.chunk.buffer)
  expect(third.chunk.equals(second.chunk)).toBe(true)
})

test('a fetch that waits gives back what it has read in vain', async () => {
  const { threads, ownerOf } = await twoThreads()
  const other = ownerOf(0) === threads[0] ? threads[1] : threads[0]
  await produce(other.replicas, [[0, batchOf('x')]])
  const size = sizes(await other.replicas.fetch(fetchOf([0])))[0]
  const waiting = other.replicas.fetch(fetchOf([0], { minBytes: Number(size) + 1, maxWaitMs: 5000 }))
  await new Promise(resolve => setTimeout(resolve, 20))
  const meanwhile = await other.replicas.fetch(fetchOf([0]))
  const held = meanwhile.flatMap(result => (result.kind === 'records' ? result.records : []))
  const before = Buffer.concat(held)
  await produce(other.replicas, [[0, batchOf('y')]])
  expect(sizes(await waiting)).toEqual([Number(size) * 2])
  expect(Buffer.concat(held).equals(before)).toBe(true)
})

test('offsets, epochs and deletions are asked of the owners', async () => {
  const { threads } = await twoThreads()
  for (const i of [0, 1]) await produce(threads[0].replicas, [[i, batchOf(...'xyz'.slice(0, i + 1))]])
  const { replicas } = threads[1]
  const latest = [0, 1].map(i => ({ ...ref(i), currentLeaderEpoch: -1, timestamp: -1n, maxNumOffsets: 1 }))
  const offsets = await replicas.listOffsets(latest, { legacy: false, upTo: 'highWatermark' })
  expect(offsets.map(({ offset }) => offset)).toEqual([1, 2])
  const ends = await replicas.epochEnds(
    [0, 1].map(i => ({ ...ref(i), currentLeaderEpoch: -1, leaderEpoch: 0 }))
  )
  expect(ends.map(({ endOffset }) => endOffset)).toEqual([1, 2])
  const deleted = await replicas.deleteRecords([0, 1].map(i => ({ ...ref(i), offset: -1 })))
  expect(deleted).toEqual([
    { error: 'NONE', lowWatermark: 1 },
    { error: 'NONE', lowWatermark: 2 }
  ])
})

test('a partition of one own shard is served without a promise', async () => {
  const { threads, ownerOf } = await twoThreads()
  expect(threads).toContain(ownerOf(0))
  expect(produce(ownerOf(0).replicas, [[0, batchOf('x')]])).toBeInstanceOf(Array)
  expect(ownerOf(0).replicas.fetch(fetchOf([0]))).toBeInstanceOf(Array)
})

test('a deleted partition is gone from its thread', async () => {
  const { store, ownerOf, threads } = await twoThreads()
  await store.delete('a', id, 0)
  expect(ownerOf(0).shard.find(id, 0)).toBeUndefined()
  expect(sizes(await threads[0].replicas.fetch(fetchOf([0])))).toEqual(['NOT_LEADER_OR_FOLLOWER'])
})
