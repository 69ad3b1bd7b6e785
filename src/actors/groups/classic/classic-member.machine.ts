// The life of one member of a classic group, as its coordinator sees it: which request of it waits, and what it owes. An
// id has one life; a static member that comes back under a new id is another one, its successor.
import { setup } from 'xstate'
import { effect } from '../../runtime/effect.js'

export type ClassicMemberEvent =
  /** A JoinGroup that waits for the next generation. */
  | { readonly type: 'join' }
  /** The join of a static member that takes the place of its former life. */
  | { readonly type: 'succeed' }
  /** A record of the log, or of the group's past, says that it is a member of the present generation. */
  | { readonly type: 'restore' }
  /** A generation has begun, or goes on, of which it is a member. */
  | { readonly type: 'admit' }
  /** A SyncGroup that waits for the assignment. */
  | { readonly type: 'sync' }
  /** Its assignment is known. */
  | { readonly type: 'share' }
  /** A rebalance has begun. */
  | { readonly type: 'recall' }
  /** Nothing was heard of it for its session timeout, or, while it is new, for five minutes. */
  | { readonly type: 'expire' }
  /** It left, was dropped, or its successor has come. */
  | { readonly type: 'remove' }

const ignored = {
  join: {},
  succeed: {},
  restore: {},
  admit: {},
  sync: {},
  share: {},
  recall: {},
  expire: {},
  remove: {}
} as const

const refused = { target: 'gone', actions: 'refuse' } as const
/** A request takes the place of the one that waits. */
const again = { actions: 'refuse' } as const
const admitted = { target: 'unsynced', actions: 'answerJoin' } as const

export const classicMemberMachine = setup({
  types: { events: {} as ClassicMemberEvent },
  actions: {
    /** With the generation. */
    answerJoin: effect(),
    /** With the assignment. */
    answerSync: effect(),
    /** Whichever request waits is answered with the error that the event brings. */
    refuse: effect()
  }
}).createMachine({
  id: 'groups.classicMember',
  initial: 'unknown',
  states: {
    unknown: {
      on: { ...ignored, join: 'joining', succeed: 'rejoining', restore: 'settled', remove: 'gone' }
    },
    /** It waits in its first join: its client may be gone, since it cannot send heartbeats meanwhile. */
    joining: { on: { ...ignored, join: again, admit: admitted, expire: refused, remove: refused } },
    /** It waits in a join: its session does not run. */
    rejoining: { on: { ...ignored, join: again, admit: admitted, remove: refused } },
    /** It was told the generation and owes a sync. */
    unsynced: {
      on: {
        ...ignored,
        join: 'rejoining',
        sync: 'syncing',
        recall: 'summoned',
        expire: 'gone',
        remove: 'gone'
      }
    },
    /** It waits for its assignment: its session does not run. */
    syncing: {
      on: {
        ...ignored,
        join: { target: 'rejoining', actions: 'refuse' },
        sync: again,
        share: { target: 'settled', actions: 'answerSync' },
        recall: { target: 'summoned', actions: 'refuse' },
        remove: refused
      }
    },
    settled: {
      on: {
        ...ignored,
        join: 'rejoining',
        sync: 'syncing',
        recall: 'summoned',
        expire: 'gone',
        remove: 'gone'
      }
    },
    /** It owes a join. */
    summoned: { on: { ...ignored, join: 'rejoining', admit: 'unsynced', expire: 'gone', remove: 'gone' } },
    gone: { on: ignored }
  }
})
