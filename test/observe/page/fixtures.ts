// Snapshots of brokers that never ran: a quiet one, and parts to make it sick with.
import type {
  BrokerSnapshot,
  ConnectionSnapshot,
  HandlerSnapshot,
  LogSnapshot,
  RequestRecord,
  SpanName,
  StageName
} from '../../../src/observe/snapshot.js'

/** When every snapshot here is taken. */
export const now = Date.UTC(2026, 0, 31, 12)

const noSpans: Record<SpanName, number> = {
  waitingForRoom: 0,
  requestQueue: 0,
  local: 0,
  remote: 0,
  responseQueue: 0,
  responseSend: 0
}

let made = 0

/** Ended `agoMs` before the snapshot; its stages follow from its spans. */
export function request(
  spans: Partial<Record<SpanName, number>>,
  more: Partial<RequestRecord> & { readonly agoMs?: number } = {}
): RequestRecord {
  const { agoMs = 0, ...rest } = more
  const all = { ...noSpans, ...spans }
  const totalMs = Object.values(all).reduce((sum, ms) => sum + ms, 0)
  const enqueued = all.waitingForRoom
  const dequeued = enqueued + all.requestQueue
  const decided = dequeued + all.local
  const completed = decided + all.remote
  const stages: Partial<Record<StageName, number>> = {
    received: 0,
    enqueued,
    dequeued,
    decided,
    ...(all.remote > 0 ? { parked: decided } : {}),
    completed,
    answered: completed,
    dequeuedByProcessor: completed + all.responseQueue,
    sent: totalMs
  }
  return {
    id: `1.${++made}`,
    apiKey: 0,
    api: 'Produce',
    apiVersion: 9,
    clientId: 'billing',
    connectionId: '127.0.0.1:9092-127.0.0.1:50000-0',
    listener: 'PLAINTEXT',
    processor: 0,
    topic: 'orders',
    partition: 0,
    requestBytes: 1000,
    responseBytes: 50,
    receivedAtMs: now - agoMs - totalMs,
    stages,
    spans: all,
    totalMs,
    ...rest
  }
}

export function handler(id: number, sinceMs?: number, topic = 'orders'): HandlerSnapshot {
  const idle = { thread: 1, id, handled: 10, idle: 0.9 }
  if (sinceMs === undefined) return { ...idle, state: 'waiting' }
  const connectionId = `127.0.0.1:9092-127.0.0.1:${40_000 + id}-0`
  const handling = { apiKey: 0, api: 'Produce', clientId: 'billing', connectionId, sinceMs, topic }
  return { ...idle, state: 'handling', handling }
}

export const connection = (number: number, more: Partial<ConnectionSnapshot> = {}): ConnectionSnapshot => ({
  thread: 1,
  processor: 0,
  id: `127.0.0.1:9092-127.0.0.1:${40_000 + number}-${number}`,
  listener: 'PLAINTEXT',
  clientHost: '127.0.0.1',
  clientPort: 40_000 + number,
  clientId: `client-${number}`,
  softwareName: 'apache-kafka-java',
  softwareVersion: '3.9.0',
  principal: 'User:ANONYMOUS',
  state: 'open',
  mute: 'notMuted',
  exchange: 'idle',
  idleMs: 10,
  ...more
})

export const log = (topic: string, partition: number, more: Partial<LogSnapshot> = {}): LogSnapshot => ({
  thread: 1,
  topic,
  partition,
  logDir: '/data',
  state: 'leading',
  leaderEpoch: 0,
  sizeBytes: 12_345,
  segments: 1,
  logStartOffset: 0,
  logEndOffset: 100,
  highWatermark: 100,
  recoveryPoint: 100,
  flushes: 3,
  lastFlushMs: 4,
  lastFlushAtMs: now - 5000,
  ...more
})

