// Puts a snapshot together from what every thread has told.
import type { Broker } from '../actors/broker/broker.js'
import type { LogLook, ThreadLook } from '../actors/broker/thread-look.js'
import { slownessOf } from '../actors/network/request-figures.js'
import { emptySpans, spansOf } from '../actors/network/request-spans.js'
import { systemClock } from '../actors/runtime/clock.js'
import type { TraceLevel } from '../actors/runtime/trace.js'
import type { Gathered } from './gather.js'
import { PastCounts, type PerSecond } from './past-counts.js'
import { apiName, type KeptOnThread, questionOf, recordOf } from './request-record.js'
import type {
  AcceptorSnapshot,
  ActorSnapshot,
  BrokerSnapshot,
  BrokerSummary,
  ConnectionSnapshot,
  HandlerSnapshot,
  LogSnapshot,
  MailboxSnapshot,
  ProcessorSnapshot,
  RequestsSnapshot,
  ShardSnapshot,
  ThreadSnapshot,
  TopicSnapshot
} from './snapshot.js'

/** Times as threads tell them and as snapshots do. */
interface Times {
  /** Monotonic. */
  readonly nowMs: number
  /** Wall clock minus monotonic clock. */
  readonly wallMs: number
}

export const wallOffsetMs = (): number => systemClock.nowMs() - systemClock.monotonicMs()

export class Snapshots {
  readonly #broker: Broker
  readonly #past = new PastCounts()

  constructor(broker: Broker) {
    this.#broker = broker
  }

  async of({ threads, missing }: Gathered<ThreadLook>): Promise<BrokerSnapshot> {
    const broker = this.#broker
    const times = { nowMs: systemClock.monotonicMs(), wallMs: wallOffsetMs() }
    const channel = broker.parts.threads?.channel
    const perSecond = this.#past.perSecond(times.nowMs, countsOf(threads, channel?.depth ?? 0))
    return {
      atMs: times.nowMs + times.wallMs,
      broker: summaryOf(broker),
      threads: threadsOf(broker, threads, missing),
      mailboxes: threads.flatMap(look => mailboxesOf(look, perSecond)),
      actors: threads.flatMap(look => actorsOf(look, times)),
      acceptors: acceptorsOf(broker),
      processors: threads.flatMap(look => processorsOf(look, perSecond)),
      requestQueue:
        channel === undefined
          ? null
          : {
              depth: channel.depth,
              capacity: channel.capacity,
              states: threads.flatMap(({ thread, queueState: state }) =>
                state === '' ? [] : { thread, state }
              ),
              inPerSecond: perSecond(requestsIn),
              outPerSecond: perSecond(requestsOut)
            },
      handlers: threads.flatMap(look => handlersOf(look, times, perSecond)),
      shards: threads.flatMap(shardOf),
      logs: threads.flatMap(look => logsOf(look, times)),
      arena: arenaOf(broker),
      connections: threads.flatMap(look => connectionsOf(look, times)),
      topics: topicsOf(threads.flatMap(({ shard }) => shard?.logs ?? [])),
      requests: await this.#requests(threads, times)
    }
  }

  async #requests(threads: readonly ThreadLook[], { wallMs }: Times): Promise<RequestsSnapshot> {
    const on = (of: 'newest' | 'slowest'): KeptOnThread[] =>
      threads.flatMap(({ thread, requests }) => (requests?.[of] ?? []).map(kept => ({ ...kept, thread })))
    const newest = on('newest').sort((a, b) => b.request.stamps.sentMs - a.request.stamps.sentMs)
    const slowest = on('slowest').sort((a, b) => durationOf(b) - durationOf(a))
    const all = [...newest, ...slowest]
    const questions = all.flatMap(kept => questionOf(kept) ?? [])
    const answers = questions.length === 0 ? [] : await this.#broker.parts.threads?.histories(questions)
    let asked = 0
    const queueCapacity = this.#broker.config.get('queued.max.requests')
    const records = all.map(kept => {
      const history = questionOf(kept) === undefined ? null : (answers?.[asked++] ?? null)
      return recordOf(kept, history, { wallMs, queueCapacity })
    })
    return { newest: records.slice(0, newest.length), slowest: records.slice(newest.length) }
  }
}

const durationOf = ({ request }: KeptOnThread): number =>
  slownessOf(request.apiKey, spansOf(request.stamps, emptySpans()))

