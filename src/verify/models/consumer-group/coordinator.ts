// The coordinator's side of the model: the group's epoch, the uniform assignor, and a member's step, as production takes them.
import type { AnyStateMachine } from 'xstate'
import {
  type Assignment,
  nothing,
  type TopicPartitions,
  toTopicPartitions
} from '../../../actors/groups/consumer/assignment.js'
import { newMember } from '../../../actors/groups/consumer/member.js'
import type { memberMachine } from '../../../actors/groups/consumer/member.machine.js'
import { reconcileWith } from '../../../actors/groups/consumer/reconcile.js'
import { isRightEpoch } from '../../../actors/groups/consumer/subscribe.js'
import { assignUniformly } from '../../../actors/groups/consumer/uniform-assignor.js'
import type { Uuid } from '../../../protocol/schema.js'
import type { Bounds, ConsumerGroupState, Known, OnTheWay } from './state.js'

export interface Rules {
  readonly pendingIsHeld: boolean
  readonly bumpsOnLeave: boolean
}

type Request = OnTheWay & { readonly kind: 'request' }
type Heard = Pick<ConsumerGroupState, 'epoch' | 'targetEpoch' | 'known'> & { readonly answer: OnTheWay }

export interface Coordinator {
  hear(state: ConsumerGroupState, index: number, request: Request): Heard
  /** It left, or its time is over. */
  remove(state: ConsumerGroupState, index: number): Pick<ConsumerGroupState, 'epoch' | 'known'>
}

const topicId = 'topicxxxxxxxxxxxxxxxxA' as Uuid
const life = { id: 'model' }
const unknown: Known = { epoch: 0, previousEpoch: -1, state: 'stable', assigned: 0, pending: 0, target: 0 }

const numbers = (bits: number): number[] => [0, 1, 2, 3].filter(partition => (bits & (1 << partition)) !== 0)
const assignments: readonly Assignment[] = Array.from({ length: 16 }, (_, bits) =>
  bits === 0 ? nothing : new Map([[topicId, new Set(numbers(bits))]])
)
const assignmentOf = (bits: number): Assignment => assignments[bits] ?? nothing
const listOf = (bits: number): TopicPartitions[] => toTopicPartitions(assignmentOf(bits))
const bitsOf = (assignment: Assignment | undefined): number =>
  [...(assignment?.get(topicId) ?? [])].reduce((bits, partition) => bits | (1 << partition), 0)

export function coordinatorOf(machine: AnyStateMachine, bounds: Bounds, rules: Rules): Coordinator {
  const reconcile = reconcileWith(machine as typeof memberMachine)
  return {
    hear(state, index, { epoch: said, owned, isFull }) {
      const before = state.known[index] ?? null
      const refusal = refusalOf(before, said, owned === null ? null : listOf(owned))
      if (refusal !== undefined) return { ...state, answer: { kind: 'refusal', error: refusal } }
      const epoch = before === null ? state.epoch + 1 : state.epoch
      let known = replaced(state.known, index, before ?? unknown)
      if (epoch > state.targetEpoch) known = withTargets(known, bounds)
      const targetEpoch = Math.max(epoch, state.targetEpoch)
      const now = known[index] ?? unknown
      const { member } = reconcile({
        life,
        member: {
          ...newMember(''),
          ...now,
          assigned: assignmentOf(now.assigned),
          pendingRevocation: assignmentOf(now.pending)
        },
        target: { epoch: targetEpoch, partitions: assignmentOf(now.target) },
        owned: owned === null ? null : listOf(owned),
        isHeld: (_, partition) => isHeld(known, index, partition, rules)
      })
      const assigned = bitsOf(member.assigned)
      const after: Known = {
        epoch: member.epoch,
        previousEpoch: member.previousEpoch,
        state: member.state,
        assigned,
        pending: bitsOf(member.pendingRevocation),
        target: now.target
      }
      const isTold = isFull || assigned !== now.assigned
      return {
        epoch,
        targetEpoch,
        known: replaced(known, index, after),
        answer: {
          kind: 'answer',
          epoch: member.epoch,
          assigned: isTold ? assigned : null,
          isToSaying: owned !== null
        }
      }
    },
    remove: ({ epoch, known }, index) => ({
      epoch: rules.bumpsOnLeave ? epoch + 1 : epoch,
      known: replaced(known, index, null)
    })
  }
}

function refusalOf(known: Known | null, said: number, owned: TopicPartitions[] | null) {
  if (known === null) return said === 0 ? undefined : 'UNKNOWN_MEMBER_ID'
  const { epoch, previousEpoch, assigned } = known
  const isRight = isRightEpoch({ epoch, previousEpoch, assigned: assignmentOf(assigned) }, said, owned)
  return isRight ? undefined : 'FENCED_MEMBER_EPOCH'
}

const replaced = <T>(list: readonly T[], index: number, value: T): T[] =>
  list.map((each, at) => (at === index ? value : each))

function withTargets(known: readonly (Known | null)[], { partitions }: Bounds): (Known | null)[] {
  const topics = new Set([topicId])
  const members = known.flatMap((each, index) =>
    each === null
      ? []
      : [{ memberId: String(index), instanceId: null, topics, previous: assignmentOf(each.target) }]
  )
  const targets = assignUniformly({ members, partitionCounts: new Map([[topicId, partitions]]) })
  return known.map((each, index) =>
    each === null ? null : { ...each, target: bitsOf(targets.get(String(index))) }
  )
}

function isHeld(known: readonly (Known | null)[], index: number, partition: number, rules: Rules): boolean {
  return known.some((each, at) => {
    if (each === null || at === index) return false
    const bits = rules.pendingIsHeld ? each.assigned | each.pending : each.assigned
    return (bits & (1 << partition)) !== 0
  })
}
