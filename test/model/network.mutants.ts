// What may go wrong between Acceptor, quotas, Processors, connections, request queue and handlers.
import { brokerMachine } from '../../src/actors/broker/broker.machine.js'
import { handlerMachine } from '../../src/actors/handlers/handler.machine.js'
import { poolMachine } from '../../src/actors/handlers/pool.machine.js'
import { acceptorMachine } from '../../src/actors/network/acceptor.machine.js'
import { channelMachine } from '../../src/actors/network/channel.machine.js'
import { channelMuteMachine } from '../../src/actors/network/channel-mute.machine.js'
import { connectionCountMachine } from '../../src/actors/network/connection-count.machine.js'
import { exchangeMachine } from '../../src/actors/network/exchange.machine.js'
import { processorMachine } from '../../src/actors/network/processor.machine.js'
import { requestChannelMachine } from '../../src/actors/network/request-channel.machine.js'
import { check } from '../../src/verify/check.js'
import type { PropertyId } from '../../src/verify/model.js'
import { actorRules } from '../../src/verify/models/network/actor-rules.js'
import { at, changed, connectionRules } from '../../src/verify/models/network/connection-rules.js'
import type { NetworkBounds } from '../../src/verify/models/network/net.js'
import { type NetworkOverrides, networkModel, smallNetwork } from '../../src/verify/models/network.model.js'
import { type Edit, type Mutant, mutated } from './mutant.js'

/** As little as shows most of them: two clients with a request each. */
const few: NetworkBounds = {
  ...smallNetwork,
  mayHalfClose: false,
  mayExpire: false,
  mayThrottle: false,
  mayPark: false
}

function mutant(
  name: string,
  caughtBy: PropertyId,
  overrides: NetworkOverrides,
  bounds: Partial<NetworkBounds> = {}
): Mutant {
  return {
    name,
    caughtBy,
    check: () => check(networkModel('network', { ...few, ...bounds }, overrides), { maxStates: 400_000 })
  }
}

const mute = (change: (edit: Edit) => void): NetworkOverrides => ({
  machines: { mute: mutated(channelMuteMachine, change) }
})
const channel = (change: (edit: Edit) => void): NetworkOverrides => ({
  machines: { channel: mutated(channelMachine, change) }
})
const exchange = (change: (edit: Edit) => void): NetworkOverrides => ({
  machines: { exchange: mutated(exchangeMachine, change) }
})
const acceptor = (change: (edit: Edit) => void): NetworkOverrides => ({
  machines: { acceptor: mutated(acceptorMachine, change) }
})
const pool = (change: (edit: Edit) => void): NetworkOverrides => ({
  machines: { pool: mutated(poolMachine, change) }
})
const queue = (change: (edit: Edit) => void): NetworkOverrides => ({
  machines: { requestChannel: mutated(requestChannelMachine, change) }
})

