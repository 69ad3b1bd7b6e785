// Goal: an offset whose commit was acknowledged is never taken back by kill -9. Method: consumers of many groups commit offsets
// that grow, without a group's members and as a member; the process is killed at a random moment; it is started again on the
// same directory and every group is asked. KILL_ROUNDS=20 runs as many rounds as the release check.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorCode } from '../../src/protocol/error-codes.js'
import {
  findCoordinatorRequest,
  findCoordinatorResponse
} from '../../src/protocol/messages/find-coordinator.js'
import { joinGroupRequest, joinGroupResponse } from '../../src/protocol/messages/join-group.js'
import { offsetCommitRequest, offsetCommitResponse } from '../../src/protocol/messages/offset-commit.js'
import { offsetFetchRequest, offsetFetchResponse } from '../../src/protocol/messages/offset-fetch.js'
import { syncGroupRequest, syncGroupResponse } from '../../src/protocol/messages/sync-group.js'
import { createTopic } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'
import { startBrokerProcess } from './broker-process.js'

const rounds = Number(process.env.KILL_ROUNDS ?? 3)
const topic = 'committed'
const partitions = 4
const groups = ['simple-0', 'simple-1', 'simple-2', 'member-0', 'member-1', 'member-2']

const find = [findCoordinatorRequest, findCoordinatorResponse] as const
const commit = [offsetCommitRequest, offsetCommitResponse] as const
const joinGroup = [joinGroupRequest, joinGroupResponse] as const
const sync = [syncGroupRequest, syncGroupResponse] as const
const fetchOffsets = [offsetFetchRequest, offsetFetchResponse] as const

/** Offsets by partition: the last that was sent, and the last whose commit was acknowledged. */
interface Progress {
  readonly sent: number[]
  readonly acknowledged: number[]
}

interface Identity {
  readonly generationIdOrMemberEpoch: number
  readonly memberId: string
}

