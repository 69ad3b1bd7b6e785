// This thread's partitions: who is hosted, who leads, and the two purgatories in which requests wait for them.

import type { Uuid } from '../../protocol/schema.js'
import type { MetadataImage, TopicInfo } from '../controller/metadata-image.js'
import type { Logger } from '../runtime/log.js'
import { soon } from '../runtime/timers.js'
import { delayedFetch, fetchKeys } from './delayed-fetch.js'
import { delayedProduce, unsafeKeys } from './delayed-produce.js'
import { type HostedLog, Partition, type PartitionListener, refused } from './partition.js'
import type {
  DeleteRecordsPartition,
  DeleteRecordsResult,
  EpochEndResult,
  EpochPartition,
  Eventually,
  FetchCommand,
  FetchResult,
  ListOffsetsOptions,
  ListOffsetsPartition,
  ListOffsetsResult,
  LogSize,
  PartitionRef,
  ProduceCommand,
  ProducePartition,
  ProduceResult,
  ProducersResult
} from './partition-commands.js'
import { deleteRecordsBefore, epochEnd, listOffset, logSize, producersOf } from './partition-queries.js'
import { type FindPartition, giveBackRecords, type ReadRound, readPartitions } from './partition-read.js'
import { Purgatory, type PurgatoryTimer } from './purgatory.js'

export interface ShardOptions {
  readonly brokerId: number
  readonly timer: PurgatoryTimer
  readonly logger: Logger
  readonly monotonicMs: () => number
  /** log.flush.acks at the start */
  readonly flushAcks: boolean
  readonly producePurgeInterval: number
  readonly fetchPurgeInterval: number
  /** An I/O error took a log directory out of service. */
  readonly onLogFailed?: (log: HostedLog, error: unknown) => void
}

export class Shard implements PartitionListener {
  /** log.flush.acks: whether acknowledgements of what is appended from now on wait for the disk. */
  flushAcks: boolean
  readonly produces: Purgatory
  readonly fetches: Purgatory
  readonly #options: ShardOptions
  readonly #topics = new Map<string, Array<Partition | undefined>>()
  readonly #grown = new Set<string>()

  constructor(options: ShardOptions) {
    this.#options = options
    this.flushAcks = options.flushAcks
    const { timer } = options
    this.produces = new Purgatory({ name: 'produce', timer, purgeInterval: options.producePurgeInterval })
    this.fetches = new Purgatory({ name: 'fetch', timer, purgeInterval: options.fetchPurgeInterval })
  }

  readonly find: FindPartition = (topicId, partition) => this.#topics.get(topicId)?.[partition]

