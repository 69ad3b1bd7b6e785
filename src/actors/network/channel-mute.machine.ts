// Whether a connection may be read: one request in flight a connection, and none while its client is throttled (KIP-219).
// State names and the 30 cells are Kafka's KafkaChannel.ChannelMuteState; an illegal event costs that connection its life.
import { setup } from 'xstate'
import { effect } from '../runtime/effect.js'

/** What may happen to a channel, in the order of Kafka's table. */
export type MuteEvent =
  /** Its request was put into the request queue. */
  | { type: 'requestReceived' }
  /** The response was written, or there is none (acks=0). */
  | { type: 'responseSent' }
  | { type: 'throttleStarted' }
  | { type: 'throttleEnded' }
  | { type: 'mute' }
  /** Reads again when nothing speaks against it; else nothing happens. */
  | { type: 'tryUnmute' }

const illegal = { actions: 'illegal' } as const

export const channelMuteMachine = setup({
  types: { events: {} as MuteEvent },
  actions: {
    /** Goes on with what was read before, then with the socket. */
    startReading: effect(),
    /** The two sides disagree about what is in flight. */
    illegal: effect()
  }
}).createMachine({
  id: 'channelMute',
  initial: 'notMuted',
  states: {
    notMuted: {
      on: {
        mute: 'muted',
        tryUnmute: {},
        requestReceived: illegal,
        responseSent: illegal,
        throttleStarted: illegal,
        throttleEnded: illegal
      }
    },
    /** Here and below: what comes is kept, and the socket pauses with the first of it. */
    muted: {
      on: {
        requestReceived: 'mutedAndResponsePending',
        mute: {},
        tryUnmute: { target: 'notMuted', actions: 'startReading' },
        responseSent: illegal,
        throttleStarted: illegal,
        throttleEnded: illegal
      }
    },
    mutedAndResponsePending: {
      on: {
        responseSent: 'muted',
        throttleStarted: 'mutedAndThrottledAndResponsePending',
        mute: {},
        tryUnmute: {},
        requestReceived: illegal,
        throttleEnded: illegal
      }
    },
    mutedAndThrottled: {
      on: {
        throttleEnded: 'muted',
        mute: {},
        tryUnmute: {},
        requestReceived: illegal,
        responseSent: illegal,
        throttleStarted: illegal
      }
    },
    mutedAndThrottledAndResponsePending: {
      on: {
        responseSent: 'mutedAndThrottled',
        throttleEnded: 'mutedAndResponsePending',
        mute: {},
        tryUnmute: {},
        requestReceived: illegal,
        throttleStarted: illegal
      }
    }
  }
})
