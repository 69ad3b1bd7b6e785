// Everything that can happen next in the composed network: what clients and operators may do, and what each actor does.
import type { Action } from '../../model.js'
import { rest, toAcceptor } from './actor-rules.js'
import { isStopped, poolMayHaveStopped, stepDone, stepFailed, tellBroker } from './broker-rules.js'
import { anyWaits, at, changed, live, mayNotice, mayRead, queueLength } from './connection-rules.js'
import type { Net } from './net.js'
import { clientOf, processorName, type State } from './state.js'

export type Step = (action: Action, to: State) => void

export const brokerName = 'broker'
export const acceptorName = 'acceptor'
export const quotasName = 'quotas'
export const queueName = 'request queue'
export const handlersName = 'handlers'
export const operatorName = 'operator'

const act = (from: string, to: string, says: string): Action => ({ from, to, says, by: 'actor' })
const env = (from: string, to: string, says: string): Action => ({ from, to, says, by: 'environment' })

const overall = {
  start: act(operatorName, brokerName, 'starts the broker'),
  stop: { ...env(operatorName, brokerName, 'sends SIGTERM'), isRare: true },
  resizeUp: env(operatorName, handlersName, 'sets num.io.threads to one more'),
  resizeDown: env(operatorName, handlersName, 'sets num.io.threads to one less'),
  bound: act(acceptorName, brokerName, 'has the port'),
  bindFailed: { ...env(acceptorName, brokerName, 'cannot have the port'), isRare: true },
  descriptorsGone: env(acceptorName, acceptorName, 'finds no descriptor left'),
  delayEnds: act(acceptorName, acceptorName, 'has waited long enough'),
  roomMade: act(acceptorName, acceptorName, 'hears that a Processor took a connection'),
  report: act(quotasName, acceptorName, 'hears that a connection ended'),
  shutdown: act(handlersName, queueName, 'takes a ShutdownRequest'),
  leave: act(handlersName, handlersName, 'ends the poll in which it was dismissed'),
  poolEnds: act(handlersName, brokerName, 'has no loop left')
}

/** One set of actions a client: made once, however many steps there are. */
function actionsOf(index: number, processor: string) {
  const client = clientOf(index)
  return {
    connects: env(client, acceptorName, 'connects'),
    sends: env(client, processor, 'sends a request'),
    halfCloses: env(client, processor, 'sends no more'),
    resets: env(client, processor, 'resets the connection'),
    reads: env(client, processor, 'has read its response'),
    expires: env(processor, client, 'finds the connection idle for too long'),
    shed: env(processor, client, 'closes the connection, which is one too many'),
    accepted: act(acceptorName, client, 'accepts the connection'),
    tooFast: env(acceptorName, client, 'accepts the connection, which has to wait for its rate'),
    configured: act(processor, client, 'opens the connection'),
    read: act(processor, queueName, `reads a request of ${client}`),
    requeued: act(processor, queueName, `tries again to queue the request of ${client}`),
    noticed: act(processor, client, 'sees that the peer is gone'),
    heard: act(processor, client, 'takes the next answer for it out of its responses'),
    taken: act(handlersName, queueName, `take the request of ${client}`),
    answered: act(handlersName, processor, `answer the request of ${client}`),
    noAnswer: env(handlersName, processor, `end the request of ${client} without a response (acks=0)`),
    closing: env(handlersName, processor, `want the connection of ${client} closed`),
    threw: env(handlersName, processor, `throw at the request of ${client}`),
    throttled: env(handlersName, processor, `answer the request of ${client} and throttle it`),
    parked: env(handlersName, handlersName, `park the request of ${client}`),
    completed: act(handlersName, processor, `answer the parked request of ${client}`),
    unthrottled: act(handlersName, processor, `end the throttling of ${client}`)
  }
}

export type ClientActions = ReturnType<typeof actionsOf>

export interface Actions {
  readonly clients: readonly (readonly ClientActions[])[]
  readonly processorStops: readonly Action[]
}

