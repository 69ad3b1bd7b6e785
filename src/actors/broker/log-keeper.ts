// Kafka's LogManager without the logs: they live on their shards; here is what the main thread does about all of them:
// loading, checkpoints, failed directories, and the clean-shutdown marker at the end.
import type { BrokerConfig } from '../../config/broker-config.js'
import { errorMessage, StartupError } from '../../errors.js'
import type { LogDirs } from '../../storage/log-dirs.js'
import type { CheckpointValues, PartitionToOpen } from '../../storage/shard-logs.js'
import { systemClock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { StopMode } from './broker.machine.js'
import type { BrokerThreads } from './broker-threads.js'
import type { Scheduler } from './scheduler.js'
import type { BrokerNotice, ClosedLogs, PartitionFailure } from './thread-commands.js'

export interface LogKeeperOptions {
  readonly dirs: LogDirs
  readonly threads: BrokerThreads
  readonly scheduler: Scheduler
  readonly config: BrokerConfig
  readonly logger: Logger
  readonly onNoDirLeft: (cause: unknown) => void
}

/** Kafka's producer.id.expiration.check.interval.ms, an internal property. */
const producerExpiryCheckMs = 600_000

export class LogKeeper {
  readonly #options: LogKeeperOptions

  constructor(options: LogKeeperOptions) {
    this.#options = options
  }

  /** Every shard opens (and recovers) its own; all have to be there before anything is served. */
  async load(brokerId: number, partitions: readonly PartitionToOpen[]): Promise<void> {
    const { threads, dirs, logger } = this.#options
    const began = systemClock.monotonicMs()
    const failures = await threads.openAll(brokerId, partitions)
    dirs.loaded(failures.map(({ logDir }) => ({ partition: { logDir } })))
    for (const failure of failures) this.#refuse(failure)
    logger.info(`loaded ${partitions.length} logs in ${Math.round(systemClock.monotonicMs() - began)} ms`)
  }

  #refuse({ logDir, topic, partition, message }: PartitionFailure): never {
    throw new StartupError(`log.dirs: ${topic}-${partition} in ${logDir} cannot be loaded: ${message}`)
  }

  scheduleCheckpoints(): void {
    const { scheduler, config } = this.#options
    const initialMs = config.get('log.initial.task.delay.ms')
    const highWatermarkMs = config.get('replica.high.watermark.checkpoint.interval.ms')
    scheduler.every('highwatermark-checkpoint', highWatermarkMs, highWatermarkMs, () =>
      this.checkpointHighWatermarks()
    )
    const recoveryMs = config.get('log.flush.offset.checkpoint.interval.ms')
    scheduler.every('kafka-recovery-point-checkpoint', initialMs, recoveryMs, async () =>
      this.#options.dirs.writeRecoveryPoints(await this.#values())
    )
  }

  scheduleProducerExpiry(): void {
    const { scheduler, threads } = this.#options
    scheduler.every('PeriodicProducerExpirationCheck', producerExpiryCheckMs, producerExpiryCheckMs, () =>
      threads.expireProducers()
    )
  }

  async checkpointHighWatermarks(): Promise<void> {
    this.#options.dirs.writeHighWatermarks(await this.#values())
  }

  #values(): Promise<readonly CheckpointValues[]> {
    return this.#options.threads.checkpointValues()
  }

  /** A shard could not read or write: its directory is given up, and with the last one the broker. */
  noticed({ logDir, message }: BrokerNotice): void {
    const { dirs, threads, logger, onNoDirLeft } = this.#options
    logger.error(`stopping serving logs in dir ${logDir}: ${message}`)
    const left = dirs.fail(logDir)
    threads.abandon(logDir)
    if (left.length === 0)
      onNoDirLeft(new Error(`shut down because all log dirs in ${logDir} have failed: ${message}`))
  }

  /** Flush and close everywhere; the marker only where all went well and the broker stops of its own will. */
  async close(mode: StopMode): Promise<void> {
    const { threads, dirs, logger } = this.#options
    if (mode === 'fatal') return
    const closed: readonly ClosedLogs[] = await threads.closeAll()
    const failures = closed
      .flatMap(each => each.failures)
      .map(({ message, ...where }) => ({ ...where, error: message }))
    for (const failure of failures) {
      logger.warn(`${failure.topic}-${failure.partition} could not be closed: ${errorMessage(failure.error)}`)
    }
    dirs.finish(
      closed.flatMap(each => each.values),
      failures
    )
  }
}
