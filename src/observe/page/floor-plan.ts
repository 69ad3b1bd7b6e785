// The picture of the server model with what is so now: stations from left to right, each with its actors and queues, and a
// word for each that is in trouble. Everything that the page colours it also says.
import type { BrokerSnapshot, LogSnapshot, MailboxSnapshot } from '../snapshot.js'
import { counted, duration, size } from './amounts.js'
import { hardlyIdle, longMs, troublesOf, workOf } from './troubles.js'

export type Trouble = 'fine' | 'busy' | 'trouble'

export interface FloorPlan {
  readonly atMs: number
  readonly broker: BrokerSnapshot['broker']
  /** What a newcomer should read first; empty when nothing is wrong. */
  readonly troubles: readonly string[]
  readonly stations: readonly Station[]
}

/** A column of the picture. */
export interface Station {
  readonly title: string
  readonly cards: readonly Card[]
  /** Cards that are not shown since nothing is the matter with them. */
  readonly more: string
}

export interface Card {
  readonly id: string
  readonly name: string
  /** The state in text. */
  readonly state: string
  readonly trouble: Trouble
  /** Why it has that colour, in a word or two; 'ok' otherwise. */
  readonly word: string
  readonly lines: readonly string[]
  readonly queue?: QueueGauge
  /** Where its statechart is, by the name of its actor. */
  readonly actor?: { readonly thread: number; readonly name: string }
}

export interface QueueGauge {
  readonly depth: number
  /** null = unbounded. */
  readonly capacity: number | null
  /** `412/500, 1,200 in and 1,100 out a second` */
  readonly says: string
}

/** Cards of a station that are shown at most; those in trouble first. */
const mostCards = 12

export function floorPlan(snapshot: BrokerSnapshot): FloorPlan {
  const actors = new Map(snapshot.actors.map(each => [each.name, each]))
  const stations: Station[] = [
    station('Acceptors', acceptors(snapshot, actors)),
    station('newConnections', queues(snapshot, /\.newConnections$/)),
    station('Processors', processors(snapshot, actors)),
    station('RequestChannel', requestQueue(snapshot, actors)),
    station('Handlers', handlers(snapshot)),
    station('Shards', shards(snapshot)),
    station('Logs', logs(snapshot, actors)),
    station('Responses', queues(snapshot, /\.responses$/)),
    station('Other queues', queues(snapshot, /^(?!.*\.(?:newConnections|responses)$|requestQueue$)/)),
    station('Threads and memory', threads(snapshot))
  ]
  const { atMs, broker } = snapshot
  return {
    atMs,
    broker,
    troubles: troublesOf(snapshot),
    stations: stations.filter(({ cards }) => cards.length > 0)
  }
}

const rank: Readonly<Record<Trouble, number>> = { trouble: 0, busy: 1, fine: 2 }

function station(title: string, cards: readonly Card[]): Station {
  const byTrouble = [...cards].sort((a, b) => rank[a.trouble] - rank[b.trouble])
  const shown = new Set(byTrouble.slice(0, mostCards))
  const rest = cards.length - shown.size
  const hidden = byTrouble.slice(mostCards).filter(({ trouble }) => trouble !== 'fine').length
  const more =
    rest === 0
      ? ''
      : `and ${rest} more${hidden === 0 ? ', all ok' : `, ${hidden} of them busy or in trouble`}`
  return { title, cards: cards.filter(card => shown.has(card)), more }
}

type Colour = Pick<Card, 'trouble' | 'word'>
const ok: Colour = { trouble: 'fine', word: 'ok' }
const busy = (word: string): Colour => ({ trouble: 'busy', word })
const bad = (word: string): Colour => ({ trouble: 'trouble', word })

function fullness(depth: number, capacity: number | null): Colour {
  if (capacity === null) return depth >= 100 ? busy('long') : ok
  if (depth >= capacity) return bad('full')
  if (depth >= capacity * 0.9) return bad('nearly full')
  return depth >= capacity * 0.5 ? busy('filling') : ok
}

