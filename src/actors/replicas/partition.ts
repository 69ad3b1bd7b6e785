// The leader's view of one log: epoch checks, the high watermark, what has reached the disk, and who is to be told.
// Every decision about its state is the machine's (partition.machine.ts).
import type { ErrorName } from '../../protocol/error-codes.js'
import type { Uuid } from '../../protocol/schema.js'
import type { PartitionLog } from '../../storage/partition-log.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import { type PartitionEvent, partitionMachine } from './partition.machine.js'
import type { EpochEndResult, Eventually, ProduceCommand, ProduceResult } from './partition-commands.js'
import { refusalOf } from './partition-refusal.js'
import { PartitionSync } from './partition-sync.js'

/** What the leader's side uses of a log, so that a test can put one in memory in its place. */
export type HostedLog = Pick<
  PartitionLog,
  | 'topic'
  | 'partition'
  | 'logDir'
  | 'config'
  | 'logStartOffset'
  | 'logEndOffset'
  | 'recoveryPoint'
  | 'highWatermark'
  | 'lastStableOffset'
  | 'sizeBytes'
  | 'appendAsLeader'
  | 'read'
  | 'advanceHighWatermark'
  | 'assignLeaderEpoch'
  | 'lookupByTimestamp'
  | 'earliest'
  | 'latest'
  | 'maxTimestamp'
  | 'endOffsetForEpoch'
  | 'legacyOffsetsBefore'
  | 'deleteRecordsBefore'
  | 'flush'
  | 'producers'
>

export interface PartitionListener {
  /** Records were appended or the visible end moved: fetches of the partition may have enough now. */
  grew(partition: Partition): void
  /** More of the log is on the disk. */
  synced(partition: Partition): void
  /** It stopped serving, or serves under another epoch. */
  changed(partition: Partition): void
  /** The log failed with an I/O error that is not the client's fault. */
  failed(partition: Partition, error: unknown): void
}

export interface PartitionReplicas {
  /** How many replicas are in sync, and how many there are. */
  readonly isr: number
  readonly replicas: number
}

export class Partition {
  readonly log: HostedLog
  readonly topicId: Uuid
  readonly watchKey: string
  readonly #listener: PartitionListener
  readonly #life: MachineDriver<typeof partitionMachine>
  readonly #sync: PartitionSync
  /** That of the machine, at hand for every request. */
  #leaderEpoch = -1
  #replicas: PartitionReplicas = { isr: 1, replicas: 1 }
  /** Bytes appended since it is hosted here: lets a waiting fetch know how much came without reading. */
  #bytesIn = 0

