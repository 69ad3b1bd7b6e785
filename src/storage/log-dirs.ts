// The log directories of a broker, on the main thread: locks, identity, clean-shutdown markers, checkpoints, and what
// partitions they hold. The logs themselves belong to the shards (shard-logs.ts).
import path from 'node:path'
import type { Logger } from '../actors/runtime/log.js'
import type { Timers } from '../actors/runtime/timers.js'
import { errorMessage, StartupError } from '../errors.js'
import type { Uuid } from '../protocol/schema.js'
import { MalformedFile } from './checkpoint.js'
import { DirCheckpoints } from './dir-checkpoints.js'
import { type FileLock, systemLock, type TakeLock } from './file-lock.js'
import { isForeignDirectory, parseDirectoryName, retiredDirectoryName } from './file-names.js'
import { type Files, writeAtomically } from './files.js'
import { LeaderEpochs } from './leader-epochs.js'
import { type MetaProperties, readMetaProperties, writeMetaProperties } from './meta-properties.js'
import { partitionMetadataName, readPartitionMetadata } from './partition-metadata.js'
import type { CheckpointValues, CloseFailure, StoredPartition } from './shard-logs.js'

const markerName = '.kafka_cleanshutdown'

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

interface LogDir {
  readonly path: string
  readonly lock: FileLock
  readonly checkpoints: DirCheckpoints
  isOffline: boolean
  wasClean: boolean
  allLoaded: boolean
}

/**
 *     const dirs = LogDirs.open({ paths: config.logDirs, files: systemFiles, timers, logger, nowMs, deleteDelayMs })
 *     const stored = dirs.storedIdentity()
 *     dirs.writeIdentity({ clusterId, brokerId })
 *     const partitions = dirs.listPartitions()
 *     dirs.markStray(unknownOnes)
 *     dirs.beginLoading()                                 // clean-shutdown markers are gone from here on
 *     … shards load them …; dirs.loaded(failures)
 *     timers: dirs.writeHighWatermarks(values), dirs.writeRecoveryPoints(values)
 *     … shards close …; dirs.finish(values, failures); dirs.release()
 */
export class LogDirs {
  readonly #options: LogDirsOptions
  readonly #dirs: LogDir[]

  private constructor(options: LogDirsOptions, dirs: LogDir[]) {
    this.#options = options
    this.#dirs = dirs
  }

  /** Creates and locks every directory. Throws StartupError naming the path; locks taken so far are given back. */
  static open(options: LogDirsOptions): LogDirs {
    const dirs: LogDir[] = []
    try {
      for (const each of options.paths) {
        const dir = openDir(options, each)
        if (dirs.some(other => other.path === dir.path)) {
          dir.lock.release()
          throw new StartupError(`log.dirs: ${each} is there twice`)
        }
        dirs.push(dir)
      }
    } catch (error) {
      for (const dir of dirs) dir.lock.release()
      throw error
    }
    return new LogDirs(options, dirs)
  }

  /** Paths of the directories in service. */
  get live(): string[] {
    return this.#live().map(dir => dir.path)
  }

  #live(): LogDir[] {
    return this.#dirs.filter(dir => !dir.isOffline)
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
      dir.wasClean = this.#options.files.status(path.join(dir.path, markerName)) !== undefined
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

  /** Removes the clean-shutdown markers: a crash from here on counts as one. */
  beginLoading(): void {
    for (const dir of this.#live()) {
      const marker = path.join(dir.path, markerName)
      if (this.#options.files.status(marker) === undefined) continue
      this.#options.files.remove(marker)
      // A marker that a power loss brings back would vouch for logs that nobody checked.
      this.#options.files.syncDirectory(dir.path)
    }
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
      const place = { logDir: dir.path, directory: full, clean: dir.wasClean }
      yield { topic, partition, topicId, leaderEpoch, ...place, ...read(parsed) }
    }
  }

