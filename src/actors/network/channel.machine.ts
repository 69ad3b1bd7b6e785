// The life of one connection in its Processor. A peer that is gone may have left whole requests behind: they are still
// handled, one by one, until one of them wants to answer. Whether it may be read is channel-mute.machine.ts.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ChannelEvent =
  /** Reading ended or failed, and nothing whole is left to handle. */
  | { type: 'peerGone' }
  /** Reading failed while a request is in flight or whole ones are buffered. */
  | { type: 'peerGoneWithReceives' }
  | { type: 'writeFailed' }
  /** A response was to be written to a peer that is gone. */
  | { type: 'sendFailed' }
  /** The last buffered request of a peer that is gone was handled. */
  | { type: 'drained' }
  /** Idle for too long: nothing is drained. */
  | { type: 'expire' }
  /** The server's own wish: an error of the peer, a full broker, the end of the Processor. */
  | { type: 'close' }

const ends = { target: 'closed', actions: ['destroySocket', 'dropReceives', 'forget'] } as const

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
        peerGone: ends,
        peerGoneWithReceives: { target: 'closing', actions: 'destroySocket' },
        writeFailed: ends,
        sendFailed: ends,
        drained: {},
        expire: { target: 'expired', actions: ['destroySocket', 'dropReceives', 'forget'] },
        close: ends
      }
    },
    /** Nothing can be written any more; what was read whole is handled. */
    closing: {
      on: {
        peerGone: {},
        peerGoneWithReceives: {},
        writeFailed: {},
        sendFailed: { target: 'closed', actions: ['dropReceives', 'forget'] },
        drained: { target: 'closed', actions: ['dropReceives', 'forget'] },
        expire: { target: 'expired', actions: ['dropReceives', 'forget'] },
        close: { target: 'closed', actions: ['dropReceives', 'forget'] }
      }
    },
    expired: { type: 'final' },
    closed: { type: 'final' }
  }
})
