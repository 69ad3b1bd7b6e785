// Where a consumer group stands: nobody in it, a target to be computed, members on their way to it, or all there. It follows
// from what the log says of members and epochs; what follows from its states is only what they are called.
import { setup } from 'xstate'
import { effect } from '../../runtime/effect.js'

export interface GroupFacts {
  readonly hasMembers: boolean
  /** The target was computed at the newest epoch of the group. */
  readonly hasTarget: boolean
  /** Each member has its part of the target, and all of it. */
  readonly isReconciled: boolean
}

export type ConsumerGroupEvent =
  /** Something about it was written, or read. */
  | ({ readonly type: 'changed' } & GroupFacts)
  /** Its tombstones were written, or it is loaded elsewhere. */
  | { readonly type: 'ended' }

const changed = [
  { guard: 'isWithoutMembers', target: 'empty' },
  { guard: 'isWithoutTarget', target: 'assigning' },
  { guard: 'isOnTheWay', target: 'reconciling' },
  { target: 'stable' }
] as const

const on = { changed, ended: 'dead' } as const

export const consumerGroupMachine = setup({
  types: { events: {} as ConsumerGroupEvent },
  guards: {
    isWithoutMembers: ({ event }) => event.type === 'changed' && !event.hasMembers,
    isWithoutTarget: ({ event }) => event.type === 'changed' && !event.hasTarget,
    isOnTheWay: ({ event }) => event.type === 'changed' && !event.isReconciled
  },
  actions: {
    /** All timers of members, and whoever waits. */
    forgetMembers: effect()
  }
}).createMachine({
  id: 'groups.consumer',
  initial: 'empty',
  states: {
    empty: { on },
    /** The next heartbeat of any member computes the target. */
    assigning: { on },
    reconciling: { on },
    stable: { on },
    dead: { type: 'final', entry: 'forgetMembers' }
  }
})
