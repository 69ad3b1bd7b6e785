// The composed network as one value: machines by the numbers of their states, mailboxes by what lies in them. Everything
// about a connection lies with the connection, so that two connections may be exchanged for each other in a key.
import type { Parts } from './parts.js'

/** What a Processor still has to be told about one connection, in order. */
export type News =
  /** A response. */
  | 'r'
  /** Over without a response. */
  | 'n'
  /** To be closed. */
  | 'c'
  /** Throttling began, throttling ended. */
  | 's'
  | 'e'

/** Where the request of a connection is. */
export type Place = 'nowhere' | 'waiting' | 'queue' | 'handler' | 'parked' | 'answered'

export interface Connection {
  readonly at: 'away' | 'backlog' | 'held' | 'queued' | 'served' | 'gone'
  /** The quotas have counted it. */
  readonly counted: boolean
  readonly processor: number
  readonly life: number
  readonly mute: number
  readonly exchange: number
  // The client's end.
  readonly toSend: number
  readonly peer: 'there' | 'ended' | 'failed'
  /** Whole requests that the operating system has, and those that the Processor has read and not looked at. */
  readonly wire: number
  readonly buffered: number
  /** Requests that the Processor took out, and how many of those are over for the client. */
  readonly taken: number
  readonly settled: number
  /** Requests that were completed, or released unseen. */
  readonly accounted: number
  readonly request: Place
  /** Machine of the handler that has it; -1 = none. */
  readonly handler: number
  readonly news: string
  /** Which of its requests the news and the response in writing belong to, as the client sees it. */
  readonly answering: number
  readonly throttle: 'no' | 'on'
}

export interface State {
  readonly broker: number
  /** The step that the broker waits for. */
  readonly doing: string
  readonly acceptor: number
  /** A slot or room became free since the Acceptor last looked. */
  readonly acceptorNews: boolean
  readonly count: number
  readonly processors: readonly Processor[]
  readonly channel: number
  /** ShutdownRequests in the request queue. */
  readonly shutdowns: number
  /** Somebody found the request queue full and wants to be told. */
  readonly spaceWanted: boolean
  readonly pool: number
  /** The pool has said that it stopped, which the broker has not heard. */
  readonly poolStopped: boolean
  /** Handlers without a request, by the states of their machines, in ascending order. */
  readonly idle: readonly number[]
  readonly connections: readonly Connection[]
  /** Connections that ended, which the quotas have not heard of yet. */
  readonly reports: number
  /** Frames in the arena that nobody has given back. */
  readonly frames: number
  readonly stops: number
  readonly resizes: number
  /** Something that must never happen has happened: the id of the property that says so. */
  readonly broken: string
}

export interface Processor {
  readonly machine: number
  /** There is room in the request queue again. */
  readonly spaceNews: boolean
}

const places: readonly Place[] = ['nowhere', 'waiting', 'queue', 'handler', 'parked', 'answered']
const ats: readonly Connection['at'][] = ['away', 'backlog', 'held', 'queued', 'served', 'gone']
const peers: readonly Connection['peer'][] = ['there', 'ended', 'failed']

/** Numbers as one character each; connections in an order of their own, so that it does not matter who is who. */
export function keyOf(state: State): string {
  const connections = state.connections.map(connectionKey).sort()
  const processors = state.processors.map(({ machine, spaceNews }) => chars(machine, spaceNews ? 1 : 0))
  const head = chars(
    state.broker,
    state.acceptor,
    state.acceptorNews ? 1 : 0,
    state.count,
    state.channel,
    state.shutdowns,
    state.spaceWanted ? 1 : 0,
    state.pool,
    state.poolStopped ? 1 : 0,
    state.reports,
    state.frames,
    state.stops,
    state.resizes,
    state.idle.length,
    ...state.idle
  )
  return `${head}${processors.join('')}${state.doing}/${state.broken}/${connections.join('/')}`
}

function connectionKey(connection: Connection): string {
  return `${chars(
    ats.indexOf(connection.at),
    connection.counted ? 1 : 0,
    connection.processor,
    connection.life,
    connection.mute,
    connection.exchange,
    connection.toSend,
    peers.indexOf(connection.peer),
    connection.wire,
    connection.buffered,
    connection.taken,
    connection.settled,
    connection.accounted,
    places.indexOf(connection.request),
    connection.handler + 1,
    connection.answering,
    connection.throttle === 'on' ? 1 : 0
  )}${connection.news}`
}

const chars = (...numbers: number[]): string => String.fromCharCode(...numbers.map(each => each + 35))

/** What a reader wants to see of a state. */
/** `capacity`: of the request queue. */
export function show(parts: Parts, state: State, capacity: number): Record<string, string> {
  const queued = state.connections.flatMap((each, index) =>
    each.request === 'queue' ? [clientOf(index)] : []
  )
  const shown: Record<string, string> = {
    broker: parts.broker.name(state.broker),
    acceptor: parts.acceptor.name(state.acceptor),
    quotas: `${parts.count.name(state.count)} (${connectionsCounted(parts, state)})`,
    'request queue': `${parts.requestChannel.name(state.channel)} ${queued.length}/${capacity} [${[...queued, ...Array<string>(state.shutdowns).fill('shutdown')].join(', ')}]`,
    handlers: [
      ...state.idle.map(each => parts.handler.name(each)),
      ...state.connections.flatMap((each, index) =>
        each.handler < 0 ? [] : [`${parts.handler.name(each.handler)} ${clientOf(index)}`]
      )
    ].join(', ')
  }
  state.processors.forEach((each, index) => {
    shown[processorName(index)] = parts.processor.name(each.machine)
  })
  state.connections.forEach((each, index) => {
    shown[clientOf(index)] = showConnection(parts, each)
  })
  return shown
}

export const clientOf = (index: number): string => `client ${index + 1}`
export const processorName = (index: number): string => `processor ${index}`

/** The count that the quotas have. */
export function connectionsCounted(parts: Parts, state: State): number {
  const { connections } = parts.count.context(state.count) as { readonly connections: number }
  return connections
}

function showConnection(parts: Parts, connection: Connection): string {
  const { at, life, mute, exchange, wire, buffered, news, peer, request } = connection
  if (at !== 'served' && at !== 'gone') return wire > 0 ? `${at}, ${wire} sent` : at
  const words = [
    at === 'gone' ? 'gone' : parts.channel.name(life),
    parts.mute.name(mute),
    parts.exchange.name(exchange),
    request
  ]
  if (wire + buffered > 0) words.push(`${wire}+${buffered} unread`)
  if (news !== '') words.push(`news ${news}`)
  if (peer !== 'there') words.push(`peer ${peer}`)
  return words.join(', ')
}
