// Goal: who is a member is told as Kafka 3.9 tells it: ids that come back, static members and their fences, sessions, sizes,
// leaving, commits; and what a restart or the end of an ownership makes of it. Method: groups in a world with simulated time.
import { expect, it } from 'vitest'
import { ClassicGroup } from '../../../../src/actors/groups/classic/classic-group.js'
import { errorIn, GroupWorld, protocol, settled } from './group-world.js'

const asStatic = (groupInstanceId: string, version = 5) => ({
  groupInstanceId,
  version,
  clientId: groupInstanceId
})
const dynamic = (memberId: string) => ({ memberId, groupInstanceId: null })

/** Static members s0, s1, … with generation 1, stable. */
async function staticGroup(world: GroupWorld, count: number): Promise<string[]> {
  const joins = Array.from({ length: count }, (_, index) => world.join(asStatic(`s${index}`)))
  await world.gathered()
  const ids = joins.map(({ value }) => value?.memberId ?? '')
  await world.syncAll(ids)
  return ids
}

it('refuses what is no member, of no group, or outside the limits', async () => {
  const world = new GroupWorld({ maxSize: 1 })
  expect(errorIn(world.join({ sessionTimeoutMs: 5_999 }))).toBe('INVALID_SESSION_TIMEOUT')
  expect(errorIn(world.join({ sessionTimeoutMs: 1_800_001 }))).toBe('INVALID_SESSION_TIMEOUT')
  expect(errorIn(world.join({ memberId: 'x' }))).toBe('UNKNOWN_MEMBER_ID')
  expect(errorIn(world.join({ version: 3, protocols: [] }))).toBe('INCONSISTENT_GROUP_PROTOCOL')
  expect(errorIn(world.sync({ memberId: 'x' }))).toBe('UNKNOWN_MEMBER_ID')
  expect(world.heartbeat('x')).toBe('UNKNOWN_MEMBER_ID')
  expect(world.leave([dynamic('x')])).toEqual({ error: 'NONE', members: ['UNKNOWN_MEMBER_ID'] })
  expect(world.leave([dynamic('x')], 2)).toEqual({ error: 'UNKNOWN_MEMBER_ID', members: [] })
  expect(world.group).toBeUndefined()
  const [a = ''] = await world.stable(1)
  expect(errorIn(world.join({ version: 3 }))).toBe('GROUP_MAX_SIZE_REACHED')
  expect(errorIn(world.join({ memberId: 'x' }))).toBe('GROUP_MAX_SIZE_REACHED')
  expect(world.heartbeat(a, 9)).toBe('ILLEGAL_GENERATION')
  expect(errorIn(world.sync({ memberId: a, generationId: 2 }))).toBe('ILLEGAL_GENERATION')
  expect(errorIn(world.sync({ memberId: a, protocolType: 'connect' }))).toBe('INCONSISTENT_GROUP_PROTOCOL')
  expect(errorIn(world.sync({ memberId: a, protocolName: 'sticky' }))).toBe('INCONSISTENT_GROUP_PROTOCOL')
})

it('an id that was given out and does not come back holds up a rebalance for its session timeout only', async () => {
  const world = new GroupWorld()
  const [a = ''] = await world.stable(1)
  const given = world.join({ clientId: 'p' }).value?.memberId ?? ''
  const rejoined = world.join({ memberId: a, protocols: [protocol('range', 'x')] })
  await world.pass(9_000)
  expect(errorIn(rejoined)).toBeUndefined()
  await world.pass(2_000)
  expect(rejoined.value?.generationId).toBe(2)
  expect(errorIn(world.join({ memberId: given }))).toBe('UNKNOWN_MEMBER_ID')
})

it('a pending id that leaves lets the rebalance end', async () => {
  const world = new GroupWorld()
  const [a = ''] = await world.stable(1)
  const given = world.join({ clientId: 'p' }).value?.memberId ?? ''
  const rejoined = world.join({ memberId: a })
  expect(world.leave([dynamic(given)]).members).toEqual(['NONE'])
  await settled()
  expect(rejoined.value?.generationId).toBe(2)
})

it('a member of which nothing is heard for its session timeout is dropped; a heartbeat or a commit renews it', async () => {
  const world = new GroupWorld()
  const [a = '', b = ''] = await world.stable(2)
  const committed = () =>
    world.group.mayCommit({
      ...dynamic(a),
      ...{ generationOrEpoch: world.group.generation, apiVersion: 8, isTransactional: false }
    })
  await world.pass(6_000)
  expect(world.heartbeat(b)).toBe('NONE')
  expect(committed()).toBe('NONE')
  await world.pass(6_000)
  expect(world.heartbeat(b)).toBe('NONE')
  await world.pass(6_000)
  expect(world.group.members.get(a)).toBeUndefined()
  expect(world.heartbeat(b)).toBe('REBALANCE_IN_PROGRESS')
})

