// Drives classic-member.machine.ts: one member of a classic group, what is known of it, and its one request that waits.

import { invariant } from '../../../errors.js'
import type { ErrorName } from '../../../protocol/error-codes.js'
import type { Cancel } from '../../runtime/timers.js'
import { compileTable } from '../../runtime/transition-table.js'
import {
  type JoinAnswer,
  joinRefusal,
  nothing,
  type SyncAnswer,
  syncRefusal,
  type Waiting
} from './answers.js'
import { type ClassicMemberEvent, classicMemberMachine } from './classic-member.machine.js'

const table = compileTable(classicMemberMachine)
const width = table.events.length
const statesWith = (...names: readonly string[]): readonly boolean[] =>
  table.states.map(name => names.includes(name))
const hasJoined = statesWith('joining', 'rejoining')
const owesSync = statesWith('unsynced')
const isGone = statesWith('gone')

export interface Protocol {
  readonly name: string
  readonly metadata: Buffer
}

/** What a member says of itself when it joins. */
export interface MemberDetails {
  readonly memberId: string
  /** null: a dynamic member. */
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  /** In the order of its preference. */
  readonly protocols: readonly Protocol[]
}

/** What an event brings: the answer to the request that waits, should it be answered now. */
export interface MemberAnswer {
  readonly join?: JoinAnswer
  readonly sync?: SyncAnswer
  readonly error?: ErrorName
}

export class Member {
  /** The member id; also its name in traces. */
  readonly id: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  protocols: readonly Protocol[]
  assignment: Buffer = nothing
  #state = table.initial
  #waiting: Waiting | undefined
  #cancelTimer: Cancel | undefined

  constructor(details: MemberDetails) {
    this.id = details.memberId
    this.groupInstanceId = details.groupInstanceId
    this.clientId = details.clientId
    this.clientHost = details.clientHost
    this.rebalanceTimeoutMs = details.rebalanceTimeoutMs
    this.sessionTimeoutMs = details.sessionTimeoutMs
    this.protocols = details.protocols
  }

  get state(): string {
    return table.states[this.#state] ?? ''
  }

  /** It waits in a join. */
  get hasJoined(): boolean {
    return hasJoined[this.#state] === true
  }

  /** It knows the generation and has not asked for its assignment. */
  get owesSync(): boolean {
    return owesSync[this.#state] === true
  }

  get isGone(): boolean {
    return isGone[this.#state] === true
  }

  get isStatic(): boolean {
    return this.groupInstanceId !== null
  }

  /** The answer goes to the request that waited before; `waits` is the one that waits from now on. */
  step(event: ClassicMemberEvent['type'], answer: MemberAnswer = {}, waits?: Waiting): void {
    const at = this.#state * width + table.eventIndex(event)
    const deeds = table.actions[at] ?? []
    this.#state = table.take(this, this.#state, table.eventIndex(event))
    const waited = this.#waiting
    if (deeds.length > 0 || waits !== undefined) this.#waiting = waits
    if (deeds.length > 0 && waited !== undefined) this.#answer(waited, answer)
    if (this.isGone) this.stopTimer()
  }

  #answer(waited: Waiting, { join, sync, error = 'UNKNOWN_MEMBER_ID' }: MemberAnswer): void {
    if (waited.kind === 'join') {
      // One that is not known any more has to forget its id, too.
      waited.answer(join ?? joinRefusal(error === 'UNKNOWN_MEMBER_ID' ? '' : this.id, error))
    } else waited.answer(sync ?? syncRefusal(error))
  }

  /** In place of the timer that runs. */
  startTimer(cancel: Cancel): void {
    this.#cancelTimer?.()
    this.#cancelTimer = cancel
  }

  stopTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  metadataOf(protocol: string | null): Buffer {
    return this.protocols.find(({ name }) => name === protocol)?.metadata ?? nothing
  }

  /** The first protocol of its own order that is a candidate. */
  vote(candidates: ReadonlySet<string>): string {
    const choice = this.protocols.find(({ name }) => candidates.has(name))
    invariant(choice !== undefined, `member ${this.id} supports one of its group's protocols`)
    return choice.name
  }

  /** Whether it says of itself what it said before, in the same order. */
  matches(protocols: readonly Protocol[]): boolean {
    return (
      protocols.length === this.protocols.length &&
      protocols.every(({ name, metadata }, index) => {
        const own = this.protocols[index]
        return own !== undefined && own.name === name && own.metadata.equals(metadata)
      })
    )
  }
}
