// What one look at a running broker gives: plain JSON, so that the page, tests and other programs read the same. Times named
// `…AtMs` are wall clock, ms since the epoch with a fraction; durations are ms. What is not known is absent or null, never 0.

/** `/api/snapshot` */
export interface BrokerSnapshot {
  /** When it was put together. */
  readonly atMs: number
  readonly broker: BrokerSummary
  readonly threads: readonly ThreadSnapshot[]
  readonly mailboxes: readonly MailboxSnapshot[]
  readonly actors: readonly ActorSnapshot[]
  readonly acceptors: readonly AcceptorSnapshot[]
  readonly processors: readonly ProcessorSnapshot[]
  readonly requestQueue: RequestQueueSnapshot | null
  readonly handlers: readonly HandlerSnapshot[]
  readonly shards: readonly ShardSnapshot[]
  readonly logs: readonly LogSnapshot[]
  readonly arena: ArenaSnapshot | null
  readonly connections: readonly ConnectionSnapshot[]
  readonly topics: readonly TopicSnapshot[]
  readonly requests: RequestsSnapshot
}

export interface BrokerSummary {
  /** Path of the broker's machine: `starting.logs`, `running`, `stopping.handlers` … */
  readonly state: string
  /** Empty until it is known. */
  readonly clusterId: string
  readonly placement: string
  /** ms since the start began. */
  readonly uptimeMs: number
  /** odradek.trace */
  readonly trace: 'off' | 'lifecycle' | 'all'
  /** host:port of every listener as advertised, comma-joined; empty until they are known. */
  readonly bootstrapServers: string
}

export interface ThreadSnapshot {
  readonly thread: number
  /** What runs on it besides the main thread's own work. */
  readonly runs: ReadonlyArray<'main' | 'network' | 'handlers'>
  /** Set when it did not answer in time: all that it would have told is absent from this snapshot. */
  readonly missing?: string
  /** How much later than asked for a timer of 20 ms fires, over about the last minute. */
  readonly eventLoopDelay: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number } | null
}

export interface MailboxSnapshot {
  readonly thread: number
  /** `requestQueue`, `processor.0.newConnections`, `processor.0.responses` … */
  readonly name: string
  /** null = unbounded. */
  readonly capacity: number | null
  readonly depth: number
  /** Set for unbounded ones: what bounds it all the same. */
  readonly unboundedBecause?: string
  /** Messages a second since the look before; null without one, and for queues that do not count. */
  readonly inPerSecond: number | null
  readonly outPerSecond: number | null
}

export interface ActorSnapshot {
  readonly thread: number
  /** The machine's id: its drawing is `diagrams/<machine>.md`. */
  readonly machine: string
  /** Machine and instance: `processor.0.PLAINTEXT`. */
  readonly name: string
  /** Tells apart actors of one name that lived on the same thread. */
  readonly number: number
  /** Where its last step left it. */
  readonly state: string
  /** Newest last, at most 20. */
  readonly transitions: readonly TransitionSnapshot[]
}

export interface TransitionSnapshot {
  readonly atMs: number
  readonly event: string
  /** '' before the first state. */
  readonly from: string
  readonly to: string
  readonly actions: readonly string[]
  /** The event's parameters as JSON. */
  readonly data?: string
}

export interface AcceptorSnapshot {
  readonly listener: string
  readonly host: string
  readonly port: number
  /** `listening`, `blocked.waitingForRoom`, `blocked.waitingForSlot`, `blocked.waitingForRate`, `paused` … */
  readonly state: string
  /** A sentence when it is blocked or paused: for what it waits. */
  readonly blockedFor?: string
  /** Connections of this listener that are open or on their way. */
  readonly connections: number
}

