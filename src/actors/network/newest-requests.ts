// The newest requests that are over, as numbers and texts in memory that is taken once: kept as objects they would outlive
// the collector's young generation, at twice the cost of all figures together.
import type { CompletedRequest } from './processor-setup.js'
import { newStamps } from './stage-stamps.js'

/** Plain data: a request that is over. */
export interface KeptRequest {
  /** Its place among those of the thread, from 1. */
  readonly number: number
  readonly request: CompletedRequest
}

const numbersEach = 24
const textsEach = 4

export class NewestRequests {
  readonly #capacity: number
  readonly #numbers: Float64Array
  readonly #texts: (string | null)[]
  /** Requests ever taken in. */
  count = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#numbers = new Float64Array(capacity * numbersEach)
    this.#texts = new Array<string | null>(capacity * textsEach).fill(null)
  }

  add(request: CompletedRequest): void {
    const slot = this.count++ % this.#capacity
    const { stamps } = request
    const numbers = this.#numbers
    let at = slot * numbersEach
    numbers[at++] = request.apiKey
    numbers[at++] = request.apiVersion
    numbers[at++] = request.processorId
    numbers[at++] = request.requestBytes
    numbers[at++] = request.responseBytes
    numbers[at++] = stamps.acceptedMs
    numbers[at++] = stamps.receivedMs
    numbers[at++] = stamps.enqueuedMs
    numbers[at++] = stamps.dequeuedMs
    numbers[at++] = stamps.decidedMs
    numbers[at++] = stamps.appendedMs
    numbers[at++] = stamps.syncedMs
    numbers[at++] = stamps.localCompleteMs
    numbers[at++] = stamps.completedMs
    numbers[at++] = stamps.responseCompleteMs
    numbers[at++] = stamps.responseDequeuedMs
    numbers[at++] = stamps.sentMs
    numbers[at++] = stamps.queueDepth
    numbers[at++] = stamps.partition
    numbers[at++] = stamps.partitions
    numbers[at++] = stamps.baseOffset
    numbers[at++] = stamps.lastOffset
    numbers[at++] = stamps.errorCode
    numbers[at++] = stamps.throttleMs
    const text = slot * textsEach
    this.#texts[text] = request.clientId
    this.#texts[text + 1] = request.connectionId
    this.#texts[text + 2] = request.listener
    this.#texts[text + 3] = stamps.topic
  }

  /** Newest first. */
  read(): KeptRequest[] {
    const kept: KeptRequest[] = []
    for (let number = this.count; number > Math.max(0, this.count - this.#capacity); number--)
      kept.push({ number, request: this.#request((number - 1) % this.#capacity) })
    return kept
  }

  #request(slot: number): CompletedRequest {
    let at = slot * numbersEach
    const next = (): number => this.#numbers[at++] ?? 0
    const text = (place: number): string | null => this.#texts[slot * textsEach + place] ?? null
    const [apiKey, apiVersion, processorId, requestBytes, responseBytes] = [
      next(),
      next(),
      next(),
      next(),
      next()
    ]
    const stamps = newStamps(0)
    stamps.acceptedMs = next()
    stamps.receivedMs = next()
    stamps.enqueuedMs = next()
    stamps.dequeuedMs = next()
    stamps.decidedMs = next()
    stamps.appendedMs = next()
    stamps.syncedMs = next()
    stamps.localCompleteMs = next()
    stamps.completedMs = next()
    stamps.responseCompleteMs = next()
    stamps.responseDequeuedMs = next()
    stamps.sentMs = next()
    stamps.queueDepth = next()
    stamps.partition = next()
    stamps.partitions = next()
    stamps.baseOffset = next()
    stamps.lastOffset = next()
    stamps.errorCode = next()
    stamps.throttleMs = next()
    stamps.topic = text(3) ?? ''
    return {
      apiKey,
      apiVersion,
      clientId: text(0),
      connectionId: text(1) ?? '',
      listener: text(2) ?? '',
      processorId,
      requestBytes,
      responseBytes,
      stamps
    }
  }
}
