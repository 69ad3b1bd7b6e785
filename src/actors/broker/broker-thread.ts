// One thread's part of the broker: its shard of logs, its metadata image, its handler loops. The main thread of an inline
// broker has one, every worker of the others has one; the main thread tells them what to do by message.
import type { BrokerConfig } from '../../config/broker-config.js'
import { logConfigOf } from '../../config/topic-config.js'
import { errorMessage, required } from '../../errors.js'
import type { Files } from '../../storage/files.js'
import { ShardLogs } from '../../storage/shard-logs.js'
import { remoteController } from '../controller/controller-client.js'
import { createGroupThread, type GroupThread } from '../groups/group-thread.js'
import { createDispatcher } from '../handlers/dispatch.js'
import { type HandlerLoop, startHandler } from '../handlers/handler.js'
import { lookAtProcessors, processorLooks, softwareCounts } from '../network/network-look.js'
import type { NetworkThread } from '../network/network-thread.js'
import type { RequestChannel } from '../network/request-channel.js'
import { createShardThread, type ShardThread } from '../replicas/shard-thread.js'
import { counted, TopicFigures } from '../replicas/topic-figures.js'
import { systemClock } from '../runtime/clock.js'
import { type Logger, type LogSink, loggerFor } from '../runtime/log.js'
import type { LoopDelayMeter } from '../runtime/loop-delay.js'
import { asking } from '../runtime/mesh.js'
import type { PlacementTable } from '../runtime/placement.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import { tap } from '../runtime/tap.js'
import { backgroundTimers } from '../runtime/timers.js'
import { TimingWheel } from '../runtime/timing-wheel.js'
import { threadSettings } from './live-settings.js'
import { handlerLook, historyAnswers, shardFigures, shardLook } from './shard-look.js'
import {
  type BrokerNotice,
  brokerActor,
  type ClosedLogs,
  type PartitionFailure,
  type ThreadCommand,
  type ThreadGauges,
  threadActor
} from './thread-commands.js'
import { lookAtMailboxes, lookAtThread, type ThreadFigures, type ThreadLook } from './thread-look.js'
import { TopicLogConfigs } from './topic-log-configs.js'
import type { TraceWish } from './trace-wish.js'

export interface BrokerThreadOptions {
  readonly runtime: Runtime
  readonly placement: PlacementTable
  readonly config: BrokerConfig
  readonly channel: RequestChannel
  readonly sink: LogSink
  readonly files: Files
  /** The Processors of this thread, where the placement runs some and they are not the main thread's. */
  readonly network?: NetworkThread | undefined
  /** On a worker. */
  readonly trace?: TraceWish | undefined
  /** Where event loops are watched. */
  readonly loopDelay?: LoopDelayMeter | undefined
}

interface Opened {
  readonly shard: ShardThread
  readonly groups: GroupThread
  readonly dispatch: ReturnType<typeof createDispatcher>
}

export class BrokerThread {
  readonly #options: BrokerThreadOptions
  readonly #logger: Logger
  readonly #timer = new TimingWheel()
  readonly #loops = new Map<number, HandlerLoop>()
  /** What loops that are gone had counted. */
  readonly #ended = { idleMs: 0, handled: 0 }
  readonly #topics = new TopicFigures()
  readonly #failedDirs = new Set<string>()
  #logDirs: readonly string[] = []
  /** There before the rest: what was opened by a start that fails has to be closed as well. */
  #logs: ShardLogs | undefined
  #opened: Opened | undefined

