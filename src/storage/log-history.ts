// What a log remembers of its newest appends and flushes: when each range of offsets came into the page cache and which
// flush brought it to the disk. Appends of the same millisecond are one entry; the memory grows with use, to 1,024 entries.
import { Histogram } from '../actors/runtime/histogram.js'

/** Why a flush was begun; those who ask while one runs share the next one, under the first one's cause. */
export type FlushCause = 'count' | 'interval' | 'roll' | 'acks' | 'close'

/** Times are monotonic ms. */
export interface FlushTold {
  readonly startedMs: number
  readonly endedMs: number
  /** Everything below is on the disk with it. */
  readonly upTo: number
  readonly cause: FlushCause
}

export interface AppendTold {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly appendedMs: number
}

/** Of all logs of one thread. */
export class FlushFigures {
  /** ms of each flush that reached the disk. */
  readonly times: Histogram
  /** ms from append to disk, one entry of the history each. */
  readonly lag: Histogram
  running = 0
  lastMs: number | undefined

  constructor(nowMs: number) {
    this.times = new Histogram(nowMs)
    this.lag = new Histogram(nowMs)
  }
}

const firstEntries = 16
const mostEntries = 1024
const flushesKept = 32
const fields = 3
const togetherMs = 1

export class LogHistory {
  readonly #figures: FlushFigures | undefined
  /** base offset, last offset, time; a ring from its first entry on. */
  #appends = new Float64Array(0)
  #slots = 0
  #added = 0
  readonly #flushes: FlushTold[] = []
  #running: Omit<FlushTold, 'endedMs'> | undefined
  #unsyncedSinceMs = 0
  /** Flushes that reached the disk. */
  flushCount = 0

  constructor(figures: FlushFigures | undefined) {
    this.#figures = figures
  }

  /** When the oldest append was made that is not on the disk; undefined: there is none. */
  get unsyncedSinceMs(): number | undefined {
    return this.#unsyncedSinceMs === 0 ? undefined : this.#unsyncedSinceMs
  }

  get flushRunningSinceMs(): number | undefined {
    return this.#running?.startedMs
  }

  get lastFlush(): FlushTold | undefined {
    return this.#flushes.at(-1)
  }

  appended(baseOffset: number, lastOffset: number, nowMs: number): void {
    if (this.#unsyncedSinceMs === 0) this.#unsyncedSinceMs = nowMs
    const newest = ((this.#added - 1) % this.#slots) * fields
    if (
      this.#added > 0 &&
      this.#at(newest + 1) === baseOffset - 1 &&
      nowMs - this.#at(newest + 2) < togetherMs
    ) {
      this.#appends[newest + 1] = lastOffset
      return
    }
    if (this.#added === this.#slots && this.#slots < mostEntries) this.#grow()
    const at = (this.#added++ % this.#slots) * fields
    this.#appends[at] = baseOffset
    this.#appends[at + 1] = lastOffset
    this.#appends[at + 2] = nowMs
  }

  flushBegins(upTo: number, cause: FlushCause, nowMs: number): void {
    this.#running = { startedMs: nowMs, upTo, cause }
    if (this.#figures !== undefined) this.#figures.running++
  }

  /** `reached`: everything below its end is on the disk. */
  flushEnds(reached: boolean, nowMs: number): void {
    const running = this.#running
    this.#running = undefined
    if (running === undefined) return
    const figures = this.#figures
    if (figures !== undefined) figures.running--
    if (!reached) return
    const syncedBefore = this.lastFlush?.upTo ?? 0
    this.#flushes.push({ ...running, endedMs: nowMs })
    if (this.#flushes.length > flushesKept) this.#flushes.shift()
    this.flushCount++
    if (figures !== undefined) {
      figures.lastMs = nowMs - running.startedMs
      figures.times.record(figures.lastMs, nowMs)
    }
    this.#settle(running.upTo, syncedBefore, nowMs)
  }

  /** The append that holds the offset; undefined: older than what is remembered, or never made in this life. */
  appendOf(offset: number): AppendTold | undefined {
    for (let i = this.#added - 1; i >= this.#first; i--) {
      const append = this.#entry(i)
      if (append.baseOffset <= offset) return append.lastOffset >= offset ? append : undefined
    }
    return undefined
  }

  /** The first append at or after the time (monotonic ms). */
  appendAfter(atMs: number): AppendTold | undefined {
    for (let i = this.#first; i < this.#added; i++) {
      const append = this.#entry(i)
      if (append.appendedMs >= atMs) return append
    }
    return undefined
  }

  /** The flush that brought the offset to the disk, where it is remembered. */
  flushOf(offset: number): FlushTold | undefined {
    const [oldest] = this.#flushes
    const found = this.#flushes.find(({ upTo }) => upTo > offset)
    // The oldest that is left covers whatever came before it too, only it need not have been the first to do so.
    return found === oldest && this.flushCount > this.#flushes.length ? undefined : found
  }

  get #first(): number {
    return Math.max(0, this.#added - this.#slots)
  }

  #at(word: number): number {
    return this.#appends[word] ?? 0
  }

  #entry(index: number): AppendTold {
    const at = (index % this.#slots) * fields
    return {
      baseOffset: this.#at(at),
      lastOffset: this.#at(at + 1),
      appendedMs: this.#at(at + 2)
    }
  }

  #settle(upTo: number, syncedBefore: number, nowMs: number): void {
    this.#unsyncedSinceMs = 0
    for (let i = this.#first; i < this.#added; i++) {
      const at = (i % this.#slots) * fields
      const [lastOffset, appendedMs] = [this.#at(at + 1), this.#at(at + 2)]
      if (lastOffset >= upTo) {
        this.#unsyncedSinceMs = appendedMs
        return
      }
      if (lastOffset >= syncedBefore) this.#figures?.lag.record(nowMs - appendedMs, nowMs)
    }
  }

  #grow(): void {
    this.#slots = this.#slots === 0 ? firstEntries : this.#slots * 2
    const wider = new Float64Array(this.#slots * fields)
    wider.set(this.#appends)
    this.#appends = wider
  }
}
