// Goal: members of a consumer group come to what they are to have, step by step, and are refused as in Kafka 4.0. Method:
// heartbeats of simulated clients to a group in a world with simulated time.
import { beforeEach, describe, expect, it } from 'vitest'
import { leaveConsumerGroup } from '../../../../src/actors/groups/consumer/classic-members.js'
import { ConsumerWorld, idOf } from './consumer-world.js'

let world: ConsumerWorld
beforeEach(() => {
  world = new ConsumerWorld()
  world.topic('t', 4)
})

const t = (...partitions: number[]): string[] => partitions.map(partition => `t-${partition}`)

describe('joining', () => {
  it('the first member gets everything at epoch 1', () => {
    const a = world.member('a', ['t']).join()
    expect(a).toMatchObject({ epoch: 1, held: t(0, 1, 2, 3), error: 'NONE' })
    expect(world.group.state).toBe('Stable')
  })

  it('a second member gets its part when the first one has given it up, not before', () => {
    const a = world.member('a', ['t']).join()
    const b = world.member('b', ['t']).join()
    expect(b).toMatchObject({ epoch: 2, held: [] })
    expect(world.group.state).toBe('Reconciling')
    a.beat()
    expect(a).toMatchObject({ epoch: 1, held: t(0, 1) })
    expect(b.beat().held).toEqual([])
    a.beat()
    expect(a.epoch).toBe(2)
    expect(b.beat()).toMatchObject({ epoch: 2, held: t(2, 3) })
    expect(world.group.state).toBe('Stable')
  })

  it('a member without an id is given one in version 0, and refused from version 1 on', () => {
    const joining = { rebalanceTimeoutMs: 1, subscribedTopicNames: ['t'], topicPartitions: [] }
    expect(world.heartbeat(joining, 0)).toMatchObject({ errorCode: 0, memberId: 'client-1', memberEpoch: 1 })
    expect(world.heartbeat(joining, 1)).toMatchObject({
      errorCode: 42,
      errorMessage: "MemberId can't be empty."
    })
  })

  it('a pattern subscribes to the topics whose whole name it matches, also to later ones', () => {
    const a = world.member('a', [], { subscribedTopicNames: null, subscribedTopicRegex: 't.*' }).join()
    expect(a.held).toEqual(t(0, 1, 2, 3))
    world.topic('t2', 1)
    world.topic('not', 1)
    expect(a.beat().held).toEqual([...t(0, 1, 2, 3), 't2-0'])
  })

  it.each(['(', '(?=t)', '(t)\\1'])('a pattern that RE2 cannot read is refused: %s', subscribedTopicRegex => {
    world.member('a', ['t']).join()
    const b = world.member('b', [], { subscribedTopicNames: null, subscribedTopicRegex }).join()
    expect(b.error).toBe('INVALID_REGULAR_EXPRESSION')
  })

  it('a pattern that is made to be slow holds up nobody', () => {
    world.topic('t'.repeat(249), 1)
    const fromMs = performance.now()
    world.member('a', [], { subscribedTopicNames: null, subscribedTopicRegex: '((t+)+)+x' }).join()
    expect(performance.now() - fromMs).toBeLessThan(5000)
  })

  it.each([
    [{ groupId: '' }, "GroupId can't be empty."],
    [{ rebalanceTimeoutMs: -1 }, 'RebalanceTimeoutMs must be provided in first request.'],
    [{ topicPartitions: null }, 'TopicPartitions must be empty when (re-)joining.'],
    [{ instanceId: '' }, "InstanceId can't be empty."],
    [{ rackId: '' }, "RackId can't be empty."],
    [{ memberEpoch: -3 }, 'MemberEpoch is invalid.'],
    [{ memberEpoch: -2 }, "InstanceId can't be null."],
    [
      { subscribedTopicNames: null },
      'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.'
    ]
  ])('%j is an invalid request', (wrong, errorMessage) => {
    const right = { memberId: 'a', rebalanceTimeoutMs: 1, subscribedTopicNames: ['t'], topicPartitions: [] }
    expect(world.heartbeat({ ...right, ...wrong })).toEqual({ errorCode: 42, errorMessage })
    expect(world.records).toEqual([])
  })

  it('no member comes to a full group; those that are in it stay', () => {
    world = new ConsumerWorld({ maxSize: 1 })
    world.topic('t', 1)
    const a = world.member('a', ['t']).join()
    expect(world.member('b', ['t']).join().error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(a.beat().error).toBe('NONE')
  })

  it('what nobody offers cannot be asked for', () => {
    const a = world.member('a', ['t'], { serverAssignor: 'random' }).join()
    expect(a.error).toBe('UNSUPPORTED_ASSIGNOR')
    expect(world.home.groups.size).toBe(0)
  })

  it('the assignor that most members ask for assigns', () => {
    world.topic('u', 1)
    world.topic('v', 1)
    const topics = ['t', 'u', 'v']
    const a = world.member('a', topics, { serverAssignor: 'range' }).join()
    const b = world.member('b', topics, { serverAssignor: 'range' }).join()
    world.member('c', topics).join()
    for (const _ of [1, 2, 3]) for (const member of [a, b]) member.beat()
    expect(a.held.filter(name => !name.startsWith('t'))).toEqual(['u-0', 'v-0'])
    expect(b.held.filter(name => !name.startsWith('t'))).toEqual([])
  })

  it('a member that subscribes to nothing that exists is a member without partitions', () => {
    const a = world.member('a', ['none']).join()
    expect(a).toMatchObject({ epoch: 1, held: [] })
    expect(world.group.state).toBe('Stable')
  })
})

describe('epochs', () => {
  it('a member whose answer was lost comes with the epoch before, holding nothing that is not its own', () => {
    const a = world.member('a', ['t']).join()
    world.member('b', ['t']).join()
    a.beat()
    const before = a.epoch
    a.beat()
    a.epoch = before
    expect(a.beat()).toMatchObject({ error: 'NONE', epoch: 2 })
  })

  it('a member with the epoch before that holds more than its own is fenced', () => {
    const a = world.member('a', ['t']).join()
    world.member('b', ['t']).join()
    a.beat().beat()
    a.epoch--
    a.held = t(0, 3)
    expect(a.beat().error).toBe('FENCED_MEMBER_EPOCH')
  })

  it('an epoch that the group has not reached is fenced', () => {
    const a = world.member('a', ['t']).join()
    a.epoch = 7
    expect(a.beat().error).toBe('FENCED_MEMBER_EPOCH')
  })

  it('whom nobody knows has to join', () => {
    world.member('a', ['t']).join()
    const b = world.member('b', ['t'])
    b.epoch = 1
    expect(b.beat().error).toBe('UNKNOWN_MEMBER_ID')
    expect(b.leave().error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('a group that nobody knows cannot be heard of', () => {
    const a = world.member('a', ['t'])
    a.epoch = 1
    expect(a.beat().error).toBe('GROUP_ID_NOT_FOUND')
  })

  it('an unchanged group writes nothing, and says the assignment only to whoever tells everything', () => {
    const a = world.member('a', ['t']).join()
    const written = world.records.length
    const { assignment } = world.heartbeat({ memberId: 'a', memberEpoch: a.epoch })
    expect(assignment).toBeNull()
    expect(world.records.length).toBe(written)
    const full = world.heartbeat({
      memberId: 'a',
      memberEpoch: a.epoch,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: ['t'],
      topicPartitions: [{ topicId: idOf('t'), partitions: [0] }]
    })
    expect(full.assignment).toMatchObject({ topicPartitions: [{ partitions: [0, 1, 2, 3] }] })
  })
})

describe('topics', () => {
  it('new partitions are assigned with the next heartbeat', () => {
    const a = world.member('a', ['t']).join()
    world.topic('t', 6)
    expect(a.beat()).toMatchObject({ epoch: 2, held: t(0, 1, 2, 3, 4, 5) })
  })

  it('partitions of a deleted topic are to be given up', () => {
    world.topic('u', 1)
    const a = world.member('a', ['t', 'u']).join()
    world.deleteTopic('u')
    expect(a.beat()).toMatchObject({ epoch: 1, held: t(0, 1, 2, 3) })
    expect(a.beat().epoch).toBe(2)
  })

  it('a topic that was made anew is another one', () => {
    const a = world.member('a', ['t']).join()
    world.deleteTopic('t')
    world.topic('t', 1, 'anotherxxxxxxxxxxxxxxA' as ReturnType<typeof idOf>)
    a.beat()
    a.held = []
    expect(a.beat().held).toEqual(['another-0'])
  })

  it('topics that nobody subscribes to change nothing', () => {
    const a = world.member('a', ['t']).join()
    world.topic('u', 1)
    expect(a.beat().epoch).toBe(1)
  })

  it('another subscription is another epoch', () => {
    world.topic('u', 2)
    const a = world.member('a', ['t']).join()
    a.subscribe(['u'])
    expect(a.held).toEqual([])
    expect(a.beat()).toMatchObject({ epoch: 2, held: ['u-0', 'u-1'] })
  })
})

describe('leaving', () => {
  it('what a member had goes to the others', () => {
    const a = world.member('a', ['t']).join()
    const b = world.member('b', ['t']).join()
    for (const _ of [1, 2]) for (const member of [a, b]) member.beat()
    expect(a.leave().epoch).toBe(-1)
    expect(world.group.state).toBe('Assigning')
    expect(b.beat()).toMatchObject({ epoch: 3, held: t(0, 1, 2, 3) })
  })

  it('a member that is not heard of for the session timeout is removed', () => {
    world.member('a', ['t']).join()
    const b = world.member('b', ['t']).join()
    for (let s = 0; s < 46; s += 5) {
      b.beat()
      world.pass(5_000)
    }
    expect([...world.group.members.keys()]).toEqual(['b'])
    expect(b.beat().held).toEqual(t(0, 1, 2, 3))
  })

  it('a group with values of its own goes by them from the next heartbeat on, others by the broker’s', () => {
    const own = { 'consumer.session.timeout.ms': '50000', 'consumer.heartbeat.interval.ms': '7000' }
    const told = () =>
      world.heartbeat({
        memberId: 'a',
        rebalanceTimeoutMs: 1,
        subscribedTopicNames: ['t'],
        topicPartitions: []
      }).heartbeatIntervalMs
    expect(told()).toBe(5_000)
    world.configure('other', own)
    expect(told()).toBe(5_000)
    world.configure('g', own)
    expect(told()).toBe(7_000)
    world.pass(49_999)
    expect(world.group.isEmpty).toBe(false)
    world.pass(1)
    expect(world.group.isEmpty).toBe(true)
    world.configure('g', {})
    expect(told()).toBe(5_000)
  })

  it('a member that does not give up in its rebalance timeout is removed, though it is heard of', () => {
    const a = world.member('a', ['t'], { rebalanceTimeoutMs: 12_000 }).join()
    const b = world.member('b', ['t']).join()
    const everything = [...a.held]
    for (let s = 0; s < 11; s += 5) {
      a.beat()
      a.held = everything
      world.pass(5_000)
    }
    expect([...world.group.members.keys()]).toEqual(['b'])
    expect(b.beat().held).toEqual(t(0, 1, 2, 3))
  })

  it('the group of the last member is empty, and may be deleted', () => {
    const a = world.member('a', ['t']).join()
    expect(world.group.mayDelete()).toBe('NON_EMPTY_GROUP')
    a.leave()
    expect(world.group.state).toBe('Empty')
    expect(world.group.mayDelete()).toBe('NONE')
    expect(world.timers).toBe(0)
  })
})

describe('static members', () => {
  const instance = { instanceId: 'i' }

  it('one that will be back keeps its part, also under another id', () => {
    const a = world.member('a', ['t'], instance).join()
    const b = world.member('b', ['t']).join()
    for (const _ of [1, 2]) for (const member of [a, b]) member.beat()
    const { epoch } = world.group
    expect(a.leave(-2).epoch).toBe(-2)
    const again = world.member('a2', ['t'], instance).join()
    expect(again).toMatchObject({ epoch, held: t(0, 1) })
    expect(world.group.epoch).toBe(epoch)
    expect(a.beat({ instanceId: 'i' }).error).toBe('FENCED_INSTANCE_ID')
  })

  it('the place of one that did not leave is not given away', () => {
    world.member('a', ['t'], instance).join()
    expect(world.member('a2', ['t'], instance).join().error).toBe('UNRELEASED_INSTANCE_ID')
  })

  it('one that does not come back loses its part when its session ends', () => {
    const a = world.member('a', ['t'], instance).join()
    a.leave(-2)
    world.pass(46_000)
    expect(world.group.isEmpty).toBe(true)
  })

  it('one that leaves for good is gone at once', () => {
    const a = world.member('a', ['t'], instance).join()
    a.leave(-1)
    expect(world.group.isEmpty).toBe(true)
    expect(world.member('a2', ['t'], instance).join().held).toEqual(t(0, 1, 2, 3))
  })

  it('one that is removed by the name of its instance is named in the answer as it was in the request', async () => {
    const a = world.member('a', ['t'], instance).join()
    a.leave(-2)
    const named = { memberId: '', groupInstanceId: 'i', reason: null }
    const answer = await leaveConsumerGroup(world.group, { groupId: 'g', memberId: '', members: [named] }, 5)
    expect(answer.members).toEqual([{ memberId: '', groupInstanceId: 'i', errorCode: 0 }])
    expect(world.group.isEmpty).toBe(true)
  })

  it('an instance that nobody has is unknown', () => {
    world.member('b', ['t']).join()
    const a = world.member('a', ['t'], instance)
    a.epoch = 3
    expect(a.beat({ instanceId: 'i' }).error).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('the log', () => {
  it('what it does not take has not happened', () => {
    world.log = 'NOT_COORDINATOR'
    const a = world.member('a', ['t']).join()
    expect(a.error).toBe('NOT_COORDINATOR')
    expect(world.home.groups.size).toBe(0)
    expect(world.timers).toBe(0)
    world.log = 'NONE'
    a.join()
    world.member('b', ['t']).join()
    world.log = 'COORDINATOR_NOT_AVAILABLE'
    expect(a.beat().error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(world.group.members.get('a')?.state).toBe('stable')
  })

  it('a member that cannot be removed now is removed later', () => {
    world.member('a', ['t']).join()
    world.log = 'COORDINATOR_NOT_AVAILABLE'
    world.pass(46_000)
    expect(world.group.isEmpty).toBe(false)
    world.log = 'NONE'
    world.pass(1_000)
    expect(world.group.isEmpty).toBe(true)
  })

  it('an answer waits for the disk, the next heartbeat does not', async () => {
    world.log = 'later'
    const first = world.heartbeatLater({
      memberId: 'a',
      rebalanceTimeoutMs: 1,
      subscribedTopicNames: ['t'],
      topicPartitions: []
    })
    expect(first).toBeInstanceOf(Promise)
    expect(world.member('a', ['t']).beat({ memberEpoch: 1 }).error).toBe('NONE')
    world.acknowledge()
    expect(await first).toMatchObject({ errorCode: 0, memberEpoch: 1 })
  })

  it('a group that is read from it is the same group, and its members have their time again', () => {
    const a = world.member('a', ['t'], { instanceId: 'i', rackId: 'r' }).join()
    const b = world.member('b', ['t']).join()
    world.topic('u', 1)
    a.beat().subscribe(['t', 'u'])
    world.member('c', ['u']).join()
    b.leave()
    const { group } = world
    const again = world.reloaded()
    expect(again.state).toBe(group.state)
    expect([...again.members]).toEqual([...group.members])
    expect([again.epoch, again.assignmentEpoch]).toEqual([group.epoch, group.assignmentEpoch])
    expect(again.subscription).toEqual(group.subscription)
    for (const id of group.members.keys()) expect(again.targetOf(id)).toEqual(group.targetOf(id))
  })

  it('after its tombstones nothing of a group is left', () => {
    world.member('a', ['t']).join()
    world.records.push(...world.group.tombstones())
    const again = world.reloaded()
    expect(again.isEmpty).toBe(true)
    expect([again.epoch, again.assignmentEpoch, again.subscription.size]).toEqual([0, 0, 0])
  })
})
