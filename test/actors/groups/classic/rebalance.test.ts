// Goal: members agree on generations as with Kafka 3.9: joins wait together, a protocol and a leader are chosen, assignments
// are in the log before they are told, and nobody waits for ever. Method: groups in a world with simulated time.
import { expect, it } from 'vitest'
import { errorIn, GroupWorld, protocol, settled } from './group-world.js'

it('the first members of a group are gathered for the initial delay, which each new one prolongs', async () => {
  const world = new GroupWorld()
  const first = world.join({ clientId: 'a' })
  expect(errorIn(first)).toBe('MEMBER_ID_REQUIRED')
  const a = world.join({ memberId: first.value?.memberId ?? '' })
  expect(world.group.phase).toBe('gathering')
  await world.pass(2_900)
  const b = world.join({ version: 3, clientId: 'b' })
  expect(world.group.phase).toBe('gatheringMore')
  await world.pass(200)
  expect(world.group.phase).toBe('gathering')
  expect(errorIn(a)).toBeUndefined()
  await world.pass(2_900)
  expect(a.value).toMatchObject({
    errorCode: 0,
    generationId: 1,
    protocolName: 'range',
    leader: 'a-1',
    memberId: 'a-1'
  })
  expect(a.value?.members?.map(({ memberId }) => memberId)).toEqual(['a-1', 'b-2'])
  expect(b.value).toMatchObject({ generationId: 1, leader: 'a-1', memberId: 'b-2', members: [] })
  expect(world.group.state).toBe('CompletingRebalance')
})

it('the initial delay is prolonged up to the rebalance timeout, and no longer', async () => {
  const world = new GroupWorld()
  const joins = [world.join({ version: 3, rebalanceTimeoutMs: 7_000 })]
  for (let s = 0; s < 8; s++) {
    await world.pass(1_000)
    if (s < 6) joins.push(world.join({ version: 3, rebalanceTimeoutMs: 7_000 }))
  }
  expect(joins.every(({ value }) => value?.generationId === 1)).toBe(true)
})

it('assignments are told after the log has them, to the leader and to those who asked before', async () => {
  const world = new GroupWorld()
  const joins = [world.join({ version: 3 }), world.join({ version: 3 })]
  await world.gathered()
  const [leader = '', follower = ''] = joins.map(({ value }) => value?.memberId ?? '')
  world.log = 'later'
  const [waiting, led] = await world.syncAll([leader, follower])
  expect(errorIn(waiting ?? led ?? world.sync({}))).toBeUndefined()
  expect(world.group.phase).toBe('storing')
  await world.acknowledge()
  expect(waiting?.value?.assignment?.toString()).toBe(follower)
  expect(led?.value).toMatchObject({ errorCode: 0, protocolType: 'consumer', protocolName: 'range' })
  expect(led?.value?.assignment?.toString()).toBe(leader)
  expect(world.group.state).toBe('Stable')
  expect(world.written).toMatchObject([
    {
      generation: 1,
      leader,
      protocol: 'range',
      protocolType: 'consumer',
      members: [{ memberId: leader }, {}]
    }
  ])
  const late = world.sync({ memberId: follower })
  await settled()
  expect(late.value?.assignment?.toString()).toBe(follower)
})

it('a write that fails is everybody’s error, and the group rebalances', async () => {
  const world = new GroupWorld()
  const joins = [world.join({ version: 3 }), world.join({ version: 3 })]
  await world.gathered()
  const ids = joins.map(({ value }) => value?.memberId ?? '')
  world.log = 'COORDINATOR_NOT_AVAILABLE'
  const syncs = await world.syncAll(ids)
  expect(syncs.map(errorIn)).toEqual(['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_NOT_AVAILABLE'])
  expect(world.group.phase).toBe('preparing')
  world.log = 'NONE'
  const again = ids.map(memberId => world.join({ memberId }))
  await settled()
  expect(again.map(({ value }) => value?.generationId)).toEqual([2, 2])
})

it('an acknowledgement that comes after the next rebalance began changes nothing', async () => {
  const world = new GroupWorld()
  const joins = [world.join({ version: 3 }), world.join({ version: 3 })]
  await world.gathered()
  const ids = joins.map(({ value }) => value?.memberId ?? '')
  world.log = 'later'
  const [follower, leader] = await world.syncAll(ids)
  const joined = world.join({ version: 3, clientId: 'new' })
  await settled()
  expect([follower, leader].map(sync => sync && errorIn(sync))).toEqual([
    'REBALANCE_IN_PROGRESS',
    'REBALANCE_IN_PROGRESS'
  ])
  const again = ids.map(memberId => world.join({ memberId }))
  await settled()
  expect([...again, joined].map(({ value }) => value?.generationId)).toEqual([2, 2, 2])
  const present = await world.syncAll([...ids, joined.value?.memberId ?? ''])
  await world.acknowledge()
  expect(present.map(errorIn)).toEqual([undefined, undefined, undefined])
  expect(world.group.phase).toBe('storing')
  await world.acknowledge()
  expect(present.map(errorIn)).toEqual(['NONE', 'NONE', 'NONE'])
})

it('a session that ran out while the log was waited for begins anew with the assignment', async () => {
  const world = new GroupWorld()
  const join = world.join({ version: 3 })
  await world.gathered()
  world.log = 'later'
  const memberId = join.value?.memberId ?? ''
  const [sync] = await world.syncAll([memberId])
  await world.pass(11_000)
  await world.acknowledge()
  expect(sync && errorIn(sync)).toBe('NONE')
  await world.pass(9_000)
  expect(world.group.state).toBe('Stable')
  await world.pass(2_000)
  expect(world.group.state).toBe('Empty')
})

