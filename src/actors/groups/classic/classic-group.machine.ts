// The life of a classic group: its members agree on a generation by joining, its leader assigns, all of them sync. Whatever
// changes who is in it or what they can begins the next rebalance. Flat: it is compiled to a table.
import { setup } from 'xstate'
import { effect } from '../../runtime/effect.js'

export type ClassicGroupEvent =
  /** Its members, or what they can, are not what they were: they have to agree anew. */
  | { readonly type: 'changed' }
  /** A member that is new to a group which never had a generation: more may be about to come. */
  | { readonly type: 'newcomer' }
  /** The initial delay is over, and it may be prolonged. */
  | { readonly type: 'delayOver' }
  /** The longest rebalance timeout of its members is over, counted from where the present state began to wait. */
  | { readonly type: 'timeUp' }
  /** Every known member waits in a join, and nobody who was given an id is still to come back with it. */
  | { readonly type: 'everyoneJoined' }
  /** Joins were closed: somebody waits in one. */
  | { readonly type: 'someJoined' }
  /** Joins were closed: there are members, and none of them waits in one. */
  | { readonly type: 'nobodyJoined' }
  /** Joins were closed: there is no member. */
  | { readonly type: 'nobodyLeft' }
  /** The leader's sync has come, with the assignments of this generation. */
  | { readonly type: 'assigned' }
  /** The log has them. */
  | { readonly type: 'stored' }
  | { readonly type: 'notStored' }
  /** A record of the log says that it has members and a generation. */
  | { readonly type: 'loaded' }
  /** Its offsets partition is not here any more, or it was deleted. */
  | { readonly type: 'ended' }

const ignored = {
  changed: {},
  newcomer: {},
  delayOver: {},
  timeUp: {},
  everyoneJoined: {},
  someJoined: {},
  nobodyJoined: {},
  nobodyLeft: {},
  assigned: {},
  stored: {},
  notStored: {},
  loaded: {}
} as const

const ended = { target: 'dead' } as const
const outcomes = {
  someJoined: 'completing',
  nobodyJoined: { target: 'preparing', reenter: true },
  nobodyLeft: { target: 'empty', actions: 'becomeEmpty' }
} as const
const recalled = { target: 'preparing', actions: 'recall' } as const
const lateSyncs = { actions: 'dropUnsynced' } as const

export const classicGroupMachine = setup({
  types: { events: {} as ClassicGroupEvent },
  actions: {
    /** Waits for more members: group.initial.rebalance.delay.ms, or what is left of the rebalance timeout. */
    startDelay: effect(),
    /** Waits for the joins of all members, at most for the longest of their rebalance timeouts. */
    awaitJoins: effect(),
    /** Members that have not joined are dropped, static ones excepted; answers with someJoined, nobodyJoined or nobodyLeft. */
    closeJoins: effect(),
    /** The next generation: a protocol is chosen, every join is answered, syncs are waited for. */
    beginGeneration: effect(),
    /** A generation without members, and the record that says so. */
    becomeEmpty: effect(),
    /** Writes the assignments; answers with stored or notStored. */
    store: effect(),
    /** Every sync is answered with its assignment. */
    share: effect(),
    /** Members have to join again: a sync that waits is refused. */
    recall: effect(),
    /** Members that have not synced in time are dropped; if there were any, the group has changed. */
    dropUnsynced: effect(),
    /** Whoever waits is refused; no timer runs any more. */
    abandon: effect()
  }
}).createMachine({
  id: 'groups.classicGroup',
  initial: 'empty',
  states: {
    empty: { on: { ...ignored, changed: 'gathering', loaded: 'stable', ended } },
    /** The first rebalance after it was empty waits, so that members that start together need only one. */
    gathering: {
      entry: 'startDelay',
      on: {
        ...ignored,
        ...outcomes,
        newcomer: 'gatheringMore',
        delayOver: { actions: 'closeJoins' },
        timeUp: { actions: 'closeJoins' },
        ended
      }
    },
    /** Somebody new came during the delay. */
    gatheringMore: {
      on: { ...ignored, ...outcomes, delayOver: 'gathering', timeUp: { actions: 'closeJoins' }, ended }
    },
    preparing: {
      entry: 'awaitJoins',
      on: {
        ...ignored,
        ...outcomes,
        everyoneJoined: { actions: 'closeJoins' },
        timeUp: { actions: 'closeJoins' },
        ended
      }
    },
    /** Members know the generation; the leader's assignments are waited for. */
    completing: {
      entry: 'beginGeneration',
      on: {
        ...ignored,
        changed: recalled,
        timeUp: lateSyncs,
        assigned: { target: 'storing', actions: 'store' },
        ended
      }
    },
    storing: {
      on: {
        ...ignored,
        changed: recalled,
        timeUp: lateSyncs,
        stored: { target: 'stable', actions: 'share' },
        notStored: recalled,
        ended
      }
    },
    stable: { on: { ...ignored, changed: recalled, timeUp: lateSyncs, ended } },
    dead: { entry: 'abandon', on: { ...ignored, ended: {} } }
  }
})
