// What the concerns of one log share: its segments, offsets and side files. Only its own modules see it.

import type { Clock } from '../actors/runtime/clock.js'
import type { Logger } from '../actors/runtime/log.js'
import type { Timers } from '../actors/runtime/timers.js'
import { compileTable, type Living } from '../actors/runtime/transition-table.js'
import type { Uuid } from '../protocol/schema.js'
import type { Files } from './files.js'
import type { LeaderEpochs } from './leader-epochs.js'
import type { LogConfig } from './log-config.js'
import { type FlushFigures, LogHistory } from './log-history.js'
import type { ReadBound } from './log-results.js'
import { type PartitionLogEvent, partitionLogMachine } from './partition-log.machine.js'
import type { ProducerSnapshots } from './producer-snapshots.js'
import type { ProducerState } from './producer-state.js'
import type { Segments } from './segments.js'

/** What every log of a thread needs from outside. */
export interface StorageEnvironment {
  readonly files: Files
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  /** producer.id.expiration.ms */
  readonly producerIdExpirationMs: number
  /** An I/O error: the log dir is to be taken out of service. */
  readonly onFailure: (logDir: string, error: unknown) => void
  /** Those of the thread, where somebody wants to know. */
  readonly flushFigures?: FlushFigures
}

export interface LogIdentity {
  readonly topic: string
  readonly partition: number
  readonly topicId: Uuid
  readonly logDir: string
}

/** A broker has many logs, and each is asked before every append: a table instead of the interpreter. */
const table = compileTable(partitionLogMachine)
const [open, draining, deleted] = ['open', 'draining', 'deleted'].map(name => table.stateIndex(name))
const failureReported = table.actions.map(actions => actions.some(({ type }) => type === 'reportFailure'))

export class LogState implements Living {
  readonly environment: StorageEnvironment
  readonly identity: LogIdentity
  readonly segments: Segments
  readonly producers: ProducerState
  readonly snapshots: ProducerSnapshots
  readonly epochs: LeaderEpochs
  readonly history: LogHistory
  directory: string
  config: LogConfig
  logStartOffset = 0
  logEndOffset = 0
  highWatermark = 0
  recoveryPoint = 0
  lastFlushMs: number
  /** Stamped into batches; -1 before anybody leads. */
  leaderEpoch = -1
  /** Set by a roll: files that no directory sync has covered. */
  hasNewFiles = true
  /** How often the log was cut: a flush that began before does not count. */
  truncations = 0
  /** A segment is complete: it may go to the disk in the background. */
  onRoll: (() => void) | undefined
  #life = table.initial

  constructor(parts: {
    readonly environment: StorageEnvironment
    readonly identity: LogIdentity
    readonly directory: string
    readonly config: LogConfig
    readonly segments: Segments
    readonly producers: ProducerState
    readonly snapshots: ProducerSnapshots
    readonly epochs: LeaderEpochs
  }) {
    this.environment = parts.environment
    this.identity = parts.identity
    this.directory = parts.directory
    this.config = parts.config
    this.segments = parts.segments
    this.producers = parts.producers
    this.snapshots = parts.snapshots
    this.epochs = parts.epochs
    this.history = new LogHistory(parts.environment.flushFigures)
    this.leaderEpoch = parts.epochs.latestEpoch
    this.lastFlushMs = parts.environment.clock.nowMs()
  }

  get files(): Files {
    return this.environment.files
  }

  get lastStableOffset(): number {
    const unstable = this.producers.firstUnstableOffset
    if (unstable === undefined) return this.highWatermark
    return Math.min(Math.max(unstable, this.logStartOffset), this.highWatermark)
  }

  bound(upTo: ReadBound): number {
    if (upTo === 'logEnd') return this.logEndOffset
    return upTo === 'highWatermark' ? this.highWatermark : this.lastStableOffset
  }

  setHighWatermark(to: number): void {
    this.highWatermark = Math.min(Math.max(to, this.logStartOffset), this.logEndOffset)
    this.producers.replicatedUpTo(this.highWatermark)
  }

  /** Names it in traces. */
  get id(): string {
    return `${this.identity.topic}-${this.identity.partition}`
  }

  get life(): string {
    return table.states[this.#life] ?? ''
  }

  get isOpen(): boolean {
    return this.#life === open
  }

  /** Whether an append that has begun may end. */
  get takesWrites(): boolean {
    return this.#life === open || this.#life === draining
  }

  get isDeleted(): boolean {
    return this.#life === deleted
  }

  send(event: Exclude<PartitionLogEvent['type'], 'ioFailed'>): void {
    this.#life = table.take(this, this.#life, table.eventIndex(event))
  }

  /** After an I/O error: nothing more is written to it. */
  fail(error: unknown): void {
    const event = table.eventIndex('ioFailed')
    const isReported = failureReported[this.#life * table.events.length + event] === true
    this.#life = table.take(this, this.#life, event)
    if (isReported) this.#report(error)
  }

  #report(error: unknown): void {
    const { topic, partition, logDir } = this.identity
    this.environment.logger.error(
      `Error while reading or writing log ${topic}-${partition} in dir ${logDir}`,
      error
    )
    this.environment.onFailure(logDir, error)
  }
}
