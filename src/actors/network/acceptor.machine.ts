// The life of an Acceptor: one listener. When no Processor takes a connection, or no more may come, it really stops
// accepting: those that wait stay with the operating system, as many as the backlog holds.
import { assign, setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export interface AcceptorContext {
  /** How long the connection at hand waits for its rate. */
  readonly waitMs: number
}

export type AcceptorEvent =
  /** Take the port, accept nothing yet: it has to be known before anybody may come. */
  | { type: 'bind' }
  | { type: 'open' }
  | { type: 'bound' }
  | { type: 'bindFailed' }
  /** The connection at hand came faster than its listener, or the broker, may be connected to. */
  | { type: 'tooFast'; waitMs: number }
  /** The connection at hand would be one too many. */
  | { type: 'noSlot' }
  /** The connection at hand is counted, and no Processor has room in its newConnections. */
  | { type: 'noRoom' }
  /** The connection at hand went to a Processor, or was refused. */
  | { type: 'passedOn' }
  /** A connection of some listener has ended. */
  | { type: 'slotFreed' }
  /** A Processor has taken connections out of its newConnections. */
  | { type: 'roomMade' }
  | { type: 'outOfDescriptors' }
  | { type: 'close' }

const news = { slotFreed: {}, roomMade: {} }
const waits = { tooFast: {}, noSlot: {}, noRoom: {}, passedOn: {}, outOfDescriptors: {} }
const binds = { bind: {}, open: {}, bound: {}, bindFailed: {} }
const toListening = { target: '#acceptor.listening', actions: 'startAccepting' } as const

export const acceptorMachine = setup({
  types: { context: {} as AcceptorContext, events: {} as AcceptorEvent },
  actions: {
    openPort: effect(),
    /** The port is known, or open: whoever asked for that is told. */
    reportListening: effect(),
    reportFailure: effect(),
    stopAccepting: effect(),
    startAccepting: effect(),
    /** May the connection at hand be counted, and who takes it? `noSlot`, `noRoom` or `passedOn` says what came of it. */
    admit: effect(),
    /** Who takes the connection at hand? `noRoom` or `passedOn` says what came of it. */
    offer: effect(),
    /** The connection at hand was counted and goes to nobody. */
    giveSlotBack: effect(),
    /** The port, the connection at hand, and those that were to be closed later. */
    closeAll: effect()
  },
  delays: { descriptorPause: 500, rateWait: ({ context }) => context.waitMs }
}).createMachine({
  id: 'acceptor',
  context: { waitMs: 0 },
  initial: 'idle',
  states: {
    /** The port is not open: connections are refused. */
    idle: {
      on: {
        bind: { target: 'binding', actions: 'openPort' },
        open: { target: 'opening', actions: 'openPort' },
        close: 'closed',
        bound: {},
        bindFailed: {},
        ...waits,
        ...news
      }
    },
    binding: {
      on: {
        bound: 'held',
        bindFailed: { target: 'closed', actions: 'reportFailure' },
        open: 'opening',
        close: 'closed',
        bind: {},
        ...waits,
        ...news
      }
    },
    /** The port is taken; connections wait with the operating system. */
    held: {
      entry: ['stopAccepting', 'reportListening'],
      on: {
        open: { target: 'listening', actions: ['startAccepting', 'reportListening'] },
        close: 'closed',
        bind: {},
        bound: {},
        bindFailed: {},
        ...waits,
        ...news
      }
    },
    opening: {
      on: {
        bound: { target: 'listening', actions: 'reportListening' },
        bindFailed: { target: 'closed', actions: 'reportFailure' },
        close: 'closed',
        bind: {},
        open: {},
        ...waits,
        ...news
      }
    },
    listening: {
      on: {
        tooFast: {
          target: 'blocked.waitingForRate',
          actions: assign({ waitMs: ({ event }) => event.waitMs })
        },
        noSlot: 'blocked.waitingForSlot',
        noRoom: 'blocked.waitingForRoom',
        outOfDescriptors: 'paused',
        close: 'closed',
        passedOn: {},
        ...binds,
        ...news
      }
    },
    /** The connection at hand waits; no other is accepted. */
    blocked: {
      initial: 'waitingForSlot',
      entry: 'stopAccepting',
      on: { close: 'closed', outOfDescriptors: {}, tooFast: {}, ...binds },
      states: {
        waitingForRate: {
          after: { rateWait: { actions: 'admit' } },
          on: { noSlot: 'waitingForSlot', noRoom: 'waitingForRoom', passedOn: toListening, ...news }
        },
        waitingForSlot: {
          on: {
            slotFreed: { actions: 'admit' },
            noRoom: 'waitingForRoom',
            passedOn: toListening,
            noSlot: {},
            roomMade: {}
          }
        },
        /** It is counted already. */
        waitingForRoom: {
          on: {
            roomMade: { actions: 'offer' },
            passedOn: toListening,
            close: { target: '#acceptor.closed', actions: 'giveSlotBack' },
            noSlot: {},
            noRoom: {},
            slotFreed: {}
          }
        }
      }
    },
    /** The process has no descriptor left; some may come back. */
    paused: {
      entry: 'stopAccepting',
      after: { descriptorPause: toListening },
      on: { close: 'closed', ...binds, ...waits, ...news }
    },
    closed: { type: 'final', entry: 'closeAll' }
  }
})
