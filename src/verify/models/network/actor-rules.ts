// What the Acceptor, the request channel, the handlers and their pool do to each other: src/actors/network/acceptor.ts,
// request-channel.ts, src/actors/handlers. One function a deed, each replaceable by a wrong one.

import type { ModelEvent } from '../../executed-machine.js'
import { accounted, at, broken, changed, live, queueLength } from './connection-rules.js'
import type { Net } from './net.js'
import type { State } from './state.js'

export interface ActorRules {
  /** May the connection at hand be counted, and who takes it? */
  admit(net: Net, state: State): State
  /** Who takes the connection at hand, which is counted? */
  offer(net: Net, state: State): State
  /** The port is closed, with all that waited for it. */
  closeAll(net: Net, state: State): State
  /** The quotas hear that a connection ended. */
  reported(net: Net, state: State): State
  /** A Processor takes no connection any more and ends those it has. */
  endProcessor(net: Net, state: State, processor: number): State
  /** A handler takes the request of a connection. */
  take(net: Net, state: State, index: number, handler: number): State
  takeShutdown(net: Net, state: State, handler: number): State
  /** A request left the queue. */
  announceSpace(net: Net, state: State): State
  /** The handler is through with the request: `outcome` goes to its connection, '' = it is parked. */
  handled(net: Net, state: State, index: number, outcome: string): State
  /** What handles the request throws. */
  threw(net: Net, state: State, index: number): State
  /** News for the Processor of a connection. */
  respond(net: Net, state: State, index: number, news: string): State
  /** The queue is offered a ShutdownRequest. */
  offerShutdown(net: Net, state: State): State
  /** num.io.threads becomes `loops`. */
  resize(net: Net, state: State, loops: number): State
  /** The queue is let go of at the end of request processing. */
  clearQueue(net: Net, state: State): State
}

export const atLimit = (net: Net, state: State): boolean => net.parts.count.name(state.count) === 'atLimit'

export const handlersOf = (state: State): number =>
  state.idle.length + state.connections.reduce((sum, { handler }) => sum + (handler < 0 ? 0 : 1), 0)

/** The Acceptor's machine, and what it asks for. */
export function toAcceptor(net: Net, state: State, event: string | ModelEvent): State {
  const { state: acceptor, deeds } = net.parts.acceptor.step(state.acceptor, event)
  let after: State = { ...state, acceptor }
  for (const deed of deeds) {
    if (deed === 'admit') after = net.rules.admit(net, after)
    if (deed === 'offer') after = net.rules.offer(net, after)
    if (deed === 'giveSlotBack') after = slotGivenBack(net, after)
    if (deed === 'closeAll') after = net.rules.closeAll(net, after)
  }
  return after
}

const atHand = (state: State): number => state.connections.findIndex(each => each.at === 'held')

/** On the main thread, where the quotas are: nobody has to be told. */
function slotGivenBack(net: Net, state: State): State {
  const count = net.parts.count.step(state.count, 'closed').state
  return changed({ ...state, count }, atHand(state), { counted: false })
}

/** A Processor that can take a connection; -1 = none. */
export function withRoom(net: Net, state: State): number {
  return state.processors.findIndex((_, processor) => {
    const queued = state.connections.filter(each => each.at === 'queued' && each.processor === processor)
    return queued.length < net.bounds.newConnections
  })
}

export const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b)

function without(idle: readonly number[], handler: number): readonly number[] {
  const found = idle.indexOf(handler)
  return found < 0 ? idle : idle.toSpliced(found, 1)
}

const isEnded = (net: Net, handler: number): boolean => net.parts.handler.name(handler) === 'stopped'

/** A handler without a request goes on in this state, or is gone and the pool is told. */
export function rest(net: Net, state: State, handler: number, before: number): State {
  if (!isEnded(net, handler)) return { ...state, idle: sorted([...state.idle, handler]) }
  return toPool(net, state, isLeaver(net, before) ? 'leaverEnded' : 'loopEnded')
}

