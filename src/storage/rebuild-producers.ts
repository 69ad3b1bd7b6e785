// Producer state of a log that was opened or cut: the newest snapshot that can be read, and the batches behind it.
import { required } from '../errors.js'
import { BatchCursor } from '../protocol/records/batch.js'
import { markerOf } from './control-batch.js'
import type { LogState } from './log-state.js'
import type { Marker } from './producer-state.js'
import type { Segment } from './segment.js'

/** `wasClean`: stopped in order; then a log without any snapshot comes from a broker that knew no producers. */
export function rebuildProducers(state: LogState, { wasClean }: { readonly wasClean: boolean }): void {
  const { producers, snapshots, logEndOffset } = state
  if (wasClean && snapshots.isEmpty) {
    producers.clear(logEndOffset)
    for (const offset of lastTwoBases(state)) snapshots.take([], offset)
    if (logEndOffset > 0) snapshots.take([], logEndOffset)
    return
  }
  snapshots.removeWhere(offset => offset > logEndOffset || offset <= state.logStartOffset)
  const from = loadNewest(state, logEndOffset)
  replay(state, from, logEndOffset)
  if (producers.mapEndOffset < logEndOffset) producers.mapEndOffset = logEndOffset
  if (from < logEndOffset) snapshots.take(producers.entries, logEndOffset)
}

/** State as of the newest snapshot at or below; returns the offset from which batches are to be replayed. */
export function loadNewest(state: LogState, limit: number): number {
  const { producers, snapshots, environment } = state
  const newest = snapshots.newest(limit)
  if (newest === undefined) {
    producers.clear(state.logStartOffset)
    return state.logStartOffset
  }
  producers.load(newest.entries, newest.offset)
  producers.expire(environment.clock.nowMs(), environment.producerIdExpirationMs)
  return newest.offset
}

function lastTwoBases(state: LogState): number[] {
  return state.segments.all
    .slice(-2)
    .map(segment => segment.baseOffset)
    .filter(base => base > 0)
}

/** Takes snapshots at the bases of the last two segments on the way, so that the next open reads less. */
export function replay(state: LogState, from: number, to: number): void {
  const { segments, producers, snapshots } = state
  const bases = lastTwoBases(state)
  for (let i = Math.max(0, segments.floorIndex(from)); i < segments.count; i++) {
    const segment = required(segments.at(i), 'a segment')
    if (segment.baseOffset >= to) break
    if (bases.includes(segment.baseOffset) && segment.baseOffset > from) {
      snapshots.take(producers.entries, segment.baseOffset)
    }
    replaySegment(state, segment, from, to)
  }
}

function replaySegment(state: LogState, segment: Segment, from: number, to: number): void {
  const start = from <= segment.baseOffset ? 0 : (segment.locate(from)?.position ?? segment.size)
  const walk = segment.walk(start)
  while (walk.next()) {
    const { cursor, position } = walk
    if (cursor.lastOffset < from) continue
    if (cursor.lastOffset >= to) break
    const marker = cursor.isControl ? markerAt(segment, position, cursor.bytes) : undefined
    state.producers.update(cursor, marker)
  }
  walk.release()
}

/** Control batches are small; the walk over headers has only their beginning. */
function markerAt(segment: Segment, position: number, bytes: number): Marker | undefined {
  const buffer = Buffer.allocUnsafe(bytes)
  const batch = new BatchCursor(buffer, 0, segment.file.read(buffer, position))
  if (!batch.next()) return undefined
  const marker = markerOf(batch)
  return typeof marker === 'string' ? undefined : marker
}
