// A group of KIP-848: the coordinator gives each member its part of the partitions. Its state is what the log says, and
// changes by replay() alone, while loading as when a heartbeat is answered; what to write is decided in the files beside.
import type { ErrorName } from '../../../protocol/error-codes.js'
import type { Uuid } from '../../../protocol/schema.js'
import type { TopicInfo } from '../../controller/metadata-image.js'
import type { Eventually } from '../../replicas/partition-commands.js'
import { driveMachine, type MachineDriver } from '../../runtime/actor.js'
import type { Living } from '../../runtime/transition-table.js'
import type { Committer, GroupDescription, GroupHome } from '../group.js'
import type { ReplayedGroup } from '../group-kinds.js'
import type { GroupRecord } from '../group-record.js'
import { type Assignment, fromTopicPartitions, nothing } from './assignment.js'
import { consumerGroupMachine } from './consumer-group.machine.js'
import {
  type Member,
  memberTombstones,
  newMember,
  withAssignment,
  withMetadata,
  withoutAssignment
} from './member.js'
import { MemberTimers } from './member-timers.js'
import { remove, tellRecorded } from './reconcile.js'
import { namesOf, type Subscription } from './subscriptions.js'

/** KIP-848's OffsetCommit: older ones do not carry the epoch of a member. */
const firstCommitWithEpoch = 9

const stateNames: Readonly<Record<string, string>> = {
  empty: 'Empty',
  assigning: 'Assigning',
  reconciling: 'Reconciling',
  stable: 'Stable',
  dead: 'Dead'
}

export class ConsumerGroup implements ReplayedGroup {
  readonly groupId: string
  readonly kind = 'consumer'
  readonly protocolType = 'consumer'
  /** Offsets expire by the time of their commit, as in Kafka. */
  readonly emptySinceMs = -1
  readonly home: GroupHome
  readonly timers: MemberTimers
  readonly #life: MachineDriver<typeof consumerGroupMachine>
  readonly #members = new Map<string, Member>()
  readonly #lives = new Map<string, Living>()
  readonly #memberOfInstance = new Map<string, string>()
  readonly #targets = new Map<string, Assignment>()
  readonly #holders = new Map<Uuid, Map<number, string>>()
  #epoch = 0
  #assignmentEpoch = 0
  #subscription: Subscription = new Map()
  #topicsSeen: ReadonlyMap<string, TopicInfo> | undefined

  readonly #keepTime: (group: ConsumerGroup, member: Member) => void

