// The coordinator's side of the model: the machines of group, member and offsets partition as they are executed, and between
// them one rule for each method of their drivers (groups/classic), named after it.
import type { AnyStateMachine } from 'xstate'
import { classicGroupMachine } from '../../../actors/groups/classic/classic-group.machine.js'
import { classicMemberMachine } from '../../../actors/groups/classic/classic-member.machine.js'
import { offsetsPartitionMachine } from '../../../actors/groups/offsets-partition.machine.js'
import { Bug } from '../../../errors.js'
import { ExecutedMachine } from '../../executed-machine.js'
import { type Answer, answered } from './clients.js'
import type { Entry, GroupModelState } from './state.js'

export interface GroupModelOverrides {
  readonly group?: AnyStateMachine
  readonly member?: AnyStateMachine
  readonly partition?: AnyStateMachine
  /** An acknowledgement counts for the generation that it was asked for. */
  readonly knowsLateAcknowledgements?: boolean
  /** Joins are closed without those who have not joined. */
  readonly dropsTheMissing?: boolean
  /** A leader that has not joined is followed by one that has. */
  readonly electsJoinedLeaders?: boolean
  /** Whoever goes ends the wait of the others, where they wait for nobody else. */
  readonly settles?: boolean
  /** The former life of a static member is answered. */
  readonly fencesFormerLives?: boolean
  /** A generation is one more than the one before. */
  readonly generationsGrow?: boolean
  /** Commits are asked for their generation. */
  readonly fencesCommits?: boolean
}

const preparing = ['gathering', 'gatheringMore', 'preparing']

export class Coordinator {
  readonly group: ExecutedMachine
  readonly member: ExecutedMachine
  readonly partition: ExecutedMachine
  readonly #overrides: GroupModelOverrides

  constructor(overrides: GroupModelOverrides) {
    this.#overrides = overrides
    this.group = new ExecutedMachine(overrides.group ?? classicGroupMachine)
    this.member = new ExecutedMachine(overrides.member ?? classicMemberMachine)
    this.partition = new ExecutedMachine(overrides.partition ?? offsetsPartitionMachine)
  }

  phase({ group }: GroupModelState): string {
    return this.group.name(group)
  }

  isPreparing(state: GroupModelState): boolean {
    return preparing.includes(this.phase(state))
  }

  isOwned({ partition }: GroupModelState): boolean {
    return this.partition.name(partition) === 'owned'
  }

  memberState({ machine }: Entry): string {
    return this.member.name(machine)
  }

  hasJoined(entry: Entry): boolean {
    return ['joining', 'rejoining'].includes(this.memberState(entry))
  }

  members({ entries }: GroupModelState): Entry[] {
    return entries.filter(({ isPending }) => !isPending)
  }

  find({ entries }: GroupModelState, id: number): Entry | undefined {
    return entries.find(entry => entry.id === id)
  }

  /** What the machine of the offsets partition asks for. */
  sendPartition(state: GroupModelState, event: string, leaderEpoch = 0): void {
    const { state: after, deeds } = this.partition.step(state.partition, { type: event, leaderEpoch })
    state.partition = after
    for (const deed of deeds) {
      if (deed === 'install') this.#install(state)
      else if (deed === 'unload') this.#unload(state)
    }
  }