  constructor(log: HostedLog, topicId: Uuid, listener: PartitionListener) {
    this.log = log
    this.topicId = topicId
    this.watchKey = `${topicId}-${log.partition}`
    this.#listener = listener
    const name = `${log.topic}-${log.partition}`
    this.#sync = new PartitionSync(name, log, {
      synced: () => listener.synced(this),
      syncFailed: error => this.#failLog(error)
    })
    this.#life = driveMachine(
      partitionMachine,
      {
        assignLeaderEpoch: (params: { leaderEpoch: number }) => this.#takeUp(params.leaderEpoch),
        wakeWaiters: () => this.#wakeWaiters()
      },
      { name: `replicas.partition.${name}`, atOnce: true }
    )
  }

  /** `idle`, `leading`, `offline` or `deleting`. */
  get state(): string {
    return this.#life.state
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  get bytesIn(): number {
    return this.#bytesIn
  }

  get replicas(): PartitionReplicas {
    return this.#replicas
  }

  /** Everything below this offset is on the disk. */
  get syncedOffset(): number {
    return this.#sync.syncedOffset
  }

  elect(leaderEpoch: number, replicas: PartitionReplicas): void {
    this.#replicas = replicas
    // An image names every partition of a topic: most of them are told nothing new.
    if (this.state === 'leading' && leaderEpoch === this.#leaderEpoch) return
    this.#life.send({ type: 'elected', leaderEpoch })
  }

  send(event: Exclude<PartitionEvent, { type: 'elected' }>): void {
    this.#life.send(event)
  }

  /** Its log is closed next: nothing more is asked of it. */
  close(): void {
    this.#sync.release()
  }

  #takeUp(leaderEpoch: number): void {
    this.#leaderEpoch = leaderEpoch
    this.log.assignLeaderEpoch(leaderEpoch)
    this.#advance()
  }

  #wakeWaiters(): void {
    this.#sync.release()
    this.#listener.changed(this)
  }

  /** Why it does not serve a client that believes in `currentLeaderEpoch` (-1: any); NONE when it does. */
  refusal(currentLeaderEpoch: number): ErrorName {
    return refusalOf(this.#life.state, this.#leaderEpoch, currentLeaderEpoch)
  }

  /** NONE, or why acks=-1 cannot be promised: fewer replicas in sync than min.insync.replicas. */
  minInsyncRefusal(): ErrorName {
    const { isr, replicas } = this.#replicas
    return isr < Math.min(this.log.config.minInsyncReplicas, replicas) ? 'NOT_ENOUGH_REPLICAS' : 'NONE'
  }

  /** Synchronous when the log's append is; in the order of the calls in any case. */
  append(records: Buffer, command: ProduceCommand): Eventually<ProduceResult> {
    const refusal = this.refusal(-1)
    if (refusal !== 'NONE') return refused(refusal)
    if (command.acks === -1) {
      const shortOf = this.minInsyncRefusal()
      if (shortOf !== 'NONE') return refused(shortOf)
    }
    const sizeBefore = this.log.sizeBytes
    const { nowMs, requestVersion } = command
    const result = this.log.appendAsLeader(records, { nowMs, origin: 'client', requestVersion })
    if (result instanceof Promise) {
      return result.then(
        outcome => this.#appended(outcome, sizeBefore),
        error => this.#appendFailed(error)
      )
    }
    return this.#appended(result, sizeBefore)
  }

  #appended(result: ProduceResult, sizeBefore: number): ProduceResult {
    if (result.kind === 'refused') {
      if (result.error === 'KAFKA_STORAGE_ERROR') this.#failLog(new Error(result.message ?? 'append failed'))
      return result
    }
    if (result.kind === 'appended') {
      this.#bytesIn += Math.max(0, this.log.sizeBytes - sizeBefore)
      this.#advance()
      this.#listener.grew(this)
    }
    return result
  }

  #appendFailed(error: unknown): ProduceResult {
    this.#failLog(error)
    return refused('KAFKA_STORAGE_ERROR')
  }

  readFailed(error: unknown): void {
    this.#failLog(error)
  }

  #failLog(error: unknown): void {
    // A log that is being deleted or has failed before may well fail what was still under way.
    if (this.state === 'deleting' || this.state === 'offline') return
    this.#listener.failed(this, error)
    this.#life.send({ type: 'logFailed' })
  }

  /** With one replica in sync, what is in this log is replicated. */
  #advance(): void {
    if (this.#replicas.isr > 1) return
    if (this.log.highWatermark < this.log.logEndOffset) this.log.advanceHighWatermark(this.log.logEndOffset)
  }

  /** Asks for the disk; all appends that happen while one sync runs are covered together by the next one. */
  requestSync(): void {
    if (this.state === 'leading') this.#sync.request()
  }

  /** The newest epoch that is not newer than the given one, and where it ends; (-1, -1) unknown. */
  epochEnd(epoch: number): Omit<EpochEndResult, 'error'> {
    if (epoch === this.#leaderEpoch) return { leaderEpoch: epoch, endOffset: this.log.logEndOffset }
    return this.log.endOffsetForEpoch(epoch)
  }

  /** Where a reader stops. */
  visibleEnd(upTo: 'logEnd' | 'highWatermark' | 'lastStable'): number {
    if (upTo === 'highWatermark') return this.log.highWatermark
    return upTo === 'lastStable' ? this.log.lastStableOffset : this.log.logEndOffset
  }
}

export function refused(
  error: ErrorName,
  message: string | null = null
): ProduceResult & { kind: 'refused' } {
  return { kind: 'refused', error, message, logStartOffset: -1, recordErrors: [] }
}