  /** Written without a sync, as the first records are: after a crash half of it is as good as none of it. */
  #topicIdOf(dir: LogDir, directory: string): Uuid | undefined {
    const { files, logger } = this.#options
    const topicId = readPartitionMetadata(files, directory)
    if (!(topicId instanceof MalformedFile)) return topicId
    if (dir.wasClean) throw new StartupError(`${directory}: ${topicId.reason}`)
    logger.warn(`${directory}: ${topicId.reason}; it was being written at the crash and is made anew`)
    files.remove(path.join(directory, partitionMetadataName))
    return undefined
  }

  #removeLater(directory: string): void {
    const { files, timers, logger, deleteDelayMs } = this.#options
    timers.after(deleteDelayMs, () => {
      try {
        files.removeTree(directory)
      } catch (error) {
        logger.warn(`${directory} could not be removed; the next start tries again`, error)
      }
    })
  }

  /** Loading has ended; directories without a failure may get their marker when they are closed. */
  loaded(failures: readonly { readonly partition: { readonly logDir: string } }[]): void {
    for (const dir of this.#live()) {
      dir.allLoaded = !failures.some(failure => failure.partition.logDir === dir.path)
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

  /** replication-offset-checkpoint of every directory; `values`: of all logs. Unchanged files are left alone. */
  writeHighWatermarks(values: readonly CheckpointValues[]): void {
    this.#each(values, (dir, own) => dir.checkpoints.writeHighWatermarks(own))
  }

  /** recovery-point- and log-start-offset-checkpoint of every directory. */
  writeRecoveryPoints(values: readonly CheckpointValues[]): void {
    this.#each(values, (dir, own) => dir.checkpoints.writeRecoveryPoints(own))
  }

  #each(values: readonly CheckpointValues[], write: (dir: LogDir, own: CheckpointValues[]) => void): void {
    for (const dir of this.#live()) {
      try {
        write(
          dir,
          values.filter(value => value.logDir === dir.path)
        )
      } catch (error) {
        this.#options.logger.error(`Error while writing to checkpoint files in ${dir.path}`, error)
        this.fail(dir.path)
      }
    }
  }

  /** After all shards have closed their logs: checkpoints, then the marker of each directory that deserves it. */
  finish(values: readonly CheckpointValues[], failures: readonly CloseFailure[]): void {
    const { files, logger } = this.#options
    for (const dir of this.#live()) {
      const failure = failures.find(each => each.logDir === dir.path)
      if (failure !== undefined) {
        logger.warn(
          `There was an error closing a log in ${dir.path}: no clean-shutdown marker`,
          failure.error
        )
        continue
      }
      try {
        const own = values.filter(value => value.logDir === dir.path)
        dir.checkpoints.writeHighWatermarks(own)
        dir.checkpoints.writeRecoveryPoints(own)
        if (!dir.wasClean && !dir.allLoaded) continue
        writeAtomically(files, path.join(dir.path, markerName), '{"version":0,"brokerEpoch":-1}')
      } catch (error) {
        logger.warn(`${dir.path} could not be closed in order: ${errorMessage(error)}`)
      }
    }
  }

  /** Out of service: no checkpoints, no marker, its lock is free. The paths still live are returned: none = stop. */
  fail(logDir: string): string[] {
    const dir = this.#dirs.find(each => each.path === logDir && !each.isOffline)
    if (dir !== undefined) {
      dir.isOffline = true
      dir.lock.release()
    }
    return this.live
  }

  /** Always at the end, whatever happened. */
  release(): void {
    for (const dir of this.#dirs) dir.lock.release()
  }
}

function openDir(options: LogDirsOptions, each: string): LogDir {
  const { files, takeLock = systemLock } = options
  let canonical: string
  try {
    if (files.status(each) === undefined) {
      files.makeDirectory(each)
      files.syncDirectory(path.dirname(each))
    }
    if (!files.isDirectory(each)) throw new StartupError(`log.dirs: ${each} is not a directory`)
    files.list(each)
    canonical = files.canonical(each)
  } catch (error) {
    if (error instanceof StartupError) throw error
    throw new StartupError(`log.dirs: ${each}: ${errorMessage(error)}`)
  }
  const lock = takeLock(path.join(canonical, '.lock'))
  if (lock === 'held') {
    throw new StartupError(
      `Failed to acquire lock on file .lock in ${each}. A Kafka instance in another process or thread is using this directory.`
    )
  }
  if ('failure' in lock) throw new StartupError(`log.dirs: ${each}: ${lock.failure}`)
  return {
    path: canonical,
    lock,
    checkpoints: new DirCheckpoints(files, canonical),
    isOffline: false,
    wasClean: false,
    allLoaded: false
  }
}