export const allActions = ({ bounds }: Net): Actions => ({
  clients: Array.from({ length: bounds.processors }, (_, processor) =>
    Array.from({ length: bounds.clients }, (_, index) => actionsOf(index, processorName(processor)))
  ),
  processorStops: Array.from({ length: bounds.processors }, (_, processor) =>
    act(processorName(processor), brokerName, 'closes its connections and stops')
  )
})

export function networkSteps(net: Net, actions: Actions, state: State, step: Step): void {
  const { parts, bounds } = net
  if (parts.broker.isDone(state.broker)) return
  brokerSteps(net, actions, state, step)
  acceptorSteps(net, state, step)
  handlerSteps(net, state, step)
  for (let index = 0; index < bounds.clients; index++) {
    const { processor } = at(state, index)
    const own = actions.clients[processor]?.[index]
    if (own === undefined) continue
    clientSteps(net, own, state, index, step)
    processorSteps(net, own, state, index, step)
    requestSteps(net, own, state, index, step)
  }
}

function brokerSteps(net: Net, actions: Actions, state: State, step: Step): void {
  const { parts, bounds, rules } = net
  const name = parts.broker.name(state.broker)
  if (name === 'notRunning') {
    step(overall.start, tellBroker(net, state, 'start'))
    return
  }
  if (state.stops < bounds.stops)
    step(overall.stop, tellBroker(net, { ...state, stops: state.stops + 1 }, 'stop'))
  if (state.resizes > 0 && parts.pool.name(state.pool) === 'running') {
    step(overall.resizeUp, rules.resize(net, state, bounds.handlers + 1))
    if (bounds.handlers > 1) step(overall.resizeDown, rules.resize(net, state, bounds.handlers - 1))
  }
  if (state.doing === 'bind') {
    step(overall.bound, stepDone(net, toAcceptor(net, state, 'bound')))
    step(overall.bindFailed, stepFailed(net, toAcceptor(net, state, 'bindFailed')))
  }
  if (state.doing === 'stopProcessors') {
    state.processors.forEach(({ machine }, processor) => {
      const action = actions.processorStops[processor]
      if (action === undefined || parts.processor.name(machine) === 'stopped') return
      step(action, processingStopped(net, net.rules.endProcessor(net, state, processor)))
    })
  }
}

/** The step is done when every Processor has stopped and the quotas have heard of every connection that ended. */
function processingStopped(net: Net, state: State): State {
  if (state.doing !== 'stopProcessors' || !isStopped(net, state) || state.reports > 0) return state
  return stepDone(net, net.rules.clearQueue(net, state))
}

function acceptorSteps(net: Net, state: State, step: Step): void {
  const { parts, rules } = net
  const name = parts.acceptor.name(state.acceptor)
  if (name === 'listening') step(overall.descriptorsGone, toAcceptor(net, state, 'outOfDescriptors'))
  for (const event of parts.acceptor.delayed(state.acceptor))
    step(overall.delayEnds, toAcceptor(net, state, event))
  if (state.acceptorNews)
    step(overall.roomMade, toAcceptor(net, { ...state, acceptorNews: false }, 'roomMade'))
  if (state.reports > 0) step(overall.report, processingStopped(net, rules.reported(net, state)))
}

function handlerSteps(net: Net, state: State, step: Step): void {
  const { parts, rules } = net
  let before = -1
  for (const handler of state.idle) {
    if (handler === before) continue
    before = handler
    if (state.shutdowns > 0)
      step(overall.shutdown, poolMayHaveStopped(net, rules.takeShutdown(net, state, handler)))
    if (parts.handler.name(handler) === 'leaving') {
      const idle = state.idle.toSpliced(state.idle.indexOf(handler), 1)
      const next = parts.handler.step(handler, 'pollEnded').state
      step(overall.leave, poolMayHaveStopped(net, rest(net, { ...state, idle }, next, handler)))
    }
  }
}

const portIsOpen = (name: string): boolean =>
  name === 'held' || name === 'listening' || name.startsWith('blocked') || name === 'paused'

