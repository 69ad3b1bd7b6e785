// Goal: members of classic groups survive a restart of their broker: generation, ids and assignments are what they were, and
// a request that waits is not answered twice or never. Method: a broker in this process, raw requests on several connections.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type ErrorName, errorName } from '../../src/protocol/error-codes.js'
import {
  findCoordinatorRequest,
  findCoordinatorResponse
} from '../../src/protocol/messages/find-coordinator.js'
import { heartbeatRequest, heartbeatResponse } from '../../src/protocol/messages/heartbeat.js'
import { joinGroupRequest, joinGroupResponse } from '../../src/protocol/messages/join-group.js'
import { leaveGroupRequest, leaveGroupResponse } from '../../src/protocol/messages/leave-group.js'
import { syncGroupRequest, syncGroupResponse } from '../../src/protocol/messages/sync-group.js'
import { WireClient } from '../support/wire-client.js'

const { startBroker }: typeof import('../../src/index.js') = await import(
  new URL('../../dist/index.js', import.meta.url).href
)
const findCoordinator = [findCoordinatorRequest, findCoordinatorResponse] as const
const join = [joinGroupRequest, joinGroupResponse] as const
const sync = [syncGroupRequest, syncGroupResponse] as const
const heartbeat = [heartbeatRequest, heartbeatResponse] as const
const leave = [leaveGroupRequest, leaveGroupResponse] as const
const groupId = 'readers'
const errorIn = ({ errorCode }: { readonly errorCode: number }): ErrorName => errorName(errorCode)

const joinAs = (client: WireClient, memberId = '') =>
  client.request(join, 3, {
    ...{ groupId, memberId, sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000, protocolType: 'consumer' },
    protocols: [{ name: 'range', metadata: Buffer.from('topics') }]
  })

const syncAs = (
  client: WireClient,
  memberId: string,
  generationId: number,
  members: readonly string[] = []
) =>
  client.request(sync, 3, {
    ...{ groupId, memberId, generationId },
    assignments: members.map(id => ({ memberId: id, assignment: Buffer.from(`for ${id}`) }))
  })

const beatAs = async (client: WireClient, memberId: string, generationId: number): Promise<ErrorName> =>
  errorIn(await client.request(heartbeat, 3, { groupId, memberId, generationId }))

/** Creates the offsets topic, and waits until the group’s partition was read. */
async function untilCoordinated(client: WireClient): Promise<void> {
  await expect
    .poll(async () => {
      const { coordinators } = await client.request(findCoordinator, 4, {
        keyType: 0,
        coordinatorKeys: [groupId]
      })
      return coordinators.map(errorIn)
    })
    .toEqual(['NONE'])
  const refused = ['NOT_COORDINATOR', 'COORDINATOR_LOAD_IN_PROGRESS']
  await expect
    .poll(async () => {
      const left = await client.request(leave, 3, { groupId, members: [{ memberId: 'nobody' }] })
      return refused.includes(errorIn(left))
    })
    .toBe(false)
}

describe.each([
  ['perCore', { 'odradek.workers': '2' }],
  ['inline', {}]
])('with placement %s', (placement, more) => {
  const dir = mkdtempSync(pathOf(tmpdir(), 'odradek-members-'))
  const start = () =>
    startBroker({
      overrides: {
        ...{ 'log.dirs': dir, 'odradek.placement': placement, 'offsets.topic.num.partitions': '4' },
        ...{ 'group.initial.rebalance.delay.ms': '200' },
        ...more
      }
    })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  test('three members agree, and go on after a restart as if there had been none', async () => {
    let broker = await start()
    const connect = () => Promise.all([1, 2, 3].map(() => WireClient.connect(broker.bootstrapServers)))
    let clients = await connect()
    await Promise.all(clients.map(untilCoordinated))
    const joined = await Promise.all(clients.map(client => joinAs(client)))
    expect(joined.map(({ generationId }) => generationId)).toEqual([1, 1, 1])
    const ids = joined.map(({ memberId }) => memberId)
    const [leader = ''] = joined.map(answer => answer.leader)
    expect(joined.map(({ members }) => members.length).sort()).toEqual([0, 0, 3])
    const synced = await Promise.all(
      ids.map((id, i) => syncAs(clients[i] ?? failing(), id, 1, id === leader ? ids : []))
    )
    const assigned = ids.map(id => `for ${id}`)
    expect(synced.map(({ assignment }) => assignment.toString())).toEqual(assigned)
    for (const client of clients) client.close()
    await broker.close()

    broker = await start()
    clients = await connect()
    await Promise.all(clients.map(untilCoordinated))
    const beats = await Promise.all(ids.map((id, i) => beatAs(clients[i] ?? failing(), id, 1)))
    expect(beats).toEqual(['NONE', 'NONE', 'NONE'])
    const again = await Promise.all(ids.map((id, i) => syncAs(clients[i] ?? failing(), id, 1)))
    expect(again.map(({ assignment }) => assignment.toString())).toEqual(assigned)

    // One leaves; the others are told, and the next generation is theirs.
    const [first = failing(), ...others] = clients
    const stay = ids.slice(1)
    await first.request(leave, 3, { groupId, members: [{ memberId: ids[0] ?? '' }] })
    expect(await beatAs(others[0] ?? failing(), stay[0] ?? '', 1)).toBe('REBALANCE_IN_PROGRESS')
    const next = await Promise.all(stay.map((id, i) => joinAs(others[i] ?? failing(), id)))
    expect(next.map(({ generationId }) => generationId)).toEqual([2, 2])

    // A sync that waits for its leader when the broker stops ends with its connection.
    const follower = stay.findIndex(id => id !== next[0]?.leader)
    const waiting = syncAs(others[follower] ?? failing(), stay[follower] ?? '', 2).then(
      errorIn,
      () => 'closed'
    )
    await broker.close()
    expect(['closed', 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR']).toContain(await waiting)
  }, 60_000)
})

function failing(): never {
  throw new Error('there is no such client')
}
