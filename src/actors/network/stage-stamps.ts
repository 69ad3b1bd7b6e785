// When a request passed each stage, and what it turned out to be about: one flat object a request, filled by whoever has
// it. Where a handler of another thread has a copy, its part comes back with the response.

/** Monotonic milliseconds (performance.timeOrigin + now: comparable between threads); 0 = not reached yet. */
export interface StageStamps {
  /** Its connection. */
  acceptedMs: number
  /** The last bytes of its frame were read. */
  receivedMs: number
  /** There was room in the request queue. */
  enqueuedMs: number
  /** A handler took it. */
  dequeuedMs: number
  /** The API has read what is wanted of it; before its deeds. */
  decidedMs: number
  /** Its records are in the page cache. */
  appendedMs: number
  /** Known here only where the answer waited for it (log.flush.acks); else the log's history says it. */
  syncedMs: number
  /** The handler is done with it, or has parked it (Kafka: apiLocalCompleteTime). */
  localCompleteMs: number
  /** Of a parked one: what it waited for has come. */
  completedMs: number
  /** Its answer is on the way to the Processor. */
  responseCompleteMs: number
  responseDequeuedMs: number
  sentMs: number
  // What it found and what it was about.
  /** Requests that were in the queue when it came in, itself not counted. */
  queueDepth: number
  /** The first topic that it names; '' = none or not told. */
  topic: string
  /** The first partition of that; -1 = none or not told. */
  partition: number
  /** Over all topics. */
  partitions: number
  /** Offsets that its records were given in that partition; -1 = none. */
  baseOffset: number
  lastOffset: number
  /** Kafka's code of the first error in its answer; 0 = none. */
  errorCode: number
  throttleMs: number
}

export function newStamps(receivedMs: number, acceptedMs = 0): StageStamps {
  return {
    acceptedMs,
    receivedMs,
    enqueuedMs: 0,
    dequeuedMs: 0,
    decidedMs: 0,
    appendedMs: 0,
    syncedMs: 0,
    localCompleteMs: 0,
    completedMs: 0,
    responseCompleteMs: 0,
    responseDequeuedMs: 0,
    sentMs: 0,
    queueDepth: 0,
    topic: '',
    partition: -1,
    partitions: 0,
    baseOffset: -1,
    lastOffset: -1,
    errorCode: 0,
    throttleMs: 0
  }
}

/** What a handler adds; the rest is the Processor's own knowledge. */
export function adoptStamps(own: StageStamps, handlers: StageStamps, nowMs: number): void {
  own.responseDequeuedMs = nowMs
  if (own === handlers) return
  own.dequeuedMs = handlers.dequeuedMs
  own.decidedMs = handlers.decidedMs
  own.appendedMs = handlers.appendedMs
  own.syncedMs = handlers.syncedMs
  own.localCompleteMs = handlers.localCompleteMs
  own.completedMs = handlers.completedMs
  own.responseCompleteMs = handlers.responseCompleteMs
  own.topic = handlers.topic
  own.partition = handlers.partition
  own.partitions = handlers.partitions
  own.baseOffset = handlers.baseOffset
  own.lastOffset = handlers.lastOffset
  own.errorCode = handlers.errorCode
  own.throttleMs = handlers.throttleMs
}

/** A handler's part of the stamps, to travel. */
export type StampsLetter = readonly [topic: string, ...numbers: number[]]

export const stampsLetter = (stamps: StageStamps): StampsLetter => [
  stamps.topic,
  stamps.dequeuedMs,
  stamps.decidedMs,
  stamps.appendedMs,
  stamps.syncedMs,
  stamps.localCompleteMs,
  stamps.completedMs,
  stamps.responseCompleteMs,
  stamps.partition,
  stamps.partitions,
  stamps.baseOffset,
  stamps.lastOffset,
  stamps.errorCode,
  stamps.throttleMs
]

export function stampsOf([topic, ...numbers]: StampsLetter): StageStamps {
  const stamps = newStamps(0)
  stamps.topic = topic
  stamps.dequeuedMs = numbers[0] ?? 0
  stamps.decidedMs = numbers[1] ?? 0
  stamps.appendedMs = numbers[2] ?? 0
  stamps.syncedMs = numbers[3] ?? 0
  stamps.localCompleteMs = numbers[4] ?? 0
  stamps.completedMs = numbers[5] ?? 0
  stamps.responseCompleteMs = numbers[6] ?? 0
  stamps.partition = numbers[7] ?? -1
  stamps.partitions = numbers[8] ?? 0
  stamps.baseOffset = numbers[9] ?? -1
  stamps.lastOffset = numbers[10] ?? -1
  stamps.errorCode = numbers[11] ?? 0
  stamps.throttleMs = numbers[12] ?? 0
  return stamps
}
