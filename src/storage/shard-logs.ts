// The logs of one shard, on the thread that owns them: opened at start (several at a time in each log dir), created,
// deleted, and closed so that the main thread can write checkpoints and the clean-shutdown marker.
import path from 'node:path'
import { systemClock } from '../actors/runtime/clock.js'
import type { Cancel, Timers } from '../actors/runtime/timers.js'
import { yieldToLoop } from '../actors/runtime/timers.js'
import type { Uuid } from '../protocol/schema.js'
import { directoryName, retiredDirectoryName } from './file-names.js'
import { createLog, loadLog } from './load-log.js'
import type { LogConfig } from './log-config.js'
import { FlushFigures } from './log-history.js'
import type { StorageEnvironment } from './log-state.js'
import type { Offset } from './offset.js'
import { PartitionLog } from './partition-log.js'

export type { StorageEnvironment } from './log-state.js'

/** A partition directory that a log dir holds: LogDirs lists them, the shard that owns the partition opens it. */
export interface StoredPartition {
  readonly topic: string
  readonly partition: number
  /** undefined: no partition.metadata. */
  readonly topicId: Uuid | undefined
  readonly logDir: string
  /** Path of the partition's directory. */
  readonly directory: string
  /** Last entry of leader-epoch-checkpoint. */
  readonly leaderEpoch: number | undefined
  readonly recoveryPoint: number
  readonly logStartOffset: number
  readonly highWatermark: number
  /** The log dir had its clean-shutdown marker. */
  readonly clean: boolean
}

export interface PartitionToOpen extends StoredPartition {
  /** What metadata says; written into a directory that has none. */
  readonly topicId: Uuid
  readonly config: LogConfig
}

export interface PartitionToCreate {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  readonly logDir: string
  readonly config: LogConfig
}

/** Plain data: what the main thread writes into one log dir's checkpoints (LogDirs.writeCheckpoints). */
export interface CheckpointValues {
  readonly logDir: string
  readonly topic: string
  readonly partition: number
  readonly recoveryPoint: Offset
  /** undefined: the first segment says it. */
  readonly logStartOffset: Offset | undefined
  readonly highWatermark: Offset
}

export interface LoadFailure {
  readonly partition: StoredPartition
  readonly error: unknown
}

export interface CloseFailure {
  readonly logDir: string
  readonly topic: string
  readonly partition: number
  readonly error: unknown
}

export interface ShardLogsOptions extends StorageEnvironment {
  /** num.recovery.threads.per.data.dir: how many logs of one dir are opened or closed at a time. */
  readonly recoveryThreadsPerDir: number
  /** log.flush.scheduler.interval.ms: how often logs are looked at for flush.ms. 2^53 or more: never. */
  readonly flushSchedulerIntervalMs: number
}

/** Disks take several syncs together; one after the other, a thousand logs would hold the stop up for seconds. */
const closingAtATime = 16

/**
 *     const logs = new ShardLogs({ files: systemFiles, clock, timers, logger, producerIdExpirationMs: 86_400_000,
 *       onFailure: (logDir, error) => tellMain({ logDir, error }), recoveryThreadsPerDir: 1,
 *       flushSchedulerIntervalMs: 2 ** 53 })
 *     const failures = await logs.load(ownPartitions)
 *     const log = logs.create({ topic: 'a', topicId, partition: 0, logDir, config })
 *     const { values, failures } = await logs.close()   // then LogDirs.finish(values, failures) on main
 */
export class ShardLogs {
  /** Of all logs of this shard. */
  readonly flushFigures: FlushFigures
  readonly #options: ShardLogsOptions & { producerIdExpirationMs: number }
  readonly #logs = new Map<string, PartitionLog>()
  /** Directories whose logs are not to be opened any more. */
  readonly #abandoned = new Set<string>()
  /** Of files and directories that are removed later: not by us, once the logs are closed and the lock is somebody else's. */
  readonly #removals = new Set<Cancel>()
  readonly #cancelFlusher: Cancel

  constructor(options: ShardLogsOptions) {
    const after: Timers['after'] = (ms, run) => {
      const cancel = options.timers.after(ms, () => {
        this.#removals.delete(cancel)
        run()
      })
      this.#removals.add(cancel)
      return cancel
    }
    this.flushFigures = new FlushFigures(options.clock.monotonicMs())
    const { flushFigures } = this
    this.#options = { ...options, flushFigures, timers: { every: options.timers.every, after } }
    const { flushSchedulerIntervalMs: everyMs, timers } = options
    this.#cancelFlusher =
      everyMs >= Number.MAX_SAFE_INTEGER ? () => {} : timers.every(everyMs, () => this.flushDue())
  }

