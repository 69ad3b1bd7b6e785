// Goal: groups change their kind when members of the other protocol come or are left alone, and members of both share a group
// meanwhile, as in Kafka 4.0. Method: classic clients by their four requests, and consumer clients, in one simulated world.
import { beforeEach, describe, expect, it } from 'vitest'
import { ClassicGroup } from '../../../../src/actors/groups/classic/classic-group.js'
import { readAssignment } from '../../../../src/actors/groups/consumer/consumer-protocol.js'
import type { Operations } from '../../../../src/actors/groups/group-operations.js'
import {
  heartbeat,
  joinGroup,
  leaveGroup,
  syncGroup
} from '../../../../src/actors/groups/member-operations.js'
import type { Eventually } from '../../../../src/actors/replicas/partition-commands.js'
import { codecOf } from '../../../../src/protocol/codec.js'
import { errorName } from '../../../../src/protocol/error-codes.js'
import { consumerProtocolAssignment } from '../../../../src/protocol/messages/consumer-protocol-assignment.js'
import { consumerProtocolSubscription } from '../../../../src/protocol/messages/consumer-protocol-subscription.js'
import { asNames, ConsumerWorld } from './consumer-world.js'

let world: ConsumerWorld
beforeEach(() => begin())

function begin(...settings: ConstructorParameters<typeof ConsumerWorld>): void {
  world = new ConsumerWorld(...settings)
  world.topic('t', 4)
}

const t = (...partitions: number[]): string[] => partitions.map(partition => `t-${partition}`)
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function versioned(body: Buffer[], version: number): Buffer {
  const prefix = Buffer.alloc(2)
  prefix.writeInt16BE(version)
  return Buffer.concat([prefix, ...body])
}

/** A consumer of the classic protocol: gives everything up before it joins, and the leader gives everything to itself. */
class ClassicClient {
  memberId = ''
  generation = -1
  held: string[] = []
  error = 'NONE'
  /** Whether the initial delay passes while it waits. */
  isPatient = false
  constructor(
    readonly clientId: string,
    readonly instanceId: string | null = null,
    readonly topics = ['t'],
    readonly protocol = 'range'
  ) {}

  get #caller() {
    return { apiVersion: 9, clientId: this.clientId, clientHost: '/127.0.0.1' }
  }

  async join(): Promise<this> {
    this.held = []
    const metadata = versioned(codecOf(consumerProtocolSubscription, 1).encode({ topics: this.topics }), 1)
    const request = (): Operations['joinGroup']['request'] => ({
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 30_000,
      memberId: this.memberId,
      groupInstanceId: this.instanceId,
      protocolType: 'consumer',
      protocols: [{ name: this.protocol, metadata }],
      reason: null
    })
    let answer = await this.#inTime(joinGroup(world.home, request(), this.#caller))
    if (errorName(answer.errorCode ?? 0) === 'MEMBER_ID_REQUIRED') {
      this.memberId = answer.memberId ?? ''
      answer = await this.#inTime(joinGroup(world.home, request(), this.#caller))
    }
    this.error = errorName(answer.errorCode ?? 0)
    if (this.error !== 'NONE') return this
    this.memberId = answer.memberId ?? ''
    this.generation = answer.generationId ?? -1
    const everything = versioned(
      codecOf(consumerProtocolAssignment, 1).encode({
        assignedPartitions: [{ topic: 't', partitions: [0, 1, 2, 3] }]
      }),
      1
    )
    const assignments =
      answer.leader === this.memberId ? [{ memberId: this.memberId, assignment: everything }] : []
    return this.sync(assignments)
  }

  async sync(assignments: { memberId: string; assignment: Buffer }[] = []): Promise<this> {
    const { memberId, instanceId: groupInstanceId, generation: generationId, protocol: protocolName } = this
    const answer = await this.#inTime(
      syncGroup(
        world.home,
        {
          ...{ groupId: 'g', memberId, groupInstanceId, generationId },
          ...{ protocolType: 'consumer', protocolName, assignments }
        },
        this.#caller
      )
    )
    this.error = errorName(answer.errorCode ?? 0)
    const assigned = readAssignment(answer.assignment ?? Buffer.alloc(0), world.image)
    if (this.error === 'NONE' && assigned !== undefined) this.held = asNames(assigned)
    return this
  }

  /** And joins again where it is told to. */
  async beat(): Promise<this> {
    const { memberId, instanceId: groupInstanceId, generation: generationId } = this
    const answer = await heartbeat(
      world.home,
      { groupId: 'g', memberId, groupInstanceId, generationId },
      this.#caller
    )
    this.error = errorName(answer.errorCode ?? 0)
    return this.error === 'REBALANCE_IN_PROGRESS' ? this.join() : this
  }

  async leave(): Promise<string[]> {
    const { memberId, instanceId: groupInstanceId } = this
    const request = { groupId: 'g', memberId: '', members: [{ memberId, groupInstanceId, reason: null }] }
    const { members = [] } = await leaveGroup(world.home, request, this.#caller)
    return members.map(({ errorCode = 0 }) => errorName(errorCode))
  }

  /** The initial delay passes, where there is one. */
  async #inTime<T>(answer: Eventually<T>): Promise<T> {
    await settled()
    if (answer instanceof Promise && !this.isPatient) world.pass(3_000)
    return answer
  }
}

