// Goal: groups and offsets that a real Kafka left are what Kafka says they are: 3.9 with commits of members, of simple consumers
// and within transactions, and a group that was deleted; 4.0, killed, with members of the new protocol, one of them with a
// pattern. Method: its __consumer_offsets, loaded; Kafka's own answer beside it.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ConsumerGroup } from '../../../src/actors/groups/consumer/consumer-group.js'
import { closeDirectory, expectedOf, openDirectory, unpack } from '../../storage/support/fixture.js'
import { offsetsWorld, untilOwned } from './offsets-world.js'

const fixtures = fileURLToPath(new URL('../../fixtures/groups', import.meta.url))

interface Expected {
  readonly groups: Record<
    string,
    {
      readonly state: string
      readonly offsets: Record<string, { offset: number; metadata: string; leaderEpoch?: number }>
    }
  >
}

test('groups and offsets that Kafka wrote are what Kafka says they are', async () => {
  const unpacked = unpack(fixtures, 'offsets')
  const opened = await openDirectory(unpacked)
  const found: Expected['groups'] = {}
  for (const log of opened.shard.all()) {
    const world = offsetsWorld({ log })
    world.partition.send({ type: 'elected', leaderEpoch: 0 })
    const { groups, offsets } = await untilOwned(world.partition)
    for (const [groupId, { state }] of groups) {
      const own: Expected['groups'][string] = { state, offsets: {} }
      found[groupId] = own
      for (const [topic, partitions] of offsets.ofGroup(groupId) ?? []) {
        for (const [partition, { offset, metadata, leaderEpoch }] of partitions) {
          own.offsets[`${topic}-${partition}`] = {
            offset: Number(offset),
            metadata,
            ...(leaderEpoch < 0 ? {} : { leaderEpoch })
          }
        }
      }
    }
  }
  expect(found).toEqual((expectedOf(fixtures, 'offsets') as Expected).groups)
  await closeDirectory(opened)
  rmSync(path.dirname(unpacked), { recursive: true, force: true })
})

interface ExpectedMembers {
  readonly groups: Record<
    string,
    {
      readonly state: string
      readonly epoch: number
      readonly members: Record<string, { clientId: string; epoch: number; assigned: readonly number[] }>
      readonly offsets: Record<string, number>
    }
  >
}

test('groups of the new protocol that Kafka 4.0 wrote have their members, epochs and assignments', async () => {
  const unpacked = unpack(fixtures, 'consumer-groups')
  const opened = await openDirectory(unpacked)
  const found: Record<string, ExpectedMembers['groups'][string]> = {}
  for (const log of opened.shard.all()) {
    const world = offsetsWorld({ log })
    world.partition.send({ type: 'elected', leaderEpoch: 0 })
    const { groups, offsets } = await untilOwned(world.partition)
    for (const [groupId, group] of groups) {
      if (!(group instanceof ConsumerGroup)) continue
      const { state, epoch } = group
      const members = [...group.members.values()].map(member => {
        const { memberId, clientId, epoch: memberEpoch, assigned } = member
        const partitions = [...assigned.values()].flatMap(numbers => [...numbers]).sort()
        return [memberId, { clientId, epoch: memberEpoch, assigned: partitions }] as const
      })
      const committed = [...(offsets.ofGroup(groupId) ?? [])].flatMap(([topic, partitions]) =>
        [...partitions].map(([partition, { offset }]) => [`${topic}-${partition}`, Number(offset)] as const)
      )
      found[groupId] = {
        state,
        epoch,
        members: Object.fromEntries(members),
        offsets: Object.fromEntries(committed)
      }
    }
  }
  expect(found).toEqual((expectedOf(fixtures, 'consumer-groups') as ExpectedMembers).groups)
  await closeDirectory(opened)
  rmSync(path.dirname(unpacked), { recursive: true, force: true })
})
