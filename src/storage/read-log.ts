// Reads of a fetch: where the records lie, how far a reader may see, and one read of the file for all of it.
import { required } from '../errors.js'
import type { AbortedTransaction, ReadOptions, ReadResult } from './log-results.js'
import type { LogState } from './log-state.js'
import type { Offset } from './offset.js'
import { readMemory } from './read-memory.js'
import type { BatchPlace, Segment } from './segment.js'

/** What lies this close to the end was written lately and is in the page cache: reading it does not wait for a disk. */
const nearEndBytes = 32 * 1024 * 1024
/** Of an old segment: has to be in memory before the synchronous search for a position in it. */
const warmUpBytes = 16 * 1024
const warmUpInto = Buffer.allocUnsafeSlow(warmUpBytes)

/** `near`: written lately. `cached`: it may all be in memory. `far`: a read may wait for the disk. */
type Distance = 'near' | 'cached' | 'far'

export function readLog(state: LogState, options: ReadOptions): ReadResult | Promise<ReadResult> {
  const { from, upTo } = options
  if (from < state.logStartOffset || from > state.logEndOffset) {
    return { kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' }
  }
  const bound = state.bound(upTo)
  if (from >= bound) return nothing(state, upTo)
  const i = Math.max(0, state.segments.floorIndex(from))
  const segment = required(state.segments.at(i), 'the segment that holds an offset')
  const start = segment.index.positionFor(from)
  if (isNearEnd(state, i, start)) return readAt(state, i, options, bound, 'near')
  if (isCached(segment, start)) return readAt(state, i, options, bound, 'cached')
  return warmUp(segment, start).then(() => {
    // Truncation or deletion may have come in between.
    if (from < state.logStartOffset || from > state.logEndOffset) {
      return { kind: 'refused', error: 'OFFSET_OUT_OF_RANGE' }
    }
    return readAt(
      state,
      Math.max(0, state.segments.floorIndex(from)),
      options,
      Math.min(bound, state.bound(upTo)),
      'far'
    )
  })
}

function isNearEnd(state: LogState, i: number, position: number): boolean {
  let behind = -position
  for (let at = state.segments.count - 1; at >= i; at--) {
    behind += state.segments.at(at)?.size ?? 0
    if (behind > nearEndBytes) return false
  }
  return true
}

function isCached(segment: Segment, position: number): boolean {
  const bytes = Math.min(warmUpBytes, segment.size - position)
  return bytes <= 0 || segment.file.readCached(warmUpInto.subarray(0, bytes), position) === bytes
}

async function warmUp(segment: Segment, position: number): Promise<void> {
  const bytes = Math.min(warmUpBytes, segment.size - position)
  if (bytes > 0) await segment.readAsync(Buffer.allocUnsafeSlow(bytes), position)
}

function readAt(
  state: LogState,
  first: number,
  options: ReadOptions,
  bound: number,
  distance: Distance
): ReadResult | Promise<ReadResult> {
  for (let i = first; i < state.segments.count; i++) {
    const segment = required(state.segments.at(i), 'a segment')
    const place = segment.locate(options.from)
    // Compaction may leave nothing at or above the offset here: the next segment has it.
    if (place === undefined) continue
    const end = state.segments.endOf(i)
    const limit = end !== undefined && end <= bound ? segment.size : positionOf(segment, state, bound)
    const available = limit - place.position
    const wanted = options.minOneBatch ? Math.max(options.maxBytes, place.bytes) : options.maxBytes
    const bytes = Math.min(available, wanted)
    if (bytes <= 0) return nothing(state, options.upTo)
    const buffer = readMemory.lend(bytes)
    const aborted = abortedFor(state, i, options, place, bytes)
    const told = (got: number): ReadResult => {
      if (distance !== 'near') state.segments.closeOldFiles(segment)
      return withAborted(state, [got === bytes ? buffer : buffer.subarray(0, got)], aborted)
    }
    if (distance === 'near') return told(segment.file.read(buffer, place.position))
    const cached = segment.file.readCached(buffer, place.position)
    if (cached === bytes) return told(bytes)
    const rest = segment.readAsync(buffer.subarray(cached), place.position + cached)
    return rest.then(more => told(cached + more))
  }
  return nothing(state, options.upTo)
}

/** Where records at and above the bound begin in this segment. */
function positionOf(segment: Segment, state: LogState, bound: number): number {
  if (bound >= state.logEndOffset) return segment.size
  return segment.locate(bound)?.position ?? segment.size
}

function nothing(state: LogState, upTo: ReadOptions['upTo']): ReadResult {
  return withAborted(state, [], upTo === 'lastStable' ? [] : null)
}

function withAborted(
  state: LogState,
  records: Buffer[],
  abortedTransactions: AbortedTransaction[] | null
): ReadResult {
  return {
    kind: 'records',
    records,
    highWatermark: state.highWatermark as Offset,
    lastStableOffset: state.lastStableOffset as Offset,
    logStartOffset: state.logStartOffset as Offset,
    abortedTransactions
  }
}

function abortedFor(
  state: LogState,
  i: number,
  options: ReadOptions,
  place: BatchPlace,
  bytes: number
): AbortedTransaction[] | null {
  if (options.upTo !== 'lastStable') return null
  const segment = required(state.segments.at(i), 'the segment that is read')
  const upper =
    segment.index.offsetAtPosition(place.position + bytes) ?? state.segments.endOf(i) ?? state.logEndOffset
  return abortedBetween(state, i, options.from, upper)
}

/** Aborted transactions with records in [from, upper), from the segment on. */
export function abortedBetween(
  state: LogState,
  i: number,
  from: number,
  upper: number
): AbortedTransaction[] {
  const found: AbortedTransaction[] = []
  for (let at = i; at < state.segments.count; at++) {
    const entries = state.segments.at(at)?.transactionIndex.entries ?? []
    for (const entry of entries) {
      if (entry.lastOffset >= from && entry.firstOffset < upper) {
        found.push({ producerId: entry.producerId, firstOffset: BigInt(entry.firstOffset) })
      }
      if (entry.lastStableOffset >= upper) return found
    }
  }
  return found
}