/** Running, nothing to do, two handlers. */
export const quiet: BrokerSnapshot = {
  atMs: now,
  broker: {
    state: 'running',
    clusterId: 'abc',
    placement: 'perCore',
    uptimeMs: 60_000,
    trace: 'lifecycle',
    bootstrapServers: '127.0.0.1:9092'
  },
  threads: [
    { thread: 0, runs: ['main'], eventLoopDelay: { p50Ms: 0.1, p99Ms: 1, maxMs: 5 } },
    { thread: 1, runs: ['network', 'handlers'], eventLoopDelay: { p50Ms: 0.1, p99Ms: 2, maxMs: 8 } }
  ],
  mailboxes: [
    { thread: 1, name: 'requestQueue', capacity: 500, depth: 0, inPerSecond: 12, outPerSecond: 12 },
    {
      thread: 1,
      name: 'processor.0.newConnections',
      capacity: 20,
      depth: 0,
      inPerSecond: 1,
      outPerSecond: 1
    },
    {
      thread: 1,
      name: 'processor.0.responses',
      capacity: null,
      depth: 0,
      unboundedBecause: 'one request a connection',
      inPerSecond: null,
      outPerSecond: null
    }
  ],
  actors: [
    {
      thread: 1,
      machine: 'processor',
      name: 'processor.0.PLAINTEXT',
      number: 1,
      state: 'running',
      transitions: [{ atMs: now - 1000, event: 'start', from: 'starting', to: 'running', actions: ['poll'] }]
    },
    {
      thread: 0,
      machine: 'acceptor',
      name: 'acceptor.PLAINTEXT',
      number: 1,
      state: 'listening',
      transitions: []
    }
  ],
  acceptors: [{ listener: 'PLAINTEXT', host: '127.0.0.1', port: 9092, state: 'listening', connections: 1 }],
  processors: [
    {
      thread: 1,
      id: 0,
      listener: 'PLAINTEXT',
      state: 'running',
      connections: 1,
      orphans: 0,
      waitingForRoom: 0,
      newConnections: { depth: 0, capacity: 20 },
      responses: 0,
      idle: 0.98
    }
  ],
  requestQueue: {
    depth: 0,
    capacity: 500,
    states: [{ thread: 1, state: 'accepting' }],
    inPerSecond: 12,
    outPerSecond: 12
  },
  handlers: [handler(0), handler(1)],
  shards: [
    {
      thread: 1,
      logs: 1,
      leaders: 1,
      offline: 0,
      delayedProduces: 0,
      delayedFetches: 0,
      flushes: 3,
      flushesRunning: 0,
      lastFlushMs: 4
    }
  ],
  logs: [log('orders', 0)],
  arena: { usedBytes: 0, capacityBytes: 1_000_000 },
  connections: [connection(0)],
  topics: [
    {
      name: 'orders',
      id: 'AAAAAAAAAAAAAAAAAAAAAQ',
      internal: false,
      partitions: 1,
      bytes: 12_345,
      records: 100
    }
  ],
  requests: { newest: [], slowest: [] }
}

const [firstProcessor] = quiet.processors

/** What each of five faults makes of it. */
export const faults: Readonly<
  Record<'slow disk' | 'full queue' | 'stuck client' | 'storm' | 'late thread', BrokerSnapshot>
> = {
  'slow disk': {
    ...quiet,
    logs: [
      log('orders', 0, {
        flushRunningSinceAtMs: now - 3000,
        unsyncedSinceAtMs: now - 9000,
        recoveryPoint: 40
      })
    ],
    requests: {
      newest: [],
      slowest: [
        request(
          { local: 1, remote: 2500 },
          { flush: { startedAtMs: now - 2490, ms: 2480, upTo: 100, cause: 'acks' } }
        )
      ]
    }
  },
  'full queue': {
    ...quiet,
    requestQueue: {
      depth: 500,
      capacity: 500,
      states: [{ thread: 1, state: 'full' }],
      inPerSecond: 30,
      outPerSecond: 28
    },
    processors:
      firstProcessor === undefined ? [] : [{ ...firstProcessor, state: 'backpressured', waitingForRoom: 7 }],
    handlers: [handler(0, 4000), handler(1, 5000)]
  },
  'stuck client': {
    ...quiet,
    connections: [
      connection(0, {
        clientId: 'sleeper',
        exchange: 'writing',
        mute: 'mutedAndResponsePending',
        idleMs: 30_000,
        inFlight: { apiKey: 1, api: 'Fetch', sinceMs: 30_100 }
      })
    ]
  },
  storm: {
    ...quiet,
    acceptors: [
      {
        listener: 'PLAINTEXT',
        host: '127.0.0.1',
        port: 9092,
        state: 'blocked.waitingForRoom',
        blockedFor: 'newConnections of all its Processors are full',
        connections: 900
      }
    ],
    mailboxes: quiet.mailboxes.map(each => (each.capacity === 20 ? { ...each, depth: 20 } : each))
  },
  'late thread': {
    ...quiet,
    threads: quiet.threads.map(each =>
      each.thread === 1 ? { ...each, eventLoopDelay: { p50Ms: 2, p99Ms: 400, maxMs: 900 } } : each
    )
  }
}
