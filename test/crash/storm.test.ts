// Goal: however many members join, leave and die, each partition is read by one member at a time, and the group comes to rest.
// Method: members of either protocol over the wire, on one topic that is written all the time; a broker in a process of its own.
// STORM_SECONDS=60 STORM_MEMBERS=50 is the release check.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse
} from '../../src/protocol/messages/consumer-group-describe.js'
import { describeGroupsRequest, describeGroupsResponse } from '../../src/protocol/messages/describe-groups.js'
import {
  findCoordinatorRequest,
  findCoordinatorResponse
} from '../../src/protocol/messages/find-coordinator.js'
import { batchOf, createTopic, produce } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'
import { startBrokerProcess } from './broker-process.js'
import { ClassicMember, type MemberWorld } from './storm/classic-member.js'
import { ConsumerMember } from './storm/consumer-member.js'
import { Journal, topic } from './storm/reader.js'

const seconds = Number(process.env.STORM_SECONDS ?? 3)
const most = Number(process.env.STORM_MEMBERS ?? 12)
const partitions = 24
const sessionTimeoutMs = 2_000

const find = [findCoordinatorRequest, findCoordinatorResponse] as const
const describeClassic = [describeGroupsRequest, describeGroupsResponse] as const
const describeConsumer = [consumerGroupDescribeRequest, consumerGroupDescribeResponse] as const

type Member = ClassicMember | ConsumerMember

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Writes to every partition until it is stopped; gives how many records each has then. */
function writing(bootstrap: string): () => Promise<number> {
  let written = 0
  let isOver = false
  const done = (async () => {
    const client = await WireClient.connect(bootstrap)
    const partitionData = Array.from({ length: partitions }, (_, index) => ({
      index,
      records: batchOf(['x'])
    }))
    while (!isOver) {
      const topicData = [{ name: topic, partitionData }]
      const { responses } = await client.request(produce, 9, { acks: 1, timeoutMs: 10_000, topicData })
      expect(responses[0]?.partitionResponses.every(({ errorCode }) => errorCode === 0)).toBe(true)
      written++
      await pause(40)
    }
    client.close()
    return written
  })()
  return () => {
    isOver = true
    return done
  }
}

/** Members come and go at random; gives those that live and have not been asked to leave. */
async function storm(world: MemberWorld, start: (world: MemberWorld) => Promise<Member>) {
  const living = new Set<Member>()
  const all: Member[] = []
  const counts = { joined: 0, left: 0, killed: 0 }
  const endMs = performance.now() + seconds * 1000
  while (performance.now() < endMs) {
    const shrinks = living.size >= most || (living.size > most / 2 && Math.random() < 0.5)
    if (shrinks) {
      const gone = [...living][Math.floor(Math.random() * living.size)]
      if (gone !== undefined) {
        living.delete(gone)
        const isKilled = Math.random() < 0.5
        counts[isKilled ? 'killed' : 'left']++
        if (isKilled) gone.kill()
        else gone.leave()
      }
    } else {
      const member = await start(world)
      member.ended.catch(() => {})
      living.add(member)
      all.push(member)
      counts.joined++
    }
    await pause(living.size < most / 2 ? 10 : 50 + Math.random() * 150)
  }
  return { living: [...living], all, counts }
}

function isAtRest(living: readonly Member[]): boolean {
  const owned = living.flatMap(member => member.owned)
  const isOneGeneration = new Set(living.map(({ generation }) => generation)).size === 1
  return owned.length === partitions && new Set(owned).size === partitions && isOneGeneration
}

async function until(holds: () => boolean | Promise<boolean>, timeoutMs: number, state: () => string) {
  const endMs = performance.now() + timeoutMs
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not at rest: ${state()}`)
    await pause(50)
  }
}

async function stateOf(client: WireClient, groupId: string, isClassic: boolean) {
  if (isClassic) {
    const { groups } = await client.request(describeClassic, 5, { groups: [groupId] })
    return { state: groups[0]?.groupState, members: groups[0]?.members.length }
  }
  const { groups } = await client.request(describeConsumer, 0, { groupIds: [groupId] })
  return { state: groups[0]?.groupState, members: groups[0]?.members.length }
}

const overrides = {
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'group.consumer.heartbeat.interval.ms': '200',
  'group.consumer.min.heartbeat.interval.ms': '200',
  'group.consumer.session.timeout.ms': String(sessionTimeoutMs),
  'group.consumer.min.session.timeout.ms': '1000'
}

describe.each([
  ['classic', ClassicMember],
  ['consumer', ConsumerMember]
] as const)('a group of the %s protocol in a storm of rebalances', (protocol, Kind) => {
  it('gives each partition to one member at a time, and comes to rest', {
    timeout: seconds * 1000 + 90_000
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'odradek-storm-'))
    const broker = await startBrokerProcess(join(directory, 'data'), overrides)
    const groupId = `storm-${protocol}`
    const journal = new Journal()
    const client = await WireClient.connect(broker.bootstrap)
    try {
      await createTopic(client, topic, partitions)
      const ready = () => client.request(find, 3, { key: groupId, keyType: 0 })
      await until(
        async () => (await ready()).errorCode === 0,
        20_000,
        () => 'no coordinator'
      )
      const stopWriting = writing(broker.bootstrap)
      const world = { bootstrap: broker.bootstrap, groupId, partitions, journal, sessionTimeoutMs }
      const { living, all, counts } = await storm(world, shared => Kind.start(shared))
      const said = () =>
        JSON.stringify({ counts, living: living.map(({ generation, owned }) => [generation, owned]) })
      await until(() => isAtRest(living), 40_000, said)
      await until(
        async () => {
          const { state, members } = await stateOf(client, groupId, protocol === 'classic')
          return state === 'Stable' && members === living.length && isAtRest(living)
        },
        20_000,
        said
      )
      const written = await stopWriting()
      const isRead = () =>
        journal.ends.size === partitions && [...journal.ends.values()].every(end => end === written)
      await until(isRead, 20_000, () => `${written} written, read ${[...journal.ends.values()].join()}`)
      expect(journal.violations).toEqual([])
      expect(counts.left + counts.killed).toBeGreaterThan(seconds)
      if (process.env.STORM_SECONDS)
        console.log(protocol, counts, `${journal.reads} reads of ${written * partitions}`)
      for (const member of living) member.leave()
      await Promise.all(all.map(({ ended }) => ended))
    } finally {
      client.close()
      broker.child.kill('SIGTERM')
      await broker.exited
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
