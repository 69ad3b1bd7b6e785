// The log directories of a broker, on the main thread: locks, identity, clean-shutdown markers, checkpoints, and what
// partitions they hold. The logs themselves belong to the shards (shard-logs.ts).
import path from 'node:path'
import type { Logger } from '../actors/runtime/log.js'
import type { Cancel, Timers } from '../actors/runtime/timers.js'
import { StartupError } from '../errors.js'
import type { Uuid } from '../protocol/schema.js'
import { MalformedFile } from './checkpoint.js'
import { systemLock, type TakeLock } from './file-lock.js'
import { isForeignDirectory, parseDirectoryName, retiredDirectoryName } from './file-names.js'
import type { Files } from './files.js'
import { LeaderEpochs } from './leader-epochs.js'
import { LogDir } from './log-dir.js'
import type { CheckpointKind } from './log-dir.machine.js'
import { type MetaProperties, readMetaProperties, writeMetaProperties } from './meta-properties.js'
import { partitionMetadataName, readPartitionMetadata } from './partition-metadata.js'
import type { CheckpointValues, CloseFailure, StoredPartition } from './shard-logs.js'

export interface LogDirsOptions {
  /** log.dirs, absolute. */
  readonly paths: readonly string[]
  readonly files: Files
  readonly timers: Timers
  readonly logger: Logger
  readonly nowMs: () => number
  /** log.segment.delete.delay.ms: when directories of deleted partitions found at start are removed. */
  readonly deleteDelayMs: number
  readonly takeLock?: TakeLock
}

/**
 *     const dirs = LogDirs.open({ paths: config.logDirs, files: systemFiles, timers, logger, nowMs, deleteDelayMs })
 *     const stored = dirs.storedIdentity()
 *     dirs.writeIdentity({ clusterId, brokerId })
 *     const partitions = dirs.listPartitions()
 *     dirs.markStray(unknownOnes)
 *     dirs.onFailure(logDir => shardsAbandon(logDir))
 *     dirs.beginLoading()                                 // clean-shutdown markers are gone from here on
 *     … shards load them …; dirs.loaded(failures)
 *     timers: dirs.checkpoint('highWatermarks', values), dirs.checkpoint('recoveryPoints', values)
 *     … shards close …; dirs.finish(values, failures); dirs.release()
 */
export class LogDirs {
  readonly #options: LogDirsOptions
  readonly #dirs: LogDir[] = []
  readonly #removals = new Set<Cancel>()
  #abandonLogs: (logDir: string) => Promise<unknown> = async () => {}

  private constructor(options: LogDirsOptions) {
    this.#options = options
  }

  /** Creates and locks every directory. Throws StartupError naming the path; locks taken so far are given back. */
  static open(options: LogDirsOptions): LogDirs {
    const dirs = new LogDirs(options)
    try {
      for (const each of options.paths) dirs.#add(each)
    } catch (error) {
      dirs.release()
      throw error
    }
    return dirs
  }