export const mutants: readonly Mutant[] = [
  mutant(
    'A connection is read again while its response is pending',
    'I-11',
    mute(edit => edit.set('states.mutedAndResponsePending.on.tryUnmute', { target: 'notMuted' })),
    { mayThrottle: true }
  ),
  mutant(
    'The end of throttling unmutes before the response is sent',
    'I-11',
    mute(edit => edit.set('states.mutedAndThrottledAndResponsePending.on.throttleEnded', 'muted')),
    { mayThrottle: true }
  ),
  mutant(
    'The response unmutes before throttling has ended',
    'I-11',
    mute(edit => edit.set('states.mutedAndThrottledAndResponsePending.on.responseSent', 'muted')),
    { mayThrottle: true }
  ),
  mutant(
    'A connection is unmuted when its request is handed over',
    'I-03',
    {
      rules: {
        take(net, state, index, handler) {
          const taken = actorRules.take(net, state, index, handler)
          return at(taken, index).at === 'served'
            ? changed(taken, index, { mute: net.parts.mute.initial, request: 'nowhere' })
            : taken
        }
      }
    },
    { requests: 2 }
  ),
  mutant('The quotas are told twice that a connection ended', 'I-07', {
    rules: {
      forget(net, state, index) {
        const after = connectionRules.forget(net, state, index)
        return { ...after, reports: after.reports + 1 }
      }
    }
  }),
  mutant('The quotas are not told of connections that end before they are configured', 'I-07', {
    rules: {
      endProcessor(net, state, processor) {
        const queued = state.connections.filter(each => each.at === 'queued').length
        const after = actorRules.endProcessor(net, state, processor)
        return { ...after, reports: after.reports - queued }
      }
    }
  }),
  mutant('A socket in newConnections is not closed by a stop', 'I-06', {
    rules: {
      endProcessor(net, state, processor) {
        let after = actorRules.endProcessor(net, state, processor)
        state.connections.forEach((connection, index) => {
          if (connection.at !== 'queued') return
          after = { ...changed(after, index, { at: 'queued' }), reports: after.reports - 1 }
        })
        return after
      }
    }
  }),
  mutant(
    'The connection that the Acceptor holds is not closed by a stop',
    'I-06',
    {
      rules: {
        closeAll(net, state) {
          const after = actorRules.closeAll(net, state)
          const held = state.connections.findIndex(each => each.at === 'held')
          return held < 0 ? after : changed(after, held, { at: 'held' })
        }
      }
    },
    { connections: 1 }
  ),
  mutant(
    'The slot of a connection that waits for room is not given back by a stop',
    'I-07',
    acceptor(edit =>
      edit.set('states.blocked.states.waitingForRoom.on.close', { target: '#acceptor.closed' })
    )
  ),
  mutant(
    'An Acceptor that waits for a slot does not hear of one',
    'no-idle-slot',
    acceptor(edit => edit.set('states.blocked.states.waitingForSlot.on.slotFreed', {})),
    { connections: 1 }
  ),
  mutant(
    'An Acceptor that waits for room does not hear of it',
    'no-idle-room',
    acceptor(edit => edit.set('states.blocked.states.waitingForRoom.on.roomMade', {}))
  ),
  mutant(
    'A count at its limit stays there when a connection ends',
    'no-idle-slot',
    {
      machines: {
        count: mutated(connectionCountMachine, edit => edit.remove('states.atLimit.always'))
      }
    },
    { connections: 1 }
  ),
  mutant('The response goes to another Processor', 'I-08', {
    rules: {
      respond: (_, state, index) => changed(state, index, { request: 'nowhere' })
    }
  }),
  mutant('A request is answered twice', 'I-01', {
    rules: {
      handled: (net, state, index, outcome) =>
        actorRules.handled(net, state, index, outcome === 'r' ? 'rr' : outcome)
    }
  }),
  mutant(
    'The answer of a second request overtakes that of the first',
    'I-02',
    {
      rules: {
        handled(net, state, index, outcome) {
          const after = actorRules.handled(net, state, index, outcome)
          return changed(after, index, { answering: 3 - at(after, index).answering })
        }
      }
    },
    { requests: 2, clients: 1 }
  ),
  mutant('Nobody is told that the request queue has room again', 'I-16', {
    rules: {
      announceSpace: (net, state) => {
        const { processors } = state
        return { ...actorRules.announceSpace(net, state), processors }
      }
    }
  }),
  mutant(
    'A Processor that was told of room forgets to ask for more',
    'I-16',
    {
      rules: {
        retry: (net, state, index) => ({ ...connectionRules.retry(net, state, index), spaceWanted: false })
      }
    },
    { clients: 3, connections: 3, mayReset: false }
  ),
  mutant('A Processor goes on reading while a request waits for room', 'backpressure-is-a-state', {
    machines: { processor: mutated(processorMachine, edit => edit.set('states.running.on.queueFull', {})) }
  }),
  mutant('A Processor stays backpressured when nothing waits any more', 'backpressure-is-a-state', {
    machines: {
      processor: mutated(processorMachine, edit => edit.set('states.backpressured.on.queueHasRoom', {}))
    }
  }),
  mutant(
    'The request channel does not notice that it refused a request',
    'full-is-a-state',
    queue(edit => edit.set('states.accepting.on.refused', {}))
  ),
  mutant(
    'A ShutdownRequest that found no room is forgotten',
    'I-29',
    queue(edit => edit.set('states.draining.states.offering.on.shutdownRefused', 'paid')),
    { handlers: 2 }
  ),
  mutant(
    'ShutdownRequests go into the queue beyond its capacity',
    'I-10',
    {
      rules: {
        offerShutdown: (net, state) => {
          const { state: next } = net.parts.requestChannel.step(state.channel, 'shutdownQueued')
          return { ...state, channel: next, shutdowns: state.shutdowns + 1 }
        }
      }
    },
    { handlers: 2 }
  ),
  mutant('Handlers are stopped before the Processors', 'I-22', {
    machines: {
      broker: mutated(brokerMachine, edit => {
        edit.set('states.stopping.initial', 'handlers')
        edit.set('states.stopping.states.handlers.on.stepDone', 'requestProcessing')
        edit.set('states.stopping.states.requestProcessing.on.stepDone', 'scheduler')
      })
    }
  }),
  mutant(
    'The pool stops without a ShutdownRequest for its loops',
    'I-29',
    pool(edit => edit.remove('states.stopping.entry'))
  ),
  mutant(
    'The pool has stopped when the first of its loops has ended',
    'I-32',
    pool(edit => edit.set('states.stopping.on.loopEnded', { target: 'stopped', actions: 'loopGone' })),
    { handlers: 2 }
  ),
  mutant('A connection is left waiting when a handler throws', 'I-08', {
    machines: { handler: mutated(handlerMachine, edit => edit.set('states.handling.on.threw', 'waiting')) }
  }),
  mutant(
    'A handler that is dismissed while it handles stays',
    'pool-counts-loops',
    { machines: { handler: mutated(handlerMachine, edit => edit.set('states.handling.on.dismissed', {})) } },
    { handlers: 2, resizes: 1 }
  ),
  mutant(
    'A dismissed handler that takes a last request stays',
    'pool-counts-loops',
    {
      machines: {
        handler: mutated(handlerMachine, edit => edit.set('states.leaving.on.requestTaken', 'handling'))
      }
    },
    { handlers: 2, resizes: 1 }
  ),
  mutant('Requests that are dropped with the queue keep their memory', 'I-13', {
    rules: {
      clearQueue: (net, state) => ({ ...actorRules.clearQueue(net, state), frames: state.frames })
    }
  }),
  mutant('A handler keeps the memory of its request', 'I-13', {
    rules: {
      handled: (net, state, index, outcome) => {
        const after = actorRules.handled(net, state, index, outcome)
        return { ...after, frames: after.frames + 1 }
      }
    }
  }),
  mutant(
    'A request that waits for room keeps its memory when its connection ends',
    'I-13',
    exchange(edit => edit.set('states.waitingForRoom.on.connectionGone', 'over'))
  ),
  mutant(
    'A request whose connection is gone is forgotten while a handler has it',
    'accounted-once',
    exchange(edit => edit.set('states.handling.on.connectionGone', 'over'))
  ),
  mutant(
    'A request is completed when its connection goes, and again when it is answered',
    'accounted-once',
    exchange(edit =>
      edit.set('states.handling.on.connectionGone', { target: 'orphaned', actions: 'completeRequest' })
    )
  ),
  mutant(
    'Requests that handlers still have at the stop are never completed',
    'accounted-once',
    exchange(edit => edit.set('states.orphaned.on.abandoned', 'over'))
  ),
  mutant(
    'An exchange is still writing after the last byte',
    'I-11',
    exchange(edit => edit.set('states.writing.on.sent', { actions: 'completeRequest' }))
  ),
  mutant(
    'A connection that expires is not forgotten',
    'I-12',
    channel(edit => edit.set('states.open.on.expire', 'expired')),
    { mayExpire: true }
  ),
  mutant(
    'A connection that drains after a reset is not closed by the stop',
    'I-06',
    channel(edit => edit.set('states.closing.on.close', {})),
    { requests: 2, clients: 1 }
  ),
  mutant(
    'The last requests of a peer that is gone are handled, and then nothing ends',
    'peer-gone-ends',
    channel(edit => edit.set('states.closing.on.drained', {})),
    { requests: 2, clients: 1 }
  ),
  mutant(
    'A peer that sends no more keeps its connection for ever',
    'half-closed-ends',
    channel(edit => edit.set('states.halfClosed.on.drained', {})),
    { mayHalfClose: true }
  )
]