export interface ProcessorSnapshot {
  readonly thread: number
  readonly id: number
  readonly listener: string
  /** `polling`, `backpressured` (the request queue is full), `draining` … */
  readonly state: string
  readonly connections: number
  /** Requests that handlers still have though their connection is gone. */
  readonly orphans: number
  /** Read whole, waiting for room in the request queue. */
  readonly waitingForRoom: number
  readonly newConnections: { readonly depth: number; readonly capacity: number }
  /** Answers that wait to be written. */
  readonly responses: number
  /** Share of the time since the look before that it was not in a turn, 0 .. 1; null without one. */
  readonly idle: number | null
}

export interface RequestQueueSnapshot {
  readonly depth: number
  readonly capacity: number
  /** By thread: `accepting`, `full`, `draining…`, `closed`. */
  readonly states: ReadonlyArray<{ readonly thread: number; readonly state: string }>
  /** Requests a second since the look before, those included that were handed to a handler directly; null without one. */
  readonly inPerSecond: number | null
  readonly outPerSecond: number | null
}

export interface HandlerSnapshot {
  readonly thread: number
  readonly id: number
  readonly state: string
  /** What it does now; absent while it waits. Parked requests have no handler. */
  readonly handling?: HandlingSnapshot
  readonly handled: number
  /** Share of about the last five seconds that it waited for requests, 0 .. 1; null without a look before. */
  readonly idle: number | null
}

export interface HandlingSnapshot {
  readonly apiKey: number
  readonly api: string
  readonly clientId: string | null
  readonly connectionId: string
  /** How long by now. */
  readonly sinceMs: number
  readonly topic?: string
}

/** The partitions of one thread. */
export interface ShardSnapshot {
  readonly thread: number
  readonly logs: number
  readonly leaders: number
  readonly offline: number
  /** Requests that wait in the purgatories. */
  readonly delayedProduces: number
  readonly delayedFetches: number
  /** Flushes that reached the disk since the start, and how long the last one took. */
  readonly flushes: number
  readonly flushesRunning: number
  readonly lastFlushMs: number | null
}

export interface LogSnapshot {
  readonly thread: number
  readonly topic: string
  readonly partition: number
  readonly logDir: string
  /** Of the partition's machine: `leading`, `idle`, `offline`, `deleting`. */
  readonly state: string
  readonly leaderEpoch: number
  readonly sizeBytes: number
  readonly segments: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  /** Everything below is on the disk. */
  readonly recoveryPoint: number
  /** When the oldest append that is not on the disk was made; absent when all is there. */
  readonly unsyncedSinceAtMs?: number
  readonly flushes: number
  readonly flushRunningSinceAtMs?: number
  readonly lastFlushMs: number | null
  readonly lastFlushAtMs: number | null
}

export interface ArenaSnapshot {
  readonly usedBytes: number
  /** null = unbounded. */
  readonly capacityBytes: number | null
}

export interface ConnectionSnapshot {
  readonly thread: number
  readonly processor: number
  /** Kafka's connection id: `localHost:localPort-remoteHost:remotePort-index`. */
  readonly id: string
  readonly listener: string
  readonly clientHost: string
  readonly clientPort: number
  /** Of its last request; absent before the first. */
  readonly clientId?: string
  /** Empty before ApiVersions. */
  readonly softwareName: string
  readonly softwareVersion: string
  readonly principal: string
  /** `open`, `halfClosed`, `closing` … */
  readonly state: string
  /** Whether it may be read: `notMuted`, `muted` … */
  readonly mute: string
  /** Its request in flight: `idle`, `waitingForRoom`, `handled`, `writing` … */
  readonly exchange: string
  /** The API in flight, and for how long by now. */
  readonly inFlight?: { readonly apiKey: number; readonly api: string; readonly sinceMs: number }
  /** ms since bytes moved. */
  readonly idleMs: number
  readonly acceptedAtMs?: number
}

export interface TopicSnapshot {
  readonly name: string
  readonly id: string
  readonly internal: boolean
  readonly partitions: number
  readonly bytes: number
  /** Records between start and end of all its partitions (compaction would make it less). */
  readonly records: number
}

