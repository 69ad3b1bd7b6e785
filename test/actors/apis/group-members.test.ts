// Goal: JoinGroup, SyncGroup, Heartbeat and LeaveGroup in every version: what the version can say, and what is answered where
// the coordinator is not asked. Method: encoded requests through dispatch, onto a coordinator with its log in memory.
import { expect, it, onTestFinished } from 'vitest'
import { type ErrorName, errorName } from '../../../src/protocol/error-codes.js'
import { heartbeatRequest, heartbeatResponse } from '../../../src/protocol/messages/heartbeat.js'
import { joinGroupRequest, joinGroupResponse } from '../../../src/protocol/messages/join-group.js'
import { leaveGroupRequest, leaveGroupResponse } from '../../../src/protocol/messages/leave-group.js'
import { syncGroupRequest, syncGroupResponse } from '../../../src/protocol/messages/sync-group.js'
import { harness, topicId, topicInfo } from './harness.js'

const join = [joinGroupRequest, joinGroupResponse] as const
const sync = [syncGroupRequest, syncGroupResponse] as const
const heartbeat = [heartbeatRequest, heartbeatResponse] as const
const leave = [leaveGroupRequest, leaveGroupResponse] as const
const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, version) => version)
const errorIn = ({ errorCode }: { readonly errorCode: number }): ErrorName => errorName(errorCode)

async function broker() {
  const overrides = { 'group.initial.rebalance.delay.ms': '0', 'group.min.session.timeout.ms': '1' }
  const world = harness({ overrides })
  world.publish([topicInfo('__consumer_offsets', topicId(1), 1)])
  onTestFinished(() => void world.groups.coordinator.stop())
  await expect.poll(() => world.call(heartbeat, 0, asMember).then(errorIn)).toBe('UNKNOWN_MEMBER_ID')
  return world
}

const asMember = { groupId: 'g', generationId: 1, memberId: 'nobody' }
const joining = {
  ...{ groupId: 'g', sessionTimeoutMs: 30_000, protocolType: 'consumer', memberId: '' },
  protocols: [{ name: 'range', metadata: Buffer.from('what it reads') }]
}
/** Fields are written only in versions that have them. */
const from = <T extends object>(version: number, first: number, fields: T): T | object =>
  version >= first ? fields : {}

it.each(upTo(9))('a consumer joins with version %i, syncs, and is its own leader', async version => {
  const { call } = await broker()
  const request = { ...joining, ...from(version, 1, { rebalanceTimeoutMs: 60_000 }) }
  const first = await call(join, version, request, 'app')
  expect(errorIn(first)).toBe(version < 4 ? 'NONE' : 'MEMBER_ID_REQUIRED')
  const { memberId } = first
  expect(memberId).toMatch(/^app-[0-9a-f-]{36}$/)
  const joined = version < 4 ? first : await call(join, version, { ...request, memberId }, 'app')
  expect(joined).toMatchObject({
    ...{ errorCode: 0, generationId: 1, protocolName: 'range', leader: memberId, memberId },
    protocolType: version < 7 ? null : 'consumer',
    members: [{ memberId, groupInstanceId: null, metadata: Buffer.from('what it reads') }]
  })
  const syncVersion = Math.min(version, 5)
  const synced = await call(sync, syncVersion, {
    ...{ groupId: 'g', generationId: 1, memberId },
    ...from(syncVersion, 5, { protocolType: 'consumer', protocolName: 'range' }),
    assignments: [{ memberId, assignment: Buffer.from('partition 0') }]
  })
  expect(synced).toMatchObject({ errorCode: 0, assignment: Buffer.from('partition 0') })
  expect(synced.protocolName).toBe(syncVersion < 5 ? null : 'range')
  const beat = await call(heartbeat, Math.min(version, 4), { ...asMember, memberId })
  expect(errorIn(beat)).toBe('NONE')
  const leaveVersion = Math.min(version, 5)
  const members = [{ memberId, groupInstanceId: null }, { memberId: 'nobody' }]
  const left = await call(leave, leaveVersion, {
    groupId: 'g',
    ...(leaveVersion < 3 ? { memberId } : { members })
  })
  expect(errorIn(left)).toBe('NONE')
  expect(left.members.map(errorIn)).toEqual(leaveVersion < 3 ? [] : ['NONE', 'UNKNOWN_MEMBER_ID'])
})

it.each(upTo(5).slice(3))(
  'a static member is fenced in SyncGroup %i by the one that came after it',
  async version => {
    const { call } = await broker()
    const request = { ...joining, groupInstanceId: 'i', rebalanceTimeoutMs: 60_000 }
    const first = await call(join, 5, request)
    const second = await call(join, 5, request)
    expect([first, second].map(errorIn)).toEqual(['NONE', 'NONE'])
    const fenced = await call(sync, version, {
      ...{ groupId: 'g', generationId: 1, memberId: first.memberId, groupInstanceId: 'i' },
      ...from(version, 5, { protocolType: 'consumer', protocolName: 'range' })
    })
    expect(errorIn(fenced)).toBe('FENCED_INSTANCE_ID')
    const beat = { ...asMember, memberId: first.memberId, groupInstanceId: 'i' }
    expect(errorIn(await call(heartbeat, 3, beat))).toBe('FENCED_INSTANCE_ID')
  }
)

it('a group without a name is nobody’s, in every version', async () => {
  const { call } = await broker()
  const groupId = ''
  const answers = [
    ...upTo(9).map(version => call(join, version, { ...joining, groupId })),
    ...upTo(4).map(version => call(sync, version, { ...asMember, groupId })),
    call(sync, 5, { ...asMember, groupId, protocolType: 'consumer', protocolName: 'range' }),
    ...upTo(4).map(version => call(heartbeat, version, { ...asMember, groupId })),
    ...upTo(5).map(version => call(leave, version, { groupId, ...(version < 3 ? { memberId: 'x' } : {}) }))
  ]
  for (const answer of answers) expect(errorIn(await answer)).toBe('INVALID_GROUP_ID')
})

it('what a sync is about has to be said since version 5', async () => {
  const { call } = await broker()
  expect(errorIn(await call(sync, 5, asMember))).toBe('INCONSISTENT_GROUP_PROTOCOL')
  expect(errorIn(await call(sync, 4, asMember))).toBe('UNKNOWN_MEMBER_ID')
})

it('without an offsets topic nobody coordinates here', async () => {
  const { call } = harness()
  const answers = [
    call(join, 9, joining),
    call(sync, 4, asMember),
    call(heartbeat, 4, asMember),
    call(leave, 5, { groupId: 'g' })
  ]
  for (const answer of answers) expect(errorIn(await answer)).toBe('NOT_COORDINATOR')
})

it('while the coordinator loads, heartbeats are well and syncs ask for a join', async () => {
  const loading = { kind: 'refused', error: 'COORDINATOR_LOAD_IN_PROGRESS' } as const
  const list = () => Promise.reject(new Error('nobody lists'))
  const { call } = harness({ needs: { groups: { perform: () => loading, list } } })
  expect(errorIn(await call(heartbeat, 4, asMember))).toBe('NONE')
  expect(errorIn(await call(sync, 4, asMember))).toBe('REBALANCE_IN_PROGRESS')
  expect(errorIn(await call(join, 9, joining))).toBe('COORDINATOR_LOAD_IN_PROGRESS')
  expect(errorIn(await call(leave, 5, { groupId: 'g' }))).toBe('COORDINATOR_LOAD_IN_PROGRESS')
})
