// From stamps to spans: the parts of a request's time, without overlap and without gap, so that they add up to the whole.
import type { StageStamps } from './stage-stamps.js'

/** ms each. Kafka's metrics: RequestQueueTimeMs is `room` and `queue` together. */
export interface RequestSpans {
  room: number
  queue: number
  local: number
  remote: number
  responseQueue: number
  responseSend: number
  total: number
}

export const emptySpans = (): RequestSpans => ({
  room: 0,
  queue: 0,
  local: 0,
  remote: 0,
  responseQueue: 0,
  responseSend: 0,
  total: 0
})

/**
 * Writes into `spans`. A stage that the request never passed took no time: what it waited for was the next one. A stamp
 * that lies before the one in front of it (a turn's time is that of its begin) counts as equal.
 */
export function spansOf(stamps: StageStamps, spans: RequestSpans): RequestSpans {
  const { receivedMs } = stamps
  const enqueued = Math.max(receivedMs, stamps.enqueuedMs)
  const dequeued = Math.max(enqueued, stamps.dequeuedMs)
  const local = Math.max(dequeued, stamps.localCompleteMs)
  const ready = Math.max(local, stamps.responseCompleteMs)
  const taken = Math.max(ready, stamps.responseDequeuedMs)
  const sent = Math.max(taken, stamps.sentMs)
  spans.room = enqueued - receivedMs
  spans.queue = dequeued - enqueued
  spans.local = local - dequeued
  spans.remote = ready - local
  spans.responseQueue = taken - ready
  spans.responseSend = sent - taken
  spans.total = sent - receivedMs
  return spans
}
