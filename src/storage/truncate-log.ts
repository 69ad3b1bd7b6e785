// Making a log shorter: from the end (divergence, recovery), from the start (DeleteRecords), or altogether.

import type { DeleteRecordsResult } from './log-results.js'
import type { LogState } from './log-state.js'
import type { Offset } from './offset.js'
import { rebuildProducers } from './rebuild-producers.js'
import { Segment } from './segment.js'

/** Files with this ending are removed at the next start if not before. */
const retired = '.deleted'

export function truncateTo(state: LogState, offset: number): void {
  if (offset >= state.logEndOffset) {
    state.epochs.truncateFromEnd(offset)
    state.epochs.write()
    return
  }
  if (offset <= state.segments.first.baseOffset) {
    truncateFullyAndStartAt(state, offset)
    return
  }
  retire(
    state,
    state.segments.extract(segment => segment.baseOffset > offset)
  )
  state.truncations++
  state.segments.active.truncateTo(offset)
  state.logEndOffset = offset
  state.epochs.truncateFromEnd(offset)
  state.epochs.write()
  state.recoveryPoint = Math.min(state.recoveryPoint, offset)
  state.logStartOffset = Math.min(state.logStartOffset, offset)
  rebuildProducers(state, { wasClean: false })
  state.setHighWatermark(Math.min(state.highWatermark, offset))
}

/** The log is empty and the next record gets this offset. */
export function truncateFullyAndStartAt(state: LogState, offset: number): void {
  const { files, directory, segments } = state
  retire(
    state,
    segments.extract(() => true)
  )
  segments.push(Segment.create(files, directory, offset, state.environment.clock.nowMs()))
  state.hasNewFiles = true
  state.truncations++
  state.logStartOffset = offset
  state.logEndOffset = offset
  state.epochs.clear()
  state.epochs.write()
  state.snapshots.removeWhere(() => true)
  state.producers.clear(offset)
  state.recoveryPoint = Math.min(state.recoveryPoint, offset)
  state.highWatermark = offset
}

/** Out of the log now, from the disk after file.delete.delay.ms. */
export function retire(state: LogState, gone: readonly Segment[]): void {
  const { files, environment, config } = state
  const renamed = gone.flatMap(segment => {
    const snapshot = state.snapshots.retire(segment.baseOffset)
    return [...segment.rename(retired), ...(snapshot === undefined ? [] : [snapshot])]
  })
  if (renamed.length === 0) return
  environment.timers.after(config.fileDeleteDelayMs, () => {
    for (const path of renamed) files.remove(path)
  })
}

/** -1: everything below the high watermark. The bytes go later, with their segments. */
export function deleteRecordsBefore(state: LogState, asked: number): DeleteRecordsResult {
  if (!state.config.cleanupPolicy.includes('delete')) return { kind: 'refused', error: 'POLICY_VIOLATION' }
  const offset = asked === -1 ? state.highWatermark : asked
  if (offset < 0 || offset > state.highWatermark) return { kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' }
  if (offset > state.logStartOffset) {
    state.logStartOffset = offset
    state.epochs.truncateFromStart(offset)
    state.epochs.write()
    state.producers.logStartMoved(offset)
  }
  return { kind: 'done', lowWatermark: state.logStartOffset as Offset }
}
