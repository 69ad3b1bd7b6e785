// Everything that /metrics answers: Kafka's names as the usual exporter rules write them, ours as odradek_*.
import type { Broker } from '../actors/broker/broker.js'
import type { LogLook, MailboxLook, ThreadFigures } from '../actors/broker/thread-look.js'
import { sumOfGauges } from '../actors/handlers/idle-percent.js'
import type { ProcessorLook } from '../actors/network/network-look.js'
import { systemClock } from '../actors/runtime/clock.js'
import { mergeDistributions } from '../actors/runtime/histogram.js'
import type { Gathered } from './gather.js'
import { addGroups } from './group-metrics.js'
import { addAcceptors, addProcessors, addSensors, processorCounts } from './network-metrics.js'
import { PastCounts, type PerSecond } from './past-counts.js'
import { addProcess } from './process-metrics.js'
import { Families, type Family } from './prometheus-text.js'
import { addRequestMetrics, addTopicMetrics, distribution } from './request-metrics.js'

export class BrokerMetrics {
  readonly #broker: Broker
  readonly #past = new PastCounts()

  constructor(broker: Broker) {
    this.#broker = broker
  }

  of({ threads, missing }: Gathered<ThreadFigures>): readonly Family[] {
    const families = new Families()
    const broker = this.#broker
    const processors = threads.flatMap(each => each.processors)
    const logs = threads.flatMap(({ shard }) => shard?.logs ?? [])
    addBroker(families, broker, logs)
    addRequestMetrics(families, threads)
    addTopicMetrics(families, threads)
    const perSecond = this.#past.perSecond(
      systemClock.monotonicMs(),
      new Map([...processorCounts(processors), ['idle', idleShareMs(threads)]])
    )
    addProcessors(families, processors, perSecond, broker.uptimeMs)
    addSensors(families, threads, perSecond)
    addAcceptors(families, broker)
    addQueues(families, broker, processors)
    addHandlers(families, threads, perSecond, broker.uptimeMs)
    addGroups(families, threads)
    addPurgatories(families, threads)
    addFetchSessions(families, threads)
    addPartitions(families, logs)
    addLogs(families, threads, logs)
    addThreads(families, threads, missing)
    addProcess(families)
    return families.all
  }
}

/** Kafka's numbers. */
function brokerState(state: string): number {
  if (state === 'running') return 3
  if (state === 'starting.logs') return 2
  if (state.startsWith('starting')) return 1
  return state.startsWith('stopping') || state.startsWith('failing') ? 7 : 0
}

function addBroker(families: Families, broker: Broker, logs: readonly LogLook[]): void {
  const isRunning = broker.state === 'running' ? 1 : 0
  const controller = 'kafka_controller_kafkacontroller'
  const { live, offline } = broker.parts.logDirs
  families.gauge(
    'kafka_server_kafkaserver_brokerstate',
    'As in Kafka; 3 = running.',
    brokerState(broker.state)
  )
  families.gauge(`${controller}_activecontrollercount`, 'This broker is its own controller.', isRunning)
  families.gauge(`${controller}_activebrokercount`, 'This broker.', isRunning)
  families.gauge(`${controller}_fencedbrokercount`, 'None.', 0)
  families.gauge(`${controller}_globaltopiccount`, 'Topics.', new Set(logs.map(({ topic }) => topic)).size)
  families.gauge(`${controller}_globalpartitioncount`, 'Partitions.', logs.length)
  const notLed = logs.filter(({ state }) => state !== 'leading').length
  families.gauge(`${controller}_offlinepartitionscount`, 'Partitions without a leader.', notLed)
  families.gauge(
    `${controller}_preferredreplicaimbalancecount`,
    'Partitions that their first replica does not lead; here it is their only one.',
    notLed
  )
  families.counter(
    'kafka_controller_controllerstats_uncleanleaderelections_total',
    'None: a partition has one replica here, and nobody else to elect.',
    0
  )
  families.gauge('kafka_log_logmanager_offlinelogdirectorycount', 'Directories that failed.', offline.length)
  for (const [dirs, value] of [
    [live, 0],
    [offline, 1]
  ] as const) {
    for (const logDirectory of dirs)
      families.gauge('kafka_log_logmanager_logdirectoryoffline', '1 = it failed.', value, { logDirectory })
  }
}

