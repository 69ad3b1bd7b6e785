// Drives group-coordinator.machine.ts: the groups of one thread, which are those whose offsets partition is in its shard.
// Elections reach it with the metadata image, as they reach the partitions themselves.
import { Bug } from '../../errors.js'
import type { ErrorName } from '../../protocol/error-codes.js'
import type { MetadataDelta, MetadataImage, TopicInfo } from '../controller/metadata-image.js'
import type { MetadataCache } from '../replicas/metadata-cache.js'
import type { HostedLog } from '../replicas/partition.js'
import type { Eventually } from '../replicas/partition-commands.js'
import type { Shard } from '../replicas/shard.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import type { Logger } from '../runtime/log.js'
import type { Cancel } from '../runtime/timers.js'
import type { GroupCaller } from './group.js'
import { groupCoordinatorMachine } from './group-coordinator.machine.js'
import type { GroupKinds } from './group-kinds.js'
import { GroupLog } from './group-log.js'
import { type GroupDetails, type GroupLook, groupDetails, groupLooks } from './group-look.js'
import type { OperationName, Operations, Performed } from './group-operations.js'
import type { GroupSettings } from './group-settings.js'
import { LoadQueue } from './load-queue.js'
import { expireOffsets, removeOffsetsOfTopics } from './offset-expiry.js'
import type { OffsetCounts, OffsetsHome } from './offsets-home.js'
import { OffsetsPartition } from './offsets-partition.js'
import { offsetsTopic } from './offsets-topic.js'
import { type OperationTable, operations } from './operations.js'

export interface GroupCoordinatorOptions {
  readonly brokerId: number
  readonly shard: Pick<Shard, 'find' | 'produce'>
  readonly metadata: MetadataCache
  readonly settings: GroupSettings
  readonly kinds: GroupKinds
  /** The thread's timing wheel. */
  readonly after: (delayMs: number, run: () => void) => Cancel
  /** Wall clock, ms since the epoch. */
  readonly nowMs: () => number
  readonly logger: Logger
}

export interface ListedGroup {
  readonly groupId: string
  readonly protocolType: string
  readonly state: string
  readonly kind: 'classic' | 'consumer'
}

export interface ListedGroups {
  readonly error: ErrorName
  readonly groups: readonly ListedGroup[]
}

export interface OffsetsPartitionLook {
  readonly partition: number
  readonly state: string
  readonly leaderEpoch: number
  readonly groups: number
  readonly offsets: number
}

export interface GroupsLook {
  /** inactive, active, stopped. */
  readonly state: string
  readonly partitions: readonly OffsetsPartitionLook[]
}

export interface GroupFigures {
  /** By Kafka's name of the state; all kinds together. */
  readonly groupsByState: Readonly<Record<string, number>>
  readonly groups: number
  readonly offsets: number
  /** Since the start. */
  readonly counts: Readonly<OffsetCounts>
}

