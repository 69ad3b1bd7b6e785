// The write itself: bytes that passed validation and carry their final offsets go into the active segment, its indexes
// and the producer state. Nothing changes when the producer state refuses.
import { BatchCursor } from '../protocol/records/batch.js'
import { markerOf } from './control-batch.js'
import type { AppendedAt, AppendOrigin, AppendResult, Refusal } from './log-results.js'
import type { LogState } from './log-state.js'
import type { Offset } from './offset.js'
import type { Marker } from './producer-state.js'
import { roll, shouldRoll } from './roll.js'

export function refusal(
  state: LogState,
  error: Refusal['error'],
  message: string | null,
  recordErrors: Refusal['recordErrors'] = []
): Refusal {
  return { kind: 'refused', error, message, logStartOffset: state.logStartOffset as Offset, recordErrors }
}

const cursor = new BatchCursor(Buffer.alloc(0))

/**
 * `bytes`: whole batches, offsets ascending from the log's end, epoch and timestamps set. `logAppendTimeMs`: -1 unless the
 * log stamps the time.
 */
export function commitAppend(
  state: LogState,
  bytes: Buffer,
  origin: AppendOrigin,
  nowMs: number,
  logAppendTimeMs: number
): AppendResult {
  if (bytes.length > state.config.segmentBytes) {
    return refusal(
      state,
      'RECORD_LIST_TOO_LARGE',
      `Message batch size is ${bytes.length} bytes in append to partition ${state.identity.topic}-${state.identity.partition}, which exceeds the maximum configured segment size of ${state.config.segmentBytes}.`
    )
  }
  const baseOffset = state.logEndOffset
  const verdict = checkProducers(state, bytes, origin)
  if (verdict !== undefined) return verdict
  try {
    const lastOffset = write(state, bytes, nowMs)
    state.history.appended(baseOffset, lastOffset, state.environment.clock.monotonicMs())
    return { kind: 'appended', ...appendedAt(state, baseOffset, lastOffset, logAppendTimeMs) }
  } catch (error) {
    state.fail(error)
    return refusal(state, 'KAFKA_STORAGE_ERROR', error instanceof Error ? error.message : String(error))
  }
}

function appendedAt(
  state: LogState,
  baseOffset: number,
  lastOffset: number,
  logAppendTimeMs: number
): AppendedAt {
  return {
    baseOffset: baseOffset as Offset,
    lastOffset: lastOffset as Offset,
    logAppendTimeMs,
    logStartOffset: state.logStartOffset as Offset
  }
}

function checkProducers(state: LogState, bytes: Buffer, origin: AppendOrigin): AppendResult | undefined {
  cursor.reset(bytes)
  while (cursor.next()) {
    if (cursor.magic < 2 || cursor.producerId < 0n) continue
    const verdict = state.producers.check(cursor, origin, state.logEndOffset)
    if (verdict.kind === 'duplicate') {
      const { lastOffset, offsetDelta, timestamp } = verdict.of
      const appendTime = state.config.messageTimestampType === 'LogAppendTime' ? Number(timestamp) : -1
      return { kind: 'duplicate', ...appendedAt(state, lastOffset - offsetDelta, lastOffset, appendTime) }
    }
    if (verdict.kind === 'refused') return refusal(state, verdict.error, verdict.message)
    if (!cursor.isControl) continue
    const marker = markerOf(cursor)
    if (typeof marker === 'string') return refusal(state, 'INVALID_RECORD', marker)
    if (marker === undefined) continue
    const fence = state.producers.checkMarker(cursor, marker)
    if (fence.kind === 'refused') return refusal(state, fence.error, fence.message)
  }
  return undefined
}

/** Returns the last offset. */
function write(state: LogState, bytes: Buffer, nowMs: number): number {
  const { producers, segments, config } = state
  cursor.reset(bytes)
  let lastOffset = -1
  let maxTimestamp = -1n
  while (cursor.next()) {
    lastOffset = cursor.lastOffset
    if (cursor.maxTimestamp > maxTimestamp) maxTimestamp = cursor.maxTimestamp
    const { partitionLeaderEpoch } = cursor
    if (state.epochs.assign(partitionLeaderEpoch, cursor.offsetField)) state.epochs.write()
  }
  if (shouldRoll(state, { bytes: bytes.length, maxTimestamp, lastOffset }, nowMs)) {
    roll(state, state.logEndOffset, nowMs)
    state.onRoll?.()
  }
  segments.active.append(bytes, cursor.reset(bytes), config.indexIntervalBytes)
  cursor.reset(bytes)
  while (cursor.next()) {
    let marker: Marker | undefined
    if (cursor.isControl) {
      const read = markerOf(cursor)
      marker = typeof read === 'string' ? undefined : read
    }
    const aborted = producers.update(cursor, marker)
    if (aborted !== undefined) segments.active.transactionIndex.append(aborted)
  }
  state.logEndOffset = lastOffset + 1
  return lastOffset
}
