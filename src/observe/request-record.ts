// From a request that a Processor has kept to the record that people look at.
import type { HistoryAnswer, HistoryQuestion } from '../actors/broker/thread-look.js'
import type { KeptRequest } from '../actors/network/newest-requests.js'
import { emptySpans, spansOf } from '../actors/network/request-spans.js'
import { stagesOf } from '../actors/network/slow-request.js'
import { apiKey } from '../protocol/api-keys.js'
import { errorName } from '../protocol/error-codes.js'
import type { FlushTold } from '../storage/log-history.js'
import type { FlushRecord, RequestRecord, StageName } from './snapshot.js'

export interface KeptOnThread extends KeptRequest {
  readonly thread: number
}

export interface RecordNotes {
  /** Wall clock minus monotonic clock, ms. */
  readonly wallMs: number
  readonly queueCapacity: number
}

export const apiName = (key: number): string => apiKey(key)?.name ?? `API ${key}`

/** What to ask of the log that a request wrote to; undefined where it wrote nothing. */
export function questionOf({ request: { stamps } }: KeptRequest): HistoryQuestion | undefined {
  const { topic, partition, lastOffset } = stamps
  return topic === '' || lastOffset < 0 ? undefined : { topic, partition, offset: lastOffset }
}

export function flushRecord({ startedMs, endedMs, upTo, cause }: FlushTold, wallMs: number): FlushRecord {
  return { startedAtMs: startedMs + wallMs, ms: endedMs - startedMs, upTo, cause }
}

export function recordOf(
  { thread, number, request }: KeptOnThread,
  history: HistoryAnswer | null,
  { wallMs, queueCapacity }: RecordNotes
): RequestRecord {
  const { stamps, apiKey: key, responseBytes, requestBytes } = request
  const { room, queue, local, remote, responseQueue, responseSend, total } = spansOf(stamps, emptySpans())
  const flush = history?.flush
  const syncedMs = flush?.endedMs ?? stamps.syncedMs
  const stages: Partial<Record<StageName, number>> = { received: 0, ...Object.fromEntries(stagesOf(stamps)) }
  if (syncedMs > 0) stages.synced = syncedMs - stamps.receivedMs
  const lagMs = stamps.appendedMs > 0 && syncedMs > 0 ? syncedMs - stamps.appendedMs : undefined
  return {
    id: `${thread}.${number}`,
    apiKey: key,
    api: apiName(key),
    apiVersion: request.apiVersion,
    clientId: request.clientId,
    connectionId: request.connectionId,
    listener: request.listener,
    processor: request.processorId,
    ...aboutOf(stamps),
    requestBytes,
    responseBytes,
    ...(stamps.acceptedMs > 0 ? { acceptedAtMs: stamps.acceptedMs + wallMs } : {}),
    receivedAtMs: stamps.receivedMs + wallMs,
    stages,
    spans: {
      waitingForRoom: room,
      requestQueue: queue,
      local,
      remote,
      responseQueue,
      responseSend
    },
    totalMs: total,
    ...(stamps.appendedMs > 0 ? { appendMs: Math.max(0, stamps.appendedMs - stamps.dequeuedMs) } : {}),
    ...(lagMs === undefined ? {} : { durabilityLagMs: Math.max(0, lagMs) }),
    ...(flush === undefined ? {} : { flush: flushRecord(flush, wallMs) }),
    circumstances: { queueDepth: stamps.queueDepth, queueCapacity }
  }
}

type About = Pick<
  RequestRecord,
  'topic' | 'partition' | 'partitions' | 'baseOffset' | 'lastOffset' | 'error' | 'throttleMs'
>

function aboutOf(stamps: KeptRequest['request']['stamps']): About {
  const { topic, partition, partitions, baseOffset, lastOffset, errorCode, throttleMs } = stamps
  return {
    ...(topic === '' ? {} : { topic }),
    ...(partition < 0 ? {} : { partition }),
    ...(partitions === 0 ? {} : { partitions }),
    ...(baseOffset < 0 ? {} : { baseOffset }),
    ...(lastOffset < 0 ? {} : { lastOffset }),
    ...(errorCode === 0 ? {} : { error: errorName(errorCode) }),
    ...(throttleMs === 0 ? {} : { throttleMs })
  }
}
