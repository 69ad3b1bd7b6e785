// What must hold in the composed network: the invariants of docs/verification.md that concern it, by their numbers.

import type { PoolContext } from '../../../actors/handlers/pool.machine.js'
import type { Eventually, Safety, StepSafety } from '../../model.js'
import { handlersOf, leaversOf, withRoom } from './actor-rules.js'
import { isStopped } from './broker-rules.js'
import { countIsRight, isMuted, queueLength } from './connection-rules.js'
import type { Net } from './net.js'
import { type Connection, connectionsCounted, type State } from './state.js'

const some = (state: State, holds: (connection: Connection) => boolean): boolean =>
  state.connections.some(holds)
const every = (state: State, holds: (connection: Connection) => boolean): boolean =>
  state.connections.every(holds)

/** Requests whose frame lies in the arena. */
const isHeld = ({ request }: Connection): boolean =>
  request === 'waiting' || request === 'queue' || request === 'handler'

export function always(net: Net): readonly Safety<State>[] {
  const { parts } = net
  const isOver = (state: State): boolean => parts.broker.isDone(state.broker)
  const flag = (id: string, says: string): Safety<State> => ({
    id,
    says,
    holds: ({ broken }) => broken !== id
  })
  const atEnd = (id: string, says: string, holds: (state: State) => boolean): Safety<State> => ({
    id,
    says,
    holds: state => !isOver(state) || holds(state)
  })
  return [
    flag('I-01', 'no request is answered twice'),
    flag('I-02', 'responses leave a connection in the order of its requests'),
    flag('I-03', 'nothing is read from a connection that has a request in flight'),
    flag('I-06', 'a connection ends once'),
    flag('mute-legal', 'no mute event comes in a state that has no place for it'),
    flag('nobody-to-dismiss', 'a smaller pool finds a handler to dismiss'),
    flag('nobody-at-hand', 'an Acceptor that asks for a slot or for room has a connection at hand'),
    {
      id: 'I-04',
      says: 'connections are accepted only while handlers run',
      holds: state =>
        parts.acceptor.name(state.acceptor) !== 'listening' ||
        (parts.pool.name(state.pool) === 'running' && handlersOf(state) > 0)
    },
    {
      id: 'I-07',
      says: 'the quotas count the connections that there are',
      holds: state => state.broken !== 'I-07' && countIsRight(net, state)
    },
    {
      id: 'I-08',
      says: 'the response of an open connection is on its way',
      holds: state =>
        every(
          state,
          ({ at, exchange, request }) =>
            at !== 'served' || parts.exchange.name(exchange) !== 'handling' || request !== 'nowhere'
        )
    },
    {
      id: 'I-09',
      says: 'a connection is read again once its request is over, with a response or without (acks=0)',
      holds: state =>
        every(state, each => {
          const isOver =
            parts.exchange.name(each.exchange) === 'idle' && each.throttle === 'no' && each.news === ''
          return each.at !== 'served' || !isOver || !isMuted(net, each)
        })
    },
    {
      id: 'I-10',
      says: 'the request queue holds no more than queued.max.requests',
      holds: state => queueLength(state) <= net.bounds.queue
    },
    {
      id: 'I-11',
      says: 'a connection is read only when its response is done and its throttling over',
      holds: state =>
        every(
          state,
          each =>
            each.at !== 'served' ||
            isMuted(net, each) ||
            (parts.exchange.name(each.exchange) === 'idle' && each.throttle === 'no' && each.news === '')
        )
    },
    {
      id: 'I-12',
      says: 'an expired connection leaves nothing in flight but what a handler has',
      holds: state =>
        every(state, ({ life, exchange }) => {
          const name = parts.exchange.name(exchange)
          return parts.channel.name(life) !== 'expired' || name === 'orphaned' || name === 'over'
        })
    },
    {
      id: 'I-13',
      says: 'the arena holds the frames of live requests and no others',
      holds: state => state.frames === state.connections.filter(isHeld).length
    },
    {
      id: 'I-22',
      says: 'handlers are stopped only after the Processors, the Acceptor before both',
      holds: state => {
        const pool = parts.pool.name(state.pool)
        const accepts = parts.acceptor.name(state.acceptor) !== 'closed'
        const stopping = pool === 'stopping' || pool === 'stopped'
        return !stopping || (!accepts && isStopped(net, state))
      }
    },
    {
      id: 'backpressure-is-a-state',
      says: 'a Processor is backpressured exactly while a request of it waits for room',
      holds: state =>
        state.processors.every(({ machine }, index) => {
          const name = parts.processor.name(machine)
          const waits = some(state, each => each.processor === index && each.request === 'waiting')
          return name === 'backpressured' ? waits : !waits || name === 'draining'
        })
    },
    {
      id: 'I-52',
      says: 'no count of connections is negative, or beyond what may be open',
      holds: state => {
        const count = connectionsCounted(parts, state)
        return count >= 0 && count <= net.bounds.connections
      }
    },
    {
      id: 'full-is-a-state',
      says: 'the request channel is full exactly while somebody wants to be told of room',
      holds: ({ channel, spaceWanted }) => {
        const name = parts.requestChannel.name(channel)
        return name === 'full' ? spaceWanted : name !== 'accepting' || !spaceWanted
      }
    },
    {
      id: 'pool-counts-loops',
      says: 'the pool knows how many loops stay and how many leave',
      holds: state => {
        const { staying, leaving } = parts.pool.context(state.pool) as PoolContext
        const running = parts.pool.name(state.pool)
        if (running !== 'running' && running !== 'stopping') return true
        return handlersOf(state) === staying + leaving && leaversOf(net, state) === leaving
      }
    },
    {
      id: 'no-idle-slot',
      says: 'an Acceptor waits for a slot only while there is none',
      holds: state =>
        !parts.acceptor.is(state.acceptor, 'blocked.waitingForSlot') ||
        connectionsCounted(parts, state) >= net.bounds.connections
    },
    {
      id: 'no-idle-room',
      says: 'an Acceptor waits for room only while there is none, or word of it is on its way',
      holds: state =>
        !parts.acceptor.is(state.acceptor, 'blocked.waitingForRoom') ||
        state.acceptorNews ||
        withRoom(net, state) < 0
    },
    {
      id: 'accounted-once',
      says: 'no request is completed or released twice',
      holds: state => every(state, ({ accounted, taken }) => accounted <= taken)
    },
    atEnd('accounted-once', 'at the end every request that was read was completed or released', state =>
      every(state, ({ accounted, taken }) => accounted === taken)
    ),
    atEnd('I-06', 'at the end no connection is open', state =>
      every(state, ({ at }) => at === 'away' || at === 'gone')
    ),
    atEnd(
      'I-07',
      'at the end the quotas count nothing',
      state => connectionsCounted(parts, state) === 0 && state.reports === 0
    ),
    atEnd('I-13', 'at the end the arena is empty', ({ frames }) => frames === 0),
    atEnd(
      'I-32',
      'at the end every actor has stopped',
      state =>
        handlersOf(state) === 0 &&
        isStopped(net, state) &&
        parts.acceptor.name(state.acceptor) === 'closed' &&
        parts.requestChannel.name(state.channel) === 'closed'
    ),
    atEnd('I-33', 'at the end every queue is empty', state =>
      every(state, ({ request, news }) => request !== 'queue' && request !== 'waiting' && news === '')
    )
  ]
}

