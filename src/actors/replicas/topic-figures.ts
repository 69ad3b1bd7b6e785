// Kafka's BrokerTopicMetrics, counted where handlers ask the partitions: what went in and out, by topic and in all.
import type { ErrorName } from '../../protocol/error-codes.js'
import type {
  Eventually,
  FetchCommand,
  FetchResult,
  ProduceCommand,
  ProduceResult,
  ReplicaAccess
} from './partition-commands.js'

/** Counts since the start; bytes are those of record batches. */
export interface TopicCounts {
  messagesIn: number
  bytesIn: number
  bytesOut: number
  /** Of batches that were refused as too large. */
  bytesRejected: number
  /** Appends and reads of one partition each, that were tried and that failed by the broker's fault. */
  produces: number
  fetches: number
  failedProduces: number
  failedFetches: number
}

/** Plain data. */
export interface TopicFiguresRead {
  readonly all: TopicCounts
  readonly byTopic: ReadonlyArray<readonly [topic: string, counts: TopicCounts]>
}

const none = (): TopicCounts => ({
  messagesIn: 0,
  bytesIn: 0,
  bytesOut: 0,
  bytesRejected: 0,
  produces: 0,
  fetches: 0,
  failedProduces: 0,
  failedFetches: 0
})

/** The client's doing, or its being out of date: no failure of the broker (as Kafka counts). */
const clientsDoing: ReadonlySet<ErrorName> = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'CORRUPT_MESSAGE',
  'KAFKA_STORAGE_ERROR',
  'OFFSET_OUT_OF_RANGE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID'
])

export class TopicFigures {
  readonly #all = none()
  readonly #byTopic = new Map<string, TopicCounts>()

  /** `exists`: whether there is still a topic of that name; what was counted for others is forgotten. */
  read(exists: (topic: string) => boolean): TopicFiguresRead {
    for (const topic of this.#byTopic.keys()) if (!exists(topic)) this.#byTopic.delete(topic)
    return { all: this.#all, byTopic: [...this.#byTopic] }
  }

  produced({ partitions }: ProduceCommand, results: readonly ProduceResult[]): void {
    for (let i = 0; i < partitions.length; i++) {
      const [item, result] = [partitions[i], results[i]]
      if (item === undefined || result === undefined) continue
      const bytes = item.records.length
      countProduce(this.#all, result, bytes)
      countProduce(this.#of(item.topic), result, bytes)
    }
  }

  fetched({ partitions }: FetchCommand, results: readonly FetchResult[]): void {
    for (let i = 0; i < partitions.length; i++) {
      const [item, result] = [partitions[i], results[i]]
      if (item === undefined || result === undefined) continue
      countFetch(this.#all, result)
      countFetch(this.#of(item.topic), result)
    }
  }

  #of(topic: string): TopicCounts {
    const known = this.#byTopic.get(topic)
    if (known !== undefined) return known
    const counts = none()
    this.#byTopic.set(topic, counts)
    return counts
  }
}

function countProduce(counts: TopicCounts, result: ProduceResult, bytes: number): void {
  counts.produces++
  if (result.kind === 'appended') {
    counts.messagesIn += result.lastOffset - result.baseOffset + 1
    counts.bytesIn += bytes
  } else if (result.kind === 'refused') {
    if (result.error === 'MESSAGE_TOO_LARGE' || result.error === 'RECORD_LIST_TOO_LARGE')
      counts.bytesRejected += bytes
    if (!clientsDoing.has(result.error)) counts.failedProduces++
  }
}

function countFetch(counts: TopicCounts, result: FetchResult): void {
  counts.fetches++
  if (result.kind === 'records') counts.bytesOut += result.bytes
  else if (!clientsDoing.has(result.error)) counts.failedFetches++
}

/** The same access, with what goes through it counted. */
export function counted(access: ReplicaAccess, figures: TopicFigures): ReplicaAccess {
  return {
    ...access,
    produce: command => tapped(access.produce(command), results => figures.produced(command, results)),
    fetch: command => tapped(access.fetch(command), results => figures.fetched(command, results))
  }
}

function tapped<T>(value: Eventually<T>, look: (value: T) => void): Eventually<T> {
  if (!(value instanceof Promise)) {
    look(value)
    return value
  }
  return value.then(late => {
    look(late)
    return late
  })
}