const inOf = (thread: number, mailbox: string): string => `in ${thread} ${mailbox}`
const outOf = (thread: number, mailbox: string): string => `out ${thread} ${mailbox}`
const busyOf = (processor: number): string => `busy ${processor}`
const idleOf = (handler: number): string => `idle ${handler}`
const requestsIn = 'requests in'
const requestsOut = 'requests out'

function countsOf(threads: readonly ThreadLook[], queued: number): Map<string, number> {
  const counts = new Map<string, number>()
  let taken = 0
  for (const { thread, mailboxes, processors, handlers = [] } of threads) {
    for (const { name, passed, depth } of mailboxes) {
      if (passed === undefined) continue
      counts.set(outOf(thread, name), passed)
      counts.set(inOf(thread, name), passed + depth)
    }
    for (const { id, busyMs } of processors) counts.set(busyOf(id), busyMs)
    for (const { id, idleMs, handled, current } of handlers) {
      counts.set(idleOf(id), idleMs)
      taken += handled + (current === undefined ? 0 : 1)
    }
  }
  counts.set(requestsOut, taken)
  counts.set(requestsIn, taken + queued)
  return counts
}

function summaryOf(broker: Broker): BrokerSummary {
  const { state, clusterId, uptimeMs, config } = broker
  return {
    state,
    clusterId,
    placement: config.get('odradek.placement'),
    uptimeMs,
    trace: config.get('odradek.trace') as TraceLevel,
    bootstrapServers: broker.parts.listeners.length === 0 ? '' : broker.bootstrapServers
  }
}

function threadsOf(
  broker: Broker,
  looks: readonly ThreadLook[],
  missing: readonly number[]
): ThreadSnapshot[] {
  const placement = broker.parts.threads?.placement
  const runs = (thread: number): ThreadSnapshot['runs'] => [
    ...(thread === 0 ? (['main'] as const) : []),
    ...(placement?.networkThreads.includes(thread) ? (['network'] as const) : []),
    ...(placement?.handlerThreads.includes(thread) ? (['handlers'] as const) : [])
  ]
  const absent = 'it did not answer within two seconds'
  const answered = looks.map(({ thread, loopDelay }) => ({
    thread,
    runs: runs(thread),
    ...(missing.includes(thread) ? { missing: absent } : {}),
    eventLoopDelay: loopDelay ?? null
  }))
  const silent = missing
    .filter(thread => thread !== 0)
    .map(thread => ({ thread, runs: runs(thread), missing: absent, eventLoopDelay: null }))
  return [...answered, ...silent].sort((a, b) => a.thread - b.thread)
}

function mailboxesOf({ thread, mailboxes }: ThreadLook, perSecond: PerSecond): MailboxSnapshot[] {
  return mailboxes.map(({ passed: _, ...mailbox }) => ({
    thread,
    ...mailbox,
    inPerSecond: perSecond(inOf(thread, mailbox.name)),
    outPerSecond: perSecond(outOf(thread, mailbox.name))
  }))
}

function actorsOf({ thread, actors }: ThreadLook, { wallMs }: Times): ActorSnapshot[] {
  return actors.map(({ steps, ...actor }) => ({
    thread,
    ...actor,
    transitions: steps.map(({ atMs, ...step }) => ({ atMs: atMs + wallMs, ...step }))
  }))
}

const blocked: Readonly<Record<string, string>> = {
  'blocked.waitingForRoom': 'no Processor has room for a new connection',
  'blocked.waitingForSlot': 'as many connections are open as may be (max.connections)',
  'blocked.waitingForRate': 'connections come faster than they may (max.connection.creation.rate)',
  paused: 'the process has no descriptor left'
}

function acceptorsOf({ parts: { network } }: Broker): AcceptorSnapshot[] {
  if (network === undefined) return []
  return network.bound.map(({ name, host, port }) => {
    const state = network.acceptorState(name) ?? ''
    const blockedFor = blocked[state]
    return {
      listener: name,
      host,
      port,
      state,
      ...(blockedFor === undefined ? {} : { blockedFor }),
      connections: network.quotas.ofListener(name)
    }
  })
}