  /** `keepTime`: starts the clocks of a member that was loaded. */
  constructor(home: GroupHome, groupId: string, keepTime: (group: ConsumerGroup, member: Member) => void) {
    this.home = home
    this.groupId = groupId
    this.#keepTime = keepTime
    this.timers = new MemberTimers((delayMs, run) => home.after(delayMs, run))
    this.#life = driveMachine(
      consumerGroupMachine,
      { forgetMembers: () => this.timers.stop() },
      { name: `groups.consumer.${groupId}`, atOnce: true }
    )
  }

  get state(): string {
    return stateNames[this.#life.state] ?? ''
  }

  get isEmpty(): boolean {
    return this.#members.size === 0
  }

  get members(): ReadonlyMap<string, Member> {
    return this.#members
  }

  get epoch(): number {
    return this.#epoch
  }

  get assignmentEpoch(): number {
    return this.#assignmentEpoch
  }

  get subscription(): Subscription {
    return this.#subscription
  }

  /** Each member has one from its first reconciliation on; it names the member in traces. */
  lifeOf({ memberId, state }: Pick<Member, 'memberId' | 'state'>): Living {
    const known = this.#lives.get(memberId)
    if (known !== undefined) return known
    const life = { id: `${this.groupId}/${memberId}` }
    this.#lives.set(memberId, life)
    tellRecorded(life, 'stable', state)
    return life
  }

  staticMember(instanceId: string | null): Member | undefined {
    if (instanceId === null) return undefined
    const memberId = this.#memberOfInstance.get(instanceId)
    return memberId === undefined ? undefined : this.#members.get(memberId)
  }

  targetOf(memberId: string): Assignment {
    return this.#targets.get(memberId) ?? nothing
  }

  hasTarget(memberId: string): boolean {
    return this.#targets.has(memberId)
  }

  /** Who may still read it: it is assigned there, or to be given up and not given up yet. */
  holderOf(topicId: Uuid, partition: number): string | undefined {
    return this.#holders.get(topicId)?.get(partition)
  }

  /** Topics came, went or grew since the group's subscription was last compared with them. */
  get hasStaleTopics(): boolean {
    return this.#topicsSeen !== this.home.metadata().topics
  }

  topicsCompared(): void {
    this.#topicsSeen = this.home.metadata().topics
  }

  /** Writes the records; where the log takes them they are so at once, though the answer may have to wait for the disk. */
  write(records: readonly GroupRecord[]): Eventually<ErrorName> {
    if (records.length === 0) return 'NONE'
    const written = this.home.append(records)
    if (written === 'NONE' || written instanceof Promise) this.apply(records)
    return written
  }

  /** They are in the log. */
  apply(records: readonly GroupRecord[]): void {
    for (const record of records) this.replay(record)
    this.#tellLife()
  }

  replay(record: GroupRecord): void {
    switch (record.kind) {
      case 'consumerGroupMetadata':
        this.#epoch = record.value?.epoch ?? 0
        break
      case 'consumerGroupPartitionMetadata':
        this.#subscription = new Map(
          record.value?.topics.map(({ topicName, topicId, numPartitions }) => [
            topicName,
            { topicId, partitionCount: numPartitions }
          ])
        )
        break
      case 'consumerGroupMemberMetadata': {
        const { memberId } = record.key
        if (record.value === null) this.#remove(memberId)
        else this.#put(withMetadata(this.#members.get(memberId) ?? newMember(memberId), record.value))
        break
      }
      case 'consumerGroupTargetAssignmentMetadata':
        this.#assignmentEpoch = record.value?.assignmentEpoch ?? 0
        break
      case 'consumerGroupTargetAssignmentMember': {
        const { memberId } = record.key
        if (record.value === null) this.#targets.delete(memberId)
        else this.#targets.set(memberId, fromTopicPartitions(record.value.topicPartitions))
        break
      }
      case 'consumerGroupCurrentMemberAssignment': {
        const { memberId } = record.key
        const known = this.#members.get(memberId)
        if (record.value !== null) this.#put(withAssignment(known ?? newMember(memberId), record.value))
        else if (known !== undefined) this.#put(withoutAssignment(known))
        break
      }
      default:
    }
  }

  loaded(): void {
    for (const member of this.#members.values()) this.#keepTime(this, member)
    this.#tellLife()
  }

  mayCommit({ memberId, generationOrEpoch, apiVersion, isTransactional }: Committer): ErrorName {
    if (generationOrEpoch < 0 && this.isEmpty) return 'NONE'
    const member = this.#members.get(memberId)
    if (member === undefined) return 'UNKNOWN_MEMBER_ID'
    if (!isTransactional && member.classic === null && apiVersion < firstCommitWithEpoch) {
      return 'UNSUPPORTED_VERSION'
    }
    return epochError(member, generationOrEpoch)
  }

  mayFetch(memberId: string | null, memberEpoch: number): ErrorName {
    if (memberId === null && memberEpoch < 0) return 'NONE'
    const member = this.#members.get(memberId ?? '')
    return member === undefined ? 'UNKNOWN_MEMBER_ID' : epochError(member, memberEpoch)
  }

  subscribesTo(topic: string): boolean {
    const image = this.home.metadata()
    for (const member of this.#members.values()) if (namesOf(member, image).has(topic)) return true
    return false
  }

  /** For DescribeGroups, which knows no such groups: as if nobody knew it. ConsumerGroupDescribe tells the rest. */
  describe(): GroupDescription {
    return { state: 'Dead', protocolType: '', protocol: '', members: [] }
  }

  mayDelete(): ErrorName {
    return this.isEmpty ? 'NONE' : 'NON_EMPTY_GROUP'
  }

  tombstones(): readonly GroupRecord[] {
    const { groupId } = this
    const ofMembers = [...this.#members.keys()].flatMap(memberId => memberTombstones(groupId, memberId))
    return [
      ...ofMembers,
      { kind: 'consumerGroupTargetAssignmentMetadata', key: { groupId }, value: null },
      { kind: 'consumerGroupPartitionMetadata', key: { groupId }, value: null },
      { kind: 'consumerGroupMetadata', key: { groupId }, value: null }
    ]
  }

  unload(): void {
    this.#life.send({ type: 'ended' })
  }

  #tellLife(): void {
    this.#life.send({
      type: 'changed',
      hasMembers: this.#members.size > 0,
      hasTarget: this.#epoch <= this.#assignmentEpoch,
      isReconciled: this.#isReconciled()
    })
  }

  #isReconciled(): boolean {
    for (const { state, epoch } of this.#members.values()) {
      if (state !== 'stable' || epoch !== this.#assignmentEpoch) return false
    }
    return true
  }

  #put(member: Member): void {
    const before = this.#members.get(member.memberId)
    if (before !== undefined) this.#release(before)
    this.#members.set(member.memberId, member)
    this.#hold(member.memberId, member.assigned)
    this.#hold(member.memberId, member.pendingRevocation)
    if (member.instanceId !== null) this.#memberOfInstance.set(member.instanceId, member.memberId)
  }

  #remove(memberId: string): void {
    const member = this.#members.get(memberId)
    if (member === undefined) return
    this.#release(member)
    this.#members.delete(memberId)
    const life = this.#lives.get(memberId)
    if (life !== undefined) remove(life, member.state)
    this.#lives.delete(memberId)
    const { instanceId } = member
    // Another member may have taken its place already.
    if (instanceId !== null && this.#memberOfInstance.get(instanceId) === memberId) {
      this.#memberOfInstance.delete(instanceId)
    }
  }

  #hold(memberId: string, partitions: Assignment): void {
    for (const [topicId, numbers] of partitions) {
      const holders = this.#holders.get(topicId) ?? new Map<number, string>()
      this.#holders.set(topicId, holders)
      for (const partition of numbers) holders.set(partition, memberId)
    }
  }

  /** A log whose old records are gone may tell of a new holder before it tells that the old one gave up. */
  #release({ memberId, assigned, pendingRevocation }: Member): void {
    for (const partitions of [assigned, pendingRevocation]) {
      for (const [topicId, numbers] of partitions) {
        const holders = this.#holders.get(topicId)
        for (const partition of numbers) if (holders?.get(partition) === memberId) holders.delete(partition)
        if (holders?.size === 0) this.#holders.delete(topicId)
      }
    }
  }
}

function epochError(member: Member, epoch: number): ErrorName {
  if (epoch === member.epoch) return 'NONE'
  return member.classic === null ? 'STALE_MEMBER_EPOCH' : 'ILLEGAL_GENERATION'
}
