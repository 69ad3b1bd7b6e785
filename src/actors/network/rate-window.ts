// How many a second, as Kafka's quotas measure it: counts in windows of one second, eleven of them, and how long to hold
// back when there are too many.

export interface RateWindowOptions {
  /** quota.window.size.seconds, in milliseconds */
  readonly windowMs: number
  /** quota.window.num */
  readonly windows: number
}

/** Kafka's defaults for connection quotas. */
export const connectionWindows: RateWindowOptions = { windowMs: 1000, windows: 11 }

interface Sample {
  startMs: number
  count: number
}

export class RateWindow {
  readonly #options: RateWindowOptions
  #samples: Sample[] = []
  limit: number

  /** `limit`: a second; Infinity = none. */
  constructor(limit: number, options: RateWindowOptions = connectionWindows) {
    this.limit = limit
    this.#options = options
  }

  record(nowMs: number, count = 1): void {
    const { windowMs, windows } = this.#options
    const last = this.#samples.at(-1)
    if (last === undefined || nowMs - last.startMs >= windowMs) {
      this.#samples.push({ startMs: nowMs, count })
      if (this.#samples.length > windows) this.#samples.shift()
    } else last.count += count
  }

  /** Takes back what was recorded for something that did not happen. */
  unrecord(): void {
    const last = this.#samples.at(-1)
    if (last !== undefined && last.count > 0) last.count--
  }

  ratePerSecond(nowMs: number): number {
    const { windowMs, windows } = this.#options
    this.#samples = this.#samples.filter(({ startMs }) => nowMs - startMs < windowMs * windows)
    const [oldest] = this.#samples
    if (oldest === undefined) return 0
    let total = 0
    for (const { count } of this.#samples) total += count
    // As if all but one window were full: a burst at the beginning is not a high rate yet.
    const elapsed = nowMs - oldest.startMs
    const missing = Math.max(windows - 1 - Math.floor(elapsed / windowMs), 0)
    return (total * 1000) / (elapsed + missing * windowMs)
  }

  /** Milliseconds until the rate is allowed again; 0 = it is. At most one window. */
  throttleMs(nowMs: number): number {
    if (this.limit === Number.POSITIVE_INFINITY) return 0
    const rate = this.ratePerSecond(nowMs)
    if (rate <= this.limit) return 0
    const { windowMs, windows } = this.#options
    const wholeMs = windowMs * windows
    return Math.min(Math.round(((rate - this.limit) / this.limit) * wholeMs), windowMs)
  }
}