  partitions(): Partition[] {
    return [...this.#topics.values()].flatMap(list => list.flatMap(partition => partition ?? []))
  }

  /** Takes a log in; it serves once the metadata image names this broker its leader. */
  host(log: HostedLog, topicId: Uuid): Partition {
    const partition = new Partition(log, topicId, this)
    const list = this.#topics.get(topicId) ?? []
    this.#topics.set(topicId, list)
    list[log.partition] = partition
    return partition
  }

  /** Stops serving it; the log stays with the caller, who deletes it. */
  drop(topicId: string, partition: number): HostedLog | undefined {
    const hosted = this.find(topicId, partition)
    if (hosted === undefined) return undefined
    hosted.send({ type: 'deleted' })
    const list = this.#topics.get(topicId) ?? []
    delete list[partition]
    if (list.every(other => other === undefined)) this.#topics.delete(topicId)
    this.fetches.checkAndComplete(hosted.watchKey)
    this.produces.checkAndComplete(hosted.watchKey)
    return hosted.log
  }

  /** Leaders and their epochs as the image has them; `topics` limits the walk to what changed. */
  applyImage(image: MetadataImage, topics: Iterable<TopicInfo> = image.topics.values()): void {
    for (const topic of topics) {
      const hosted = this.#topics.get(topic.id)
      hosted?.forEach((partition, index) => {
        const info = topic.partitions[index]
        if (partition === undefined || info === undefined) return
        if (info.leader !== this.#options.brokerId) partition.send({ type: 'resigned' })
        else partition.elect(info.leaderEpoch, { isr: info.isr.length, replicas: info.replicas.length })
      })
    }
  }

  produce(
    partitions: readonly ProducePartition[],
    command: ProduceCommand
  ): Eventually<readonly ProduceResult[]> {
    const hosted: Array<Partition | undefined> = new Array(partitions.length)
    const results: ProduceResult[] = new Array(partitions.length)
    let late: Promise<void>[] | undefined
    for (let i = 0; i < partitions.length; i++) {
      const item = partitions[i]
      if (item === undefined) break
      const partition = this.find(item.topicId, item.partition)
      hosted[i] = partition
      const result = partition?.append(item.records, command) ?? refused('NOT_LEADER_OR_FOLLOWER')
      if (!(result instanceof Promise)) results[i] = result
      else {
        late ??= []
        late.push(
          result.then(outcome => {
            results[i] = outcome
          })
        )
      }
    }
    if (late === undefined) return this.#appended(hosted, results, command)
    return Promise.all(late).then(() => this.#appended(hosted, results, command))
  }

  #appended(
    partitions: readonly (Partition | undefined)[],
    results: readonly ProduceResult[],
    command: ProduceCommand
  ): Eventually<readonly ProduceResult[]> {
    const { flushAcks } = this
    const { monotonicMs } = this.#options
    if (command.stamps !== undefined) command.stamps.appendedMs = monotonicMs()
    const replicated = command.acks === -1
    if (command.acks === 0 || !(replicated || flushAcks)) return results
    const wait = { partitions, results, replicated, synced: flushAcks }
    const keys = unsafeKeys(wait)
    if (keys.length === 0) return results
    return new Promise(resolve => {
      const operation = delayedProduce(wait, verdicts => {
        if (command.stamps !== undefined) command.stamps.syncedMs = monotonicMs()
        resolve(verdicts)
      })
      this.produces.tryCompleteElseWatch(operation, keys, Math.max(0, command.timeoutMs))
    })
  }

  /** All partitions of the command are this shard's. */
  fetch(command: FetchCommand): Eventually<readonly FetchResult[]> {
    const round = readPartitions(this.find, command)
    return round instanceof Promise
      ? round.then(late => this.#answerOrWait(late, command))
      : this.#answerOrWait(round, command)
  }

  #answerOrWait(round: ReadRound, command: FetchCommand): Eventually<readonly FetchResult[]> {
    const minBytes = Math.min(command.minBytes, command.maxBytes)
    const { maxWaitMs, partitions } = command
    const isEnough = round.bytes >= minBytes || round.answersAtOnce
    if (isEnough || maxWaitMs <= 0 || partitions.length === 0) return round.results
    const wait = { find: this.find, command, round, minBytes }
    // It counts them only, and all are read again.
    giveBackRecords(round.results)
    return new Promise((resolve, reject) => {
      const operation = delayedFetch(wait, () => {
        Promise.resolve(readPartitions(this.find, command)).then(({ results }) => resolve(results), reject)
      })
      this.fetches.tryCompleteElseWatch(operation, fetchKeys(wait), maxWaitMs)
    })
  }

  listOffsets(
    partitions: readonly ListOffsetsPartition[],
    options: ListOffsetsOptions
  ): Eventually<readonly ListOffsetsResult[]> {
    return settleAll(
      partitions.map(item => listOffset(this.find(item.topicId, item.partition), item, options))
    )
  }

  deleteRecords(partitions: readonly DeleteRecordsPartition[]): readonly DeleteRecordsResult[] {
    return partitions.map(item => deleteRecordsBefore(this.find(item.topicId, item.partition), item.offset))
  }

  epochEnds(partitions: readonly EpochPartition[]): readonly EpochEndResult[] {
    return partitions.map(item => epochEnd(this.find(item.topicId, item.partition), item))
  }

  producers(partitions: readonly PartitionRef[]): readonly ProducersResult[] {
    return partitions.map(item => producersOf(this.find(item.topicId, item.partition)))
  }

  logSizes(): readonly LogSize[] {
    return this.partitions().flatMap(partition => logSize(partition) ?? [])
  }

  grew(partition: Partition): void {
    if (this.fetches.isWatched(partition.watchKey)) {
      // After the appending request has its answer: readers must not hold up the writer.
      if (this.#grown.size === 0) soon(() => this.#tellFetches())
      this.#grown.add(partition.watchKey)
    }
    if (this.produces.isWatched(partition.watchKey)) this.produces.checkAndComplete(partition.watchKey)
  }

  #tellFetches(): void {
    const keys = [...this.#grown]
    this.#grown.clear()
    for (const key of keys) this.fetches.checkAndComplete(key)
  }

  synced(partition: Partition): void {
    this.produces.checkAndComplete(partition.watchKey)
  }

  changed(partition: Partition): void {
    this.produces.checkAndComplete(partition.watchKey)
    this.fetches.checkAndComplete(partition.watchKey)
  }

  failed(partition: Partition, error: unknown): void {
    const { topic, partition: index } = partition.log
    this.#options.logger.error(`partition ${topic}-${index} is offline: its log failed`, error)
    this.#options.onLogFailed?.(partition.log, error)
  }

  /** Requests that still wait are never answered; their connections are closed with the network. */
  close(): void {
    for (const partition of this.partitions()) partition.close()
    this.produces.close()
    this.fetches.close()
  }
}

/** A promise only when one of the results is. */
export function settleAll<T>(results: readonly Eventually<T>[]): Eventually<readonly T[]> {
  const settled: T[] = []
  for (const result of results) {
    if (result instanceof Promise) return Promise.all(results)
    settled.push(result)
  }
  return settled
}