/** Handlers that were dismissed and have not ended. */
export const leaversOf = (net: Net, state: State): number =>
  [...state.idle, ...state.connections.map(({ handler }) => handler)].filter(
    each => each >= 0 && isLeaver(net, each)
  ).length

const isLeaver = (net: Net, handler: number): boolean => {
  const name = net.parts.handler.name(handler)
  return name === 'leaving' || name === 'handlingLast'
}

export const actorRules: ActorRules = {
  admit(net, state) {
    const index = atHand(state)
    if (index < 0) return broken(state, 'nobody-at-hand')
    if (atLimit(net, state)) return toAcceptor(net, state, 'noSlot')
    const count = net.parts.count.step(state.count, 'opened').state
    return net.rules.offer(net, changed({ ...state, count }, index, { counted: true }))
  },

  offer(net, state) {
    const index = atHand(state)
    const processor = withRoom(net, state)
    if (index < 0) return broken(state, 'nobody-at-hand')
    if (processor < 0) return toAcceptor(net, state, 'noRoom')
    return toAcceptor(net, changed(state, index, { at: 'queued', processor }), 'passedOn')
  },

  closeAll(_, state) {
    let after = state
    state.connections.forEach(({ at: where }, index) => {
      if (where === 'held' || where === 'backlog') after = changed(after, index, { at: 'gone' })
    })
    return after
  },

  reported(net, state) {
    const { state: count, deeds } = net.parts.count.step(state.count, 'closed')
    const after = { ...state, count, reports: state.reports - 1 }
    if (deeds.includes('illegal')) return broken(after, 'I-07')
    return deeds.includes('announceSlot') ? toAcceptor(net, after, 'slotFreed') : after
  },

  endProcessor(net, state, processor) {
    const machineOf = (now: State): number => now.processors[processor]?.machine ?? 0
    const told = (now: State, event: string): State => ({
      ...now,
      processors: now.processors.with(processor, {
        machine: net.parts.processor.step(machineOf(now), event).state,
        spaceNews: false
      })
    })
    const wasRunning = net.parts.processor.name(machineOf(state)) !== 'starting'
    let after = told(state, 'stop')
    if (!wasRunning) return after
    state.connections.forEach((connection, index) => {
      if (connection.processor !== processor) return
      if (connection.at === 'queued') {
        after = changed(after, index, { at: 'gone' })
        after = { ...after, reports: after.reports + 1 }
      }
      if (connection.at === 'served') after = live(net, after, index, 'close')
    })
    after = told(after, 'drained')
    after.connections.forEach((connection, index) => {
      const { processor: own, request, exchange } = connection
      if (own !== processor) return
      after = changed(after, index, { news: '', request: request === 'answered' ? 'nowhere' : request })
      if (net.parts.exchange.name(exchange) !== 'orphaned') return
      const { state: over, deeds } = net.parts.exchange.step(exchange, 'abandoned')
      after = changed(after, index, { exchange: over })
      if (deeds.includes('completeRequest')) after = accounted(after, index)
    })
    return after
  },

  take(net, state, index, handler) {
    const { state: next } = net.parts.handler.step(handler, 'requestTaken')
    const taken = changed({ ...state, idle: without(state.idle, handler) }, index, {
      request: 'handler',
      handler: next
    })
    return net.rules.announceSpace(net, taken)
  },

  takeShutdown(net, state, handler) {
    const { state: next } = net.parts.handler.step(handler, 'shutdownTaken')
    const taken = { ...state, shutdowns: state.shutdowns - 1, idle: without(state.idle, handler) }
    return net.rules.announceSpace(net, rest(net, taken, next, handler))
  },

  announceSpace(net, state) {
    if (!state.spaceWanted) return state
    const processors = state.processors.map(each => ({ ...each, spaceNews: true }))
    return toChannel(net, { ...state, processors, spaceWanted: false }, 'room')
  },

  threw(net, state, index) {
    const { handler } = at(state, index)
    const { deeds } = net.parts.handler.step(handler, 'threw')
    return endRequest(net, state, index, 'threw', deeds.includes('closeConnection') ? 'c' : 'lost')
  },

  handled: (net, state, index, outcome) => endRequest(net, state, index, 'handled', outcome),

  respond(net, state, index, news) {
    const { processor, news: before, request } = at(state, index)
    if (net.parts.processor.name(state.processors[processor]?.machine ?? 0) === 'stopped')
      return changed(state, index, { request: request === 'answered' ? 'nowhere' : request })
    return changed(state, index, { news: `${before}${news}` })
  },

  offerShutdown(net, state) {
    if (queueLength(state) >= net.bounds.queue)
      return toChannel(net, { ...state, spaceWanted: true }, 'shutdownRefused')
    return toChannel(net, { ...state, shutdowns: state.shutdowns + 1 }, 'shutdownQueued')
  },

  resize: (net, state, loops) =>
    toPool(net, { ...state, resizes: state.resizes - 1 }, { type: 'resize', loops }),

  clearQueue(net, state) {
    let after = state
    state.connections.forEach(({ request }, index) => {
      if (request === 'queue') after = net.rules.release(net, changed(after, index, { request: 'nowhere' }))
    })
    return after
  }
}

