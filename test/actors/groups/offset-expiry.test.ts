// Goal: committed offsets end when KIP-211 says so, and a group with its last one; a restart finds none of them. Method: an
// owned partition, a clock that the test moves, groups of every state.
import { expect, test } from 'vitest'
import type { Group } from '../../../src/actors/groups/group.js'
import { commitOffsets } from '../../../src/actors/groups/offset-commands.js'
import { expireOffsets, removeOffsetsOfTopics } from '../../../src/actors/groups/offset-expiry.js'
import type { OffsetsHome } from '../../../src/actors/groups/offsets-home.js'
import {
  batchOf,
  caller,
  commitOf,
  markerOf,
  offsetsOf,
  offsetsWorld,
  untilOwned,
  type WorldOptions
} from './offsets-world.js'

const retentionMs = 100_000
const elected = { type: 'elected', leaderEpoch: 0 } as const

async function owned(options: WorldOptions = {}) {
  const world = offsetsWorld({ ...options, settings: { offsetsRetentionMs: retentionMs } })
  world.partition.send(elected)
  return { world, home: await untilOwned(world.partition) }
}

function commit(home: OffsetsHome, groupId: string, partitions: readonly number[], retentionTimeMs = -1n) {
  return commitOffsets(
    home,
    {
      groupId,
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      retentionTimeMs,
      topics: [
        {
          name: 'a',
          partitions: partitions.map(partitionIndex => ({
            partitionIndex,
            committedOffset: 5n,
            committedLeaderEpoch: -1,
            commitTimestamp: -1n,
            committedMetadata: ''
          }))
        }
      ]
    },
    caller
  )
}

/** A group as expiry sees it. */
const groupLike = (home: OffsetsHome, groupId: string, has: Partial<Group>): void => {
  const simple = home.kinds.simple(home, groupId)
  const shape: Group = {
    groupId,
    kind: has.kind ?? 'classic',
    state: has.state ?? 'Empty',
    protocolType: has.protocolType ?? 'consumer',
    isEmpty: has.isEmpty ?? true,
    emptySinceMs: has.emptySinceMs ?? -1,
    mayCommit: () => 'NONE',
    mayFetch: () => 'NONE',
    subscribesTo: has.subscribesTo ?? (() => false),
    describe: () => simple.describe(),
    mayDelete: () => 'NONE',
    tombstones: () => [{ kind: 'groupMetadata', key: { group: groupId }, value: null }],
    unload: () => {}
  }
  home.groups.set(groupId, shape)
}

test('offsets of a group that only commits live for the retention after the commit', async () => {
  const { world, home } = await owned()
  await commit(home, 'g', [0])
  world.pass(retentionMs - 1)
  await commit(home, 'g', [1])
  await expireOffsets(home)
  expect(offsetsOf(home, 'g')).toEqual({ 0: 5, 1: 5 })
  world.pass(1)
  await expireOffsets(home)
  expect(offsetsOf(home, 'g')).toEqual({ 1: 5 })
  expect(home.groups.has('g')).toBe(true)
  world.pass(retentionMs)
  await expireOffsets(home)
  expect(home.groups.has('g')).toBe(false)
  expect(home.counts.expired).toBe(2)
  const again = world.newPartition()
  again.send(elected)
  expect([...(await untilOwned(again)).groups.keys()]).toEqual([])
})

test('a retention that the client asked for counts instead', async () => {
  const { world, home } = await owned()
  await commit(home, 'short', [0], 10n)
  await commit(home, 'long', [0], BigInt(3 * retentionMs))
  world.pass(10)
  await expireOffsets(home)
  expect([...home.groups.keys()]).toEqual(['long'])
  world.pass(2 * retentionMs)
  await expireOffsets(home)
  expect([...home.groups.keys()]).toEqual(['long'])
})

test('a group that had members keeps its offsets for the retention from when it became empty', async () => {
  const { world, home } = await owned()
  await commit(home, 'g', [0])
  groupLike(home, 'g', { emptySinceMs: world.nowMs + 50_000 })
  world.pass(retentionMs + 49_999)
  await expireOffsets(home)
  expect(offsetsOf(home, 'g')).toEqual({ 0: 5 })
  world.pass(1)
  await expireOffsets(home)
  expect(home.groups.has('g')).toBe(false)
})

test('offsets of a group with members live while a member subscribes to their topic, and while it rebalances', async () => {
  const { world, home } = await owned()
  for (const groupId of ['subscribed', 'left', 'rebalancing', 'connect', 'new protocol']) {
    await commit(home, groupId, [0])
  }
  const live = { isEmpty: false, state: 'Stable' }
  groupLike(home, 'subscribed', { ...live, subscribesTo: topic => topic === 'a' })
  groupLike(home, 'left', live)
  groupLike(home, 'rebalancing', { ...live, state: 'PreparingRebalance' })
  groupLike(home, 'connect', { ...live, protocolType: 'connect' })
  groupLike(home, 'new protocol', { ...live, kind: 'consumer', state: 'Reconciling' })
  world.pass(retentionMs)
  await expireOffsets(home)
  expect([...home.offsets.groupIds()].sort()).toEqual(['connect', 'rebalancing', 'subscribed'])
  expect(home.groups.size).toBe(5)
})

test('an offset that a transaction is about to replace does not expire', async () => {
  const world = offsetsWorld({ settings: { offsetsRetentionMs: retentionMs } })
  world.write(batchOf([commitOf('g', 0, 1n), commitOf('g', 1, 1n)]))
  world.write(batchOf([commitOf('g', 0, 2n)], { id: 7n, sequence: 0 }))
  world.partition.send(elected)
  const home = await untilOwned(world.partition)
  await expireOffsets(home)
  expect(offsetsOf(home, 'g')).toEqual({ 0: 1 })
  world.write(markerOf('ABORT', 7n))
  home.offsets.endTransaction(7n, 'abort')
  await expireOffsets(home)
  expect(home.groups.has('g')).toBe(false)
})

test('a group without offsets and members ends, which a restart knows as well', async () => {
  const { home, world } = await owned()
  groupLike(home, 'g', { emptySinceMs: world.nowMs })
  await expireOffsets(home)
  expect(home.groups.size).toBe(0)
  expect(world.log.logEndOffset).toBe(1)
})

test('offsets of a deleted topic are removed from every group, and stay removed', async () => {
  const { world, home } = await owned()
  await commit(home, 'g', [0, 1])
  await commit(home, 'h', [3])
  await removeOffsetsOfTopics(home, ['other'])
  expect(home.offsets.size).toBe(3)
  await removeOffsetsOfTopics(home, ['a'])
  expect(home.offsets.size).toBe(0)
  const again = world.newPartition()
  again.send(elected)
  expect((await untilOwned(again)).offsets.size).toBe(0)
})