type Rates = Pick<MailboxSnapshot, 'inPerSecond' | 'outPerSecond'>

function gauge(depth: number, capacity: number | null, rates: Rates): QueueGauge {
  const [put, taken] = [perSecond(rates.inPerSecond), perSecond(rates.outPerSecond)]
  const rate = put === taken ? put : `${put} in, ${taken} out`
  const says = capacity === null ? `${depth}, unbounded` : `${depth}/${capacity}`
  return { depth, capacity, says: rate === '?' ? says : `${says}, ${rate} a second` }
}

const perSecond = (rate: number | null): string =>
  rate === null ? '?' : String(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))

function acceptors({ acceptors }: BrokerSnapshot, actors: ActorsByName): Card[] {
  return acceptors.map(({ listener, host, port, state, blockedFor, connections }) => ({
    id: `acceptor.${listener}.${port}`,
    name: `Acceptor ${listener}`,
    state,
    ...(state.startsWith('blocked') ? bad('blocked') : state === 'paused' ? bad('paused') : ok),
    lines: [
      `${host}:${port}`,
      counted(connections, 'connection'),
      ...(blockedFor === undefined ? [] : [blockedFor])
    ],
    ...actorOf(actors, `acceptor.${listener}`)
  }))
}

/** The last actor of each name: the living one. */
type ActorsByName = ReadonlyMap<string, BrokerSnapshot['actors'][number]>

function actorOf(actors: ActorsByName, name: string): Pick<Card, 'actor'> {
  const found = actors.get(name)
  return found === undefined ? {} : { actor: { thread: found.thread, name: found.name } }
}

function queues({ mailboxes }: BrokerSnapshot, pattern: RegExp): Card[] {
  return mailboxes
    .filter(({ name }) => pattern.test(name))
    .map(mailbox => {
      const { thread, name, depth, capacity } = mailbox
      return {
        id: `queue.${thread}.${name}`,
        name: name.replace(/^processor\.(\d+)\.(newConnections|responses)$/, '$2 $1'),
        state: depth === 0 ? 'empty' : `${depth} queued`,
        ...fullness(depth, capacity),
        lines: [`thread ${thread}`],
        queue: gauge(depth, capacity, mailbox)
      }
    })
}

function processors({ processors }: BrokerSnapshot, actors: ActorsByName): Card[] {
  return processors.map(({ id, thread, listener, state, connections, orphans, waitingForRoom, idle }) => ({
    id: `processor.${id}`,
    name: `Processor ${id}`,
    state,
    ...(state === 'backpressured'
      ? bad('no room')
      : idle !== null && idle < hardlyIdle
        ? busy('hardly idle')
        : ok),
    lines: [
      `${listener}, thread ${thread}`,
      counted(connections, 'connection'),
      ...(idle === null ? [] : [`idle ${Math.round(idle * 100)} %`]),
      ...(waitingForRoom === 0 ? [] : [`${waitingForRoom} read and waiting for room`]),
      ...(orphans === 0
        ? []
        : [counted(orphans, 'request', 'requests').concat(' of connections that are gone')])
    ],
    ...actorOf(actors, `processor.${id}.${listener}`)
  }))
}

function requestQueue({ requestQueue }: BrokerSnapshot, actors: ActorsByName): Card[] {
  if (requestQueue === null) return []
  const { depth, capacity, states } = requestQueue
  const said = [...new Set(states.map(({ state }) => state))].join(', ')
  return [
    {
      id: 'requestQueue',
      name: 'request queue',
      state: said,
      ...(states.some(({ state }) => state === 'full') && depth < capacity
        ? bad('full')
        : fullness(depth, capacity)),
      lines: ['one for all'],
      queue: gauge(depth, capacity, requestQueue),
      ...actorOf(actors, 'requestChannel')
    }
  ]
}

