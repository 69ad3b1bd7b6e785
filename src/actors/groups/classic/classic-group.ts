// Drives classic-group.machine.ts: one group of the join/sync protocol. What a request asks for is decided beside it (join.ts,
// sync.ts, leave.ts); here are its members, its one timer, its generation and its record in the log.
import { required } from '../../../errors.js'
import type { ErrorName } from '../../../protocol/error-codes.js'
import type { GroupMetadataValue } from '../../../protocol/messages/group-metadata.js'
import type { Eventually } from '../../replicas/partition-commands.js'
import type { Cancel } from '../../runtime/timers.js'
import { compileTable } from '../../runtime/transition-table.js'
import {
  type Committer,
  consumerProtocolType,
  type Group,
  type GroupDescription,
  type GroupHome
} from '../group.js'
import type { GroupRecord } from '../group-record.js'
import { type JoinAnswer, nothing, type SyncAnswer, type Waiting } from './answers.js'
import { type ClassicGroupEvent, classicGroupMachine } from './classic-group.machine.js'
import { detailsIn, groupRecord } from './group-metadata.js'
import type { Member } from './member.js'
import { Members } from './members.js'
import { type GroupPhase, kafkaState } from './phase.js'
import { subscribedTopics } from './subscriptions.js'
import { whenDone } from './when-done.js'

const table = compileTable(classicGroupMachine)
const width = table.events.length

const states = table.states as readonly GroupPhase[]
const none: ReadonlySet<string> = new Set()

export class ClassicGroup implements Group {
  readonly kind = 'classic'
  readonly groupId: string
  readonly home: GroupHome
  readonly members = new Members()
  /** "" until the first member comes. */
  protocolType = ''
  /** What the present generation agreed on; null without members. */
  protocol: string | null = null
  #generation = 0
  #state = table.initial
  #stateSinceMs: number
  #cancelTimer: Cancel | undefined
  /** ms by which the initial delay may still be prolonged; -1: it has not begun. */
  #delayLeftMs = -1
  /** undefined: nobody knows. */
  #subscribed: ReadonlySet<string> | undefined = none
  #assignments: ReadonlyMap<string, Buffer> = new Map()
  /** What waiting syncs, or at the end everybody who waits, are refused with. */
  #refusal: ErrorName = 'REBALANCE_IN_PROGRESS'

  /** Empty, as a group that only commits stays. */
  constructor(home: GroupHome, groupId: string) {
    this.home = home
    this.groupId = groupId
    this.#stateSinceMs = home.nowMs()
  }

  /** As its last record has it; members begin with a whole session timeout. */
  static fromRecord(home: GroupHome, groupId: string, value: GroupMetadataValue): ClassicGroup {
    const group = new ClassicGroup(home, groupId)
    group.#restore(value)
    return group
  }

  /** Its name in traces. */
  get id(): string {
    return this.groupId
  }

  get generation(): number {
    return this.#generation
  }

