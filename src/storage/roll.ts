// When a log begins a new segment, and what that takes.
import { Bug } from '../errors.js'
import type { LogState } from './log-state.js'
import { maxRelativeOffset, Segment } from './segment.js'

/** Of the bytes to append. */
export interface Incoming {
  readonly bytes: number
  readonly maxTimestamp: bigint
  readonly lastOffset: number
}

export function shouldRoll(state: LogState, incoming: Incoming, nowMs: number): boolean {
  const { config } = state
  const { active } = state.segments
  if (active.size > config.segmentBytes - incoming.bytes) return true
  const relative = incoming.lastOffset - active.baseOffset
  if (relative > maxRelativeOffset || relative < 0) return true
  if (active.isFull(config.segmentIndexBytes)) return true
  return active.size > 0 && isTooOld(active, incoming.maxTimestamp, nowMs, segmentMsOf(state))
}

function segmentMsOf({ config }: LogState): number {
  return config.cleanupPolicy.includes('compact')
    ? Math.min(config.segmentMs, config.maxCompactionLagMs)
    : config.segmentMs
}

/** Age is that of the data: how far the batch lies behind the segment's first one, by the producers' clocks. */
function isTooOld(active: Segment, maxTimestamp: bigint, nowMs: number, segmentMs: number): boolean {
  if (segmentMs >= Number.MAX_SAFE_INTEGER) return false
  const first = active.firstTimestamp
  const waitedMs = first >= 0n ? Number(maxTimestamp) - Number(first) : nowMs - active.createdMs
  return waitedMs > segmentMs - active.rollJitterMs
}

/** A new active segment that begins at the offset; what was active is complete on the page cache. */
export function roll(state: LogState, baseOffset: number, nowMs: number): void {
  const { files, segments, directory } = state
  const { active } = segments
  if (baseOffset <= active.baseOffset) {
    if (active.size > 0 || baseOffset < active.baseOffset) {
      throw new Bug(`roll of ${directory} to ${baseOffset} below its last segment ${active.baseOffset}`)
    }
    segments.extract(segment => segment === active)
    active.abandon()
  } else {
    active.sealIndexes()
  }
  const segment = Segment.create(files, directory, baseOffset, nowMs)
  const { segmentJitterMs, segmentMs } = state.config
  segment.rollJitterMs = Math.floor(jitterShare(state, baseOffset) * Math.min(segmentJitterMs, segmentMs))
  segments.push(segment)
  state.hasNewFiles = true
  if (state.producers.mapEndOffset >= baseOffset || !state.producers.isEmpty) {
    state.snapshots.take(state.producers.entries, baseOffset)
  }
}

/** 0 .. 1, spread over partitions and segments, the same in every run. */
function jitterShare(state: LogState, baseOffset: number): number {
  if (state.config.segmentJitterMs === 0) return 0
  let hash = baseOffset | 0
  for (const char of state.directory) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0
  return (hash >>> 0) / 2 ** 32
}
