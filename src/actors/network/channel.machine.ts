// The life of one connection in its Processor. A peer that sends no more is still answered; one that is gone may have left
// whole requests behind: they are handled, one by one, until one of them wants to answer.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ChannelEvent =
  /** The peer sends nothing more. */
  | { type: 'peerEnded' }
  /** The connection is broken: nothing more comes, nothing can be written. */
  | { type: 'peerFailed' }
  /** A response could not be written to its end. */
  | { type: 'writeFailed' }
  /** A response was to be written to a peer that is gone. */
  | { type: 'sendFailed' }
  /** Nothing is outstanding: no request in flight, none that was read whole. */
  | { type: 'drained' }
  /** Idle for too long: nothing is drained. */
  | { type: 'expire' }
  /** There are more connections than max.connections. */
  | { type: 'shed' }
  /** The server's own wish: an error of the peer, the end of the Processor. */
  | { type: 'close' }

const ends = ['destroySocket', 'dropReceives', 'forget'] as const
const endsWithoutSocket = ['dropReceives', 'forget'] as const

export const channelMachine = setup({
  types: { events: {} as ChannelEvent },
  actions: {
    destroySocket: effect(),
    /** Buffered and half-read requests give their memory back. */
    dropReceives: effect(),
    /** The Processor lets go of the channel and tells the connection quotas, once. */
    forget: effect()
  }
}).createMachine({
  id: 'channel',
  initial: 'open',
  states: {
    open: {
      on: {
        peerEnded: 'halfClosed',
        peerFailed: { target: 'closing', actions: 'destroySocket' },
        writeFailed: { target: 'closed', actions: ends },
        sendFailed: { target: 'closed', actions: ends },
        drained: {},
        expire: { target: 'expired', actions: ends },
        shed: { target: 'shed', actions: ends },
        close: { target: 'closed', actions: ends }
      }
    },
    /** The peer waits for answers to what it has sent. */
    halfClosed: {
      on: {
        peerEnded: {},
        peerFailed: { target: 'closing', actions: 'destroySocket' },
        writeFailed: { target: 'closed', actions: ends },
        sendFailed: { target: 'closed', actions: ends },
        drained: { target: 'closed', actions: ends },
        expire: { target: 'expired', actions: ends },
        shed: { target: 'shed', actions: ends },
        close: { target: 'closed', actions: ends }
      }
    },
    /** Nothing can be written any more; what was read whole is handled. */
    closing: {
      on: {
        peerEnded: {},
        peerFailed: {},
        writeFailed: {},
        sendFailed: { target: 'closed', actions: endsWithoutSocket },
        drained: { target: 'closed', actions: endsWithoutSocket },
        expire: { target: 'expired', actions: endsWithoutSocket },
        shed: { target: 'shed', actions: endsWithoutSocket },
        close: { target: 'closed', actions: endsWithoutSocket }
      }
    },
    expired: { type: 'final' },
    /** Closed to get below max.connections. */
    shed: { type: 'final' },
    closed: { type: 'final' }
  }
})
