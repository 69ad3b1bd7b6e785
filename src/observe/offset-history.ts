// Why was it late on disk: one offset, or the first append at or after a time, with the flush that covered it.
import type { Broker } from '../actors/broker/broker.js'
import type { HistoryAnswer, HistoryQuestion } from '../actors/broker/thread-look.js'
import { systemClock } from '../actors/runtime/clock.js'
import { flushRecord } from './request-record.js'
import type { BrokerSnapshot, OffsetHistory, RequestRecord } from './snapshot.js'
import { wallOffsetMs } from './snapshot-of.js'

/** `?topic=&partition=&offset=` or `&time=` (ms since the epoch); text: what is wrong with the question. */
export function historyQuestion(query: URLSearchParams): HistoryQuestion | string {
  const topic = query.get('topic') ?? ''
  const [partition, offset, time] = ['partition', 'offset', 'time'].map(name => {
    const text = query.get(name)
    return text === null || text.trim() === '' ? undefined : Number(text)
  })
  if (topic === '') return 'topic= names the topic'
  if (partition === undefined || !Number.isSafeInteger(partition)) return 'partition= is a number'
  if (offset !== undefined && Number.isSafeInteger(offset) && offset >= 0) return { topic, partition, offset }
  if (time !== undefined && Number.isFinite(time)) return { topic, partition, atMs: time - wallOffsetMs() }
  return 'offset= is an offset, or time= is in ms since the epoch'
}

/** Text: there is nothing to tell. `look` is only asked for when an append is known. */
export async function offsetHistory(
  broker: Broker,
  question: HistoryQuestion,
  look: () => Promise<BrokerSnapshot>
): Promise<OffsetHistory | string> {
  const { topic, partition } = question
  const [answer = null] = (await broker.parts.threads?.histories([question])) ?? []
  if (answer === null) return `${topic}-${partition} is not here`
  const offset = question.offset ?? answer.append?.baseOffset
  if (offset === undefined) return 'no append at or after that time is remembered'
  const remark = remarkOf(answer, offset)
  const { append, flush } = answer
  const wallMs = wallOffsetMs()
  const atMs = systemClock.nowMs()
  const request = append === undefined ? undefined : requestOf(await look(), question, offset)
  return {
    atMs,
    topic,
    partition,
    offset,
    ...(append === undefined
      ? {}
      : {
          append: {
            baseOffset: append.baseOffset,
            lastOffset: append.lastOffset,
            ...(request === undefined ? {} : { receivedAtMs: request.receivedAtMs }),
            appendedAtMs: append.appendedMs + wallMs
          }
        }),
    ...(flush === undefined || append === undefined
      ? {}
      : { flush: flushRecord(flush, wallMs), syncedAtMs: flush.endedMs + wallMs }),
    ...(remark === undefined ? {} : { remark }),
    ...(request === undefined ? {} : { request })
  }
}

function remarkOf(answer: HistoryAnswer, offset: number): string | undefined {
  const { append, flush, recoveryPoint, logStartOffset, logEndOffset } = answer
  if (offset >= logEndOffset) return 'it has not been appended yet'
  if (offset < logStartOffset) return 'it is below the start of the log'
  const isSynced = offset < recoveryPoint
  if (append === undefined) {
    const disk = isSynced ? 'is on the disk' : 'is not on the disk yet'
    return `it ${disk}; it was appended before the oldest append that is remembered`
  }
  if (!isSynced) return 'it is not on the disk yet'
  return flush === undefined ? 'it is on the disk; the flush that brought it is not remembered' : undefined
}

function requestOf(
  { requests }: BrokerSnapshot,
  { topic, partition }: HistoryQuestion,
  offset: number
): RequestRecord | undefined {
  return [...requests.newest, ...requests.slowest].find(
    ({ topic: own, partition: at, baseOffset = -1, lastOffset = -1 }) =>
      own === topic && at === partition && baseOffset >= 0 && baseOffset <= offset && offset <= lastOffset
  )
}