function addQueues(families: Families, { parts }: Broker, processors: readonly ProcessorLook[]): void {
  const { threads } = parts
  const responses = 'kafka_network_requestchannel_responsequeuesize'
  const about = 'Answers that wait to be written.'
  families.gauge(
    'kafka_network_requestchannel_requestqueuesize',
    'Requests that wait for a handler.',
    threads?.channel.depth ?? 0
  )
  const all = processors.reduce((sum, each) => sum + each.responses, 0)
  families.gauge(responses, about, all)
  for (const { id, responses: own } of processors) families.gauge(responses, about, own, { processor: id })
  families.gauge('odradek_request_queue_capacity', 'queued.max.requests', threads?.channel.capacity ?? 0)
  for (const { id, state, waitingForRoom, memoryWaitMs } of processors) {
    const labels = { networkProcessor: id }
    families.counter(
      'odradek_processor_memory_wait_seconds_total',
      'Time in which connections of it waited for memory for their requests.',
      memoryWaitMs / 1000,
      labels
    )
    families.gauge(
      'odradek_processor_backpressured',
      '1 = it does not read, since the request queue is full.',
      state === 'backpressured' ? 1 : 0,
      labels
    )
    families.gauge(
      'odradek_processor_waiting_for_room',
      'Requests that were read and find no room in the request queue.',
      waitingForRoom,
      labels
    )
  }
  const arena = threads?.main.arena
  const capacity = arena?.capacity ?? 0
  families.gauge(
    'kafka_network_socketserver_memorypoolused',
    'Bytes of request memory in use.',
    arena?.used ?? 0
  )
  families.gauge(
    'kafka_network_socketserver_memorypoolavailable',
    'Bytes of request memory that are free.',
    Math.max(0, capacity - (arena?.used ?? 0))
  )
}

/** ms that a handler was idle, on average, since the start. */
function idleShareMs(threads: readonly ThreadFigures[]): number {
  const { idleMs, loops } = sumOfGauges(threads.flatMap(({ handlers }) => handlers ?? []))
  return loops === 0 ? 0 : idleMs / loops
}

function addHandlers(
  families: Families,
  threads: readonly ThreadFigures[],
  perSecond: PerSecond,
  uptimeMs: number
): void {
  const { loops, handled } = sumOfGauges(threads.flatMap(({ handlers }) => handlers ?? []))
  const idleMs = idleShareMs(threads)
  const idle = 'kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent'
  const share = (msPerSecond: number): number => Math.min(1, Math.max(0, msPerSecond / 1000))
  const mean = share((idleMs / Math.max(1, uptimeMs)) * 1000)
  const lately = perSecond('idle')
  families.counter(
    `${idle}_count`,
    'Nanoseconds that a handler was idle, on average: rate() / 1e9 is the share.',
    Math.round(idleMs * 1e6)
  )
  families.gauge(`${idle}_meanrate`, 'Share of time that handlers were idle, since the start.', mean)
  families.gauge(
    `${idle}_oneminuterate`,
    'The same over the last half a minute, where a scrape lies in it.',
    lately === null ? mean : share(lately)
  )
  families.gauge('odradek_handler_loops', 'Handlers that run.', loops)
  families.counter('odradek_handled_requests_total', 'Requests that handlers took.', handled)
}

function addPurgatories(families: Families, threads: readonly ThreadFigures[]): void {
  const shards = threads.flatMap(({ shard }) => shard ?? [])
  const purgatory = 'kafka_server_delayedoperationpurgatory'
  for (const [label, of] of [
    ['Produce', 'produces'],
    ['Fetch', 'fetches']
  ] as const) {
    const labels = { delayedOperation: label }
    const sum = (count: 'delayed' | 'watched'): number =>
      shards.reduce((total, shard) => total + shard[of][count], 0)
    families.gauge(`${purgatory}_purgatorysize`, 'Entries in watch lists.', sum('watched'), labels)
    families.gauge(`${purgatory}_numdelayedoperations`, 'Requests that wait.', sum('delayed'), labels)
  }
}

function addFetchSessions(families: Families, threads: readonly ThreadFigures[]): void {
  const told = threads.flatMap(({ shard }) => shard?.fetchSessions ?? [])
  const cache = 'kafka_server_fetchsessioncache'
  const sum = (of: 'sessions' | 'partitions' | 'evictions'): number =>
    told.reduce((total, each) => total + each[of], 0)
  families.gauge(`${cache}_numincrementalfetchsessions`, 'Fetch sessions.', sum('sessions'))
  families.gauge(`${cache}_numincrementalfetchpartitionscached`, 'Partitions in them.', sum('partitions'))
  families.counter(
    `${cache}_incrementalfetchsessionevictions_total`,
    'Sessions that made room for others.',
    sum('evictions')
  )
}