it('the protocol with most votes among those that all support is chosen', async () => {
  const world = new GroupWorld()
  const [range, sticky, robin] = [protocol('range'), protocol('sticky'), protocol('robin')]
  const joins = [
    world.join({ version: 3, protocols: [robin, range, sticky] }),
    world.join({ version: 3, protocols: [sticky, range] }),
    world.join({ version: 3, protocols: [range, sticky] })
  ]
  await world.gathered()
  const answers = joins.map(({ value }) => value?.protocolName)
  expect(answers).toEqual(['range', 'range', 'range'])
  expect(errorIn(world.join({ version: 3, protocols: [robin] }))).toBe('INCONSISTENT_GROUP_PROTOCOL')
  expect(errorIn(world.join({ version: 3, protocolType: 'connect' }))).toBe('INCONSISTENT_GROUP_PROTOCOL')
})

it('who names a protocol twice counts once', async () => {
  const world = new GroupWorld()
  world.join({ version: 3, protocols: [protocol('range'), protocol('range')] })
  const other = world.join({ version: 3, protocols: [protocol('range')] })
  await world.gathered()
  expect(other.value?.protocolName).toBe('range')
})

it('who does not rejoin in the rebalance timeout is dropped, and the others go on', async () => {
  const world = new GroupWorld()
  const [a = '', b = '', c = ''] = await world.stable(3)
  const joins = [world.join({ memberId: a }), world.join({ memberId: b })]
  for (let s = 0; s < 9; s++) {
    await world.pass(7_000)
    world.heartbeat(c)
  }
  expect(joins.map(({ value }) => value?.generationId)).toEqual([2, 2])
  expect(world.group.members.get(c)).toBeUndefined()
})

it('a leader that does not rejoin is followed by one that did', async () => {
  const world = new GroupWorld()
  const [a = '', b = ''] = await world.stable(2)
  world.join({ version: 3, clientId: 'x' })
  const rejoined = world.join({ memberId: b })
  await world.pass(61_000)
  expect(rejoined.value).toMatchObject({ generationId: 2, leader: b })
  expect(world.group.members.get(a)).toBeUndefined()
})

it('who does not sync in the rebalance timeout is dropped: nobody waits for a leader that is gone', async () => {
  const world = new GroupWorld()
  const joins = [world.join({ version: 3 }), world.join({ version: 3 })]
  await world.gathered()
  const [leader = '', follower = ''] = joins.map(({ value }) => value?.memberId ?? '')
  const sync = world.sync({ memberId: follower })
  for (let s = 0; s < 9; s++) {
    await world.pass(7_000)
    world.heartbeat(leader)
  }
  expect(errorIn(sync)).toBe('REBALANCE_IN_PROGRESS')
  expect(world.group.members.get(leader)).toBeUndefined()
  const again = world.join({ memberId: follower })
  await settled()
  expect(again.value).toMatchObject({ generationId: 2, leader: follower })
})

it('a follower whose metadata is what it was gets the present generation; a change, or the leader, begins a rebalance', async () => {
  const world = new GroupWorld()
  const [a = '', b = ''] = await world.stable(2)
  expect(world.join({ memberId: b }).value).toMatchObject({ generationId: 1, members: [] })
  await settled()
  expect(world.group.phase).toBe('stable')
  const changed = world.join({ memberId: b, protocols: [protocol('range', 'others')] })
  expect(world.heartbeat(a)).toBe('REBALANCE_IN_PROGRESS')
  const leader = world.join({ memberId: a })
  await settled()
  expect([changed, leader].map(({ value }) => value?.generationId)).toEqual([2, 2])
  await world.syncAll([a, b])
  world.join({ memberId: a })
  expect(world.group.phase).toBe('preparing')
})

it('a join whose answer was lost is answered again while syncs are waited for', async () => {
  const world = new GroupWorld()
  const join = world.join({ version: 3 })
  await world.gathered()
  const memberId = join.value?.memberId ?? ''
  const again = world.join({ memberId })
  await settled()
  expect(again.value).toMatchObject({ generationId: 1, leader: memberId, members: [{ memberId }] })
})

it('two joins of one member leave none of them unanswered', async () => {
  const world = new GroupWorld()
  const [a = ''] = await world.stable(2)
  const joins = [world.join({ memberId: a }), world.join({ memberId: a })]
  await settled()
  expect(joins.map(errorIn)).toEqual(['REBALANCE_IN_PROGRESS', undefined])
  await world.pass(61_000)
  expect(joins.map(({ times }) => times)).toEqual([1, 1])
  expect(joins[1]?.value).toMatchObject({ errorCode: 0, memberId: a })
})

it('when the last member leaves, an empty generation is written and the next members are gathered anew', async () => {
  const world = new GroupWorld()
  const [a = '', b = ''] = await world.stable(2)
  expect(world.leave([{ memberId: a, groupInstanceId: null }])).toEqual({ error: 'NONE', members: ['NONE'] })
  expect(world.group.emptySinceMs).toBe(-1)
  expect(world.leave([{ memberId: b, groupInstanceId: null }], 1)).toEqual({ error: 'NONE', members: [] })
  expect(world.group.state).toBe('Empty')
  expect(world.group.emptySinceMs).toBe(world.nowMs)
  expect(world.written.at(-1)).toMatchObject({ generation: 2, protocol: null, leader: null, members: [] })
  expect(world.timers).toBe(0)
  const next = world.join({ version: 3 })
  await world.pass(3_000)
  expect(next.value?.generationId).toBe(3)
})