it('a new member that waits for five minutes is given up, and its place is not waited for', async () => {
  const world = new GroupWorld()
  const [a = ''] = await world.stable(1)
  const waiting = world.join({ version: 3, rebalanceTimeoutMs: 900_000 })
  for (let s = 0; s < 310_000; s += 5_000) {
    await world.pass(5_000)
    world.heartbeat(a)
  }
  expect(waiting.value).toMatchObject({ errorCode: 25, memberId: '' })
  expect(world.group.members.size).toBe(1)
})

it('a static member that comes back keeps its assignment, and nobody rebalances', async () => {
  const world = new GroupWorld()
  const [leader = '', follower = ''] = await staticGroup(world, 2)
  world.log = 'later'
  const back = world.join(asStatic('s1'))
  expect(errorIn(back)).toBeUndefined()
  await world.acknowledge()
  const id = back.value?.memberId ?? ''
  expect(back.value).toMatchObject({
    errorCode: 0,
    generationId: 1,
    leader,
    members: [],
    skipAssignment: false
  })
  expect(id).not.toBe(follower)
  expect(world.written.at(-1)?.members.map(({ memberId }) => memberId)).toEqual([leader, id])
  const sync = world.sync({ memberId: id, groupInstanceId: 's1' })
  await settled()
  expect(sync.value?.assignment?.toString()).toBe(follower)
  expect(world.heartbeat(follower, 1, 's1')).toBe('FENCED_INSTANCE_ID')
  expect(world.heartbeat(follower, 1)).toBe('UNKNOWN_MEMBER_ID')
  expect(world.heartbeat(id, 1, 's1')).toBe('NONE')
})

it('a static leader that comes back is told not to assign: by name since v9, by the old leader’s id before', async () => {
  const world = new GroupWorld()
  const [leader = ''] = await staticGroup(world, 2)
  const old = world.join(asStatic('s0'))
  await settled()
  expect(old.value).toMatchObject({ leader, members: [], skipAssignment: false })
  const back = world.join(asStatic('s0', 9))
  await settled()
  expect(back.value).toMatchObject({ leader: back.value?.memberId, skipAssignment: true })
  expect(back.value?.members).toHaveLength(2)
})

it('a static member whose new id cannot be written keeps the old one', async () => {
  const world = new GroupWorld()
  const [, follower = ''] = await staticGroup(world, 2)
  world.log = 'NOT_COORDINATOR'
  const back = world.join(asStatic('s1'))
  await settled()
  expect(errorIn(back)).toBe('NOT_COORDINATOR')
  expect(world.heartbeat(follower, 1, 's1')).toBe('NONE')
  const sync = world.sync({ memberId: follower })
  await settled()
  expect(sync.value?.assignment?.toString()).toBe(follower)
})

it('a static member whose new id is written late has a whole session from then on, and no longer', async () => {
  const world = new GroupWorld()
  const [leader = ''] = await staticGroup(world, 2)
  world.log = 'later'
  world.join(asStatic('s1'))
  for (let s = 0; s < 4; s++) {
    await world.pass(4_000)
    world.heartbeat(leader, 1, 's0')
  }
  await world.acknowledge()
  for (let s = 0; s < 2; s++) {
    await world.pass(4_000)
    expect(world.heartbeat(leader, 1, 's0')).toBe('NONE')
  }
  await world.pass(4_000)
  expect(world.heartbeat(leader, 1, 's0')).toBe('REBALANCE_IN_PROGRESS')
})

it('a static member that comes back just before a rebalance joins in it, whatever becomes of the write', async () => {
  const world = new GroupWorld()
  const [leader = ''] = await staticGroup(world, 2)
  world.log = 'later'
  const back = world.join(asStatic('s1'))
  const rejoined = world.join({ ...asStatic('s0'), memberId: leader })
  await settled()
  expect([back, rejoined].map(({ value }) => value?.generationId)).toEqual([2, 2])
  await world.acknowledge('NOT_COORDINATOR')
  expect(world.heartbeat(back.value?.memberId ?? '', 2, 's1')).toBe('NONE')
})

