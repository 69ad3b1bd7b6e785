// The composed network: broker, Acceptor, quotas, Processors, connections, request queue, handlers and their pool, with
// clients and an operator as the environment. Everything that can happen between them, in every order.
import { type Bound, modelEntry } from '../entry.js'
import type { Model } from '../model.js'
import { actorRules } from './network/actor-rules.js'
import { brokerRules } from './network/broker-rules.js'
import { connectionRules } from './network/connection-rules.js'
import type { Net, NetworkBounds, Rules } from './network/net.js'
import { type ChangedMachines, type Parts, partsOf } from './network/parts.js'
import { always, everyStep, inevitable } from './network/properties.js'
import { sometimes } from './network/situations.js'
import { type Connection, clientOf, keyOf, processorName, type State, show } from './network/state.js'
import {
  acceptorName,
  allActions,
  brokerName,
  handlersName,
  networkSteps,
  operatorName,
  queueName,
  quotasName
} from './network/steps.js'

export interface NetworkOverrides {
  readonly machines?: ChangedMachines
  readonly rules?: Partial<Rules>
  readonly onJoint?: Net['onJoint']
}

export function networkModel(
  name: string,
  bounds: NetworkBounds,
  { machines = {}, rules = {}, onJoint }: NetworkOverrides = {}
): Model<State> {
  const parts = partsOf(machines, bounds.handlers)
  const net: Net = {
    parts,
    bounds,
    rules: { ...connectionRules, ...actorRules, ...brokerRules, ...rules },
    ...(onJoint === undefined ? {} : { onJoint })
  }
  const actions = allActions(net)
  const clients = Array.from({ length: bounds.clients }, (_, index) => clientOf(index))
  const processors = Array.from({ length: bounds.processors }, (_, index) => processorName(index))
  return {
    name,
    about: describe(bounds),
    parts: [
      operatorName,
      ...clients,
      acceptorName,
      quotasName,
      ...processors,
      queueName,
      handlersName,
      brokerName
    ],
    initial: () => initial(parts, bounds),
    next: (state, step) => networkSteps(net, actions, state, step),
    key: keyOf,
    show: state => show(parts, state, bounds.queue),
    mayRest: state => parts.broker.isDone(state.broker),
    always: always(net),
    everyStep: everyStep(),
    inevitable: inevitable(net),
    sometimes: sometimes(net)
  }
}

function describe(bounds: NetworkBounds): string {
  const { clients, requests, processors, queue, handlers, connections } = bounds
  const may = [
    bounds.mayHurry && 'connecting too fast',
    bounds.mayHalfClose && 'half-closing',
    bounds.mayReset && 'resetting',
    bounds.mayThrottle && 'throttling',
    bounds.mayPark && 'parking',
    bounds.mayExpire && 'idle expiry',
    bounds.mayShed && 'shedding',
    bounds.resizes > 0 && 'resizing the pool'
  ].filter(each => each !== false)
  return `${clients} clients × ${requests} requests, ${processors} Processors, ${handlers} handlers, request queue of ${queue}, ${connections} connections at most; start and stop at any moment; ${may.join(', ')}`
}

function initial(parts: Parts, bounds: NetworkBounds): State {
  const connection: Connection = {
    at: 'away',
    counted: false,
    processor: 0,
    life: parts.channel.initial,
    mute: parts.mute.initial,
    exchange: parts.exchange.initial,
    toSend: bounds.requests,
    peer: 'there',
    wire: 0,
    buffered: 0,
    taken: 0,
    settled: 0,
    accounted: 0,
    request: 'nowhere',
    handler: -1,
    news: '',
    answering: 0,
    throttle: 'no'
  }
  return {
    broker: parts.broker.initial,
    doing: '',
    acceptor: parts.acceptor.initial,
    acceptorNews: false,
    count: parts.count.step(parts.count.initial, { type: 'limitChanged', limit: bounds.connections }).state,
    processors: Array.from({ length: bounds.processors }, () => ({
      machine: parts.processor.initial,
      spaceNews: false
    })),
    channel: parts.requestChannel.initial,
    shutdowns: 0,
    spaceWanted: false,
    pool: parts.pool.initial,
    poolStopped: false,
    idle: [],
    connections: Array.from({ length: bounds.clients }, () => connection),
    reports: 0,
    frames: 0,
    stops: 0,
    resizes: bounds.resizes,
    broken: ''
  }
}

export const smallNetwork: NetworkBounds = {
  clients: 2,
  requests: 1,
  processors: 1,
  newConnections: 1,
  queue: 1,
  handlers: 1,
  connections: 2,
  stops: 1,
  resizes: 0,
  mayHurry: false,
  mayThrottle: true,
  mayPark: true,
  mayHalfClose: true,
  mayReset: true,
  mayExpire: true,
  mayShed: false
}

/** Nobody walks all of it. */
const hugeNetwork: NetworkBounds = {
  ...smallNetwork,
  clients: 5,
  requests: 3,
  processors: 2,
  newConnections: 2,
  queue: 2,
  handlers: 3,
  connections: 4,
  stops: 2,
  resizes: 2,
  mayHurry: true,
  mayShed: true
}

const networkBounds: Readonly<Record<Bound, NetworkBounds>> = {
  small: smallNetwork,
  large: { ...smallNetwork, requests: 2, handlers: 2, stops: 2 },
  huge: hugeNetwork
}

export const networkEntry = modelEntry((bound: Bound) => networkModel('network', networkBounds[bound]))

/** More clients than the quotas admit; nothing but connections, so that three of them can be looked at. */
export const crowdEntry = modelEntry((bound: Bound) =>
  networkModel('network-crowd', {
    ...smallNetwork,
    clients: bound === 'small' ? 2 : 3,
    connections: bound === 'small' ? 1 : 2,
    mayHurry: bound === 'large',
    mayShed: true,
    mayThrottle: false,
    mayPark: false,
    mayHalfClose: false,
    mayExpire: false
  })
)

/** num.io.threads changes while requests are handled, and while the broker stops. */
export const resizeEntry = modelEntry((bound: Bound) =>
  networkModel('network-resize', {
    ...smallNetwork,
    handlers: 2,
    resizes: bound === 'small' ? 1 : 2,
    mayThrottle: false,
    mayHalfClose: false,
    mayExpire: false
  })
)

/** Two Processors share the request queue. */
export const processorsEntry = modelEntry((bound: Bound) =>
  networkModel('network-processors', {
    ...smallNetwork,
    processors: 2,
    mayThrottle: bound === 'large',
    mayHalfClose: false,
    mayExpire: false
  })
)
