// Opens one partition's directory, as it was left by us or by Kafka, in order or not (storage facts 7.2).
import path from 'node:path'
import type { Uuid } from '../protocol/schema.js'
import { offsetInName } from './file-names.js'
import { LeaderEpochs } from './leader-epochs.js'
import type { LogConfig } from './log-config.js'
import { LogState, type StorageEnvironment } from './log-state.js'
import { partitionMetadataName, writePartitionMetadata } from './partition-metadata.js'
import { ProducerSnapshots } from './producer-snapshots.js'
import { ProducerState } from './producer-state.js'
import { rebuildProducers } from './rebuild-producers.js'
import { recoverSegment } from './recover-segment.js'
import { Segment } from './segment.js'
import { Segments } from './segments.js'
import { sweepDirectory } from './sweep-directory.js'
import { retire } from './truncate-log.js'

export interface LogToOpen {
  readonly topic: string
  readonly partition: number
  readonly topicId: Uuid
  readonly logDir: string
  /** Path of the partition's directory; must exist. */
  readonly directory: string
  readonly config: LogConfig
  /** From the checkpoints; 0 when they do not say. */
  readonly recoveryPoint: number
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly clean: boolean
}

export async function loadLog(environment: StorageEnvironment, log: LogToOpen): Promise<LogState> {
  const { files, clock } = environment
  const names = sweepDirectory(files, log.directory, clock.nowMs())
  if (!names.includes(partitionMetadataName)) writePartitionMetadata(files, log.directory, log.topicId)
  const state = emptyState(environment, log, names)
  state.logStartOffset = log.logStartOffset
  const doubtful = openSegments(state, names)
  await recover(state, doubtful, log)
  const end = state.segments.count === 0 ? undefined : state.segments.active.nextOffset()
  if (end === undefined || end < log.logStartOffset) startOver(state, log.logStartOffset)
  else state.logEndOffset = end
  settle(state, log)
  return state
}

function emptyState(environment: StorageEnvironment, log: LogToOpen, names: readonly string[]): LogState {
  const { files } = environment
  const { topic, partition, topicId, logDir, directory, config } = log
  return new LogState({
    environment,
    identity: { topic, partition, topicId, logDir },
    directory,
    config,
    segments: new Segments([]),
    producers: new ProducerState(),
    snapshots: new ProducerSnapshots(files, directory, names),
    epochs: LeaderEpochs.open(files, directory)
  })
}

/** Returns those whose side files cannot be trusted even after an orderly stop. */
function openSegments(state: LogState, names: readonly string[]): Set<Segment> {
  const { files, environment, directory } = state
  const known = new Set(names)
  const doubtful = new Set<Segment>()
  for (const name of names) {
    if (!name.endsWith('.log')) continue
    const baseOffset = offsetInName(name)
    if (baseOffset === undefined) continue
    const segment = new Segment(files, directory, baseOffset, environment.clock.nowMs())
    state.segments.push(segment)
    const stem = name.slice(0, -'.log'.length)
    if (!known.has(`${stem}.index`)) doubtful.add(segment)
    if (!known.has(`${stem}.timeindex`)) segment.timeIndex.reset()
    if (known.has(`${stem}.txnindex`) && segment.transactionIndex.problem() !== undefined)
      doubtful.add(segment)
  }
  return doubtful
}

async function recover(state: LogState, doubtful: ReadonlySet<Segment>, log: LogToOpen): Promise<void> {
  const { segments, environment } = state
  const from = log.clean ? Number.POSITIVE_INFINITY : segments.floorIndex(log.recoveryPoint)
  const planned = segments.all.filter((segment, i) => i >= from || doubtful.has(segment))
  if (planned.length > 0) environment.logger.info(`Recovering ${planned.length} segments of ${log.directory}`)
  for (const segment of planned) {
    const { truncatedBytes, nextOffset } = await recoverSegment(state, segment)
    state.snapshots.take(state.producers.entries, nextOffset)
    // Else another crash could bring the tail back, after a stop in order that vouches for what it was cut to.
    if (truncatedBytes > 0) await segment.flush()
    if (truncatedBytes === 0 && !endsEarly(state, segment, nextOffset)) continue
    // What lies behind a damaged place is unreachable: its offsets would leave a gap.
    const dropped = segments.extract(other => other.baseOffset > segment.baseOffset)
    if (dropped.length > 0) {
      environment.logger.warn(`Dropping ${dropped.length} segments behind the damage in ${log.directory}`)
      state.snapshots.removeWhere(offset => offset > nextOffset)
      retire(state, dropped)
    }
    return
  }
}

/** Batches are missing at its end although what is there is whole. Compaction leaves such gaps on purpose. */
function endsEarly({ segments, config }: LogState, segment: Segment, nextOffset: number): boolean {
  if (config.cleanupPolicy.includes('compact')) return false
  const next = segments.all.find(other => other.baseOffset > segment.baseOffset)
  return next !== undefined && nextOffset < next.baseOffset
}

function startOver(state: LogState, at: number): void {
  const { segments, files, directory, environment } = state
  const hadSegments = segments.count > 0
  retire(
    state,
    segments.extract(() => true)
  )
  if (hadSegments) state.epochs.clear()
  segments.push(Segment.create(files, directory, at, environment.clock.nowMs()))
  state.logEndOffset = at
}

function settle(state: LogState, log: LogToOpen): void {
  const { segments, epochs, snapshots } = state
  state.logStartOffset = Math.max(log.logStartOffset, segments.first.baseOffset)
  state.recoveryPoint = log.clean ? state.logEndOffset : Math.min(log.recoveryPoint, state.logEndOffset)
  state.recoveryPoint = Math.max(state.recoveryPoint, Math.min(state.logStartOffset, state.logEndOffset))
  epochs.truncateFromEnd(state.logEndOffset)
  if (log.logStartOffset > 0) epochs.truncateFromStart(log.logStartOffset)
  epochs.write()
  snapshots.removeStray(segments.all.map(segment => segment.baseOffset))
  rebuildProducers(state, { wasClean: log.clean })
  state.leaderEpoch = epochs.latestEpoch
  state.setHighWatermark(log.highWatermark)
  // An index that Kafka allocated ahead would grow behind its zeros.
  segments.active.writeIndexes()
  state.hasNewFiles = !log.clean
}

/** A log that was not there before, with its directory. */
export function createLog(environment: StorageEnvironment, log: LogToOpen): LogState {
  const { files } = environment
  files.makeDirectory(log.directory)
  writePartitionMetadata(files, log.directory, log.topicId)
  const state = emptyState(environment, log, [])
  startOver(state, 0)
  return state
}

export const partitionPath = (logDir: string, directory: string): string => path.join(logDir, directory)