  get phase(): GroupPhase {
    return states[this.#state] ?? 'dead'
  }

  get state(): string {
    return kafkaState[this.phase]
  }

  get isEmpty(): boolean {
    return this.members.size === 0
  }

  /** Of a group that never had a member nobody knows since when nobody uses it. */
  get emptySinceMs(): number {
    return this.phase === 'empty' && this.protocolType !== '' ? this.#stateSinceMs : -1
  }

  /** Its members have changed, or what they can: the next rebalance. Without effect while one is being prepared. */
  changed(): void {
    this.#send('changed')
    this.settle()
  }

  /** A member was added. */
  newcomer(): void {
    if (this.#generation === 0) this.#send('newcomer')
    this.changed()
  }

  /** Ends the wait for joins when there is nobody to wait for. */
  settle(): void {
    if (this.members.everyoneJoined) this.#send('everyoneJoined')
  }

  /** The leader's assignments by member id; those of others are not looked at, missing ones are empty. */
  assign(assignments: ReadonlyMap<string, Buffer>): void {
    this.#assignments = assignments
    this.#send('assigned')
  }

  /** A request that waits takes the place of one of the same member that waits already. */
  awaitJoin(member: Member, answer: (answer: JoinAnswer) => void, event: 'join' | 'succeed' = 'join'): void {
    this.#wait(member, event, { kind: 'join', answer })
  }

  awaitSync(member: Member, answer: (answer: SyncAnswer) => void): void {
    this.#wait(member, 'sync', { kind: 'sync', answer })
  }

  #wait(member: Member, event: 'join' | 'succeed' | 'sync', waits: Waiting): void {
    this.members.step(member, event, { error: 'REBALANCE_IN_PROGRESS' }, waits)
    if (this.members.unsynced === 0 && event === 'sync') this.#stopTimer()
  }

  /** What a member is told that is in the present generation. Only the leader gets to know the others. */
  admission(member: Member): JoinAnswer {
    const isLeader = this.members.isLeader(member)
    return {
      errorCode: 0,
      generationId: this.#generation,
      protocolType: this.protocolType,
      protocolName: this.protocol ?? '',
      leader: this.members.leaderId,
      skipAssignment: false,
      memberId: member.id,
      members: isLeader ? this.subscriptions() : []
    }
  }

  subscriptions(): NonNullable<JoinAnswer['members']> {
    return [...this.members].map(member => ({
      memberId: member.id,
      groupInstanceId: member.groupInstanceId,
      metadata: member.metadataOf(this.protocol)
    }))
  }

  /** Answers a sync that waits. */
  shareWith(member: Member): void {
    const sync: SyncAnswer = {
      errorCode: 0,
      protocolType: this.protocolType,
      protocolName: this.protocol,
      assignment: member.assignment
    }
    this.members.step(member, 'share', { sync })
    this.heard(member)
  }

  /** Something was heard of it: its session begins anew. */
  heard(member: Member, timeoutMs = member.sessionTimeoutMs): void {
    member.startTimer(this.home.after(timeoutMs, () => this.#expired(member)))
  }

  /** It is no member any more, by its own will or its administrator's. The caller tells that the group has changed. */
  drop(member: Member, error: ErrorName = 'UNKNOWN_MEMBER_ID'): void {
    this.members.remove(member)
    this.members.step(member, 'remove', { error })
  }

  #expired(member: Member): void {
    this.members.step(member, 'expire', { error: 'UNKNOWN_MEMBER_ID' })
    if (!member.isGone) return
    this.home.logger.info(`group ${this.groupId}: nothing was heard of member ${member.id}`)
    this.members.remove(member)
    this.changed()
  }

  /** FENCED_INSTANCE_ID: its place was taken; UNKNOWN_MEMBER_ID. */
  refusalOf(memberId: string, groupInstanceId: string | null): ErrorName {
    if (groupInstanceId === null)
      return this.members.get(memberId) === undefined ? 'UNKNOWN_MEMBER_ID' : 'NONE'
    const current = this.members.ofInstance(groupInstanceId)
    if (current === undefined) return 'UNKNOWN_MEMBER_ID'
    return current.id === memberId ? 'NONE' : 'FENCED_INSTANCE_ID'
  }

  mayCommit({ memberId, groupInstanceId, generationOrEpoch, isTransactional }: Committer): ErrorName {
    if (this.phase === 'dead') return 'COORDINATOR_NOT_AVAILABLE'
    if (generationOrEpoch < 0 && this.phase === 'empty') return 'NONE'
    if (generationOrEpoch < 0 && memberId === '' && groupInstanceId === null) {
      // Older transactional producers do not say for which member they commit.
      return isTransactional || this.phase === 'empty' ? 'NONE' : 'UNKNOWN_MEMBER_ID'
    }
    const refusal = this.refusalOf(memberId, groupInstanceId)
    if (refusal !== 'NONE') return refusal
    if (generationOrEpoch !== this.#generation) return 'ILLEGAL_GENERATION'
    if (isTransactional) return 'NONE'
    if (this.phase === 'completing' || this.phase === 'storing') return 'REBALANCE_IN_PROGRESS'
    const member = this.members.get(memberId)
    if (member !== undefined) this.heard(member)
    return 'NONE'
  }

  mayFetch(): ErrorName {
    return 'NONE'
  }

  subscribesTo(topic: string): boolean {
    if (this.isEmpty) return false
    return this.#subscribed === undefined || this.#subscribed.has(topic)
  }

  /** What members said and were given is shown while it stands. */
  describe(): GroupDescription {
    const isStable = this.phase === 'stable'
    return {
      state: this.state,
      protocolType: this.protocolType,
      protocol: isStable ? (this.protocol ?? '') : '',
      members: [...this.members].map(member => ({
        memberId: member.id,
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        memberMetadata: isStable ? member.metadataOf(this.protocol) : nothing,
        memberAssignment: isStable ? member.assignment : nothing
      }))
    }
  }

  mayDelete(): ErrorName {
    if (this.phase === 'dead') return 'GROUP_ID_NOT_FOUND'
    return this.phase === 'empty' ? 'NONE' : 'NON_EMPTY_GROUP'
  }

  /** None where it never had a generation: the log knows nothing of it. */
  tombstones(): readonly GroupRecord[] {
    if (this.#generation === 0) return []
    return [{ kind: 'groupMetadata', key: { group: this.groupId }, value: null }]
  }

  unload(error: ErrorName): void {
    this.#refusal = error
    this.#send('ended')
  }

  /** Writes what the present generation is, with the assignments that its members have. */
  save(assignmentOf: (member: Member) => Buffer = member => member.assignment): Eventually<ErrorName> {
    const value = groupRecord(this, this.#stateSinceMs, assignmentOf)
    return this.home.append([{ kind: 'groupMetadata', key: { group: this.groupId }, value }])
  }

  #restore(value: GroupMetadataValue): void {
    const { protocolType, generation, protocol, leader, currentStateTimestamp, members } = value
    this.protocolType = protocolType
    this.#generation = generation
    this.protocol = protocol
    for (const each of members) {
      const member = this.members.add(detailsIn(each, protocol))
      member.assignment = each.assignment
      this.members.step(member, 'restore')
      this.heard(member)
    }
    this.members.restoreLeader(leader)
    if (members.length > 0) this.#send('loaded')
    if (currentStateTimestamp >= 0n) this.#stateSinceMs = Number(currentStateTimestamp)
    this.#subscribed = this.#readSubscriptions()
    if (members.length > this.home.settings.maxSize) this.changed()
  }

  #readSubscriptions(): ReadonlySet<string> | undefined {
    if (this.isEmpty) return none
    if (this.protocolType !== consumerProtocolType) return undefined
    return subscribedTopics([...this.members].map(member => member.metadataOf(this.protocol)))
  }

  #send(event: ClassicGroupEvent['type']): void {
    const index = table.eventIndex(event)
    const deeds = table.actions[this.#state * width + index] ?? []
    const before = this.state
    this.#state = table.take(this, this.#state, index)
    if (this.state !== before) this.#stateSinceMs = this.home.nowMs()
    for (const { type } of deeds) required(this.#perform[type], `a group can ${type}`)()
  }

  readonly #perform: Readonly<Record<string, () => void>> = {
    startDelay: () => {
      const { initialRebalanceDelayMs } = this.home.settings
      const isFirst = this.#delayLeftMs < 0
      const delayMs = isFirst ? initialRebalanceDelayMs : Math.min(initialRebalanceDelayMs, this.#delayLeftMs)
      const leftMs = isFirst ? this.members.rebalanceTimeoutMs : this.#delayLeftMs
      this.#delayLeftMs = Math.max(leftMs - delayMs, 0)
      this.#startTimer(delayMs, () => (this.#delayLeftMs > 0 ? 'delayOver' : 'timeUp'))
    },
    awaitJoins: () => this.#startTimer(this.members.rebalanceTimeoutMs, () => 'timeUp'),
    closeJoins: () => {
      this.#stopTimer()
      this.#delayLeftMs = -1
      for (const member of this.members) {
        if (!member.hasJoined && !member.isStatic) this.drop(member)
      }
      if (this.members.size === 0) this.#send('nobodyLeft')
      else this.#send(this.members.electJoinedLeader() ? 'someJoined' : 'nobodyJoined')
    },
    beginGeneration: () => this.#beginGeneration(),
    becomeEmpty: () => {
      this.#nextGeneration(null)
      const warn = (error: ErrorName): void => {
        if (error !== 'NONE')
          this.home.logger.warn(`group ${this.groupId}: that it is empty was not written: ${error}`)
      }
      whenDone(this.save(), warn)
    },
    store: () => this.#store(),
    share: () => {
      for (const member of this.members) {
        member.assignment = this.#assignments.get(member.id) ?? nothing
        if (member.state === 'syncing') this.shareWith(member)
      }
      this.#assignments = new Map()
    },
    recall: () => {
      const error = this.#refusal
      this.#refusal = 'REBALANCE_IN_PROGRESS'
      for (const member of this.members) {
        const waited = member.state === 'syncing'
        this.members.step(member, 'recall', { error })
        // A session that ran out while the sync waited was not looked at.
        if (waited) this.heard(member)
      }
    },
    dropUnsynced: () => {
      const late = [...this.members].filter(member => member.owesSync)
      for (const member of late) this.drop(member)
      if (late.length > 0) this.changed()
    },
    abandon: () => {
      this.#stopTimer()
      this.members.removeAllPending()
      for (const member of this.members) this.drop(member, this.#refusal)
    }
  }

  #nextGeneration(protocol: string | null): void {
    this.#generation++
    this.protocol = protocol
    this.#subscribed = this.#readSubscriptions()
  }

  #beginGeneration(): void {
    this.#nextGeneration(this.members.vote())
    this.home.logger.info(
      `group ${this.groupId}: generation ${this.#generation} with ${this.members.size} members, ${this.protocol}`
    )
    this.#startTimer(this.members.rebalanceTimeoutMs, () => 'timeUp')
    for (const member of this.members) {
      member.assignment = nothing
      this.members.step(member, 'admit', { join: this.admission(member) })
      this.heard(member)
    }
  }

  #store(): void {
    const generation = this.#generation
    const assignments = this.#assignments
    whenDone(
      this.save(member => assignments.get(member.id) ?? nothing),
      error => {
        // A rebalance may have begun meanwhile: what was written then is over.
        if (this.#generation !== generation) return
        if (error !== 'NONE' && this.phase === 'storing') this.#refusal = error
        this.#send(error === 'NONE' ? 'stored' : 'notStored')
        this.settle()
      }
    )
  }

  #startTimer(delayMs: number, eventAtEnd: () => ClassicGroupEvent['type']): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.home.after(delayMs, () => {
      this.#cancelTimer = undefined
      this.#send(eventAtEnd())
      this.settle()
    })
  }

  #stopTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}
