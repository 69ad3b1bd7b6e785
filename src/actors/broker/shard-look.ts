// A shard's logs, purgatories and flushes for whoever looks, and the history of single offsets.
import type { PartitionLog } from '../../storage/partition-log.js'
import type { ShardLogs } from '../../storage/shard-logs.js'
import type { HandlerLoop } from '../handlers/handler.js'
import type { ShardThread } from '../replicas/shard-thread.js'
import type { TopicFigures } from '../replicas/topic-figures.js'
import { systemClock } from '../runtime/clock.js'
import type {
  HandlerLook,
  HistoryAnswer,
  HistoryQuestion,
  LogLook,
  PurgatoryFigures,
  ShardFigures,
  ShardLook
} from './thread-look.js'

export interface OpenShard {
  readonly logs: ShardLogs
  readonly shard: ShardThread
  readonly topics: TopicFigures
}

export function shardLook({ logs, shard: { shard } }: Pick<OpenShard, 'logs' | 'shard'>): ShardLook {
  const { times, running, lastMs } = logs.flushFigures
  return {
    logs: logLooks(logs, shard),
    delayedProduces: shard.produces.delayed,
    delayedFetches: shard.fetches.delayed,
    flushes: times.count,
    flushesRunning: running,
    ...(lastMs === undefined ? {} : { lastFlushMs: lastMs })
  }
}

export function shardFigures({
  logs,
  shard: { shard, metadata, fetchSessions },
  topics
}: OpenShard): ShardFigures {
  const { times, lag, running } = logs.flushFigures
  const nowMs = systemClock.monotonicMs()
  const { image } = metadata
  return {
    flushTimes: times.read(nowMs),
    durabilityLag: lag.read(nowMs),
    flushesRunning: running,
    topics: topics.read(topic => image.topics.has(topic)),
    produces: purgatoryFigures(shard.produces),
    fetches: purgatoryFigures(shard.fetches),
    fetchSessions: fetchSessions.figures,
    logs: logLooks(logs, shard)
  }
}

const purgatoryFigures = ({ delayed, watched }: PurgatoryFigures): PurgatoryFigures => ({ delayed, watched })

function logLooks(logs: ShardLogs, shard: OpenShard['shard']['shard']): LogLook[] {
  return [...logs.all()].map(log => logLook(log, shard))
}

function logLook(log: PartitionLog, shard: OpenShard['shard']['shard']): LogLook {
  const { topic, partition, logDir, sizeBytes, history } = log
  const hosted = shard.find(log.topicId, partition)
  const { unsyncedSinceMs, flushRunningSinceMs, lastFlush } = history
  return {
    topic,
    topicId: log.topicId,
    partition,
    logDir,
    isr: hosted?.replicas.isr ?? 0,
    replicas: hosted?.replicas.replicas ?? 0,
    underMinIsr: hosted?.state === 'leading' && hosted.minInsyncRefusal() !== 'NONE',
    state: hosted?.state ?? '',
    leaderEpoch: hosted?.leaderEpoch ?? -1,
    sizeBytes,
    segments: log.segmentCount,
    logStartOffset: log.logStartOffset,
    logEndOffset: log.logEndOffset,
    highWatermark: log.highWatermark,
    lastStableOffset: log.lastStableOffset,
    recoveryPoint: log.recoveryPoint,
    flushes: history.flushCount,
    ...(unsyncedSinceMs === undefined ? {} : { unsyncedSinceMs }),
    ...(flushRunningSinceMs === undefined ? {} : { flushRunningSinceMs }),
    ...(lastFlush === undefined ? {} : { lastFlush })
  }
}

/** One answer a question; null where the partition is not of this shard. */
export function historyAnswers(
  logs: ShardLogs,
  questions: readonly HistoryQuestion[]
): Array<HistoryAnswer | null> {
  return questions.map(question => {
    const log = logs.find(question.topic, question.partition)
    return log === undefined ? null : historyAnswer(log, question)
  })
}

function historyAnswer(
  { history, recoveryPoint, logStartOffset, logEndOffset }: PartitionLog,
  { offset, atMs }: HistoryQuestion
): HistoryAnswer {
  const append =
    offset !== undefined
      ? history.appendOf(offset)
      : atMs !== undefined
        ? history.appendAfter(atMs)
        : undefined
  const last = append?.lastOffset ?? offset
  const flush = last === undefined ? undefined : history.flushOf(last)
  return {
    recoveryPoint,
    logStartOffset,
    logEndOffset,
    ...(append === undefined ? {} : { append }),
    ...(flush === undefined ? {} : { flush })
  }
}

export function handlerLook({ id, state, handled, idleMs, current }: HandlerLoop): HandlerLook {
  if (current === undefined) return { id, state, handled, idleMs }
  const { apiKey, clientId, connection, stamps } = current
  const { dequeuedMs, topic } = stamps
  return {
    id,
    state,
    handled,
    idleMs,
    current: { apiKey, clientId, connectionId: connection.id, dequeuedMs, topic }
  }
}
