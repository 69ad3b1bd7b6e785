// The logs of one shard, on the thread that owns them.
import type { Uuid } from '../protocol/schema.js'
import type { LogConfig } from './log-config.js'
import type { Offset } from './offset.js'
import type { PartitionLog } from './partition-log.js'

/** A partition directory that a log dir holds; found by the main thread, loaded by the shard that owns the partition. */
export interface StoredPartition {
  readonly topic: string
  readonly partition: number
  /** undefined: no partition.metadata. */
  readonly topicId: Uuid | undefined
  readonly logDir: string
  /** Name of the partition's directory inside logDir. */
  readonly directory: string
  readonly recoveryPoint: number
  readonly logStartOffset: number
  readonly highWatermark: number
  /** The log dir had its clean-shutdown marker. */
  readonly clean: boolean
}

export interface PartitionToOpen extends StoredPartition {
  readonly config: LogConfig
}

/** What the main thread writes into one log dir's checkpoints. */
export interface CheckpointValues {
  readonly logDir: string
  readonly topic: string
  readonly partition: number
  readonly recoveryPoint: Offset
  /** undefined: the first segment says it. */
  readonly logStartOffset: Offset | undefined
  readonly highWatermark: Offset
}

export type LoadFailure = { readonly partition: StoredPartition; readonly error: unknown }
export type CloseFailure = {
  readonly logDir: string
  readonly topic: string
  readonly partition: number
  readonly error: unknown
}

export declare class ShardLogs {
  /** Opens (and after an unclean stop recovers) all of them; never rejects, a failed one is in the list. */
  load(partitions: readonly PartitionToOpen[]): Promise<LoadFailure[]>
  /** Opens what is there under that id, else creates the directory. */
  create(partition: {
    readonly topic: string
    readonly topicId: Uuid
    readonly partition: number
    readonly logDir: string
    readonly config: LogConfig
  }): PartitionLog
  find(topic: string, partition: number): PartitionLog | undefined
  all(): IterableIterator<PartitionLog>
  updateConfig(topic: string, config: LogConfig): void
  /** Renames the directory to `-delete` and removes it later; false: there is no such log (or it has another id). */
  delete(topic: string, topicId: Uuid, partition: number): boolean
  checkpointValues(): CheckpointValues[]
  /** Flush, snapshot, trimmed indexes of every log. */
  close(): Promise<{ readonly values: CheckpointValues[]; readonly failures: CloseFailure[] }>
  /** Drops the logs of a directory that failed, without writing. */
  abandon(logDir: string): PartitionLog[]
}
