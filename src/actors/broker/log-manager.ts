// Kafka's LogManager without the logs: they live on their shards; here is what the main thread does about all of them:
// loading, checkpoints, failed directories, and the clean-shutdown marker at the end.
import type { BrokerConfig } from '../../config/broker-config.js'
import { errorMessage, StartupError } from '../../errors.js'
import type { CheckpointKind } from '../../storage/log-dir.machine.js'
import type { LogDirs } from '../../storage/log-dirs.js'
import type { CheckpointValues, PartitionToOpen } from '../../storage/shard-logs.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import { systemClock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { StopMode } from './broker.machine.js'
import type { BrokerThreads } from './broker-threads.js'
import { logManagerMachine } from './log-manager.machine.js'
import type { Scheduler } from './scheduler.js'
import type { BrokerNotice, ClosedLogs, PartitionFailure } from './thread-commands.js'

export interface LogManagerOptions {
  readonly dirs: LogDirs
  readonly threads: Pick<
    BrokerThreads,
    'openAll' | 'checkpointValues' | 'expireProducers' | 'closeAll' | 'abandon' | 'abandonAll'
  >
  readonly scheduler: Pick<Scheduler, 'every'>
  readonly config: Pick<BrokerConfig, 'get'>
  readonly logger: Logger
  readonly onNoDirLeft: (cause: unknown) => void
}

/** What every shard is to open. */
interface Load {
  readonly brokerId: number
  readonly partitions: readonly PartitionToOpen[]
}

/** Kafka's producer.id.expiration.check.interval.ms, an internal property. */
const producerExpiryCheckMs = 600_000

export class LogManager {
  readonly #options: LogManagerOptions
  readonly #machine: MachineDriver<typeof logManagerMachine>
  #load: Load = { brokerId: -1, partitions: [] }
  /** What the deed of the last event has begun. */
  #work: Promise<void> = Promise.resolve()
  readonly #values = new Map<CheckpointKind, readonly CheckpointValues[]>()
  #closed: readonly ClosedLogs[] = []
  #lastFailure = 'no directory'
  #waiters: Array<() => void> = []

  constructor(options: LogManagerOptions) {
    this.#options = options
    const { dirs } = options
    dirs.onFailure(logDir => this.#dirFailed(logDir))
    this.#machine = driveMachine(
      logManagerMachine,
      {
        openLogs: () => this.#begin(() => this.#openLogs()),
        scheduleTasks: () => this.#scheduleTasks(),
        collectValues: ({ kind }: { kind: CheckpointKind }) => this.#begin(() => this.#collect(kind)),
        writeCheckpoint: ({ kind }: { kind: CheckpointKind }) =>
          dirs.checkpoint(kind, this.#values.get(kind) ?? []),
        reportNoDirLeft: () =>
          options.onNoDirLeft(new Error(`shut down because all log dirs have failed, ${this.#lastFailure}`)),
        closeLogs: () => this.#begin(() => this.#closeLogs()),
        finishDirs: () => this.#finishDirs(),
        abandonLogs: () => this.#begin(() => this.#abandonLogs()),
        distrustDirs: () => dirs.distrust(),
        reportClosed: () => this.#reportClosed()
      },
      { name: 'logManager', atOnce: true }
    )
  }

  get state(): string {
    return this.#machine.state
  }

  /** Every shard opens (and recovers) its own; all have to be there before anything is served. */
  load(brokerId: number, partitions: readonly PartitionToOpen[]): Promise<void> {
    this.#load = { brokerId, partitions }
    this.#machine.send({ type: 'load' })
    return this.#work
  }

  /** Partitions may be used from now on: checkpoints are due from time to time. */
  serve(): void {
    this.#machine.send({ type: 'serve' })
  }

  /** The last one, when nothing is replicated any more. */
  checkpointHighWatermarks(): Promise<void> {
    return this.#checkpoint('highWatermarks')
  }

  /** A shard could not read or write: its directory is given up, and with the last one the broker. */
  noticed({ logDir, message }: BrokerNotice): void {
    this.#options.logger.error(`stopping serving logs in dir ${logDir}: ${message}`)
    this.#lastFailure = `the last one ${logDir}: ${message}`
    this.#options.dirs.fail(logDir)
  }

  /** Flush and close everywhere; the marker only where all went well and the broker stops of its own will. */
  close(mode: StopMode): Promise<void> {
    return new Promise(resolve => {
      this.#waiters.push(resolve)
      this.#machine.send({ type: mode === 'fatal' ? 'abandon' : 'close' })
    })
  }

  #begin(work: () => Promise<void>): void {
    this.#work = work()
    // Whoever asked for it is told; a deed that nobody waits for has sent its event.
    this.#work.catch(() => {})
  }