function addPartitions(families: Families, logs: readonly LogLook[]): void {
  const manager = 'kafka_server_replicamanager'
  const count = (that: (log: LogLook) => boolean): number => logs.filter(that).length
  const isUnder = ({ state, isr, replicas }: LogLook): boolean => state === 'leading' && isr < replicas
  // With one replica in sync: if that is enough, it is just enough.
  const isAtMinIsr = ({ state, isr, underMinIsr }: LogLook): boolean =>
    state === 'leading' && isr === 1 && !underMinIsr
  families.gauge(
    `${manager}_leadercount`,
    'Partitions led here.',
    count(({ state }) => state === 'leading')
  )
  families.gauge(
    `${manager}_partitioncount`,
    'Partitions here.',
    count(({ state }) => state !== 'offline')
  )
  families.gauge(
    `${manager}_offlinereplicacount`,
    'On failed disks.',
    count(({ state }) => state === 'offline')
  )
  families.gauge(`${manager}_underreplicatedpartitions`, 'ISR smaller than assigned.', count(isUnder))
  families.gauge(
    `${manager}_underminisrpartitioncount`,
    'ISR too small for acks=all.',
    count(log => log.underMinIsr)
  )
  families.gauge(`${manager}_atminisrpartitioncount`, 'ISR just enough for acks=all.', count(isAtMinIsr))
  for (const change of ['isrshrinks', 'isrexpands'])
    families.counter(`${manager}_${change}_total`, 'None: there are no followers here.', 0)
  const partition = 'kafka_cluster_partition'
  const perPartition: ReadonlyArray<readonly [name: string, help: string, of: (log: LogLook) => number]> = [
    [`${partition}_underreplicated`, '0 or 1.', log => (isUnder(log) ? 1 : 0)],
    [`${partition}_underminisr`, '0 or 1.', log => (log.underMinIsr ? 1 : 0)],
    [`${partition}_atminisr`, '0 or 1.', log => (isAtMinIsr(log) ? 1 : 0)],
    [`${partition}_insyncreplicascount`, 'Replicas in sync.', log => log.isr],
    [`${partition}_replicascount`, 'Replicas.', log => log.replicas],
    [
      `${partition}_laststableoffsetlag`,
      'High watermark minus last stable offset.',
      log => log.highWatermark - log.lastStableOffset
    ],
    ['kafka_log_log_size', 'Bytes.', log => log.sizeBytes],
    ['kafka_log_log_numlogsegments', 'Segments.', log => log.segments],
    ['kafka_log_log_logstartoffset', 'First offset.', log => log.logStartOffset],
    ['kafka_log_log_logendoffset', 'Next offset.', log => log.logEndOffset],
    ['odradek_log_recovery_point', 'Everything below is on the disk.', log => log.recoveryPoint]
  ]
  for (const [name, help, of] of perPartition) {
    for (const log of logs)
      families.gauge(name, help, of(log), { topic: log.topic, partition: log.partition })
  }
}

function addLogs(families: Families, threads: readonly ThreadFigures[], logs: readonly LogLook[]): void {
  const shards = threads.flatMap(({ shard }) => shard ?? [])
  const times = mergeDistributions(shards.map(({ flushTimes }) => flushTimes))
  const lag = mergeDistributions(shards.map(({ durabilityLag }) => durabilityLag))
  const running = shards.reduce((sum, { flushesRunning }) => sum + flushesRunning, 0)
  distribution(families, 'kafka_log_logflushstats_logflushrateandtimems', 'ms of a flush of a log', times)
  distribution(families, 'odradek_durability_lag_ms', 'ms from an append to the disk', lag)
  families.gauge('odradek_flushes_running', 'Flushes that the disk has not ended.', running)
  const nowMs = systemClock.monotonicMs()
  for (const { topic, partition, unsyncedSinceMs } of logs) {
    families.gauge(
      'odradek_log_unsynced_seconds',
      'Age of the oldest append that is not on the disk; 0 = all is there.',
      unsyncedSinceMs === undefined ? 0 : Math.max(0, nowMs - unsyncedSinceMs) / 1000,
      { topic, partition }
    )
  }
}

function addThreads(families: Families, threads: readonly ThreadFigures[], missing: readonly number[]): void {
  for (const { thread, loopDelay } of threads) {
    if (loopDelay === undefined) continue
    const { p50Ms, p99Ms, maxMs } = loopDelay
    for (const [quantile, ms] of [
      ['0.50', p50Ms],
      ['0.99', p99Ms],
      ['1', maxMs]
    ] as const) {
      const labels = { thread, quantile }
      families.gauge('odradek_event_loop_delay_ms', 'How late timers are.', ms, labels)
    }
  }
  families.gauge('odradek_threads_missing', 'Threads that did not answer in time.', missing.length)
  for (const { thread, mailboxes } of threads) addMailboxes(families, thread, mailboxes)
}

/** Brokers of one process share the list of a thread: queues of one name are added up. */
function addMailboxes(families: Families, thread: number, mailboxes: readonly MailboxLook[]): void {
  const byName = new Map<string, { depth: number; capacity: number }>()
  for (const { name, depth, capacity } of mailboxes) {
    const known = byName.get(name) ?? { depth: 0, capacity: 0 }
    byName.set(name, {
      depth: known.depth + depth,
      capacity: known.capacity + (capacity ?? Number.POSITIVE_INFINITY)
    })
  }
  for (const [mailbox, { depth, capacity }] of byName) {
    const labels = { thread, mailbox }
    families.gauge('odradek_mailbox_depth', 'Messages that wait.', depth, labels)
    families.gauge('odradek_mailbox_capacity', '+Inf = unbounded.', capacity, labels)
  }
}