/** Tries again while the coordinator loads, and while the member of before the kill still counts. */
async function patiently<R extends { readonly errorCode: number }>(ask: () => Promise<R>): Promise<R> {
  const startMs = performance.now()
  for (;;) {
    const answer = await ask()
    const mayPass = ['COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR'] as const
    const isFinal = !mayPass.some(name => answer.errorCode === errorCode(name))
    if (isFinal || performance.now() - startMs > 15_000) return answer
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** As the group's only new member; the one of before the kill is waited for until its session ends, so ids are given again. */
async function joinAs(client: WireClient, groupId: string, former: string): Promise<Identity> {
  const protocols = [{ name: 'range', metadata: Buffer.alloc(0) }]
  const ask = (memberId: string) =>
    patiently(() =>
      client.request(joinGroup, 5, {
        groupId,
        sessionTimeoutMs: 6_000,
        rebalanceTimeoutMs: 6_000,
        memberId,
        protocolType: 'consumer',
        protocols
      })
    )
  let answer = await ask(former)
  if (answer.errorCode === errorCode('UNKNOWN_MEMBER_ID')) answer = await ask('')
  if (answer.errorCode === errorCode('MEMBER_ID_REQUIRED')) answer = await ask(answer.memberId)
  expect([groupId, answer.errorCode]).toEqual([groupId, 0])
  const { memberId, generationId } = answer
  const assignments = [{ memberId, assignment: Buffer.alloc(0) }]
  const synced = await patiently(() =>
    client.request(sync, 3, { groupId, generationId, memberId, assignments })
  )
  expect([groupId, synced.errorCode]).toEqual([groupId, 0])
  return { generationIdOrMemberEpoch: generationId, memberId }
}

async function commitUntilKilled(
  bootstrap: string,
  groupId: string,
  progress: Progress,
  ids: Map<string, string>
) {
  const client = await WireClient.connect(bootstrap)
  try {
    const identity = groupId.startsWith('member')
      ? await joinAs(client, groupId, ids.get(groupId) ?? '')
      : { generationIdOrMemberEpoch: -1, memberId: '' }
    ids.set(groupId, identity.memberId)
    for (let i = 0; ; i++) {
      // One partition, or all at once: a commit is one batch of records.
      const some = i % 3 === 0 ? [...progress.sent.keys()] : [i % partitions]
      const wanted = some.map(partitionIndex => {
        const committedOffset = (progress.sent[partitionIndex] ?? 0) + 1
        progress.sent[partitionIndex] = committedOffset
        return { partitionIndex, committedOffset }
      })
      const named = wanted.map(({ partitionIndex, committedOffset }) => ({
        partitionIndex,
        committedOffset: BigInt(committedOffset),
        committedMetadata: ''
      }))
      const answer = await client.request(commit, 8, {
        groupId,
        ...identity,
        topics: [{ name: topic, partitions: named }]
      })
      for (const { partitionIndex, errorCode: error } of answer.topics[0]?.partitions ?? []) {
        const asked = wanted.find(each => each.partitionIndex === partitionIndex)
        if (error === 0 && asked !== undefined) progress.acknowledged[partitionIndex] = asked.committedOffset
      }
    }
  } catch (error) {
    if (error instanceof Error && !/connection closed|ECONN/.test(error.message)) throw error
  } finally {
    client.close()
  }
}

async function committed(client: WireClient, groupId: string): Promise<number[]> {
  const indexes = Array.from({ length: partitions }, (_, index) => index)
  const answer = await patiently(async () => {
    const { groups: found } = await client.request(fetchOffsets, 8, {
      groups: [{ groupId, topics: [{ name: topic, partitionIndexes: indexes }] }]
    })
    const group = found[0]
    if (group === undefined) throw new Error('no group in the answer')
    return group
  })
  expect([groupId, answer.errorCode]).toEqual([groupId, 0])
  const byIndex = new Map(
    answer.topics[0]?.partitions.map(each => [each.partitionIndex, Number(each.committedOffset)])
  )
  return indexes.map(index => Math.max(0, byIndex.get(index) ?? 0))
}

describe('kill -9 while offsets are committed', () => {
  test(`takes nothing back that was acknowledged, ${rounds} times in a row`, {
    timeout: 60_000 + rounds * 15_000
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'odradek-kill-commits-'))
    const progress = new Map(
      groups.map(group => [
        group,
        {
          sent: Array.from({ length: partitions }, () => 0),
          acknowledged: Array.from({ length: partitions }, () => 0)
        }
      ])
    )
    const ids = new Map<string, string>()
    const overrides = { 'group.initial.rebalance.delay.ms': '0', 'offsets.topic.segment.bytes': '200000' }
    try {
      for (let round = 0; round <= rounds; round++) {
        const broker = await startBrokerProcess(join(directory, 'data'), overrides)
        const client = await WireClient.connect(broker.bootstrap)
        await createTopic(client, topic, partitions)
        // The first who looks for a coordinator has the topic of offsets created.
        await patiently(() => client.request(find, 3, { key: 'any', keyType: 0 }))
        let total = 0
        for (const [group, { sent, acknowledged }] of progress) {
          const found = await committed(client, group)
          for (const [index, offset] of found.entries()) {
            const least = acknowledged[index] ?? 0
            const most = sent[index] ?? 0
            expect({
              round,
              group,
              index,
              offset,
              inBounds: offset >= least && offset <= most
            }).toMatchObject({
              inBounds: true
            })
            total += least
          }
        }
        if (round === rounds) {
          expect(total).toBeGreaterThan(rounds * 100)
          client.close()
          broker.child.kill('SIGTERM')
          expect(await broker.exited).toBe(0)
          break
        }
        const committing = groups.map(group => {
          const own = progress.get(group)
          if (own === undefined) throw new Error(group)
          return commitUntilKilled(broker.bootstrap, group, own, ids)
        })
        await new Promise(resolve => setTimeout(resolve, 500 + Math.random() * 700))
        broker.child.kill('SIGKILL')
        await Promise.all([broker.exited, ...committing])
        client.close()
      }
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