export function everyStep(): readonly StepSafety<State>[] {
  return [
    {
      id: 'I-64',
      says: 'what a client does changes the state of its own connection only',
      holds: (before, { from }, after) =>
        !from.startsWith('client') ||
        (before.broker === after.broker &&
          before.pool === after.pool &&
          before.acceptor === after.acceptor &&
          before.processors.every(({ machine }, index) => machine === after.processors[index]?.machine))
    }
  ]
}

export function inevitable(net: Net): readonly Eventually<State>[] {
  const { parts } = net
  const isOver = (state: State): boolean => parts.broker.isDone(state.broker)
  const none = (holds: (connection: Connection) => boolean): Pick<Eventually<State>, 'from' | 'to'> => ({
    from: state => some(state, holds),
    to: state => !some(state, holds)
  })
  return [
    { id: 'I-14', says: 'a full request queue drains', ...none(({ request }) => request === 'queue') },
    {
      id: 'I-15',
      says: 'every request that a handler took is answered, or its connection is over',
      ...none(({ request }) => request === 'handler' || request === 'parked' || request === 'answered')
    },
    { id: 'I-16', says: 'who waits for room gets it', ...none(({ request }) => request === 'waiting') },
    {
      id: 'peer-gone-ends',
      says: 'the connection of a peer that is gone ends',
      ...none(({ at, peer }) => at === 'served' && peer === 'failed')
    },
    {
      id: 'half-closed-ends',
      says: 'the connection of a peer that sends no more ends, once it has read its responses',
      ...none(
        ({ at, peer, exchange }) =>
          at === 'served' && peer === 'ended' && parts.exchange.name(exchange) !== 'writing'
      )
    },
    { id: 'I-29', says: 'a stop ends', from: ({ stops }) => stops > 0, to: isOver },
    {
      id: 'I-30',
      says: 'a start ends',
      from: () => true,
      to: state => isOver(state) || parts.broker.name(state.broker) === 'running'
    },
    {
      id: 'I-53',
      says: 'throttling ends',
      ...none(({ throttle, at }) => throttle === 'on' && at === 'served')
    }
  ]
}