function handlers({ handlers }: BrokerSnapshot): Card[] {
  return handlers.map(({ thread, id, state, handling, handled, idle }) => ({
    id: `handler.${id}`,
    name: `Handler ${id}`,
    state,
    ...(handling !== undefined && handling.sinceMs >= longMs
      ? bad('long')
      : idle !== null && idle < hardlyIdle
        ? busy('hardly idle')
        : handling === undefined
          ? ok
          : busy('busy')),
    lines: [
      `thread ${thread}, ${handled} handled`,
      ...(idle === null ? [] : [`idle ${Math.round(idle * 100)} %`]),
      ...(handling === undefined ? [] : [`${workOf(handling)} for ${duration(handling.sinceMs)}`])
    ],
    actor: { thread, name: `handler.${id}` }
  }))
}

function shards({ shards }: BrokerSnapshot): Card[] {
  return shards.map(each => ({
    id: `shard.${each.thread}`,
    name: `Shard of thread ${each.thread}`,
    state: `${counted(each.leaders, 'leader')} of ${counted(each.logs, 'log')}`,
    ...(each.offline > 0 ? bad('offline logs') : (each.lastFlushMs ?? 0) >= longMs ? bad('slow flush') : ok),
    lines: [
      `waiting: ${each.delayedProduces} Produce, ${each.delayedFetches} Fetch`,
      `${counted(each.flushes, 'flush', 'flushes')}${each.flushesRunning === 0 ? '' : `, ${each.flushesRunning} running`}`,
      ...(each.lastFlushMs === null ? [] : [`last flush ${duration(each.lastFlushMs)}`]),
      ...(each.offline === 0 ? [] : [`${counted(each.offline, 'log')} offline`])
    ]
  }))
}

function logs({ logs, atMs }: BrokerSnapshot, actors: ActorsByName): Card[] {
  return logs.map(log => {
    const lagging = log.unsyncedSinceAtMs === undefined ? undefined : atMs - log.unsyncedSinceAtMs
    return {
      id: `log.${log.topic}-${log.partition}`,
      name: `${log.topic}-${log.partition}`,
      state: log.state,
      ...colourOfLog(log, atMs),
      lines: [
        `${log.logStartOffset} to ${log.logEndOffset}, ${size(log.sizeBytes)}`,
        lagging === undefined ? 'all on the disk' : `not on the disk for ${duration(lagging)}`
      ],
      ...actorOf(actors, `replicas.partition.${log.topic}-${log.partition}`)
    }
  })
}

function colourOfLog(log: LogSnapshot, atMs: number): Colour {
  if (log.state === 'offline') return bad('offline')
  if (log.flushRunningSinceAtMs !== undefined && atMs - log.flushRunningSinceAtMs >= longMs)
    return bad('slow flush')
  return log.flushRunningSinceAtMs === undefined ? ok : busy('flushing')
}

function threads({ threads, arena }: BrokerSnapshot): Card[] {
  const cards: Card[] = threads.map(({ thread, runs, missing, eventLoopDelay }) => ({
    id: `thread.${thread}`,
    name: `Thread ${thread}`,
    state: missing ?? 'answers',
    ...(missing !== undefined ? bad('missing') : (eventLoopDelay?.p99Ms ?? 0) >= 100 ? bad('late') : ok),
    lines: [
      runs.join(', '),
      ...(eventLoopDelay === null
        ? []
        : [`late by ${duration(eventLoopDelay.p50Ms)}, p99 ${duration(eventLoopDelay.p99Ms)}`])
    ]
  }))
  if (arena === null) return cards
  const { usedBytes, capacityBytes } = arena
  return [
    ...cards,
    {
      id: 'arena',
      name: 'Request memory',
      state: `${size(usedBytes)} used`,
      ...fullness(usedBytes, capacityBytes ?? Number.MAX_SAFE_INTEGER),
      lines: [capacityBytes === null ? 'unbounded' : `of ${size(capacityBytes)}`]
    }
  ]
}