it('a static member that is gone when a rebalance refuses its sync is waited for until its session ends', async () => {
  const world = new GroupWorld()
  const joins = [world.join(asStatic('s0')), world.join(asStatic('s1'))]
  await world.gathered()
  const [leader = '', follower = ''] = joins.map(({ value }) => value?.memberId ?? '')
  world.sync({ memberId: follower, groupInstanceId: 's1' })
  for (let s = 0; s < 3; s++) {
    await world.pass(4_000)
    world.heartbeat(leader, 1, 's0')
  }
  const rejoined = world.join({ ...asStatic('s0'), memberId: leader, protocols: [protocol('range', 'x')] })
  await world.pass(9_000)
  expect(errorIn(rejoined)).toBeUndefined()
  await world.pass(2_000)
  expect(rejoined.value?.generationId).toBe(2)
})

it('a static member that comes back while its former life waits fences it', async () => {
  const world = new GroupWorld()
  const first = world.join(asStatic('s0'))
  const second = world.join(asStatic('s0'))
  await settled()
  expect(errorIn(first)).toBe('FENCED_INSTANCE_ID')
  await world.gathered()
  expect(second.value).toMatchObject({ errorCode: 0, members: [{ groupInstanceId: 's0' }] })
  const sync = world.sync({ memberId: second.value?.memberId ?? '', generationId: 1 })
  expect(errorIn(sync)).toBeUndefined()
})

it('a static member that comes back before the assignments are known begins a rebalance, and what waits is refused', async () => {
  const world = new GroupWorld()
  const joins = [world.join(asStatic('s0')), world.join(asStatic('s1'))]
  await world.gathered()
  const follower = joins[1]?.value?.memberId ?? ''
  const waiting = world.sync({ memberId: follower, groupInstanceId: 's1' })
  const back = world.join(asStatic('s1'))
  await settled()
  expect(errorIn(waiting)).toBe('FENCED_INSTANCE_ID')
  expect(world.group.phase).toBe('preparing')
  await world.pass(61_000)
  expect(back.value?.generationId).toBe(2)
})

it('static members that do not rejoin stay until their session ends', async () => {
  const world = new GroupWorld()
  const [leader = '', follower = ''] = await staticGroup(world, 2)
  const rejoined = world.join({ ...asStatic('s0'), memberId: leader })
  for (let s = 0; s < 9; s++) {
    await world.pass(7_000)
    world.heartbeat(follower, 1, 's1')
  }
  expect(rejoined.value?.generationId).toBe(2)
  expect(world.group.members.size).toBe(2)
  await world.pass(11_000)
  expect(world.group.members.size).toBe(0)
})