  /** Opens (and after an unclean stop recovers) all of them; never rejects: one that failed is in the list. */
  async load(partitions: readonly PartitionToOpen[]): Promise<LoadFailure[]> {
    const failures: LoadFailure[] = []
    await this.#perDir(partitions, async partition => {
      try {
        const log = new PartitionLog(await loadLog(this.#options, partition))
        if (this.#abandoned.has(partition.logDir)) log.abandon()
        else this.#logs.set(directoryName(partition.topic, partition.partition), log)
      } catch (error) {
        failures.push({ partition, error })
      }
    })
    return failures
  }

  /** So many at a time in each dir; the loop gets its turn between two. */
  async #perDir<T extends { readonly logDir: string }>(
    items: readonly T[],
    run: (item: T) => Promise<void>,
    atATime = Math.max(1, this.#options.recoveryThreadsPerDir)
  ): Promise<void> {
    const queues = new Map<string, T[]>()
    for (const item of items) {
      const queue = queues.get(item.logDir)
      if (queue === undefined) queues.set(item.logDir, [item])
      else queue.push(item)
    }
    const worker = async (queue: T[]): Promise<void> => {
      let sliceEnd = systemClock.monotonicMs() + 5
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        await run(item)
        if (systemClock.monotonicMs() < sliceEnd) continue
        await yieldToLoop()
        sliceEnd = systemClock.monotonicMs() + 5
      }
    }
    const workers = [...queues.values()].flatMap(queue =>
      Array.from({ length: atATime }, () => worker(queue))
    )
    await Promise.all(workers)
  }

  /** The open log of that name, else a new directory. Throws the system's error when the disk fails. */
  create(partition: PartitionToCreate): PartitionLog {
    const name = directoryName(partition.topic, partition.partition)
    const known = this.#logs.get(name)
    if (known?.topicId === partition.topicId) return known
    if (known !== undefined) throw new Error(`${known.directory} is still there from a deleted topic`)
    const state = createLog(this.#options, {
      ...partition,
      directory: path.join(partition.logDir, name),
      recoveryPoint: 0,
      logStartOffset: 0,
      highWatermark: 0,
      clean: true
    })
    const log = new PartitionLog(state)
    this.#logs.set(name, log)
    return log
  }

  find(topic: string, partition: number): PartitionLog | undefined {
    return this.#logs.get(directoryName(topic, partition))
  }

  all(): IterableIterator<PartitionLog> {
    return this.#logs.values()
  }

  /**
   * Renames the directory to `…-delete` and removes it after file.delete.delay.ms. False: there is no such log, or it has
   * another id. Throws the system's error when the rename fails: the log keeps its name, which nobody else may have.
   */
  delete(topic: string, topicId: Uuid, partition: number): boolean {
    const log = this.find(topic, partition)
    if (log === undefined || log.topicId !== topicId) return false
    const directory = log.markDeleted(retiredDirectoryName(topic, partition, 'delete'))
    this.#logs.delete(directoryName(topic, partition))
    this.#removeLater(directory, log.config.fileDeleteDelayMs)
    return true
  }

  #removeLater(directory: string, afterMs: number): void {
    const { files, timers, logger } = this.#options
    timers.after(afterMs, () => {
      try {
        files.removeTree(directory)
      } catch (error) {
        logger.warn(`${directory} could not be removed; the next start tries again`, error)
      }
    })
  }

  /** For the checkpoints. A log that failed is in them as it is: left out, its start would be forgotten. */
  checkpointValues(): CheckpointValues[] {
    return [...this.#logs.values()].map(valuesOf)
  }

  /** Logs that were not flushed for flush.ms. */
  flushDue(): void {
    const nowMs = this.#options.clock.nowMs()
    for (const log of this.#logs.values()) {
      if (!log.isOpen || nowMs - log.lastFlushMs < log.config.flushMs) continue
      // A failure has been reported by the log itself.
      log.flush('interval').catch(() => {})
    }
  }

  /** producer.id.expiration.ms of all logs, those that are open included. */
  expireProducersAfter(ms: number): void {
    this.#options.producerIdExpirationMs = ms
  }

  expireProducers(): void {
    for (const log of this.#logs.values()) if (log.isOpen) log.expireProducers()
  }

  /** Flush, snapshot, trimmed indexes of every log. A dir with a failure must not get its marker. */
  async close(): Promise<{ readonly values: CheckpointValues[]; readonly failures: CloseFailure[] }> {
    this.stop()
    const failures: CloseFailure[] = []
    const values: CheckpointValues[] = []
    await this.#perDir(
      [...this.#logs.values()],
      async log => {
        const { logDir, topic, partition } = log
        try {
          await log.close()
          values.push(valuesOf(log))
        } catch (error) {
          failures.push({ logDir, topic, partition, error })
        }
      },
      closingAtATime
    )
    this.#logs.clear()
    return { values, failures }
  }

  /** Nothing happens by itself any more. */
  stop(): void {
    this.#cancelFlusher()
    for (const cancel of this.#removals) cancel()
    this.#removals.clear()
  }

  /** Drops the logs of a directory that failed, without writing; returns them. */
  abandon(logDir: string): PartitionLog[] {
    this.#abandoned.add(logDir)
    const gone = [...this.#logs.values()].filter(log => log.logDir === logDir)
    for (const log of gone) {
      log.abandon()
      this.#logs.delete(directoryName(log.topic, log.partition))
    }
    return gone
  }
}

function valuesOf(log: PartitionLog): CheckpointValues {
  const { logDir, topic, partition, recoveryPoint, highWatermark, logStartOffset, firstSegmentOffset } = log
  const moved = logStartOffset > firstSegmentOffset ? logStartOffset : undefined
  return { logDir, topic, partition, recoveryPoint, logStartOffset: moved, highWatermark }
}
