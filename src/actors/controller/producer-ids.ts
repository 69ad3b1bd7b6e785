// Producer ids of one thread: taken from a block of its own, a new block only when that is used up. A block that is
// not used up when the broker stops is lost, as in Kafka: ids are unique, not dense.
import type { ErrorName } from '../../protocol/error-codes.js'
import type { ProducerIdResult } from './controller-client.js'

/** Ids from `start` to `end`, both included; plain numbers below 2^53. */
export type BlockAnswer =
  | { readonly kind: 'block'; readonly start: number; readonly end: number }
  | { readonly kind: 'refused'; readonly error: ErrorName }

/** Gives ids one by one; callers that meet an empty block share one request for the next. */
export class ProducerIds {
  readonly #allocate: () => Promise<BlockAnswer>
  #next = 0
  #end = -1
  #refill: Promise<ErrorName | undefined> | undefined

  constructor(allocate: () => Promise<BlockAnswer>) {
    this.#allocate = allocate
  }

  async next(): Promise<ProducerIdResult> {
    while (this.#next > this.#end) {
      this.#refill ??= this.#takeBlock()
      const error = await this.#refill
      if (error !== undefined) return { error, producerId: -1n }
    }
    const producerId = BigInt(this.#next)
    this.#next += 1
    return { error: 'NONE', producerId }
  }

  async #takeBlock(): Promise<ErrorName | undefined> {
    try {
      const answer = await this.#allocate()
      if (answer.kind === 'refused') return answer.error
      this.#next = answer.start
      this.#end = answer.end
      return undefined
    } finally {
      this.#refill = undefined
    }
  }
}