/** The request channel's machine, and what it asks for. */
export function toChannel(net: Net, state: State, event: string): State {
  const { state: channel, deeds } = net.parts.requestChannel.step(state.channel, event)
  const after = { ...state, channel }
  if (deeds.includes('letGo')) return { ...after, shutdowns: 0 }
  return deeds.includes('offerShutdown') ? net.rules.offerShutdown(net, after) : after
}

/** The pool's machine, and what it asks for; `reportStopped` and `reportDeath` are the broker's business. */
export function toPool(net: Net, state: State, event: string | ModelEvent): State {
  const { state: pool, actions } = net.parts.pool.step(state.pool, event)
  let after: State = { ...state, pool }
  for (const { type, params } of actions) {
    const { count = 0 } = (params ?? {}) as { readonly count?: number }
    if (type === 'startLoops') after = { ...after, idle: withFresh(net, after, count) }
    if (type === 'dismissLoops') for (let i = 0; i < count; i++) after = dismissOne(net, after)
    if (type === 'sendShutdowns')
      for (let i = 0; i < count; i++) after = toChannel(net, after, 'shutdownRequested')
    if (type === 'reportStopped') after = { ...after, poolStopped: true }
  }
  return after
}

const withFresh = (net: Net, { idle }: State, count: number): number[] =>
  sorted([...idle, ...Array<number>(count).fill(net.parts.handler.initial)])

/** One that waits, if there is one. */
function dismissOne(net: Net, state: State): State {
  const { handler } = net.parts
  const waiting = state.idle.find(each => handler.name(each) === 'waiting')
  if (waiting !== undefined)
    return rest(
      net,
      { ...state, idle: without(state.idle, waiting) },
      handler.step(waiting, 'dismissed').state,
      waiting
    )
  const busy = state.connections.findIndex(
    each => each.handler >= 0 && handler.name(each.handler) === 'handling'
  )
  if (busy < 0) return broken(state, 'nobody-to-dismiss')
  return changed(state, busy, { handler: handler.step(at(state, busy).handler, 'dismissed').state })
}

function endRequest(
  net: Net,
  state: State,
  index: number,
  event: 'handled' | 'threw',
  outcome: string
): State {
  const { handler, taken, throttle } = at(state, index)
  const { state: next } = net.parts.handler.step(handler, event)
  const after = changed(state, index, {
    handler: -1,
    request: outcome === '' ? 'parked' : outcome === 'lost' ? 'nowhere' : 'answered',
    answering: taken,
    throttle: outcome.includes('s') ? 'on' : throttle
  })
  const freed = net.rules.release(net, rest(net, after, next, handler))
  return outcome === '' || outcome === 'lost' ? freed : net.rules.respond(net, freed, index, outcome)
}
