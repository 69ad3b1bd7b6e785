// Goal: what a log of __consumer_offsets says is what is served after its load: the last value of a key, tombstones, and
// transactions by their markers. Method: batches written past the coordinator into a log, then an election.
import { expect, test } from 'vitest'
import { LoadQueue } from '../../../src/actors/groups/load-queue.js'
import { buildBatch } from '../../../src/protocol/records/build-batch.js'
import { batchOf, commitOf, markerOf, offsetsOf, offsetsWorld, untilOwned } from './offsets-world.js'

const elected = { type: 'elected', leaderEpoch: 0 } as const

test('the last value of a key wins, and a tombstone removes it', async () => {
  const world = offsetsWorld()
  world.write(batchOf([commitOf('g', 0, 1n), commitOf('g', 1, 2n), commitOf('h', 0, 3n)]))
  world.write(batchOf([commitOf('g', 0, 4n), commitOf('g', 1, null)]))
  world.write(batchOf([commitOf('h', 0, null)]))
  world.partition.send(elected)
  const home = await untilOwned(world.partition)
  expect(offsetsOf(home, 'g')).toEqual({ 0: 4 })
  expect([...home.groups.keys()]).toEqual(['g'])
  expect(home.offsets.size).toBe(1)
  expect(home.offsets.find({ group: 'g', topic: 'a', partition: 0 })).toMatchObject({
    leaderEpoch: 4,
    metadata: 'm4',
    commitTimestampMs: 1,
    expireTimestampMs: -1,
    recordOffset: 3
  })
})

test('an offset that has an expiry of its own keeps it', async () => {
  const world = offsetsWorld()
  world.write(batchOf([commitOf('g', 0, 1n, { commit: 5, expire: 77 })]))
  world.partition.send(elected)
  const home = await untilOwned(world.partition)
  expect(home.offsets.find({ group: 'g', topic: 'a', partition: 0 })).toMatchObject({
    expireTimestampMs: 77,
    commitTimestampMs: 5
  })
})

test('a group is read with its members, and its tombstone ends it', async () => {
  const world = offsetsWorld()
  const groupOf = (group: string, generation: number | undefined) =>
    ({
      kind: 'groupMetadata',
      key: { group },
      value:
        generation === undefined
          ? null
          : {
              protocolType: 'consumer',
              generation,
              protocol: null,
              leader: null,
              currentStateTimestamp: 9n,
              members: []
            }
    }) as const
  world.write(batchOf([groupOf('g', 1), groupOf('h', 5)]))
  world.write(batchOf([groupOf('g', 2), groupOf('h', undefined)]))
  world.partition.send(elected)
  const home = await untilOwned(world.partition)
  expect([...home.groups.keys()]).toEqual(['g'])
  expect(home.groups.get('g')).toMatchObject({ state: 'Empty', protocolType: 'consumer', emptySinceMs: 9 })
})

test('offsets of a transaction are pending until its marker, which decides', async () => {
  const world = offsetsWorld()
  world.write(batchOf([commitOf('g', 0, 1n), commitOf('g', 1, 1n), commitOf('g', 2, 1n)]))
  world.write(batchOf([commitOf('g', 0, 10n)], { id: 7n, sequence: 0 }))
  world.write(batchOf([commitOf('g', 1, 20n)], { id: 8n, sequence: 0 }))
  world.write(batchOf([commitOf('g', 2, 30n), commitOf('only', 0, 5n)], { id: 9n, sequence: 0 }))
  world.write(markerOf('COMMIT', 7n))
  world.write(markerOf('ABORT', 8n))
  world.partition.send(elected)
  const { offsets, groups } = await untilOwned(world.partition)
  const keyOf = (partition: number) => ({ group: 'g', topic: 'a', partition })
  expect([0, 1, 2].map(partition => Number(offsets.find(keyOf(partition))?.offset))).toEqual([10, 1, 1])
  expect([0, 1, 2].map(partition => offsets.hasPending(keyOf(partition)))).toEqual([false, false, true])
  expect([...groups.keys()].sort()).toEqual(['g', 'only'])
  offsets.endTransaction(9n, 'commit')
  expect(Number(offsets.find(keyOf(2))?.offset)).toBe(30)
})

test('a commit after that of a transaction outlives the marker', async () => {
  const world = offsetsWorld()
  world.write(batchOf([commitOf('g', 0, 10n)], { id: 7n, sequence: 0 }))
  world.write(batchOf([commitOf('g', 0, 99n)]))
  world.write(markerOf('COMMIT', 7n))
  world.partition.send(elected)
  expect(offsetsOf(await untilOwned(world.partition), 'g')).toEqual({ 0: 99 })
})