  #add(configured: string): void {
    const { files, takeLock = systemLock, logger } = this.#options
    this.#dirs.push(
      LogDir.open({
        configured,
        files,
        takeLock,
        logger,
        isHome: this.#dirs.length === 0,
        known: this.#dirs.map(({ path: other }) => other),
        abandonLogs: logDir => this.#abandonLogs(logDir)
      })
    )
  }

  /**
   * What a failed directory asks for: that no shard has a file of it open when the promise resolves. Then its lock is
   * free, except that of the first directory, where the metadata tree lies.
   */
  onFailure(abandonLogs: (logDir: string) => Promise<unknown>): void {
    this.#abandonLogs = abandonLogs
  }

  /** Paths of the directories in service. */
  get live(): string[] {
    return this.#live().map(dir => dir.path)
  }

  /** Paths of the directories that failed. */
  get offline(): string[] {
    return this.#dirs.filter(dir => !dir.isInService).map(dir => dir.path)
  }

  #live(): LogDir[] {
    return this.#dirs.filter(dir => dir.isInService)
  }

  /** What meta.properties say, which must agree; undefined: no directory has one. Throws StartupError. */
  storedIdentity(): { readonly clusterId?: string; readonly brokerId?: number } | undefined {
    const found: { path: string; properties: MetaProperties }[] = []
    for (const dir of this.#live()) {
      const properties = readMetaProperties(this.#options.files, dir.path)
      if (typeof properties === 'string') {
        throw new StartupError(`${path.join(dir.path, 'meta.properties')}: ${properties}`)
      }
      if (properties !== undefined) found.push({ path: dir.path, properties })
    }
    const [first, ...others] = found
    if (first === undefined) return undefined
    for (const other of others) {
      for (const key of ['clusterId', 'brokerId'] as const) {
        if (other.properties[key] === first.properties[key]) continue
        throw new StartupError(
          `log.dirs: meta.properties of ${first.path} and ${other.path} name different ${key === 'clusterId' ? 'clusters' : 'brokers'}`
        )
      }
    }
    const { clusterId, brokerId } = first.properties
    return {
      ...(clusterId === undefined ? {} : { clusterId }),
      ...(brokerId === undefined ? {} : { brokerId })
    }
  }

  /** Into every directory; files that say it already stay as they are. */
  writeIdentity(identity: { readonly clusterId: string; readonly brokerId: number }): void {
    for (const dir of this.#live()) {
      writeMetaProperties(this.#options.files, dir.path, identity, this.#options.nowMs())
    }
  }

  /**
   * What the directories hold. Deleted partitions are removed later, strays are left alone. Throws StartupError for a
   * directory that is no partition, for a partition that is there twice, and for an unreadable topic id.
   */
  listPartitions(): StoredPartition[] {
    const found: StoredPartition[] = []
    const places = new Map<string, string>()
    for (const dir of this.#live()) {
      for (const partition of this.#partitionsIn(dir)) {
        const name = `${partition.topic}-${partition.partition}`
        const elsewhere = places.get(name)
        if (elsewhere !== undefined) {
          throw new StartupError(`Duplicate log directories for ${name} in ${elsewhere} and ${dir.path}`)
        }
        places.set(name, dir.path)
        found.push(partition)
      }
    }
    return found
  }

  /** Removes the clean-shutdown markers: a crash from here on counts as one. Throws when a disk does not let it. */
  beginLoading(): void {
    for (const dir of this.#live()) dir.load()
  }

  /** Directories of partitions that metadata does not know: renamed to `-stray`, kept and not served. */
  markStray(partitions: readonly StoredPartition[]): void {
    for (const { topic, partition, logDir, directory } of partitions) {
      this.#options.files.rename(
        directory,
        path.join(logDir, retiredDirectoryName(topic, partition, 'stray'))
      )
    }
  }

  *#partitionsIn(dir: LogDir): Generator<StoredPartition> {
    const { files, logger } = this.#options
    const read = dir.checkpoints.read(message => logger.warn(message))
    for (const entry of files.list(dir.path)) {
      if (!entry.isDirectory || isForeignDirectory(entry.name)) continue
      const parsed = parseDirectoryName(entry.name)
      const full = path.join(dir.path, entry.name)
      if (parsed === undefined) {
        throw new StartupError(
          `Found directory ${full}, '${entry.name}' is not in the form of topic-partition or topic-partition.uniqueId-delete (if marked for deletion). Kafka's log directories (and children) should only contain Kafka topic data.`
        )
      }
      if (parsed.kind === 'delete') this.#removeLater(full)
      if (parsed.kind !== 'current') continue
      const topicId = this.#topicIdOf(dir, full)
      const { topic, partition } = parsed
      const epoch = LeaderEpochs.open(files, full).latestEpoch
      const leaderEpoch = epoch < 0 ? undefined : epoch
      const place = { logDir: dir.path, directory: full, clean: dir.isClean }
      yield { topic, partition, topicId, leaderEpoch, ...place, ...read(parsed) }
    }
  }

  /** Written without a sync, as the first records are: after a crash half of it is as good as none of it. */
  #topicIdOf(dir: LogDir, directory: string): Uuid | undefined {
    const { files, logger } = this.#options
    const topicId = readPartitionMetadata(files, directory)
    if (!(topicId instanceof MalformedFile)) return topicId
    if (dir.isClean) throw new StartupError(`${directory}: ${topicId.reason}`)
    logger.warn(`${directory}: ${topicId.reason}; it was being written at the crash and is made anew`)
    files.remove(path.join(directory, partitionMetadataName))
    return undefined
  }

  #removeLater(directory: string): void {
    const { files, timers, logger, deleteDelayMs } = this.#options
    const cancel = timers.after(deleteDelayMs, () => {
      this.#removals.delete(cancel)
      try {
        files.removeTree(directory)
      } catch (error) {
        logger.warn(`${directory} could not be removed; the next start tries again`, error)
      }
    })
    this.#removals.add(cancel)
  }

  /** Loading has ended; directories without a failure may get their marker when they are closed. */
  loaded(failures: readonly { readonly partition: { readonly logDir: string } }[]): void {
    for (const dir of this.#live()) {
      dir.loaded(
        failures.some(({ partition }) => partition.logDir === dir.path) ? 'someNotLoaded' : 'allLoaded'
      )
    }
  }

  /** The live directory with the fewest partitions, for a new one. */
  leastLoaded(existing: Iterable<{ readonly logDir: string }>): string | undefined {
    const counts = new Map(this.live.map(dir => [dir, 0]))
    for (const { logDir } of existing) {
      const count = counts.get(logDir)
      if (count !== undefined) counts.set(logDir, count + 1)
    }
    return [...counts].sort(([, a], [, b]) => a - b)[0]?.[0]
  }

  /** Into every directory that is in service; `values`: of all logs. Unchanged files are left alone. */
  checkpoint(kind: CheckpointKind, values: readonly CheckpointValues[]): void {
    for (const dir of this.#live()) dir.checkpoint(kind, ofDir(dir, values))
  }

  /** After all shards have closed their logs: checkpoints, then the marker of each directory that deserves it. */
  finish(values: readonly CheckpointValues[], failures: readonly CloseFailure[]): void {
    for (const dir of this.#live()) {
      const failure = failures.find(({ logDir }) => logDir === dir.path)
      dir.finish(ofDir(dir, values), failure)
    }
  }

  /** Nobody knows how the logs were left: no directory gets its marker. */
  distrust(): void {
    for (const dir of this.#live()) dir.distrust()
  }

  /** Out of service: no checkpoints, no marker, its logs are abandoned. False: it was out of service before. */
  fail(logDir: string): boolean {
    const dir = this.#live().find(({ path: each }) => each === logDir)
    dir?.fail()
    return dir !== undefined
  }

  /** Always at the end, whatever happened. */
  release(): void {
    for (const cancel of this.#removals) cancel()
    this.#removals.clear()
    for (const dir of this.#dirs) dir.release()
  }
}

const ofDir = ({ path: own }: LogDir, values: readonly CheckpointValues[]): CheckpointValues[] =>
  values.filter(({ logDir }) => logDir === own)
