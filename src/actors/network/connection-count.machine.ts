// One count of open connections with its limit: of an address, of a listener, of the whole broker. Whether there is a slot
// is its state. Only the protected listener may open beyond a limit, that of the broker; others then have to close.
import { assign, setup } from 'xstate'
import { effect } from '../runtime/effect.js'

/** More than there can be. Not Infinity: a recorded context is JSON. */
export const noLimit = Number.MAX_SAFE_INTEGER

export interface ConnectionCountContext {
  readonly connections: number
  /** `noLimit` until `limitChanged` gives one. */
  readonly limit: number
}

export type ConnectionCountEvent =
  /** A connection was admitted. */
  | { type: 'opened' }
  /** One that was admitted has ended. */
  | { type: 'closed' }
  | { type: 'limitChanged'; limit: number }

export const connectionCountMachine = setup({
  types: {
    context: {} as ConnectionCountContext,
    events: {} as ConnectionCountEvent
  },
  guards: {
    isFull: ({ context }) => context.connections >= context.limit,
    hasSlot: ({ context }) => context.connections < context.limit,
    isEmpty: ({ context }) => context.connections === 0
  },
  actions: {
    /** Whoever waits for a slot may look again. */
    announceSlot: effect(),
    /** The end of a connection that was never counted. */
    illegal: effect()
  }
}).createMachine({
  id: 'connectionCount',
  context: { connections: 0, limit: noLimit },
  initial: 'belowLimit',
  states: {
    belowLimit: {
      always: { guard: 'isFull', target: 'atLimit' },
      on: {
        opened: { actions: assign({ connections: ({ context }) => context.connections + 1 }) },
        closed: [
          { guard: 'isEmpty', actions: 'illegal' },
          { actions: assign({ connections: ({ context }) => context.connections - 1 }) }
        ],
        limitChanged: { actions: assign({ limit: ({ event }) => event.limit }) }
      }
    },
    /** At the limit, or beyond it by what the protected listener has opened. */
    atLimit: {
      always: { guard: 'hasSlot', target: 'belowLimit', actions: 'announceSlot' },
      on: {
        opened: { actions: assign({ connections: ({ context }) => context.connections + 1 }) },
        closed: [
          { guard: 'isEmpty', actions: 'illegal' },
          { actions: assign({ connections: ({ context }) => context.connections - 1 }) }
        ],
        limitChanged: { actions: assign({ limit: ({ event }) => event.limit }) }
      }
    }
  }
})
