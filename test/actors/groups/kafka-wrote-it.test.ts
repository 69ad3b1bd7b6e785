// Goal: groups and offsets that a real Kafka 3.9 left (commits of members, of simple consumers and within transactions, a group
// that was deleted) are what Kafka says they are. Method: its __consumer_offsets, loaded; Kafka's own answer beside it.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
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
