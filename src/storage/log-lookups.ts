// ListOffsets: by time, by largest timestamp, and the segment-based answer of version 0.
import { cooperate } from '../actors/runtime/cooperate.js'
import { BatchCursor } from '../protocol/records/batch.js'
import { readBatch } from '../protocol/records/read-batch.js'
import type { FoundOffset, ReadBound } from './log-results.js'
import type { LogState } from './log-state.js'
import type { Offset } from './offset.js'
import type { Segment } from './segment.js'

interface Found {
  readonly offset: number
  readonly timestamp: bigint
}

/** First record at or after the timestamp, at or above the log's start and below the bound. */
export async function lookupByTimestamp(
  state: LogState,
  timestamp: bigint,
  upTo: ReadBound
): Promise<FoundOffset | undefined> {
  const bound = state.bound(upTo)
  for (const segment of [...state.segments.all]) {
    const { timestamp: largest } = segment.largest
    const youngest = largest >= 0n ? largest : BigInt(Math.floor(segment.modifiedMs))
    if (youngest < timestamp) continue
    const found = await firstAtOrAfter(segment, timestamp, state.logStartOffset)
    return found === undefined || found.offset >= bound ? undefined : withEpoch(state, found)
  }
  return undefined
}

async function firstAtOrAfter(
  segment: Segment,
  timestamp: bigint,
  start: number
): Promise<Found | undefined> {
  const from = Math.max(segment.timeIndex.offsetFor(timestamp), start)
  const walk = segment.walk(segment.index.positionFor(from))
  try {
    while (walk.next()) {
      const { cursor, position } = walk
      if (cursor.maxTimestamp < timestamp || cursor.lastOffset < start) continue
      const found = await findRecord(
        segment,
        position,
        cursor.bytes,
        record => record.timestamp >= timestamp && record.offset >= start
      )
      if (found !== undefined) return found
    }
    return undefined
  } finally {
    walk.release()
  }
}

async function findRecord(
  segment: Segment,
  position: number,
  bytes: number,
  matches: (record: Found) => boolean
): Promise<Found | undefined> {
  const buffer = Buffer.allocUnsafeSlow(bytes)
  const got = await segment.readAsync(buffer, position)
  const batch = new BatchCursor(buffer, 0, got)
  if (!batch.next()) return undefined
  const { records } = await cooperate(readBatch(batch))
  const record = records.find(matches)
  return record === undefined ? undefined : { offset: record.offset, timestamp: record.timestamp }
}

function withEpoch(state: LogState, { offset, timestamp }: Found): FoundOffset {
  return { offset: offset as Offset, timestamp, leaderEpoch: state.epochs.epochAt(offset) }
}

/** The first record with the greatest timestamp of the log. */
export async function maxTimestamp(state: LogState, upTo: ReadBound): Promise<FoundOffset | undefined> {
  let best: Segment | undefined
  for (const segment of state.segments.all) {
    if (segment.largest.timestamp >= 0n && segment.largest.timestamp > (best?.largest.timestamp ?? -1n)) {
      best = segment
    }
  }
  if (best === undefined) return undefined
  const { timestamp, offset } = best.largest
  const place = best.locate(offset)
  if (place === undefined) return undefined
  const found = await findRecord(best, place.position, place.bytes, record => record.timestamp === timestamp)
  if (found === undefined || found.offset >= state.bound(upTo)) return undefined
  return withEpoch(state, found)
}

export function earliest(state: LogState): FoundOffset {
  const first = state.epochs.entries[0]
  const leaderEpoch = first !== undefined && first.startOffset <= state.logStartOffset ? first.epoch : -1
  return { offset: state.logStartOffset as Offset, timestamp: -1n, leaderEpoch }
}

/** ListOffsets v0: bases of segments that were last written at or before the time, newest first. */
export function legacyOffsetsBefore(
  state: LogState,
  timestamp: bigint,
  max: number,
  upTo: ReadBound
): number[] {
  const { all, active } = state.segments
  const end = state.bound(upTo)
  const candidates = all.map((segment, i) => ({
    offset: i === 0 ? Math.max(segment.baseOffset, state.logStartOffset) : segment.baseOffset,
    modifiedMs: segment.modifiedMs
  }))
  if (active.size > 0) candidates.push({ offset: end, modifiedMs: state.environment.clock.nowMs() })
  let last = candidates.length - 1
  if (timestamp === -2n) last = 0
  else if (timestamp !== -1n) {
    while (last >= 0 && BigInt(Math.floor(candidates[last]?.modifiedMs ?? 0)) > timestamp) last--
  }
  const offsets = candidates
    .slice(0, last + 1)
    .map(candidate => candidate.offset)
    .filter(offset => offset <= end)
  return offsets.reverse().slice(0, Math.max(0, max))
}