  /** ClassicGroup.fromRecord */
  #install(state: GroupModelState): void {
    const { log } = state
    if (log === null) return
    state.generation = log.generation
    const { state: settled } = this.member.step(this.member.initial, 'restore')
    state.entries = log.members.map(({ id, instance, leads }) => ({
      ...{ id, instance, leads, isPending: false, machine: settled, waits: 'nothing', waiter: -1 },
      assignment: log.assignment
    }))
    if (log.members.length > 0) this.send(state, 'loaded')
  }

  #unload(state: GroupModelState): void {
    this.send(state, 'ended')
    state.entries = []
    state.group = this.group.initial
    state.generation = 0
    state.timer = 'none'
    state.storing = []
    state.assigned = 0
    state.readmissions = []
  }

  send(state: GroupModelState, event: string): void {
    const { state: after, deeds } = this.group.step(state.group, event)
    state.group = after
    for (const deed of deeds) this.#perform(state, deed)
  }

  #perform(state: GroupModelState, deed: string): void {
    switch (deed) {
      case 'startDelay':
        state.timer = 'delay'
        return
      case 'awaitJoins':
        state.timer = 'joins'
        return
      case 'closeJoins':
        this.#closeJoins(state)
        return
      case 'beginGeneration':
        state.timer = 'syncs'
        this.#nextGeneration(state)
        for (const entry of this.members(state)) this.step(state, entry, 'admit', 'NONE')
        return
      case 'becomeEmpty':
        this.#nextGeneration(state)
        this.save(state, 0)
        return
      case 'store':
        this.#store(state)
        return
      case 'share':
        for (const entry of this.members(state)) {
          entry.assignment = state.assigned
          if (this.memberState(entry) === 'syncing') this.step(state, entry, 'share', 'NONE')
        }
        return
      case 'recall':
        for (const entry of this.members(state)) this.step(state, entry, 'recall', 'REBALANCE_IN_PROGRESS')
        return
      case 'dropUnsynced':
        this.#dropUnsynced(state)
        return
      case 'abandon':
        state.timer = 'none'
        state.entries = this.members(state)
        for (const entry of this.members(state)) this.drop(state, entry, 'NOT_COORDINATOR')
        return
      default:
        throw new Bug(`the model does not know the action ${deed}`)
    }
  }

  #nextGeneration(state: GroupModelState): void {
    if (this.#overrides.generationsGrow !== false || state.generation === 0) state.generation++
  }

  #closeJoins(state: GroupModelState): void {
    state.timer = 'none'
    for (const entry of this.members(state)) {
      const isMissing = !this.hasJoined(entry) && entry.instance < 0
      if (isMissing && this.#overrides.dropsTheMissing !== false) this.drop(state, entry)
    }
    const members = this.members(state)
    const joined = members.find(entry => this.hasJoined(entry))
    if (members.length === 0) this.send(state, 'nobodyLeft')
    else if (joined === undefined) this.send(state, 'nobodyJoined')
    else {
      const isLed = members.some(entry => entry.leads && this.hasJoined(entry))
      if (!isLed && this.#overrides.electsJoinedLeaders !== false) {
        for (const entry of members) entry.leads = entry === joined
      }
      this.send(state, 'someJoined')
    }
  }

  #dropUnsynced(state: GroupModelState): void {
    const late = this.members(state).filter(entry => this.memberState(entry) === 'unsynced')
    for (const entry of late) this.drop(state, entry)
    if (late.length > 0) this.changed(state)
  }

  #store(state: GroupModelState): void {
    state.assigned = ++state.assignments
    if (this.save(state, state.assigned)) state.storing.push(state.generation)
    else this.stored(state, state.generation, false)
  }

  /** What comes of a write of that generation. */
  stored(state: GroupModelState, generation: number, isStored: boolean): void {
    if (state.generation !== generation && this.#overrides.knowsLateAcknowledgements !== false) return
    this.send(state, isStored ? 'stored' : 'notStored')
    this.settle(state)
  }

  /** Whether the log takes it. */
  save(state: GroupModelState, assignment: number): boolean {
    state.logAsked = true
    if (state.logRefuses) return false
    const members = this.members(state).map(({ id, instance, leads }) => ({ id, instance, leads }))
    state.log = { generation: state.generation, assignment, members }
    return true
  }

  changed(state: GroupModelState): void {
    this.send(state, 'changed')
    this.settle(state)
  }

  settle(state: GroupModelState): void {
    const waits = state.entries.some(entry => entry.isPending || !this.hasJoined(entry))
    if (!waits && this.#overrides.settles !== false) this.send(state, 'everyoneJoined')
  }

  /** Member.step: the answer goes to the request that waited before. */
  step(
    state: GroupModelState,
    entry: Entry,
    event: string,
    answer: Answer,
    waits?: Pick<Entry, 'waits' | 'waiter'>
  ): void {
    const { state: after, deeds } = this.member.step(entry.machine, event)
    const waited = { waits: entry.waits, waiter: entry.waiter }
    entry.machine = after
    if (deeds.length > 0 || waits !== undefined) {
      entry.waits = waits?.waits ?? 'nothing'
      entry.waiter = waits?.waiter ?? -1
    }
    if (deeds.length > 0 && waited.waits !== 'nothing') answered(state, entry, waited, answer)
  }

  drop(state: GroupModelState, entry: Entry, error: Answer = 'UNKNOWN_MEMBER_ID'): void {
    this.#remove(state, entry)
    this.step(state, entry, 'remove', error)
  }

  #remove(state: GroupModelState, entry: Entry): void {
    state.entries = state.entries.filter(other => other !== entry)
    const [first] = this.members(state)
    if (entry.leads && first !== undefined) first.leads = true
  }

  expire(state: GroupModelState, entry: Entry): void {
    if (entry.isPending) {
      state.entries = state.entries.filter(other => other !== entry)
      this.settle(state)
      return
    }
    this.step(state, entry, 'expire', 'UNKNOWN_MEMBER_ID')
    if (this.memberState(entry) !== 'gone') return
    this.#remove(state, entry)
    this.changed(state)
  }

  /** The first join of an id. */
  add(state: GroupModelState, { id, instance }: Pick<Entry, 'id' | 'instance'>, waiter: number): void {
    const entry = this.#newEntry(state, id, instance)
    state.entries = [...state.entries.filter(other => other.id !== id), entry]
    this.step(state, entry, 'join', 'REBALANCE_IN_PROGRESS', { waits: 'join', waiter })
    if (state.generation === 0) this.send(state, 'newcomer')
    this.changed(state)
  }

  #newEntry(state: GroupModelState, id: number, instance: number): Entry {
    const leads = !this.members(state).some(entry => entry.leads)
    return {
      ...{ id, instance, leads, isPending: false, machine: this.member.initial },
      ...{ waits: 'nothing', waiter: -1, assignment: 0 }
    }
  }

  #replace(state: GroupModelState, former: Entry, id: number): Entry {
    const successor: Entry = {
      ...this.#newEntry(state, id, former.instance),
      ...{ leads: former.leads, assignment: former.assignment }
    }
    state.entries = [...state.entries.filter(other => other !== former), successor]
    return successor
  }

  /** A static member has come back without its id. */
  replace(state: GroupModelState, former: Entry, id: number, waiter: number): void {
    const successor = this.#replace(state, former, id)
    if (this.#overrides.fencesFormerLives !== false) this.step(state, former, 'remove', 'FENCED_INSTANCE_ID')
    this.step(state, successor, 'succeed', 'REBALANCE_IN_PROGRESS', { waits: 'join', waiter })
    if (this.phase(state) !== 'stable') {
      this.changed(state)
      return
    }
    const readmission = { id, formerId: former.id, generation: state.generation }
    if (this.save(state, former.assignment)) state.readmissions.push(readmission)
    else this.readmitted(state, readmission, false)
  }

  /** What comes of the write of its new id. */
  readmitted(
    state: GroupModelState,
    { id, formerId, generation }: GroupModelState['readmissions'][number],
    isStored: boolean
  ): void {
    const entry = this.find(state, id)
    const goesOn = this.phase(state) === 'stable' && state.generation === generation
    if (entry === undefined || !goesOn) return
    if (isStored) {
      this.step(state, entry, 'admit', 'NONE')
      return
    }
    const restored = this.#replace(state, entry, formerId)
    this.step(state, restored, 'restore', 'NONE')
    this.step(state, entry, 'remove', 'NOT_COORDINATOR')
  }

  /** ClassicGroup.mayCommit, for a member. */
  mayCommit(state: GroupModelState, id: number, generation: number): boolean {
    const isCurrent = generation === state.generation || this.#overrides.fencesCommits === false
    if (this.find(state, id)?.isPending !== false || !isCurrent) return false
    return !['completing', 'storing'].includes(this.phase(state))
  }
}