test('records of an unknown kind or version, and what is no record of a group at all, are passed over', async () => {
  const world = offsetsWorld()
  const raw = (key: Buffer | null, value: Buffer | null) =>
    buildBatch([{ offset: 0, timestamp: 1n, key, value, headers: [] }])
  world.write(raw(Buffer.from('0063ffff', 'hex'), Buffer.from('0000', 'hex')))
  world.write(raw(Buffer.from('00', 'hex'), null))
  world.write(raw(null, Buffer.from('x')))
  world.write(raw(Buffer.from('0001ffff', 'hex'), Buffer.from('0001', 'hex')))
  world.write(batchOf([commitOf('g', 0, 1n)]))
  world.partition.send(elected)
  expect(offsetsOf(await untilOwned(world.partition), 'g')).toEqual({ 0: 1 })
})

test('a log that is larger than the buffer is read in pieces, to the end', async () => {
  const world = offsetsWorld({ settings: { offsetsLoadBufferBytes: 200 } })
  for (let i = 0; i < 300; i++)
    world.write(batchOf([commitOf('g', i % 7, BigInt(i)), commitOf('h', 0, BigInt(i))]))
  world.partition.send(elected)
  const home = await untilOwned(world.partition)
  expect(offsetsOf(home, 'g')).toEqual({ 0: 294, 1: 295, 2: 296, 3: 297, 4: 298, 5: 299, 6: 293 })
  expect(offsetsOf(home, 'h')).toEqual({ 0: 299 })
})

test('a log that cannot be read is not served with half of its offsets', async () => {
  const world = offsetsWorld()
  world.write(batchOf([commitOf('g', 0, 1n)]))
  world.log.read = () => ({ kind: 'refused', error: 'KAFKA_STORAGE_ERROR' })
  world.partition.send(elected)
  expect([world.partition.state, world.partition.refusal]).toEqual(['offline', 'NOT_COORDINATOR'])
})

test('who resigns while it loads serves nothing, and a later load begins anew', async () => {
  const world = offsetsWorld({ settings: { offsetsLoadBufferBytes: 100 } })
  for (let i = 0; i < 50; i++) world.write(batchOf([commitOf('g', 0, BigInt(i))]))
  const { read } = world.log
  let held: (() => void) | undefined
  world.log.read = options =>
    new Promise(resolve => {
      held = () => resolve(read.call(world.log, options))
    })
  world.partition.send(elected)
  expect([world.partition.state, world.partition.refusal]).toEqual([
    'loading',
    'COORDINATOR_LOAD_IN_PROGRESS'
  ])
  world.partition.send({ type: 'resigned' })
  expect([world.partition.state, world.partition.refusal]).toEqual(['notOwned', 'NOT_COORDINATOR'])
  world.log.read = read
  held?.()
  await new Promise(resolve => setTimeout(resolve, 10))
  expect(world.partition.state).toBe('notOwned')
  world.partition.send({ type: 'elected', leaderEpoch: 1 })
  expect(offsetsOf(await untilOwned(world.partition), 'g')).toEqual({ 0: 49 })
})

test('an election of an older epoch is not heard', async () => {
  const world = offsetsWorld()
  world.partition.send({ type: 'elected', leaderEpoch: 5 })
  await untilOwned(world.partition)
  world.partition.send({ type: 'resigned' })
  world.partition.send({ type: 'elected', leaderEpoch: 4 })
  expect(world.partition.state).toBe('notOwned')
  world.partition.send({ type: 'elected', leaderEpoch: 5 })
  await untilOwned(world.partition)
  expect(world.partition.leaderEpoch).toBe(5)
})

test('partitions load one at a time, in turn, however many wait, and one that gives up lets the next', () => {
  const queue = new LoadQueue()
  const turns: number[] = []
  const leave = Array.from({ length: 20_000 }, (_, i) => queue.join(() => turns.push(i)))
  expect(turns).toEqual([0])
  leave[1]?.()
  leave[0]?.()
  expect(turns).toEqual([0, 2])
  const chain = new LoadQueue()
  const first = chain.join(() => {})
  for (let i = 0; i < 20_000; i++) {
    const own = chain.join(() => own())
  }
  first()
  expect(chain.depth).toBe(0)
})
