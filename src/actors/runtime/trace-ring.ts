// The newest entries of a trace in memory that is taken once: an entry is a few stores, the oldest one gives way.
import type { TracedActor, TracedStep, TraceEntry } from './trace.js'

export class TraceRing {
  readonly capacity: number
  readonly #numbers: Float64Array
  readonly #timesMs: Float64Array
  readonly #actors: (TracedActor | undefined)[]
  readonly #steps: (TracedStep | undefined)[]
  readonly #data: (string | undefined)[]
  readonly #contexts: (string | undefined)[]
  /** Entries ever added. */
  #added = 0

  /** `capacity`: a power of two. */
  constructor(capacity: number) {
    this.capacity = capacity
    this.#numbers = new Float64Array(capacity)
    this.#timesMs = new Float64Array(capacity)
    // References, not numbers: what no entry names any more can be collected, however many connections come and go.
    this.#actors = new Array<TracedActor | undefined>(capacity).fill(undefined)
    this.#steps = new Array<TracedStep | undefined>(capacity).fill(undefined)
    this.#data = new Array<string | undefined>(capacity).fill(undefined)
    this.#contexts = new Array<string | undefined>(capacity).fill(undefined)
  }

  add(
    number: number,
    atMs: number,
    actor: TracedActor,
    step: TracedStep,
    data: string | undefined,
    context: string | undefined
  ): void {
    const at = this.#added++ & (this.capacity - 1)
    this.#numbers[at] = number
    this.#timesMs[at] = atMs
    this.#actors[at] = actor
    this.#steps[at] = step
    this.#data[at] = data
    this.#contexts[at] = context
  }

  /**
   * Entries with larger numbers than `after`, oldest first, and how many of those have been overwritten. `most`: of more the
   * newest.
   */
  read(after: number, most = this.capacity): { entries: Omit<TraceEntry, 'thread'>[]; overwritten: number } {
    const entries: Omit<TraceEntry, 'thread'>[] = []
    const first = Math.max(0, this.#added - this.capacity)
    for (let i = Math.max(first, this.#added - most); i < this.#added; i++) {
      const at = i & (this.capacity - 1)
      const number = this.#numbers[at] ?? 0
      const actor = this.#actors[at]
      const step = this.#steps[at]
      if (number <= after || actor === undefined || step === undefined) continue
      const [atMs = 0, data, context] = [this.#timesMs[at], this.#data[at], this.#contexts[at]]
      entries.push({ number, atMs, actor, step, data, context })
    }
    // Those that are gone were older than the oldest that is left: if that one is not wanted, none of them was.
    const oldest = this.#numbers[first & (this.capacity - 1)] ?? 0
    return { entries, overwritten: first > 0 && oldest > after ? first : 0 }
  }
}