export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions
  readonly #life: MachineDriver<typeof groupCoordinatorMachine>
  readonly #queue = new LoadQueue()
  readonly #partitions = new Map<number, OffsetsPartition>()
  readonly #counts: OffsetCounts = { committed: 0, expired: 0, deleted: 0 }

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options
    this.#life = driveMachine(
      groupCoordinatorMachine,
      { stopPartitions: () => this.#sendAll({ type: 'stop' }) },
      { name: 'groups.coordinator', atOnce: true }
    )
    options.metadata.onApplied((image, delta) => this.#applyImage(image, delta))
  }

  start(): void {
    this.#life.send({ type: 'start' })
  }

  stop(): void {
    this.#life.send({ type: 'stop' })
  }

  perform<Name extends OperationName>(
    name: Name,
    partition: number,
    request: Operations[Name]['request'],
    caller: GroupCaller
  ): Eventually<Performed<Name>> {
    const home = this.#homeOf(partition)
    if (!(typeof home === 'object')) return { kind: 'refused', error: home }
    const operation: OperationTable[Name] = operations[name]
    if (operation === undefined) throw new Bug(`nobody carries out ${name}`)
    const answer = operation(home, request, caller)
    return answer instanceof Promise
      ? answer.then(late => ({ kind: 'answered', answer: late }))
      : { kind: 'answered', answer }
  }

  #homeOf(index: number): OffsetsHome | ErrorName {
    if (!this.#life.is('active')) return 'COORDINATOR_NOT_AVAILABLE'
    const partition = this.#partitions.get(index)
    return partition === undefined ? 'NOT_COORDINATOR' : (partition.home ?? partition.refusal)
  }

  list(): ListedGroups {
    if (!this.#life.is('active')) return { error: 'COORDINATOR_NOT_AVAILABLE', groups: [] }
    const isLoading = [...this.#partitions.values()].some(
      ({ refusal }) => refusal === 'COORDINATOR_LOAD_IN_PROGRESS'
    )
    const groups = this.#homes().flatMap(home =>
      [...home.groups.values()].map(({ groupId, protocolType, state, kind }) => ({
        groupId,
        protocolType,
        state,
        kind
      }))
    )
    return { error: isLoading ? 'COORDINATOR_LOAD_IN_PROGRESS' : 'NONE', groups }
  }

  /** For a periodic task: offsets whose retention is over, and groups that have nothing left. */
  async expireOffsets(): Promise<void> {
    for (const home of this.#homes()) await expireOffsets(home)
  }

  /** The directory of a log failed. */
  logFailed(log: Pick<HostedLog, 'topic' | 'partition'>): void {
    if (log.topic === offsetsTopic) this.#partitions.get(log.partition)?.send({ type: 'logFailed' })
  }

  look(): GroupsLook {
    return {
      state: this.#life.state,
      partitions: [...this.#partitions].map(([partition, { state, leaderEpoch, home }]) => ({
        partition,
        state,
        leaderEpoch,
        groups: home?.groups.size ?? 0,
        offsets: home?.offsets.size ?? 0
      }))
    }
  }

  groupLooks(): readonly GroupLook[] {
    return groupLooks(this.#homes())
  }

  /** undefined: it is not of this thread. */
  groupDetails(groupId: string): GroupDetails | undefined {
    return groupDetails(this.#homes(), groupId)
  }

  figures(): GroupFigures {
    const groupsByState: Record<string, number> = {}
    let groups = 0
    let offsets = 0
    for (const home of this.#homes()) {
      offsets += home.offsets.size
      groups += home.groups.size
      for (const { state } of home.groups.values()) groupsByState[state] = (groupsByState[state] ?? 0) + 1
    }
    return { groupsByState, groups, offsets, counts: { ...this.#counts } }
  }

  #homes(): OffsetsHome[] {
    return [...this.#partitions.values()].flatMap(({ home }) => home ?? [])
  }

  #applyImage(image: MetadataImage, { full, topics, deletedTopics }: MetadataDelta): void {
    const isNamed = full || deletedTopics.includes(offsetsTopic)
    if (isNamed || topics.some(({ name }) => name === offsetsTopic)) {
      this.#elect(image.topics.get(offsetsTopic))
    }
    const gone = deletedTopics.filter(topic => !image.topics.has(topic))
    if (gone.length > 0) for (const home of this.#homes()) void removeOffsetsOfTopics(home, gone)
  }

  #elect(topic: TopicInfo | undefined): void {
    const { brokerId, shard } = this.#options
    for (const [index, partition] of this.#partitions) {
      if (topic !== undefined && shard.find(topic.id, index) === partition.hosted) continue
      partition.send({ type: 'deleted' })
      this.#partitions.delete(index)
    }
    topic?.partitions.forEach(({ leader, leaderEpoch }, index) => {
      const hosted = shard.find(topic.id, index)
      if (hosted === undefined) return
      const partition = this.#partitions.get(index) ?? this.#add(index, hosted)
      partition.send(leader === brokerId ? { type: 'elected', leaderEpoch } : { type: 'resigned' })
    })
  }

  #add(index: number, hosted: OffsetsPartition['hosted']): OffsetsPartition {
    const { shard, metadata, settings, kinds, after, nowMs, logger } = this.#options
    const log = new GroupLog({ shard, partition: hosted, timeoutMs: settings.offsetsCommitTimeoutMs })
    const partition = new OffsetsPartition({
      hosted,
      queue: this.#queue,
      settings,
      logger,
      nowMs,
      metadata: () => metadata.image,
      after,
      log,
      kinds,
      counts: this.#counts
    })
    this.#partitions.set(index, partition)
    if (this.#life.is('stopped')) partition.send({ type: 'stop' })
    return partition
  }

  #sendAll(event: { readonly type: 'stop' }): void {
    for (const partition of this.#partitions.values()) partition.send(event)
  }
}