function processorsOf({ thread, processors }: ThreadLook, perSecond: PerSecond): ProcessorSnapshot[] {
  return processors.map(({ newConnections, newConnectionsCapacity, busyMs: _, ...processor }) => {
    const busy = perSecond(busyOf(processor.id))
    return {
      thread,
      ...processor,
      newConnections: { depth: newConnections, capacity: newConnectionsCapacity },
      idle: busy === null ? null : Math.min(1, Math.max(0, 1 - busy / 1000))
    }
  })
}

function handlersOf(
  { thread, handlers = [] }: ThreadLook,
  { nowMs }: Times,
  perSecond: PerSecond
): HandlerSnapshot[] {
  return handlers.map(({ current, idleMs: _, ...told }) => {
    const idled = perSecond(idleOf(told.id), true)
    const handler = { ...told, idle: idled === null ? null : Math.min(1, idled / 1000) }
    if (current === undefined) return { thread, ...handler }
    const { apiKey, clientId, connectionId, dequeuedMs, topic } = current
    const sinceMs = Math.max(0, nowMs - dequeuedMs)
    const about = topic === '' ? {} : { topic }
    return {
      thread,
      ...handler,
      handling: { apiKey, api: apiName(apiKey), clientId, connectionId, sinceMs, ...about }
    }
  })
}

function shardOf({ thread, shard }: ThreadLook): ShardSnapshot[] {
  if (shard === undefined) return []
  const { logs, lastFlushMs = null, ...counts } = shard
  const inState = (wanted: string): number => logs.filter(({ state }) => state === wanted).length
  const [leaders, offline] = [inState('leading'), inState('offline')]
  return [{ thread, logs: logs.length, leaders, offline, ...counts, lastFlushMs }]
}

function logsOf({ thread, shard }: ThreadLook, { wallMs }: Times): LogSnapshot[] {
  return (shard?.logs ?? []).map(log => {
    const { unsyncedSinceMs, flushRunningSinceMs, lastFlush } = log
    return {
      thread,
      topic: log.topic,
      partition: log.partition,
      logDir: log.logDir,
      state: log.state,
      leaderEpoch: log.leaderEpoch,
      sizeBytes: log.sizeBytes,
      segments: log.segments,
      logStartOffset: log.logStartOffset,
      logEndOffset: log.logEndOffset,
      highWatermark: log.highWatermark,
      recoveryPoint: log.recoveryPoint,
      flushes: log.flushes,
      ...(unsyncedSinceMs === undefined ? {} : { unsyncedSinceAtMs: unsyncedSinceMs + wallMs }),
      ...(flushRunningSinceMs === undefined ? {} : { flushRunningSinceAtMs: flushRunningSinceMs + wallMs }),
      lastFlushMs: lastFlush === undefined ? null : lastFlush.endedMs - lastFlush.startedMs,
      lastFlushAtMs: lastFlush === undefined ? null : lastFlush.startedMs + wallMs
    }
  })
}

function arenaOf({ parts: { threads } }: Broker): BrokerSnapshot['arena'] {
  if (threads === undefined) return null
  const { used, capacity } = threads.main.arena
  return { usedBytes: used, capacityBytes: Number.isFinite(capacity) ? capacity : null }
}

function connectionsOf({ thread, connections }: ThreadLook, { nowMs, wallMs }: Times): ConnectionSnapshot[] {
  return connections.map(({ lastActiveMs, acceptedMs, clientId, inFlight, ...connection }) => ({
    thread,
    ...connection,
    ...(clientId === null ? {} : { clientId }),
    ...(inFlight === undefined
      ? {}
      : {
          inFlight: {
            apiKey: inFlight.apiKey,
            api: apiName(inFlight.apiKey),
            sinceMs: Math.max(0, nowMs - inFlight.receivedMs)
          }
        }),
    ...(acceptedMs > 0 ? { acceptedAtMs: acceptedMs + wallMs } : {}),
    idleMs: Math.max(0, nowMs - lastActiveMs)
  }))
}

function topicsOf(logs: readonly LogLook[]): TopicSnapshot[] {
  const topics = new Map<string, TopicSnapshot>()
  for (const { topic, topicId, sizeBytes, logStartOffset, logEndOffset } of logs) {
    const known = topics.get(topic)
    topics.set(topic, {
      name: topic,
      id: topicId,
      internal: topic.startsWith('__'),
      partitions: (known?.partitions ?? 0) + 1,
      bytes: (known?.bytes ?? 0) + sizeBytes,
      records: (known?.records ?? 0) + logEndOffset - logStartOffset
    })
  }
  return [...topics.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
