// One member's step towards its part of the target: what its machine decides, on the facts that the sets tell.

import type { Uuid } from '../../../protocol/schema.js'
import { FillingTable } from '../../runtime/filling-table.js'
import type { Living } from '../../runtime/transition-table.js'
import {
  type Assignment,
  common,
  filtered,
  isSubset,
  nothing,
  type TopicPartitions,
  union,
  without
} from './assignment.js'
import type { Member, MemberState } from './member.js'
import { type MemberEvent, memberMachine, type ReconcileFacts } from './member.machine.js'

export interface Target {
  readonly epoch: number
  readonly partitions: Assignment
}

export interface Reconciled {
  /** The same value where nothing changes. */
  readonly member: Member
  /** It has to give up everything and join again. */
  readonly isFenced: boolean
}

export interface ReconcileInput {
  /** Names the member in traces. */
  readonly life: Living
  readonly member: Member
  readonly target: Target
  /** What the member says that it holds; null: it did not say. */
  readonly owned: readonly TopicPartitions[] | null
  /** Whether some other member holds it. */
  readonly isHeld: (topicId: Uuid, partition: number) => boolean
}

type Table = FillingTable<typeof memberMachine>

const recorded = {
  stable: { type: 'recordedStable' },
  unrevokedPartitions: { type: 'recordedUnrevoked' },
  unreleasedPartitions: { type: 'recordedUnreleased' },
  unknown: { type: 'recordedUnknown' }
} as const satisfies Record<MemberState, MemberEvent>
const states: readonly MemberState[] = ['stable', 'unrevokedPartitions', 'unreleasedPartitions', 'unknown']

/** The places of a machine's states: from the log it may begin in any of them. */
function placesOf(table: Table): ReadonlyMap<MemberState, Table['initial']> {
  return new Map(states.map(state => [state, table.foresee(table.initial, recorded[state]).to]))
}

const ownTable = new FillingTable(memberMachine)
const ownPlaces = placesOf(ownTable)
const placeOf = (state: MemberState): Table['initial'] => ownPlaces.get(state) ?? ownTable.initial

/** The machine that runs. */
export const reconcile = reconciling(ownTable, ownPlaces)

/** With another machine of the same states and events. */
export function reconcileWith(machine: typeof memberMachine): (input: ReconcileInput) => Reconciled {
  const table = new FillingTable(machine)
  return reconciling(table, placesOf(table))
}

function reconciling(table: Table, places: ReturnType<typeof placesOf>) {
  return ({ life, member, target, owned, isHeld }: ReconcileInput): Reconciled => {
    const kept = common(member.assigned, target.partitions)
    const revoked = without(member.assigned, kept)
    const missing = without(target.partitions, kept)
    const free = filtered(missing, (topicId, partition) => !isHeld(topicId, partition))
    const facts: ReconcileFacts = {
      isBehind: member.epoch !== target.epoch,
      holdsRevoked: saysToHold(owned, member.pendingRevocation),
      mustRevoke: mustRevoke(member, owned, revoked),
      waitsForOthers: !isSubset(missing, free)
    }
    const from = places.get(member.state) ?? table.initial
    const { to, actions } = table.take(life, from, { type: 'reconcile', ...facts })
    let epoch = member.epoch
    let after = member
    for (const action of actions) {
      if (action === 'fence') return { member, isFenced: true }
      if (action === 'release') epoch++
      else if (action === 'askToRevoke') after = { ...member, assigned: kept, pendingRevocation: revoked }
      else {
        epoch = target.epoch
        after = { ...member, assigned: union(kept, free), pendingRevocation: nothing }
      }
    }
    if (after === member) return { member, isFenced: false }
    // The previous epoch is the one that the member knows, whatever happened in between.
    after = { ...after, state: to.state as MemberState, epoch, previousEpoch: member.epoch }
    return { member: after, isFenced: false }
  }
}

/** Its machine is where the log says: it was loaded, or a step of it was not written. */
export function tellRecorded(life: Living, from: MemberState, to: MemberState): void {
  if (from !== to) ownTable.take(life, placeOf(from), recorded[to])
}

export function remove(life: Living, from: MemberState): void {
  ownTable.take(life, placeOf(from), { type: 'removed' })
}

function mustRevoke(member: Member, owned: readonly TopicPartitions[] | null, revoked: Assignment): boolean {
  if (member.state === 'unknown')
    return owned === null || owned.some(({ partitions }) => partitions.length > 0)
  return revoked.size > 0 && saysToHold(owned, revoked)
}

/** Whoever does not say what he holds may hold anything. */
function saysToHold(owned: readonly TopicPartitions[] | null, partitions: Assignment): boolean {
  if (owned === null) return true
  return owned.some(topic =>
    topic.partitions.some(partition => partitions.get(topic.topicId)?.has(partition))
  )
}