it('members leave by id, by instance, or are refused one by one', async () => {
  const world = new GroupWorld()
  const [a = '', b = ''] = await staticGroup(world, 3)
  const answer = world.leave([
    { memberId: '', groupInstanceId: 's2' },
    { memberId: '', groupInstanceId: 'nobody' },
    { memberId: b, groupInstanceId: 's0' },
    { memberId: a, groupInstanceId: 's0' },
    { memberId: a, groupInstanceId: null }
  ])
  expect(answer).toEqual({
    error: 'NONE',
    members: ['NONE', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID', 'NONE', 'UNKNOWN_MEMBER_ID']
  })
  expect(world.group.members.size).toBe(1)
})

it('whoever leaves while a request of it waits is answered', async () => {
  const world = new GroupWorld()
  const [a = '', b = ''] = await world.stable(2)
  const join = world.join({ memberId: b })
  const changed = world.join({ memberId: b, protocols: [protocol('range', 'x')] })
  world.leave([dynamic(b)])
  await settled()
  expect([join, changed].map(errorIn)).toEqual(['NONE', 'UNKNOWN_MEMBER_ID'])
  const again = world.join({ memberId: a })
  await settled()
  expect(again.value?.generationId).toBe(2)
})

it('commits are fenced by member, instance and generation', async () => {
  const world = new GroupWorld()
  const joins = [world.join(asStatic('s0')), world.join(asStatic('s1'))]
  await world.gathered()
  const ids = joins.map(({ value }) => value?.memberId ?? '')
  const commit = (memberId: string, generationOrEpoch: number, groupInstanceId: string | null = null) =>
    world.group.mayCommit({
      memberId,
      generationOrEpoch,
      groupInstanceId,
      apiVersion: 8,
      isTransactional: false
    })
  expect(commit(ids[0] ?? '', 1)).toBe('REBALANCE_IN_PROGRESS')
  await world.syncAll(ids)
  expect(commit(ids[0] ?? '', 1)).toBe('NONE')
  expect(commit(ids[0] ?? '', 0)).toBe('ILLEGAL_GENERATION')
  expect(commit('x', 1)).toBe('UNKNOWN_MEMBER_ID')
  expect(commit('x', 1, 's0')).toBe('FENCED_INSTANCE_ID')
  expect(commit('', -1)).toBe('UNKNOWN_MEMBER_ID')
  world.join({ ...asStatic('s0'), memberId: ids[0] ?? '' })
  expect(commit(ids[1] ?? '', 1)).toBe('NONE')
  world.leave(ids.map(dynamic))
  expect(world.group.state).toBe('Empty')
  expect(commit('', -1)).toBe('NONE')
  expect(commit(ids[0] ?? '', 2)).toBe('UNKNOWN_MEMBER_ID')
})

it('a group is shown, deleted and asked for its topics as it is', async () => {
  const world = new GroupWorld()
  const subscription = Buffer.from([0, 1, 0, 0, 0, 1, 0, 3, ...Buffer.from('abc'), 0xff, 0xff, 0xff, 0xff])
  const join = world.join({ version: 3, protocols: [{ name: 'range', metadata: subscription }] })
  expect(world.group.describe()).toMatchObject({ state: 'PreparingRebalance', protocol: '', members: [{}] })
  await world.gathered()
  await world.syncAll([join.value?.memberId ?? ''])
  expect(world.group.describe()).toMatchObject({
    ...{ state: 'Stable', protocolType: 'consumer', protocol: 'range' },
    members: [
      { clientId: 'c', clientHost: '/h', memberMetadata: subscription, memberAssignment: Buffer.from('c-1') }
    ]
  })
  expect(['abc', 'other'].map(topic => world.group.subscribesTo(topic))).toEqual([true, false])
  expect(world.group.mayDelete()).toBe('NON_EMPTY_GROUP')
  world.leave([dynamic('c-1')])
  expect(world.group.subscribesTo('abc')).toBe(false)
  expect(world.group.mayDelete()).toBe('NONE')
  expect(world.group.tombstones()).toEqual([{ kind: 'groupMetadata', key: { group: 'g' }, value: null }])
  expect(new ClassicGroup(world.home, 'only commits').tombstones()).toEqual([])
})

it('a group that comes back from the log goes on where it was, each member with a whole session', async () => {
  const before = new GroupWorld()
  const [a = '', b = ''] = await before.stable(2)
  const record = before.written.at(-1)
  if (record === undefined) throw new Error('nothing was written')
  const world = new GroupWorld()
  world.home.groups.set('g', ClassicGroup.fromRecord(world.home, 'g', record))
  expect(world.group).toMatchObject({ state: 'Stable', generation: 1, protocolType: 'consumer' })
  expect(world.group.members.leaderId).toBe(a)
  const sync = world.sync({ memberId: b })
  await settled()
  expect(sync.value?.assignment?.toString()).toBe(b)
  await world.pass(9_000)
  expect(world.heartbeat(a)).toBe('NONE')
  await world.pass(9_000)
  expect(world.heartbeat(a)).toBe('REBALANCE_IN_PROGRESS')
  expect(world.group.members.size).toBe(1)
  const small = new GroupWorld({ maxSize: 1 })
  expect(ClassicGroup.fromRecord(small.home, 'g', record).state).toBe('PreparingRebalance')
})

it('at the end of an ownership everybody who waits is told, once, and no timer is left', async () => {
  const world = new GroupWorld()
  const [a = ''] = await world.stable(2)
  const waiting = [world.join({ memberId: a }), world.join({ version: 3 })]
  world.join({ clientId: 'pending' })
  const { group } = world
  group.unload('NOT_COORDINATOR')
  await settled()
  expect(waiting.map(errorIn)).toEqual(['NOT_COORDINATOR', 'NOT_COORDINATOR'])
  expect(world.timers).toBe(0)
  expect(group.state).toBe('Dead')
  expect(world.heartbeat(a)).toBe('COORDINATOR_NOT_AVAILABLE')
  expect(errorIn(world.join({ version: 3 }))).toBe('COORDINATOR_NOT_AVAILABLE')
  await world.pass(700_000)
  expect(waiting.map(({ times }) => times)).toEqual([1, 1])
})

it('a sync that waits is told of the end of an ownership, and the late acknowledgement changes nothing', async () => {
  const world = new GroupWorld()
  const join = world.join({ version: 3 })
  await world.gathered()
  world.log = 'later'
  const [sync] = await world.syncAll([join.value?.memberId ?? ''])
  world.group.unload('NOT_COORDINATOR')
  await world.acknowledge()
  expect(sync && errorIn(sync)).toBe('NOT_COORDINATOR')
  expect(sync?.times).toBe(1)
})
