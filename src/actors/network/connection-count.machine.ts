// One count of open connections with its limit: of an address, of a listener, of the broker. ConnectionQuotas is made of
// them; whether a connection may come in is the state of each that it would be counted in.
import { assign, setup } from 'xstate'
import { effect } from '../runtime/effect.js'

export type ConnectionCountEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  /** Connections that are too many then stay; whoever wants them fewer closes some. */
  | { readonly type: 'limitChanged'; readonly limit: number }

export interface ConnectionCount {
  readonly connections: number
  readonly limit: number
}

export const connectionCountMachine = setup({
  types: {
    context: {} as ConnectionCount,
    events: {} as ConnectionCountEvent
  },
  actions: {
    /** A connection ended that was never counted. */
    illegal: effect()
  },
  guards: {
    none: ({ context }) => context.connections === 0,
    reachesLimit: ({ context }) => context.connections + 1 >= context.limit,
    leavesLimit: ({ context }) => context.connections - 1 < context.limit,
    newLimitReached: ({ context, event }) =>
      event.type === 'limitChanged' && context.connections >= event.limit
  }
}).createMachine({
  id: 'connectionCount',
  // Without a limit until `limitChanged` gives one.
  context: { connections: 0, limit: Number.POSITIVE_INFINITY },
  initial: 'belowLimit',
  states: {
    belowLimit: {
      on: {
        opened: [
          { guard: 'reachesLimit', target: 'atLimit', actions: assign(opened) },
          { actions: assign(opened) }
        ],
        closed: [{ guard: 'none', actions: 'illegal' }, { actions: assign(closed) }],
        limitChanged: [
          { guard: 'newLimitReached', target: 'atLimit', actions: assign(limited) },
          { actions: assign(limited) }
        ]
      }
    },
    atLimit: {
      on: {
        opened: { actions: assign(opened) },
        closed: [
          { guard: 'none', actions: 'illegal' },
          { guard: 'leavesLimit', target: 'belowLimit', actions: assign(closed) },
          { actions: assign(closed) }
        ],
        limitChanged: [
          { guard: 'newLimitReached', actions: assign(limited) },
          { target: 'belowLimit', actions: assign(limited) }
        ]
      }
    }
  }
})

type Situation = { readonly context: ConnectionCount; readonly event: ConnectionCountEvent }

function opened({ context }: Situation): Partial<ConnectionCount> {
  return { connections: context.connections + 1 }
}

function closed({ context }: Situation): Partial<ConnectionCount> {
  return { connections: context.connections - 1 }
}

function limited({ context, event }: Situation): Partial<ConnectionCount> {
  return { limit: event.type === 'limitChanged' ? event.limit : context.limit }
}
