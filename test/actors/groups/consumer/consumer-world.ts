// A home for consumer groups without a broker: simulated time, topics that come, go and grow, a log that accepts what the test
// lets it, and members that do what clients do: they hold what they were told, and give up what they were told to.
import {
  applyDelta,
  emptyImage,
  type MetadataImage
} from '../../../../src/actors/controller/metadata-image.js'
import type { ConsumerGroup } from '../../../../src/actors/groups/consumer/consumer-group.js'
import { createConsumerGroup } from '../../../../src/actors/groups/consumer/find-group.js'
import { consumerGroupHeartbeat } from '../../../../src/actors/groups/consumer/heartbeat.js'
import type { Group, GroupHome } from '../../../../src/actors/groups/group.js'
import type { Operations } from '../../../../src/actors/groups/group-operations.js'
import type { GroupRecord } from '../../../../src/actors/groups/group-record.js'
import type { GroupSettings } from '../../../../src/actors/groups/group-settings.js'
import type { Eventually } from '../../../../src/actors/replicas/partition-commands.js'
import { loggerFor, silentSink } from '../../../../src/actors/runtime/log.js'
import { type ErrorName, errorName } from '../../../../src/protocol/error-codes.js'
import type { Uuid } from '../../../../src/protocol/schema.js'

export type Request = Operations['consumerGroupHeartbeat']['request']
export type Answer = Operations['consumerGroupHeartbeat']['answer']

interface Timer {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

export const consumerSettings: GroupSettings['consumer'] = {
  isServed: true,
  sessionTimeoutMs: 45_000,
  heartbeatIntervalMs: 5_000,
  maxSize: 1_000,
  migrationPolicy: 'bidirectional',
  assignors: ['uniform', 'range']
}

const partition = { leader: 1, leaderEpoch: 0, replicas: [1], isr: [1], offline: [] }

export class ConsumerWorld {
  readonly home: GroupHome
  readonly records: GroupRecord[] = []
  log: ErrorName | 'later' = 'NONE'
  nowMs = 1_000_000
  image: MetadataImage = { ...emptyImage, version: 1 }
  readonly #timers = new Set<Timer>()
  readonly #appends: ((error: ErrorName) => void)[] = []
  #order = 0
  #ids = 0

  constructor(consumer: Partial<GroupSettings['consumer']> = {}) {
    this.home = {
      partition: 7,
      groups: new Map<string, Group>(),
      settings: {
        consumer: { ...consumerSettings, ...consumer },
        minSessionTimeoutMs: 6_000,
        maxSessionTimeoutMs: 1_800_000,
        initialRebalanceDelayMs: 3_000,
        maxSize: 1_000,
        offsetMetadataMaxBytes: 4096,
        offsetsCommitTimeoutMs: 5_000,
        offsetsLoadBufferBytes: 1,
        offsetsRetentionMs: 1
      },
      logger: loggerFor('test', silentSink),
      nowMs: () => this.nowMs,
      metadata: () => this.image,
      after: (delayMs, run) => {
        const timer = { atMs: this.nowMs + delayMs, order: this.#order++, run }
        this.#timers.add(timer)
        return () => this.#timers.delete(timer)
      },
      newMemberId: prefix => `${prefix}-${++this.#ids}`,
      append: records => this.#append(records)
    }
  }

  get group(): ConsumerGroup {
    return this.home.groups.get('g') as ConsumerGroup
  }

  get timers(): number {
    return this.#timers.size
  }

  #append(records: readonly GroupRecord[]): Eventually<ErrorName> {
    if (this.log !== 'NONE' && this.log !== 'later') return this.log
    this.records.push(...records)
    return this.log === 'later' ? new Promise(resolve => this.#appends.push(resolve)) : 'NONE'
  }

  acknowledge(error: ErrorName = 'NONE'): void {
    this.#appends.shift()?.(error)
  }

  /** A topic comes, or has that many partitions from now on. */
  topic(name: string, partitions: number, id = idOf(name)): void {
    const topic = { name, id, isInternal: false, configs: {}, partitions: Array(partitions).fill(partition) }
    const version = this.image.version + 1
    this.image = applyDelta(this.image, { version, full: false, topics: [topic], deletedTopics: [] })
  }

  /** A group is configured, or is not any more. */
  configure(groupId: string, configs: Readonly<Record<string, string>>): void {
    const version = this.image.version + 1
    const groupConfigs = [{ groupId, configs }]
    this.image = applyDelta(this.image, {
      version,
      full: false,
      topics: [],
      deletedTopics: [],
      groupConfigs
    })
  }

  deleteTopic(name: string): void {
    const version = this.image.version + 1
    this.image = applyDelta(this.image, { version, full: false, topics: [], deletedTopics: [name] })
  }

  /** Time passes; timers run in their order. */
  pass(ms: number): void {
    const end = this.nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= end)
      const [next] = due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
      if (next === undefined) break
      this.#timers.delete(next)
      this.nowMs = next.atMs
      next.run()
    }
    this.nowMs = end
  }

