// Bringing a log to the disk. Callers that come while one sync runs share the next one.
import path from 'node:path'
import type { FlushCause } from './log-history.js'
import type { LogState } from './log-state.js'
import { partitionMetadataName } from './partition-metadata.js'

export class LogFlush {
  readonly #state: LogState
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(state: LogState) {
    this.#state = state
  }

  /** Resolves when all that is in the log now is on the disk. */
  all(cause: FlushCause): Promise<void> {
    if (this.#running === undefined) return this.#start(true, cause)
    this.#next ??= this.#running.then(
      () => this.#startNext(cause),
      () => this.#startNext(cause)
    )
    return this.#next
  }

  #startNext(cause: FlushCause): Promise<void> {
    this.#next = undefined
    return this.#start(true, cause)
  }

  /** After a roll: the segments that are complete, without the one that is written to. */
  complete(): void {
    if (this.#running !== undefined) return
    // A failure has been reported by the log itself.
    this.#start(false, 'roll').catch(() => {})
  }

  #start(withActive: boolean, cause: FlushCause): Promise<void> {
    const run = flushSegments(this.#state, withActive, cause).finally(() => {
      this.#running = undefined
    })
    this.#running = run
    return run
  }
}

async function flushSegments(state: LogState, withActive: boolean, cause: FlushCause): Promise<void> {
  const { segments, files, history } = state
  const { monotonicMs } = state.environment.clock
  const upTo = withActive ? state.logEndOffset : segments.active.baseOffset
  state.lastFlushMs = state.environment.clock.nowMs()
  if (upTo <= state.recoveryPoint && !state.hasNewFiles) return
  const from = Math.max(0, segments.floorIndex(state.recoveryPoint))
  const affected = segments.all.slice(from).filter(segment => segment.baseOffset < upTo)
  const { truncations } = state
  const syncsDirectory = state.hasNewFiles
  state.hasNewFiles = false
  history.flushBegins(upTo, cause, monotonicMs())
  try {
    await state.epochs.sync()
    if (!withActive) await state.snapshots.sync(upTo)
    for (const segment of affected) await segment.flush()
    if (syncsDirectory) {
      await files.syncFileAsync(path.join(state.directory, partitionMetadataName))
      await files.syncDirectoryAsync(state.directory)
      // The partition's own directory: its name has to last too, before anything in it counts.
      if (state.recoveryPoint === 0) await files.syncDirectoryAsync(state.identity.logDir)
    }
  } catch (error) {
    state.hasNewFiles = true
    history.flushEnds(false, monotonicMs())
    if (state.isDeleted || isGone(state, affected)) return
    // The next sync of the same files may well say "done" for what this one has lost.
    state.fail(error)
    throw error
  }
  const counts = truncations === state.truncations
  if (upTo > state.recoveryPoint && counts) state.recoveryPoint = upTo
  history.flushEnds(counts, monotonicMs())
}

/** Deleted or cut while the disk was busy: nothing is left to be synced. */
function isGone(state: LogState, affected: readonly { readonly baseOffset: number }[]): boolean {
  return affected.some(segment => !state.segments.all.some(other => other === segment))
}
