// How one member comes to its part of the group's target: first it gives up what is no longer its own, then it is given what
// nobody else holds. It reaches the target's epoch only after it has said that it gave up. What a step depends on is in the
// event: partitions are sets, and no machine's business.
import { setup } from 'xstate'
import { effect } from '../../runtime/effect.js'

/** What a look at the member, its part of the target, and the partitions of the others finds. */
export interface ReconcileFacts {
  /** Its epoch is not that of the target. */
  readonly isBehind: boolean
  /** It has not said that it gave up everything that it was asked to. */
  readonly holdsRevoked: boolean
  /** It holds what is not in its part of the target, and has not said otherwise. */
  readonly mustRevoke: boolean
  /** Something of its part is still another member's. */
  readonly waitsForOthers: boolean
}

export type MemberEvent =
  /** It was heard of. */
  | ({ readonly type: 'reconcile' } & ReconcileFacts)
  /** What the log says of it: on loading, and after a step that could not be written. */
  | { readonly type: 'recordedStable' }
  | { readonly type: 'recordedUnrevoked' }
  | { readonly type: 'recordedUnreleased' }
  | { readonly type: 'recordedUnknown' }
  /** It left, or its time is over: it was written that it is no longer there. */
  | { readonly type: 'removed' }

const towardsTarget = [
  { guard: 'mustRevoke', target: 'unrevokedPartitions', actions: 'askToRevoke' },
  { guard: 'waitsForOthers', target: 'unreleasedPartitions', actions: 'moveToTarget' },
  { target: 'stable', actions: 'moveToTarget' }
] as const

const everywhere = {
  recordedStable: 'stable',
  recordedUnrevoked: 'unrevokedPartitions',
  recordedUnreleased: 'unreleasedPartitions',
  recordedUnknown: 'unknown',
  removed: 'gone'
} as const

export const memberMachine = setup({
  types: { events: {} as MemberEvent },
  guards: {
    isAtTarget: ({ event }) => event.type === 'reconcile' && !event.isBehind,
    holdsRevoked: ({ event }) => event.type === 'reconcile' && event.holdsRevoked,
    mustRevoke: ({ event }) => event.type === 'reconcile' && event.mustRevoke,
    waitsForOthers: ({ event }) => event.type === 'reconcile' && event.waitsForOthers
  },
  actions: {
    /** It keeps what it may keep, and its epoch, and is told what to give up. */
    askToRevoke: effect(),
    /** What it was asked to give up is free: its epoch grows by one. */
    release: effect(),
    /** It has the target's epoch, and of its part what nobody else holds. */
    moveToTarget: effect(),
    /** It has to give up everything and join again. */
    fence: effect()
  }
}).createMachine({
  id: 'groups.member',
  initial: 'stable',
  states: {
    stable: { on: { ...everywhere, reconcile: [{ guard: 'isAtTarget' }, ...towardsTarget] } },
    /** It was told to give up partitions, and they are nobody else's until it says that it did. */
    unrevokedPartitions: {
      on: {
        ...everywhere,
        reconcile: [
          { guard: 'holdsRevoked' },
          { guard: 'mustRevoke', target: 'unrevokedPartitions', actions: ['release', 'askToRevoke'] },
          { guard: 'waitsForOthers', target: 'unreleasedPartitions', actions: ['release', 'moveToTarget'] },
          { target: 'stable', actions: ['release', 'moveToTarget'] }
        ]
      }
    },
    /** Somebody else still has what will be its own. */
    unreleasedPartitions: { on: { ...everywhere, reconcile: towardsTarget } },
    /** A newer broker wrote a state that this one does not know. */
    unknown: {
      on: { ...everywhere, reconcile: [{ guard: 'mustRevoke', actions: 'fence' }, ...towardsTarget] }
    },
    gone: { on: { reconcile: {}, removed: {} } }
  }
})