function clientSteps(net: Net, own: ClientActions, state: State, index: number, step: Step): void {
  const { parts, bounds } = net
  const connection = at(state, index)
  if (connection.at === 'away') {
    if (portIsOpen(parts.acceptor.name(state.acceptor)))
      step(own.connects, changed(state, index, { at: 'backlog' }))
    return
  }
  if (connection.at === 'gone') return
  if (connection.peer === 'there') {
    if (connection.toSend > 0)
      step(own.sends, changed(state, index, { toSend: connection.toSend - 1, wire: connection.wire + 1 }))
    if (bounds.mayHalfClose) step(own.halfCloses, changed(state, index, { peer: 'ended', toSend: 0 }))
  }
  if (connection.peer !== 'failed' && bounds.mayReset)
    step(own.resets, changed(state, index, { peer: 'failed', toSend: 0, wire: 0 }))
}

function processorSteps(net: Net, own: ClientActions, state: State, index: number, step: Step): void {
  const { parts, rules, bounds } = net
  const connection = at(state, index)
  const acceptor = parts.acceptor.name(state.acceptor)
  switch (connection.at) {
    case 'backlog':
      if (acceptor !== 'listening') return
      step(own.accepted, rules.admit(net, changed(state, index, { at: 'held' })))
      if (bounds.mayHurry) {
        const held = changed(state, index, { at: 'held' })
        step(own.tooFast, toAcceptor(net, held, { type: 'tooFast', waitMs: 1 }))
      }
      return
    case 'held':
      return
    case 'queued':
      step(own.configured, { ...rules.configure(net, state, index), acceptorNews: true })
      return
    case 'served': {
      if (mayRead(net, state, index)) step(own.read, rules.read(net, state, index))
      if (connection.request === 'waiting' && state.processors[connection.processor]?.spaceNews === true)
        step(own.requeued, retried(net, state, index))
      if (mayNotice(net, state, index)) step(own.noticed, rules.notice(net, state, index))
      if (parts.exchange.name(connection.exchange) === 'writing' && connection.peer !== 'failed')
        step(own.reads, rules.written(net, state, index))
      if (bounds.mayExpire) step(own.expires, live(net, state, index, 'expire'))
      if (bounds.mayShed) step(own.shed, live(net, state, index, 'shed'))
      if (connection.news !== '') step(own.heard, rules.hear(net, state, index))
      return
    }
    case 'gone':
      if (connection.news !== '') step(own.heard, rules.hear(net, state, index))
      return
    case 'away':
  }
}

/** News of space is used up when nobody waits any more, or the queue is full again. */
function retried(net: Net, state: State, index: number): State {
  const after = net.rules.retry(net, state, index)
  const { processor } = at(state, index)
  const isFull = queueLength(after) >= net.bounds.queue
  if (anyWaits(after, processor) && !isFull) return after
  const now = after.processors[processor]
  if (now === undefined) return after
  return { ...after, processors: after.processors.with(processor, { ...now, spaceNews: false }) }
}

function requestSteps(net: Net, own: ClientActions, state: State, index: number, step: Step): void {
  const { rules, bounds, parts } = net
  const { request, throttle, at: where } = at(state, index)
  if (request === 'queue') {
    let before = -1
    for (const handler of state.idle) {
      if (handler === before) continue
      before = handler
      step(own.taken, rules.take(net, state, index, handler))
    }
  }
  if (request === 'handler') {
    const finish = (outcome: string): State =>
      poolMayHaveStopped(net, rules.handled(net, state, index, outcome))
    step(own.answered, finish('r'))
    step(own.noAnswer, finish('n'))
    step(own.closing, finish('c'))
    step(own.threw, poolMayHaveStopped(net, rules.threw(net, state, index)))
    if (bounds.mayThrottle && throttle === 'no') step(own.throttled, finish('sr'))
    if (bounds.mayPark) step(own.parked, finish(''))
  }
  if (request === 'parked')
    step(own.completed, rules.respond(net, changed(state, index, { request: 'answered' }), index, 'r'))
  if (throttle === 'on') {
    const over = changed(state, index, { throttle: 'no' })
    const isThere = where === 'served' && parts.broker.is(state.broker, 'stopped') === false
    step(own.unthrottled, isThere ? rules.respond(net, over, index, 'e') : over)
  }
}