  constructor(options: BrokerThreadOptions) {
    this.#options = options
    this.#logger = loggerFor('odradek.broker', options.sink)
    asking(options.runtime.mesh).answer(threadActor, command => this.#perform(command as ThreadCommand))
  }

  /** Runs one handler loop until it is shut down or dismissed. */
  runLoop(id: number): Promise<void> {
    const { dispatch } = this.#thread()
    const loop = startHandler({
      id,
      source: this.#options.channel,
      dispatch,
      clock: systemClock,
      logger: this.#logger
    })
    this.#loops.set(id, loop)
    return loop.ended.finally(() => {
      this.#loops.delete(id)
      this.#ended.idleMs += loop.idleMs
      this.#ended.handled += loop.handled
    })
  }

  #thread(): Opened {
    return required(this.#opened, 'a thread opens its logs before anything uses them')
  }

  #perform(command: ThreadCommand): unknown {
    switch (command.op) {
      case 'open':
        return this.#open(command)
      case 'checkpoints':
        return this.#logs?.checkpointValues() ?? []
      case 'expireProducers':
        return this.#logs?.expireProducers()
      case 'startGroups':
        return this.#opened?.groups.coordinator.start()
      case 'stopGroups':
        return this.#opened?.groups.coordinator.stop()
      case 'expireOffsets':
        return this.#opened?.groups.coordinator.expireOffsets()
      case 'closeLogs':
        return this.#closeLogs()
      case 'abandon':
        return this.#abandon(command.logDir)
      case 'abandonAll':
        return this.#abandonAll()
      case 'dismiss':
        for (const id of command.ids) this.#loops.get(id)?.dismiss()
        return undefined
      case 'gauges':
        return this.#gauges()
      case 'look':
        return this.#look()
      case 'figures':
        return this.#figures()
      case 'history':
        return this.#logs === undefined
          ? command.questions.map(() => null)
          : historyAnswers(this.#logs, command.questions)
      case 'groups':
        return this.#opened?.groups.coordinator.groupLooks() ?? []
      case 'group':
        return this.#opened?.groups.coordinator.groupDetails(command.groupId)
      case 'trace':
        return tap.trace(this.#options.runtime.thread, command.after, command.most)
    }
  }

  async #open({
    brokerId,
    logDirs,
    partitions,
    brokerConfigs
  }: Extract<ThreadCommand, { op: 'open' }>): Promise<readonly PartitionFailure[]> {
    const { config } = this.#options
    config.adopt(brokerConfigs)
    this.#logDirs = logDirs
    const logs = new ShardLogs({
      files: this.#options.files,
      clock: systemClock,
      timers: backgroundTimers,
      logger: loggerFor('odradek.log', this.#options.sink),
      producerIdExpirationMs: config.get('producer.id.expiration.ms'),
      recoveryThreadsPerDir: config.get('num.recovery.threads.per.data.dir'),
      flushSchedulerIntervalMs: config.get('log.flush.scheduler.interval.ms'),
      onFailure: (logDir, error) => this.#logDirFailed(logDir, error)
    })
    this.#logs = logs
    this.#applySettings()
    const failures = await logs.load(partitions)
    const shard = this.#createShard(brokerId, logs)
    const groups = this.#createGroups(brokerId, shard)
    this.#opened = { shard, groups, dispatch: this.#createDispatcher(brokerId, shard, groups) }
    const topics = new TopicLogConfigs(config, logs)
    shard.metadata.onApplied((image, delta) => {
      if (delta.brokerConfigs !== undefined) {
        config.adopt(delta.brokerConfigs)
        this.#applySettings()
      }
      topics.applied(image, delta)
    })
    for (const log of logs.all()) if (log.topicId !== undefined) shard.host(log, log.topicId)
    return failures.map(({ partition: { logDir, topic, partition }, error }) => ({
      logDir,
      topic,
      partition,
      message: errorMessage(error)
    }))
  }

  #applySettings(): void {
    const { config, network, trace } = this.#options
    const parts = { network, trace, logs: this.#logs, shard: this.#opened?.shard.shard }
    for (const setting of threadSettings) void setting.apply(parts, config)
  }

  #createShard(brokerId: number, logs: ShardLogs): ShardThread {
    const { runtime, placement, config, sink } = this.#options
    return createShardThread({
      mesh: runtime.mesh,
      placement,
      brokerId,
      config,
      clock: systemClock,
      logger: loggerFor('odradek.replicas', sink),
      timer: this.#timer,
      viewOf: ref => runtime.arena.view(ref),
      onLogFailed: (log, error) => {
        this.#logger.error(`${log.topic}-${log.partition} failed`, error)
        this.#opened?.groups.coordinator.logFailed(log)
      },
      keeper: {
        create: (topic, topicId, partition, configs) =>
          logs.create({
            topic,
            topicId,
            partition,
            logDir: this.#emptiestDir(logs),
            config: logConfigOf(config, configs)
          }),
        delete: (topic, topicId, partition) => logs.delete(topic, topicId, partition)
      }
    })
  }

