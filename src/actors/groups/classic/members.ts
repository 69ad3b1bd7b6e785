// The members of one classic group: who there is, who leads, what all of them support, how many have joined and how many owe
// a sync. Ids that were given out and are to come back with a JoinGroup are pending: no members yet, but waited for.
import { invariant, required } from '../../../errors.js'
import type { Cancel } from '../../runtime/timers.js'
import type { Waiting } from './answers.js'
import type { ClassicMemberEvent } from './classic-member.machine.js'
import { Member, type MemberAnswer, type MemberDetails, type Protocol } from './member.js'

export class Members {
  readonly #byId = new Map<string, Member>()
  readonly #ofInstance = new Map<string, Member>()
  readonly #pending = new Map<string, Cancel>()
  /** Protocol -> how many members support it. */
  readonly #support = new Map<string, number>()
  #leader: Member | undefined
  #joined = 0
  #unsynced = 0

  get size(): number {
    return this.#byId.size
  }

  /** How many wait in a join. */
  get joined(): number {
    return this.#joined
  }

  /** How many were told a generation and have not synced. */
  get unsynced(): number {
    return this.#unsynced
  }

  get everyoneJoined(): boolean {
    return this.#joined === this.#byId.size && this.#pending.size === 0
  }

  /** There are members, or somebody was given an id. */
  get isAwaited(): boolean {
    return this.#byId.size + this.#pending.size > 0
  }

  /** The member id; '' without members. */
  get leaderId(): string {
    return this.#leader?.id ?? ''
  }

  /** ms; the longest, 0 without members. */
  get rebalanceTimeoutMs(): number {
    let longest = 0
    for (const { rebalanceTimeoutMs } of this.#byId.values()) longest = Math.max(longest, rebalanceTimeoutMs)
    return longest
  }

  get(memberId: string): Member | undefined {
    return this.#byId.get(memberId)
  }

  ofInstance(instanceId: string): Member | undefined {
    return this.#ofInstance.get(instanceId)
  }

  isLeader(member: Member): boolean {
    return member === this.#leader
  }

  /** In the order in which they came. What is removed meanwhile is skipped. */
  [Symbol.iterator](): IterableIterator<Member> {
    return this.#byId.values()
  }

  /** The member's event; every event goes this way, since it is counted who has joined and who owes a sync. */
  step(member: Member, event: ClassicMemberEvent['type'], answer?: MemberAnswer, waits?: Waiting): void {
    this.#joined -= Number(member.hasJoined)
    this.#unsynced -= Number(member.owesSync)
    member.step(event, answer, waits)
    this.#joined += Number(member.hasJoined)
    this.#unsynced += Number(member.owesSync)
  }

  add(details: MemberDetails): Member {
    const member = new Member(details)
    invariant(!this.#byId.has(member.id), `member ${member.id} is new`)
    this.#byId.set(member.id, member)
    if (member.groupInstanceId !== null) this.#ofInstance.set(member.groupInstanceId, member)
    this.#count(member.protocols, 1)
    this.#leader ??= member
    this.removePending(member.id)
    return member
  }

  /** It is nobody's any more; the event that ends its life is the caller's. */
  remove(member: Member): void {
    if (!this.#byId.delete(member.id)) return
    if (member.groupInstanceId !== null) this.#ofInstance.delete(member.groupInstanceId)
    this.#count(member.protocols, -1)
    if (this.#leader === member) this.#leader = first(this.#byId.values())
  }

  /** A static member's next life: it has what the former had, and leads if that led. The caller ends the former's life. */
  replace(former: Member, details: MemberDetails): Member {
    const led = this.#leader === former
    this.remove(former)
    const successor = this.add(details)
    successor.assignment = former.assignment
    if (led) this.#leader = successor
    return successor
  }

  update(member: Member, { protocols, rebalanceTimeoutMs, sessionTimeoutMs }: MemberDetails): void {
    this.#count(member.protocols, -1)
    this.#count(protocols, 1)
    member.protocols = protocols
    member.rebalanceTimeoutMs = rebalanceTimeoutMs
    member.sessionTimeoutMs = sessionTimeoutMs
  }

  /** The leader stays if it has joined; else the first that has. False: nobody has. */
  electJoinedLeader(): boolean {
    if (this.#leader?.hasJoined === true) return true
    for (const member of this.#byId.values()) {
      if (!member.hasJoined) continue
      this.#leader = member
      return true
    }
    return false
  }

  restoreLeader(memberId: string | null): void {
    this.#leader = this.#byId.get(memberId ?? '') ?? this.#leader
  }

  /** Whether all members and somebody with these protocols have one in common. */
  haveInCommonWith(protocols: readonly Protocol[]): boolean {
    return protocols.some(({ name }) => (this.#support.get(name) ?? 0) === this.#byId.size)
  }

  /** Of the protocols that all support, the one with most votes; there must be a member. */
  vote(): string {
    const candidates = new Set<string>()
    for (const [name, count] of this.#support) if (count === this.#byId.size) candidates.add(name)
    const votes = new Map<string, number>()
    for (const member of this.#byId.values()) {
      const choice = member.vote(candidates)
      votes.set(choice, (votes.get(choice) ?? 0) + 1)
    }
    let [chosen, most]: [string | undefined, number] = [undefined, 0]
    for (const [name, count] of votes) if (count > most) [chosen, most] = [name, count]
    return required(chosen, 'a group that votes has a member')
  }

  addPending(memberId: string, cancelTimer: Cancel): void {
    this.#pending.set(memberId, cancelTimer)
  }

  isPending(memberId: string): boolean {
    return this.#pending.has(memberId)
  }

  removePending(memberId: string): void {
    this.#pending.get(memberId)?.()
    this.#pending.delete(memberId)
  }

  removeAllPending(): void {
    for (const memberId of [...this.#pending.keys()]) this.removePending(memberId)
  }

  #count(protocols: readonly Protocol[], by: 1 | -1): void {
    for (const name of new Set(protocols.map(protocol => protocol.name))) {
      const count = (this.#support.get(name) ?? 0) + by
      if (count === 0) this.#support.delete(name)
      else this.#support.set(name, count)
    }
  }
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value
  return undefined
}
