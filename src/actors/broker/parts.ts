// What each boot step starts and what stopping it does. One field a component, undefined until its step has run: stopping
// what never started is nothing to do. Order and failure edges are the machine's business.
import type { Piscina } from 'piscina'
import type { BrokerConfig } from '../../config/broker-config.js'
import { faultAcross } from '../../config/checks.js'
import { type DynamicConfigs, noDynamicConfigs } from '../../config/dynamic-layer.js'
import { logConfigOf, validateTopicConfigs } from '../../config/topic-config.js'
import { type EmbeddedTree, openEmbeddedTree } from '../../coordination/embedded-tree.js'
import { journalFile } from '../../coordination/journal-file.js'
import { required } from '../../errors.js'
import { newUuid } from '../../protocol/new-uuid.js'
import { LogDirs } from '../../storage/log-dirs.js'
import { writePartitionMetadata } from '../../storage/partition-metadata.js'
import type { StoredPartition } from '../../storage/shard-logs.js'
import { readBrokerConfigs } from '../controller/config-nodes.js'
import { Controller } from '../controller/controller.js'
import { serveController } from '../controller/controller-client.js'
import { establishIdentity, type Identity } from '../controller/identity.js'
import type { BrokerEndpoint } from '../controller/metadata-image.js'
import { planPartitions, readTopics } from '../controller/topics-in-tree.js'
import { HandlerPool } from '../handlers/pool.js'
import { type BoundListener, createNetwork, type Network } from '../network/network-server.js'
import { publishMetadata } from '../replicas/metadata-cache.js'
import { shardedPartitionStore } from '../replicas/partition-store.js'
import { systemClock } from '../runtime/clock.js'
import { type Logger, type LogSink, loggerFor } from '../runtime/log.js'
import { asking } from '../runtime/mesh.js'
import { randomBelow } from '../runtime/randomness.js'
import { backgroundTimers, systemTimers } from '../runtime/timers.js'
import type { BootStepName } from './boot-order.js'
import type { StopMode } from './broker.machine.js'
import { BrokerThreads } from './broker-threads.js'
import type { Disk } from './disk.js'
import { mainSettings } from './live-settings.js'
import { LogManager } from './log-manager.js'
import { controllerSettingsOf, endpointsOf, internalTopicsOf, networkOptionsOf } from './network-settings.js'
import { Scheduler } from './scheduler.js'
import { type BrokerNotice, brokerActor } from './thread-commands.js'
import type { TraceWish } from './trace-wish.js'

export interface PartsOptions {
  readonly config: BrokerConfig
  readonly sink: LogSink
  readonly onFatal: (cause: unknown) => void
  readonly pool: Piscina | undefined
  readonly disk: Disk
  readonly trace: TraceWish
  readonly observer?: Observer | undefined
}

/** Who looks at the broker from outside the actors, for as long as it lives. */
export interface Observer {
  start(): Promise<void>
  stop(): Promise<void>
}

interface Step {
  start(): Promise<void> | void
  stop(mode: StopMode): Promise<void> | void
}

export class BrokerParts {
  readonly #options: PartsOptions
  readonly #logger: Logger
  readonly #steps: Readonly<Record<BootStepName, Step>>
  #logDirs: LogDirs | undefined
  #tree: EmbeddedTree | undefined
  #identity: Identity | undefined
  #found: StoredPartition[] = []
  #scheduler: Scheduler | undefined
  #threads: BrokerThreads | undefined
  #logs: LogManager | undefined
  #network: Network | undefined
  #controller: Controller | undefined
  #handlers: HandlerPool | undefined

