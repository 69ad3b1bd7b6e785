// Goal: a commit is answered when it is as safe as acks=all, is told of from then on, and is never behind what was answered;
// an unload leaves nobody waiting. Method: an owned partition over a log whose disk and failures the test controls.
import { expect, test } from 'vitest'
import { deleteGroup } from '../../../src/actors/groups/group-commands.js'
import { commitOffsets, deleteOffsets, fetchOffsets } from '../../../src/actors/groups/offset-commands.js'
import { expireOffsets } from '../../../src/actors/groups/offset-expiry.js'
import type { OffsetsHome } from '../../../src/actors/groups/offsets-home.js'
import { offsetsPartitionMachine } from '../../../src/actors/groups/offsets-partition.machine.js'
import { Stepper } from '../../../src/actors/runtime/stepper.js'
import { errorCode } from '../../../src/protocol/error-codes.js'
import { defaultLogConfig } from '../../../src/storage/log-config.js'
import { type MemoryLog, memoryLog } from '../replicas/memory-log.js'
import { caller, offsetsOf, offsetsWorld, untilOwned } from './offsets-world.js'

const elected = { type: 'elected', leaderEpoch: 0 } as const

function requestOf(groupId: string, offset: bigint, partitions = 1, metadata = '') {
  return {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    retentionTimeMs: -1n,
    topics: [
      {
        name: 'a',
        partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
          partitionIndex,
          committedOffset: offset,
          committedLeaderEpoch: -1,
          commitTimestamp: -1n,
          committedMetadata: metadata
        }))
      }
    ]
  }
}
const commit = async (home: OffsetsHome, groupId: string, offset: bigint, partitions = 1, metadata = '') => {
  const { topics } = await commitOffsets(home, requestOf(groupId, offset, partitions, metadata), caller)
  return topics?.[0]?.partitions?.[0]?.errorCode
}
const told = (home: OffsetsHome, groupId: string) =>
  Number(
    fetchOffsets(home, { groupId, topics: null, memberId: null, memberEpoch: -1, requireStable: false })
      .topics[0]?.partitions[0]?.committedOffset ?? -1
  )

async function waitingForDisk() {
  const log: MemoryLog = memoryLog('__consumer_offsets', 0)
  const world = offsetsWorld({ log, flushAcks: true })
  world.partition.send(elected)
  return { log, world, home: await untilOwned(world.partition) }
}
const turn = () => new Promise(resolve => setTimeout(resolve, 5))

test('with log.flush.acks a commit is neither answered nor told before it is on the disk', async () => {
  const { log, home } = await waitingForDisk()
  let answered: number | undefined
  void commit(home, 'g', 5n).then(code => {
    answered = code
  })
  await turn()
  expect([answered, told(home, 'g'), Number(log.logEndOffset)]).toEqual([undefined, -1, 1])
  log.flushes.shift()?.()
  await turn()
  expect([answered, told(home, 'g')]).toEqual([0, 5])
})

test('a group that is deleted while a commit waits for the disk stays deleted', async () => {
  const { log, home, world } = await waitingForDisk()
  const committed = commit(home, 'g', 5n)
  const deleted = deleteGroup(home, { groupId: 'g' })
  await turn()
  for (let flush = log.flushes.shift(); flush !== undefined; flush = log.flushes.shift()) {
    flush()
    await turn()
  }
  expect([await committed, (await deleted).error]).toEqual([0, 'NONE'])
  expect([told(home, 'g'), home.groups.size]).toEqual([-1, 0])
  const again = world.newPartition()
  again.send(elected)
  const after = await untilOwned(again)
  expect([told(after, 'g'), after.groups.size]).toEqual([-1, 0])
})

test('an offset that expired does not take the commit along that waits for the disk to replace it', async () => {
  const { log, home, world } = await waitingForDisk()
  const first = commit(home, 'g', 1n)
  await turn()
  log.flushes.shift()?.()
  await first
  world.pass(home.settings.offsetsRetentionMs)
  const second = commit(home, 'g', 2n)
  const expired = expireOffsets(home)
  await turn()
  for (let flush = log.flushes.shift(); flush !== undefined; flush = log.flushes.shift()) flush()
  expect(await second).toBe(0)
  await expired
  expect(told(home, 'g')).toBe(2)
  const again = world.newPartition()
  again.send(elected)
  expect(told(await untilOwned(again), 'g')).toBe(2)
})