  heartbeat(request: Partial<Request>, apiVersion = 1): Answer {
    const answer = this.heartbeatLater(request, apiVersion)
    if (answer instanceof Promise) throw new Error('the answer waits')
    return answer
  }

  heartbeatLater(request: Partial<Request>, apiVersion = 1): Eventually<Answer> {
    const whole: Request = {
      groupId: 'g',
      memberId: '',
      memberEpoch: 0,
      instanceId: null,
      rackId: null,
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: null,
      ...request
    }
    const caller = { apiVersion, clientId: 'client', clientHost: '/127.0.0.1' }
    return consumerGroupHeartbeat(this.home, whole, caller)
  }

  /** The group as a broker has it that reads the log from its beginning. */
  reloaded(): ConsumerGroup {
    const group = createConsumerGroup(this.home, 'g')
    for (const record of this.records) group.replay(record)
    group.loaded()
    return group
  }

  member(memberId: string, topics: readonly string[], more: Partial<Request> = {}): Client {
    return new Client(this, memberId, topics, more)
  }
}

/** A client: sends heartbeats, holds what it is told to, and gives up at its next heartbeat what is no longer in it. */
export class Client {
  readonly memberId: string
  epoch = 0
  held: string[] = []
  error: ErrorName = 'NONE'
  readonly #world: ConsumerWorld
  readonly #more: Partial<Request>
  #topics: readonly string[]

  constructor(world: ConsumerWorld, memberId: string, topics: readonly string[], more: Partial<Request>) {
    this.#world = world
    this.memberId = memberId
    this.#topics = topics
    this.#more = more
  }

  /** Everything about it, as when it joins. */
  join(): this {
    this.epoch = 0
    this.held = []
    return this.#take(
      this.#world.heartbeat({
        memberId: this.memberId,
        memberEpoch: 0,
        rebalanceTimeoutMs: 60_000,
        subscribedTopicNames: [...this.#topics],
        topicPartitions: [],
        ...this.#more
      })
    )
  }

  /** Nothing has changed but what it holds. */
  beat(more: Partial<Request> = {}): this {
    const topicPartitions = asTopicPartitions(this.held)
    const { memberId, epoch: memberEpoch } = this
    return this.#take(this.#world.heartbeat({ memberId, memberEpoch, topicPartitions, ...more }))
  }

  subscribe(topics: readonly string[]): this {
    this.#topics = topics
    return this.beat({ subscribedTopicNames: [...topics] })
  }

  leave(memberEpoch = -1): this {
    const { memberId } = this
    const { instanceId = null } = this.#more
    return this.#take(this.#world.heartbeat({ memberId, memberEpoch, instanceId }))
  }

  #take(answer: Answer): this {
    this.error = errorName(answer.errorCode ?? 0)
    if (this.error !== 'NONE') return this
    this.epoch = answer.memberEpoch ?? 0
    if (answer.assignment != null) this.held = asNames(told(answer.assignment.topicPartitions ?? []))
    return this
  }
}

export function idOf(name: string): Uuid {
  return name.padEnd(21, 'x').concat('A') as Uuid
}

type Told = NonNullable<NonNullable<NonNullable<Answer['assignment']>['topicPartitions']>>

function told(list: Told): (readonly [Uuid, readonly number[]])[] {
  return list.map(({ topicId = idOf(''), partitions = [] }) => [topicId, partitions])
}

export function asNames(assignment: Iterable<readonly [Uuid, Iterable<number>]>): string[] {
  const names = [...assignment].flatMap(([topicId, partitions]) =>
    [...partitions].map(number => `${topicId.replace(/x*A$/, '')}-${number}`)
  )
  return names.sort()
}

function asTopicPartitions(names: readonly string[]): { topicId: Uuid; partitions: number[] }[] {
  const byTopic = new Map<string, number[]>()
  for (const name of names) {
    const at = name.lastIndexOf('-')
    const topic = name.slice(0, at)
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), Number(name.slice(at + 1))])
  }
  return [...byTopic].map(([topic, partitions]) => ({ topicId: idOf(topic), partitions }))
}
