// What a partition remembers of one producer: epoch, the last five batches, and its open transaction.
import { addToSequence } from '../protocol/records/batch.js'

export const noProducer = -1n
const retainedBatches = 5

/** The metadata of a batch by which a repeated one is recognised. */
export interface BatchMetadata {
  lastSequence: number
  lastOffset: number
  offsetDelta: number
  timestamp: bigint
}

export class ProducerEntry {
  readonly producerId: bigint
  /** -1 none. */
  producerEpoch = -1
  /** -1 none. */
  coordinatorEpoch = -1
  lastTimestamp = -1n
  /** -1: no transaction is open. */
  currentTxnFirstOffset = -1
  /** Oldest first; objects are reused. */
  readonly #batches: BatchMetadata[] = []

  constructor(producerId: bigint) {
    this.producerId = producerId
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0
  }

  get last(): BatchMetadata | undefined {
    return this.#batches[this.#batches.length - 1]
  }

  /** -1 none. */
  get lastSequence(): number {
    return this.last?.lastSequence ?? -1
  }

  get lastOffset(): number {
    return this.last?.lastOffset ?? -1
  }

  /** A higher epoch forgets the batches of the lower one; true when it did. */
  raiseEpoch(epoch: number): boolean {
    if (epoch === this.producerEpoch) return false
    this.#batches.length = 0
    this.producerEpoch = epoch
    return true
  }

  add(epoch: number, lastSequence: number, lastOffset: number, offsetDelta: number, timestamp: bigint): void {
    this.raiseEpoch(epoch)
    const batch: BatchMetadata | undefined =
      this.#batches.length === retainedBatches ? this.#batches.shift() : undefined
    if (batch === undefined) {
      this.#batches.push({ lastSequence, lastOffset, offsetDelta, timestamp })
    } else {
      batch.lastSequence = lastSequence
      batch.lastOffset = lastOffset
      batch.offsetDelta = offsetDelta
      batch.timestamp = timestamp
      this.#batches.push(batch)
    }
    this.lastTimestamp = timestamp
  }

  /** The retained batch with these sequences; undefined: it is new. */
  duplicateOf(epoch: number, firstSequence: number, lastSequence: number): BatchMetadata | undefined {
    if (epoch !== this.producerEpoch) return undefined
    for (const batch of this.#batches) {
      if (batch.lastSequence === lastSequence && firstSequenceOf(batch) === firstSequence) return batch
    }
    return undefined
  }
}

function firstSequenceOf(batch: BatchMetadata): number {
  const first = batch.lastSequence - batch.offsetDelta
  return first < 0 ? addToSequence(first + 0x7fffffff, 1) : first
}