test('a commit after the deletion of its offset outlives it', async () => {
  const { log, home } = await waitingForDisk()
  const flushAll = async () => {
    for (let flush = log.flushes.shift(); flush !== undefined; flush = log.flushes.shift()) {
      flush()
      await turn()
    }
  }
  const first = commit(home, 'g', 1n)
  await turn()
  await flushAll()
  await first
  const removed = deleteOffsets(home, {
    groupId: 'g',
    topics: [{ name: 'a', partitions: [{ partitionIndex: 0 }] }]
  })
  const second = commit(home, 'g', 2n)
  await turn()
  await flushAll()
  expect([(await removed).errorCode, await second, told(home, 'g')]).toEqual([0, 0, 2])
})

test('who commits while the partition is let go is told to look for its coordinator', async () => {
  const { home, world } = await waitingForDisk()
  const late = commit(home, 'g', 5n)
  world.partition.send({ type: 'resigned' })
  world.hosted.send({ type: 'resigned' })
  expect(await late).toBe(errorCode('NOT_COORDINATOR'))
  expect(await commit(home, 'g', 6n)).toBe(errorCode('NOT_COORDINATOR'))
})

test('a commit that does not fit into one batch is split, in order', async () => {
  const log = memoryLog('__consumer_offsets', 0)
  log.config = { ...defaultLogConfig, maxMessageBytes: 1000 }
  const world = offsetsWorld({ log })
  world.partition.send(elected)
  const home = await untilOwned(world.partition)
  expect(await commit(home, 'g', 3n, 40)).toBe(0)
  expect(home.offsets.size).toBe(40)
  expect(home.offsets.find({ group: 'g', topic: 'a', partition: 39 })?.recordOffset).toBe(39)
  const again = world.newPartition()
  again.send(elected)
  expect(Object.keys(offsetsOf(await untilOwned(again), 'g'))).toHaveLength(40)
})

test('a log that fails takes its groups out of service, and stop says that there is no coordinator', async () => {
  const world = offsetsWorld()
  world.partition.send(elected)
  const home = await untilOwned(world.partition)
  await commit(home, 'g', 5n)
  world.partition.send({ type: 'logFailed' })
  expect([world.partition.state, world.partition.refusal, home.groups.size]).toEqual([
    'offline',
    'NOT_COORDINATOR',
    0
  ])
  const again = world.newPartition()
  again.send(elected)
  await untilOwned(again)
  again.send({ type: 'stop' })
  expect([again.state, again.refusal]).toEqual(['stopped', 'COORDINATOR_NOT_AVAILABLE'])
  again.send({ type: 'elected', leaderEpoch: 9 })
  expect(again.state).toBe('stopped')
})

const life = (...events: readonly Parameters<Stepper<typeof offsetsPartitionMachine>['step']>[0][]) => {
  const stepper = new Stepper(offsetsPartitionMachine, 'one')
  stepper.begin()
  const deeds = events.flatMap(event => stepper.step(event).map(({ type }) => type))
  return { state: stepper.state, deeds: deeds.filter(type => !type.startsWith('xstate.')) }
}

test('the machine loads once an election, and abandons or unloads before it serves under another', () => {
  expect(life(elected)).toEqual({ state: 'queued', deeds: ['queueLoad'] })
  expect(life(elected, { type: 'turnCame' }, { type: 'loaded' })).toEqual({
    state: 'owned',
    deeds: ['queueLoad', 'beginLoad', 'install']
  })
  expect(life(elected, { type: 'turnCame' }, { type: 'resigned' }, { type: 'loaded' })).toEqual({
    state: 'notOwned',
    deeds: ['queueLoad', 'beginLoad', 'abandonLoad']
  })
  const again = life(
    elected,
    { type: 'turnCame' },
    { type: 'loaded' },
    { type: 'elected', leaderEpoch: 3 },
    { type: 'resigned' },
    { type: 'elected', leaderEpoch: 2 }
  )
  expect(again).toEqual({ state: 'notOwned', deeds: ['queueLoad', 'beginLoad', 'install', 'unload'] })
})
