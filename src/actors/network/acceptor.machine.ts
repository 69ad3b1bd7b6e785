// The life of an Acceptor: one listener. When no Processor takes a connection, or no more may come, it really stops
// accepting: those that wait stay with the operating system, as many as the backlog holds.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type AcceptorEvent =
  /** Take the port, accept nothing yet: it has to be known before anybody may come. */
  | { type: 'bind' }
  | { type: 'open' }
  | { type: 'bound' }
  | { type: 'bindFailed' }
  /** The connection at hand has to wait: for a slot, for its rate, or for room in a Processor's newConnections. */
  | { type: 'noRoom' }
  /** The connection at hand was passed on. */
  | { type: 'room' }
  | { type: 'outOfDescriptors' }
  | { type: 'close' }

export const acceptorMachine = setup({
  types: { events: {} as AcceptorEvent },
  actions: {
    openPort: effect(),
    /** The port is known, or open: whoever asked for that is told. */
    reportListening: effect(),
    reportFailure: effect(),
    stopAccepting: effect(),
    startAccepting: effect(),
    /** The port, the connection at hand, and those that were to be closed later. */
    closeAll: effect()
  },
  delays: { descriptorPause: 500 }
}).createMachine({
  id: 'acceptor',
  initial: 'idle',
  states: {
    /** The port is not open: connections are refused. */
    idle: { on: { bind: 'binding', open: 'opening', close: 'closed' } },
    binding: {
      entry: 'openPort',
      on: {
        bound: 'held',
        bindFailed: { target: 'closed', actions: 'reportFailure' },
        close: 'closed'
      }
    },
    /** The port is taken; connections wait with the operating system. */
    held: {
      entry: ['stopAccepting', 'reportListening'],
      on: {
        open: { target: 'listening', actions: ['startAccepting', 'reportListening'] },
        close: 'closed'
      }
    },
    opening: {
      entry: 'openPort',
      on: {
        bound: { target: 'listening', actions: 'reportListening' },
        bindFailed: { target: 'closed', actions: 'reportFailure' },
        close: 'closed'
      }
    },
    listening: {
      on: { noRoom: 'blocked', outOfDescriptors: 'paused', close: 'closed' }
    },
    blocked: {
      entry: 'stopAccepting',
      on: { room: { target: 'listening', actions: 'startAccepting' }, close: 'closed' }
    },
    /** The process has no descriptor left; some may come back. */
    paused: {
      entry: 'stopAccepting',
      after: { descriptorPause: { target: 'listening', actions: 'startAccepting' } },
      on: { close: 'closed' }
    },
    closed: { type: 'final', entry: 'closeAll' }
  }
})