describe('upgrade', () => {
  it('an empty group of the other protocol is replaced', async () => {
    const c = await new ClassicClient('c').join()
    await c.leave()
    expect(world.group.kind).toBe('classic')
    const a = world.member('a', ['t']).join()
    expect(a).toMatchObject({ epoch: 1, held: t(0, 1, 2, 3) })
    expect(world.group.kind).toBe('consumer')
    expect(world.records.filter(({ kind }) => kind === 'groupMetadata').at(-1)?.value).toBeNull()
  })

  it('a classic group with members goes on as a consumer group when a consumer joins it', async () => {
    const c = await new ClassicClient('c').join()
    expect(c.held).toEqual(t(0, 1, 2, 3))
    const a = world.member('a', ['t']).join()
    expect(a).toMatchObject({ epoch: 2, held: [] })
    expect(world.group.members.size).toBe(2)
    await c.beat()
    expect(c).toMatchObject({ generation: 2, held: t(0, 1) })
    expect(a.beat().held).toEqual(t(2, 3))
    expect(world.group.state).toBe('Stable')
    const again = world.reloaded()
    expect([...again.members]).toEqual([...world.group.members])
  })

  it('a join that waits in the classic group is told to join again, and is a member then', async () => {
    const c = await new ClassicClient('c').join()
    const d = new ClassicClient('d')
    const waiting = d.join()
    await settled()
    world.member('a', ['t']).join()
    expect((await waiting).error).toBe('REBALANCE_IN_PROGRESS')
    await d.join()
    await c.beat()
    await d.beat()
    expect(world.group.members.size).toBe(3)
    expect(d.error).toBe('NONE')
  })

  it('a group whose first members are still waited for goes on as a consumer group, too', async () => {
    const c = new ClassicClient('c')
    c.isPatient = true
    const waiting = c.join()
    for (const _ of [1, 2, 3]) await settled()
    expect(world.home.groups.get('g')?.state).toBe('PreparingRebalance')
    const a = world.member('a', ['t']).join()
    expect(a.error).toBe('NONE')
    expect((await waiting).error).toBe('REBALANCE_IN_PROGRESS')
    await c.join()
    a.beat().beat()
    await c.beat()
    expect([a.held.length, c.held.length]).toEqual([2, 2])
  })

  it('where the policy does not say so, a consumer is refused', async () => {
    begin({ migrationPolicy: 'downgrade' })
    await new ClassicClient('c').join()
    const a = world.member('a', ['t']).join()
    expect(a.error).toBe('GROUP_ID_NOT_FOUND')
    expect(world.home.groups.get('g')).toBeInstanceOf(ClassicGroup)
  })

  it('what the log does not take leaves the classic group as it was', async () => {
    const c = await new ClassicClient('c').join()
    world.log = 'COORDINATOR_NOT_AVAILABLE'
    expect(world.member('a', ['t']).join().error).toBe('COORDINATOR_NOT_AVAILABLE')
    world.log = 'NONE'
    expect((await c.beat()).error).toBe('NONE')
    expect(world.home.groups.get('g')).toBeInstanceOf(ClassicGroup)
  })
})