  #createGroups(brokerId: number, shard: ShardThread): GroupThread {
    const { runtime, placement, config, sink } = this.#options
    return createGroupThread({
      mesh: runtime.mesh,
      placement,
      brokerId,
      config,
      shard,
      clock: systemClock,
      logger: loggerFor('odradek.groups', sink),
      after: (delayMs, run) => this.#timer.add(delayMs, run)
    })
  }

  #createDispatcher(
    brokerId: number,
    { metadata, replicas, fetchSessions }: ShardThread,
    { access }: GroupThread
  ): Opened['dispatch'] {
    const { runtime, config, channel, sink, files } = this.#options
    return createDispatcher({
      needs: {
        config,
        brokerId,
        metadata: () => metadata.image,
        controller: remoteController(asking(runtime.mesh)),
        replicas: counted(replicas, this.#topics),
        fetchSessions,
        groups: access,
        logDirs: {
          all: () => this.#logDirs.map(path => ({ path, isOffline: this.#failedDirs.has(path) })),
          space: path => files.space(path)
        }
      },
      channel,
      logger: loggerFor('odradek.apis', sink),
      clock: systemClock
    })
  }

  /** The live log dir with the fewest partitions of this shard. */
  #emptiestDir(logs: ShardLogs): string {
    const counts = new Map<string, number>()
    for (const dir of this.#logDirs) if (!this.#failedDirs.has(dir)) counts.set(dir, 0)
    for (const log of logs.all()) {
      const count = counts.get(log.logDir)
      if (count !== undefined) counts.set(log.logDir, count + 1)
    }
    const [best] = [...counts].sort((a, b) => a[1] - b[1])
    return required(best, 'a broker without a live log dir has stopped')[0]
  }

  #logDirFailed(logDir: string, error: unknown): void {
    if (this.#failedDirs.has(logDir)) return
    this.#failedDirs.add(logDir)
    const notice: BrokerNotice = { kind: 'logDirFailed', logDir, message: errorMessage(error) }
    this.#options.runtime.mesh.send(0, brokerActor, notice)
  }

  #abandon(logDir: string): void {
    this.#failedDirs.add(logDir)
    for (const { topicId, partition } of this.#logs?.abandon(logDir) ?? []) {
      const hosted = this.#opened?.shard.shard.find(topicId, partition)
      hosted?.send({ type: 'logFailed' })
      if (hosted !== undefined) this.#opened?.groups.coordinator.logFailed(hosted.log)
    }
  }

  #abandonAll(): void {
    this.#opened?.shard.close()
    this.#logs?.stop()
    for (const logDir of this.#logDirs) this.#abandon(logDir)
  }

  async #closeLogs(): Promise<ClosedLogs> {
    this.#opened?.shard.close()
    const { values, failures } = (await this.#logs?.close()) ?? { values: [], failures: [] }
    return {
      values,
      failures: failures.map(({ error, ...where }) => ({ ...where, message: errorMessage(error) }))
    }
  }

  #look(): ThreadLook {
    const { runtime, channel, network, loopDelay } = this.#options
    const [logs, opened] = [this.#logs, this.#opened]
    return {
      ...lookAtThread(runtime.thread, loopDelay?.read(systemClock.monotonicMs())),
      ...(network === undefined ? { processors: [], connections: [] } : lookAtProcessors(network)),
      ...(network === undefined ? {} : { requests: network.figures.kept() }),
      queueState: channel.state,
      handlers: [...this.#loops.values()].map(handlerLook),
      ...(logs === undefined || opened === undefined
        ? {}
        : {
            shard: shardLook({ logs, shard: opened.shard }),
            groups: opened.groups.coordinator.look()
          })
    }
  }

  #figures(): ThreadFigures {
    const { runtime, network, loopDelay } = this.#options
    const [logs, opened, delay] = [this.#logs, this.#opened, loopDelay?.read(systemClock.monotonicMs())]
    return {
      thread: runtime.thread,
      atMs: systemClock.monotonicMs(),
      ...(delay === undefined ? {} : { loopDelay: delay }),
      mailboxes: lookAtMailboxes(),
      apis: network?.figures.read() ?? [],
      processors: network === undefined ? [] : processorLooks(network),
      software: network === undefined ? [] : softwareCounts(network),
      handlers: this.#gauges(),
      ...(logs === undefined || opened === undefined
        ? {}
        : {
            shard: shardFigures({ logs, shard: opened.shard, topics: this.#topics }),
            groups: opened.groups.coordinator.figures()
          })
    }
  }

  #gauges(): ThreadGauges {
    const loops = [...this.#loops.values()]
    const sum = (of: (loop: HandlerLoop) => number): number =>
      loops.reduce((total, loop) => total + of(loop), 0)
    return {
      loops: loops.length,
      idleMs: this.#ended.idleMs + sum(loop => loop.idleMs),
      handled: this.#ended.handled + sum(loop => loop.handled),
      atMs: systemClock.monotonicMs()
    }
  }
}