  constructor(options: PartsOptions) {
    this.#options = options
    this.#logger = loggerFor('odradek.broker', options.sink)
    this.#steps = {
      inspector: { start: () => options.observer?.start(), stop: () => options.observer?.stop() },
      threads: { start: () => this.#startThreads(), stop: () => this.#threads?.stop() },
      logDirs: { start: () => this.#openLogDirs(), stop: () => this.#logDirs?.release() },
      metadataTree: { start: () => this.#openTree(), stop: () => this.#tree?.close() },
      identity: { start: () => this.#identify(), stop: () => {} },
      scheduler: { start: () => this.#startScheduler(), stop: () => this.#scheduler?.stop() },
      logs: { start: () => this.#loadLogs(), stop: mode => this.#logs?.close(mode) },
      network: { start: () => this.#createNetwork(), stop: () => this.#network?.close() },
      replicas: { start: () => this.#watchReplicas(), stop: () => this.#logs?.checkpointHighWatermarks() },
      controller: { start: () => this.#startController(), stop: () => this.#controller?.stop() },
      groupCoordinator: { start: () => this.#startGroups(), stop: () => this.#threads?.stopGroups() },
      handlers: { start: () => this.#startHandlers(), stop: () => this.#handlers?.stop() },
      requestProcessing: { start: () => this.#accept(), stop: () => this.#network?.stopProcessing() }
    }
  }

  async start(step: BootStepName): Promise<void> {
    await this.#steps[step].start()
  }

  async stop(step: BootStepName, mode: StopMode): Promise<void> {
    await this.#steps[step].stop(mode)
  }

  get listeners(): readonly BoundListener[] {
    return this.#network?.bound ?? []
  }

  get endpoints(): readonly BrokerEndpoint[] {
    return endpointsOf(this.#options.config, this.listeners)
  }

  get clusterId(): string | undefined {
    return this.#identity?.clusterId
  }

  get threads(): BrokerThreads | undefined {
    return this.#threads
  }

  get network(): Network | undefined {
    return this.#network
  }

  /** Canonical paths; empty before they are open. */
  get logDirs(): { readonly live: readonly string[]; readonly offline: readonly string[] } {
    return { live: this.#logDirs?.live ?? [], offline: this.#logDirs?.offline ?? [] }
  }

  get handlers(): HandlerPool | undefined {
    return this.#handlers
  }

  async #startThreads(): Promise<void> {
    const { config, sink, onFatal, pool, disk } = this.#options
    this.#threads = await BrokerThreads.create({ config, sink, onDeath: onFatal, pool, files: disk.files })
  }

  #openLogDirs(): void {
    const { config, sink, disk } = this.#options
    this.#logDirs = LogDirs.open({
      ...disk,
      paths: config.logDirs,
      timers: backgroundTimers,
      logger: loggerFor('odradek.log', sink),
      nowMs: systemClock.nowMs,
      deleteDelayMs: config.get('log.segment.delete.delay.ms')
    })
  }

  async #openTree(): Promise<void> {
    const [first] = this.#dirs().live
    const store = journalFile(required(first, 'opened log dirs are live'), this.#options.disk.files)
    this.#tree = await openEmbeddedTree({
      store,
      warn: message => this.#logger.warn(message),
      // A broker that cannot change metadata any more is of no use, and its next start may be.
      onFailure: cause => this.#options.onFatal(cause)
    })
  }

  #dirs(): LogDirs {
    return required(this.#logDirs, 'log dirs are open')
  }

  async #identify(): Promise<void> {
    const { config } = this.#options
    const dirs = this.#dirs()
    this.#found = dirs.listPartitions()
    const identity = await establishIdentity({
      tree: required(this.#tree, 'the tree is open'),
      configuredBrokerId: config.brokerId,
      reservedBrokerMaxId: config.get('reserved.broker.max.id'),
      stored: dirs.storedIdentity(),
      found: this.#found,
      newUuid,
      nowMs: systemClock.nowMs(),
      internalTopicConfigs: Object.fromEntries(
        Object.entries(internalTopicsOf(config)).map(([name, { configs }]) => [name, configs])
      )
    })
    this.#identity = identity
    for (const line of identity.adoption.report) this.#logger.info(line)
    for (const line of identity.adoption.warnings) this.#logger.warn(line)
    dirs.writeIdentity(identity)
    for (const { directory, topicId } of identity.adoption.topicIdsToWrite) {
      writePartitionMetadata(this.#options.disk.files, directory, topicId)
    }
    await this.#adoptStored(identity.brokerId)
    this.#logger.info(`cluster id = ${identity.clusterId}, broker id = ${identity.brokerId}`)
  }

  /** What brokers were told while they ran holds again. What cannot hold costs a line, not the start, as in Kafka. */
  async #adoptStored(brokerId: number): Promise<void> {
    const { config } = this.#options
    const stored = await readBrokerConfigs(required(this.#tree, 'the tree is open'), brokerId)
    for (const reason of config.adopt(stored)) this.#logger.error(`ignored: ${reason}`)
    const fault = faultAcross(config)
    if (fault !== undefined) {
      this.#logger.error(`dynamic configs could not be applied: ${fault.key}: ${fault.reason}`)
      config.adopt(noDynamicConfigs)
    }
    await this.#applySettings()
  }

  async #reconfigured(configs: DynamicConfigs): Promise<void> {
    this.#options.config.adopt(configs)
    await this.#applySettings()
  }

  async #applySettings(): Promise<void> {
    const { config, trace } = this.#options
    const parts = { network: this.#network, handlers: this.#handlers, trace }
    for (const { names, apply } of mainSettings) {
      try {
        await apply(parts, config)
      } catch (error) {
        this.#logger.error(`${names.join(', ')} could not be applied`, error)
      }
    }
  }

  #startScheduler(): void {
    this.#scheduler = new Scheduler(backgroundTimers, loggerFor('odradek.scheduler', this.#options.sink))
    this.#scheduler.start()
  }

  async #loadLogs(): Promise<void> {
    const { config, sink, onFatal } = this.#options
    const { brokerId } = required(this.#identity, 'identity is known')
    const threads = required(this.#threads, 'threads run')
    const plan = planPartitions(
      await readTopics(required(this.#tree, 'the tree is open')),
      this.#found,
      brokerId
    )
    const stored = new Map(this.#found.map(each => [each.directory, each]))
    const of = (directory: string): StoredPartition =>
      required(stored.get(directory), 'planned partitions were found')
    for (const { found, reason } of plan.stray)
      this.#logger.warn(`${found.directory} is kept as stray: ${reason}`)
    this.#dirs().markStray(plan.stray.map(({ found }) => of(found.directory)))
    this.#logs = new LogManager({
      dirs: this.#dirs(),
      threads,
      scheduler: required(this.#scheduler, 'the scheduler runs'),
      config,
      logger: loggerFor('odradek.log', sink),
      onNoDirLeft: onFatal
    })
    threads.main.mesh.register(brokerActor, message => this.#logs?.noticed(message as BrokerNotice))
    await this.#logs.load(
      brokerId,
      plan.load.map(({ found, topicId, configs }) => ({
        ...of(found.directory),
        topicId,
        config: logConfigOf(config, configs)
      }))
    )
  }

  async #createNetwork(): Promise<void> {
    const { config, sink } = this.#options
    const threads = required(this.#threads, 'threads run')
    this.#network = createNetwork({
      runtime: threads.main,
      channel: threads.channel,
      placement: threads.placement,
      network: networkOptionsOf(config),
      logger: loggerFor('odradek.network', sink),
      slowRequestMs: config.get('odradek.slow.request.ms')
    })
    await this.#network.bind()
  }

  #watchReplicas(): void {
    required(this.#logs, 'logs are loaded').serve()
  }

  async #startController(): Promise<void> {
    const { config, sink } = this.#options
    const { clusterId, brokerId } = required(this.#identity, 'identity is known')
    const threads = required(this.#threads, 'threads run')
    const { mesh } = threads.main
    this.#controller = await Controller.start({
      tree: required(this.#tree, 'the tree is open'),
      clusterId,
      brokerId,
      rack: config.get('broker.rack') ?? null,
      endpoints: this.endpoints,
      settings: () => controllerSettingsOf(config),
      validateTopicConfigs: configs => validateTopicConfigs(configs),
      config,
      reconfigured: configs => this.#reconfigured(configs),
      partitions: shardedPartitionStore(mesh, threads.placement),
      publish: publishMetadata(mesh),
      after: systemTimers.after,
      nowMs: systemClock.nowMs,
      newUuid,
      randomBelow,
      log: loggerFor('odradek.controller', sink)
    })
    serveController(asking(mesh), this.#controller)
  }

  async #startGroups(): Promise<void> {
    const threads = required(this.#threads, 'threads run')
    await threads.startGroups()
    const periodMs = this.#options.config.get('offsets.retention.check.interval.ms')
    required(this.#scheduler, 'the scheduler runs').every(
      'delete-expired-group-metadata',
      periodMs,
      periodMs,
      () => threads.expireOffsets()
    )
  }

  #startHandlers(): void {
    const { config, onFatal } = this.#options
    const threads = required(this.#threads, 'threads run')
    this.#handlers = new HandlerPool({
      loops: config.get('num.io.threads'),
      runner: threads,
      sendShutdown: () => threads.channel.sendShutdown(),
      onDeath: onFatal
    })
    this.#handlers.start()
  }

  async #accept(): Promise<void> {
    const network = required(this.#network, 'the network is there')
    for (const { name, host, port } of await network.startProcessing()) {
      this.#logger.info(`listening on ${name}://${host === '' ? '0.0.0.0' : host}:${port}`)
    }
  }
}