describe('classic members of a consumer group', () => {
  it('join, are assigned by the coordinator, and commit by their generation', async () => {
    const a = world.member('a', ['t']).join()
    const c = await new ClassicClient('c').join()
    expect(c).toMatchObject({ generation: 2, held: [] })
    a.beat().beat()
    await c.beat()
    expect(c.held).toEqual(t(2, 3))
    const commit = { memberId: c.memberId, groupInstanceId: null, apiVersion: 8, isTransactional: false }
    expect(world.group.mayCommit({ ...commit, generationOrEpoch: c.generation })).toBe('NONE')
    expect(world.group.mayCommit({ ...commit, generationOrEpoch: 1 })).toBe('ILLEGAL_GENERATION')
  })

  it('are refused with a generation that is not theirs, and unknown when they are not', async () => {
    world.member('a', ['t']).join()
    const c = await new ClassicClient('c').join()
    c.generation++
    expect((await c.beat()).error).toBe('ILLEGAL_GENERATION')
    expect((await c.sync()).error).toBe('ILLEGAL_GENERATION')
    c.memberId = 'a'
    expect((await c.beat()).error).toBe('UNKNOWN_MEMBER_ID')
    c.memberId = 'nobody'
    expect(await c.leave()).toEqual(['UNKNOWN_MEMBER_ID'])
  })

  it('need a protocol that the other classic members have, too', async () => {
    world.member('a', ['t']).join()
    await new ClassicClient('c').join()
    const d = await new ClassicClient('d', null, ['t'], 'roundrobin').join()
    expect(d.error).toBe('INCONSISTENT_GROUP_PROTOCOL')
  })

  it('leave, and what they had goes to the others', async () => {
    const a = world.member('a', ['t']).join()
    const c = await new ClassicClient('c').join()
    a.beat().beat()
    await c.beat()
    expect(await c.leave()).toEqual(['NONE'])
    expect(a.beat().held).toEqual(t(0, 1, 2, 3))
  })

  it('that do not rejoin when they are told to are removed', async () => {
    const a = world.member('a', ['t']).join()
    const c = await new ClassicClient('c').join()
    world.topic('t', 6)
    a.beat()
    for (let s = 0; s < 31; s += 5) {
      const { generation: generationId, memberId } = c
      const caller = { apiVersion: 4, clientId: 'c', clientHost: '' }
      await heartbeat(world.home, { groupId: 'g', memberId, groupInstanceId: null, generationId }, caller)
      a.beat()
      world.pass(5_000)
    }
    expect([...world.group.members.keys()]).toEqual(['a'])
  })
})

describe('downgrade', () => {
  it('an empty consumer group is replaced', async () => {
    world.member('a', ['t']).join().leave()
    const c = await new ClassicClient('c').join()
    expect(c).toMatchObject({ error: 'NONE', generation: 1, held: t(0, 1, 2, 3) })
    expect(world.home.groups.get('g')).toBeInstanceOf(ClassicGroup)
  })

  it('classic members that are left alone are a classic group, and rejoin', async () => {
    const a = world.member('a', ['t']).join()
    const c = await new ClassicClient('c').join()
    a.beat().beat()
    await c.beat()
    a.leave()
    expect(world.home.groups.get('g')).toBeInstanceOf(ClassicGroup)
    await c.beat()
    expect(c).toMatchObject({ error: 'NONE', held: t(0, 1, 2, 3) })
    expect(c.generation).toBeGreaterThan(2)
    expect(world.timers).toBe(1)
  })

  it('where the policy does not say so, they stay in their consumer group', async () => {
    begin({ migrationPolicy: 'upgrade' })
    const a = world.member('a', ['t']).join()
    const c = await new ClassicClient('c').join()
    a.beat().leave()
    await c.beat()
    expect(c).toMatchObject({ error: 'NONE', held: t(0, 1, 2, 3) })
    expect(world.group.kind).toBe('consumer')
  })

  it('a static member that comes back with the classic protocol takes its place', async () => {
    world.member('a', ['t'], { instanceId: 'i' }).join().leave(-2)
    const c = await new ClassicClient('c', 'i').join()
    expect(c).toMatchObject({ error: 'NONE', held: t(0, 1, 2, 3) })
    expect(world.home.groups.get('g')).toBeInstanceOf(ClassicGroup)
  })

  it('a static member that comes back with the classic protocol keeps its part beside consumers', async () => {
    const a = world.member('a', ['t'], { instanceId: 'i' }).join()
    const b = world.member('b', ['t']).join()
    for (const _ of [1, 2]) for (const member of [a, b]) member.beat()
    a.leave(-2)
    const c = await new ClassicClient('c', 'i').join()
    expect(c).toMatchObject({ error: 'NONE', held: t(0, 1) })
    expect(world.group.members.size).toBe(2)
  })
})
