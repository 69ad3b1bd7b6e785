// Reads a segment that was not closed in order from its first byte: everything up to the first batch that is not whole and
// intact counts, its indexes are made anew, producers and epochs learn from it.
import { BatchCursor } from '../protocol/records/batch.js'
import { markerOf } from './control-batch.js'
import type { LogState } from './log-state.js'
import { loadNewest, replay } from './rebuild-producers.js'
import { maxRelativeOffset, type Segment } from './segment.js'

const chunkBytes = 1024 * 1024

export interface Recovered {
  readonly truncatedBytes: number
  readonly nextOffset: number
}

export async function recoverSegment(state: LogState, segment: Segment): Promise<Recovered> {
  const { producers, files } = state
  const fileBytes = files.status(segment.pathOf('.log'))?.size ?? 0
  segment.trustSize(fileBytes)
  if (producers.mapEndOffset !== segment.baseOffset) {
    replay(state, loadNewest(state, segment.baseOffset), segment.baseOffset)
    producers.mapEndOffset = segment.baseOffset
  }
  segment.resetIndexes()
  const scan = new Scan(state, segment)
  let chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, fileBytes))
  let position = 0
  while (position < fileBytes && !scan.isOver) {
    const wanted = Math.min(chunk.length, fileBytes - position)
    const got = await segment.readAsync(chunk.subarray(0, wanted), position)
    const taken = scan.take(chunk, got, position)
    position += taken
    if (taken > 0) continue
    const needed = got < 12 ? 0 : chunk.readInt32BE(8) + 12
    if (scan.isOver || needed <= chunk.length || position + needed > fileBytes) break
    chunk = Buffer.allocUnsafeSlow(needed)
  }
  const truncatedBytes = segment.cutAfterScan(position)
  segment.sealIndexes()
  producers.mapEndOffset = scan.nextOffset
  if (truncatedBytes > 0) {
    state.environment.logger.warn(
      `Truncated ${truncatedBytes} bytes of ${segment.pathOf('.log')}: ${scan.problem ?? 'incomplete batch at the end'}`
    )
  }
  return { truncatedBytes, nextOffset: scan.nextOffset }
}

class Scan {
  isOver = false
  problem: string | undefined
  nextOffset: number
  readonly #state: LogState
  readonly #segment: Segment
  readonly #cursor = new BatchCursor(Buffer.alloc(0))

  constructor(state: LogState, segment: Segment) {
    this.#state = state
    this.#segment = segment
    this.nextOffset = segment.baseOffset
  }

  /** Takes whole, intact batches; returns their bytes. */
  take(chunk: Buffer, bytes: number, position: number): number {
    const cursor = this.#cursor.reset(chunk, 0, bytes)
    let taken = 0
    while (cursor.next()) {
      this.problem = this.#problemOf(cursor)
      if (this.problem !== undefined) {
        this.isOver = true
        return taken
      }
      this.#learn(cursor, position + taken)
      taken += cursor.bytes
    }
    if (cursor.problem !== undefined) {
      this.problem = cursor.problem.reason
      this.isOver = true
    }
    return taken
  }

  #problemOf(batch: BatchCursor): string | undefined {
    if (!batch.checksumHolds) return 'checksum does not match'
    const { baseOffset } = this.#segment
    if (batch.offsetField < this.nextOffset) {
      return `offset ${batch.offsetField} where at least ${this.nextOffset} is expected`
    }
    if (batch.lastOffset - baseOffset > maxRelativeOffset)
      return `offset ${batch.lastOffset} is too far from ${baseOffset}`
    if (!batch.isControl) return undefined
    const marker = markerOf(batch)
    return typeof marker === 'string' ? marker : undefined
  }

  #learn(batch: BatchCursor, position: number): void {
    const { producers, epochs, config } = this.#state
    this.#segment.noteBatch(batch, position, config.indexIntervalBytes)
    this.nextOffset = batch.lastOffset + 1
    if (batch.partitionLeaderEpoch > epochs.latestEpoch) {
      epochs.assign(batch.partitionLeaderEpoch, batch.offsetField)
    }
    const marker = batch.isControl ? markerOf(batch) : undefined
    const aborted = producers.update(batch, typeof marker === 'string' ? undefined : marker)
    if (aborted !== undefined) this.#segment.transactionIndex.append(aborted)
  }
}