export interface RequestsSnapshot {
  /** Newest first. */
  readonly newest: readonly RequestRecord[]
  /** Slowest first, of the last ten minutes. */
  readonly slowest: readonly RequestRecord[]
}

/** Marks on a request's way, in order; `synced` may come last. */
export const stageNames = [
  'received',
  'enqueued',
  'dequeued',
  'decided',
  'appended',
  'parked',
  'completed',
  'answered',
  'dequeuedByProcessor',
  'sent',
  'synced'
] as const

export type StageName = (typeof stageNames)[number]

/** Parts of a request's time without overlap; their sum is `totalMs` (Kafka's metric in brackets). */
export const spanNames = [
  /** Read whole, until there was room in the request queue. */
  'waitingForRoom',
  /** [RequestQueueTimeMs, with waitingForRoom] */
  'requestQueue',
  /** [LocalTimeMs] in a handler, the append included. */
  'local',
  /** [RemoteTimeMs] parked in a purgatory, or on another thread. */
  'remote',
  /** [ResponseQueueTimeMs] */
  'responseQueue',
  /** [ResponseSendTimeMs] */
  'responseSend'
] as const

export type SpanName = (typeof spanNames)[number]

export interface RequestRecord {
  /** Unique in the broker's life: `<thread>.<number>`. */
  readonly id: string
  readonly apiKey: number
  readonly api: string
  readonly apiVersion: number
  readonly clientId: string | null
  readonly connectionId: string
  readonly listener: string
  readonly processor: number
  /** The first one that it is about, where that is known, and how many partitions in all. */
  readonly topic?: string
  readonly partition?: number
  readonly partitions?: number
  /** Offsets that a Produce was given in that partition. */
  readonly baseOffset?: number
  readonly lastOffset?: number
  /** The first error in its answer where that is known. */
  readonly error?: string
  /** What its answer asked the client to wait; absent: nothing. */
  readonly throttleMs?: number
  readonly requestBytes: number
  /** 0 = nothing was written. */
  readonly responseBytes: number
  /** When its connection was accepted. */
  readonly acceptedAtMs?: number
  readonly receivedAtMs: number
  /** ms since `received`; absent: never passed it. */
  readonly stages: Readonly<Partial<Record<StageName, number>>>
  readonly spans: Readonly<Record<SpanName, number>>
  readonly totalMs: number
  /** From the handler's begin until the records were in the page cache; absent where nothing was appended. */
  readonly appendMs?: number
  /** From appended to on the disk; absent where nothing was appended or it is not there yet. */
  readonly durabilityLagMs?: number
  /** The flush that covered it. */
  readonly flush?: FlushRecord
  /** What was so when the request came into the queue: what a diagnosis may use. */
  readonly circumstances?: RequestCircumstances
}

export interface RequestCircumstances {
  /** Depth of the request queue when it was put in, itself not counted. */
  readonly queueDepth: number
  readonly queueCapacity: number
}

export interface FlushRecord {
  readonly startedAtMs: number
  readonly ms: number
  /** Everything below is on the disk with it. */
  readonly upTo: number
  /** Why it was done: `count`, `interval`, `roll`, `acks`, `close`. */
  readonly cause: string
}

/** `/api/offset?topic=&partition=&offset=` (or `time=`): why was it late on disk? */
export interface OffsetHistory {
  /** When it was looked up. */
  readonly atMs: number
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** The append that held the offset, where it is remembered. */
  readonly append?: {
    readonly baseOffset: number
    readonly lastOffset: number
    /** Absent where the request is not remembered. */
    readonly receivedAtMs?: number
    readonly appendedAtMs: number
  }
  /** The flush that covered it; absent: none yet, or not remembered. */
  readonly flush?: FlushRecord
  readonly syncedAtMs?: number
  /** What is known when something is absent: `not on the disk yet`, `appended before the oldest that is remembered` … */
  readonly remark?: string
  /** Its request, where it is remembered. */
  readonly request?: RequestRecord
}