  async #openLogs(): Promise<void> {
    const { threads, dirs, logger } = this.#options
    const { brokerId, partitions } = this.#load
    const began = systemClock.monotonicMs()
    try {
      dirs.beginLoading()
      const failures = await threads.openAll(brokerId, dirs.live, partitions)
      dirs.loaded(failures.map(({ logDir }) => ({ partition: { logDir } })))
      for (const failure of failures) refuse(failure)
    } catch (error) {
      this.#machine.send({ type: 'loadFailed' })
      throw error
    }
    logger.info(`loaded ${partitions.length} logs in ${Math.round(systemClock.monotonicMs() - began)} ms`)
    this.#machine.send({ type: 'allLoaded' })
  }

  #scheduleTasks(): void {
    const { scheduler, config, threads } = this.#options
    const initialMs = config.get('log.initial.task.delay.ms')
    const highWatermarkMs = config.get('replica.high.watermark.checkpoint.interval.ms')
    scheduler.every('highwatermark-checkpoint', highWatermarkMs, highWatermarkMs, () =>
      this.#checkpoint('highWatermarks')
    )
    const recoveryMs = config.get('log.flush.offset.checkpoint.interval.ms')
    scheduler.every('kafka-recovery-point-checkpoint', initialMs, recoveryMs, () =>
      this.#checkpoint('recoveryPoints')
    )
    scheduler.every('PeriodicProducerExpirationCheck', producerExpiryCheckMs, producerExpiryCheckMs, () =>
      threads.expireProducers()
    )
  }

  /** Rejects when a thread is dead; does nothing unless the manager runs. */
  #checkpoint(kind: CheckpointKind): Promise<void> {
    this.#work = Promise.resolve()
    this.#machine.send({ type: 'checkpointDue', kind })
    return this.#work
  }

  async #collect(kind: CheckpointKind): Promise<void> {
    const values = await this.#options.threads.checkpointValues()
    this.#values.set(kind, values)
    this.#machine.send({ type: 'valuesCame', kind })
  }

  /** The lock of the directory is free when the promise resolves: every shard has let go of its files. */
  #dirFailed(logDir: string): Promise<unknown> {
    const { dirs, threads } = this.#options
    this.#machine.send({ type: 'dirFailed', left: dirs.live.length })
    return threads.abandon(logDir)
  }

  async #closeLogs(): Promise<void> {
    try {
      this.#closed = await this.#options.threads.closeAll()
    } catch (error) {
      this.#options.logger.warn(`logs could not be closed: ${errorMessage(error)}`)
      this.#machine.send({ type: 'closeFailed' })
      return
    }
    this.#machine.send({ type: 'logsClosed' })
  }

  #finishDirs(): void {
    const { dirs, logger } = this.#options
    const failures = this.#closed
      .flatMap(each => each.failures)
      .map(({ message, ...where }) => ({ ...where, error: message }))
    for (const failure of failures) {
      logger.warn(`${failure.topic}-${failure.partition} could not be closed: ${errorMessage(failure.error)}`)
    }
    dirs.finish(
      this.#closed.flatMap(each => each.values),
      failures
    )
  }

  /** A thread that is dead has let go of its files. */
  async #abandonLogs(): Promise<void> {
    await this.#options.threads.abandonAll().catch(() => {})
    this.#machine.send({ type: 'logsAbandoned' })
  }

  #reportClosed(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}

function refuse({ logDir, topic, partition, message }: PartitionFailure): never {
  throw new StartupError(`log.dirs: ${topic}-${partition} in ${logDir} cannot be loaded: ${message}`)
}
