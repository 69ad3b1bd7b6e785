// How late this thread's event loop is: whatever holds it up (a long slice, the collector, a busy machine) holds up all.
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** ms beyond the 20 ms after which it looks; of one to two minutes. */
export interface LoopDelay {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

const resolutionMs = 20
const windowMs = 60_000

export class LoopDelayMeter {
  readonly #monitor = monitorEventLoopDelay({ resolution: resolutionMs })
  #sinceMs: number
  #before: LoopDelay | undefined

  constructor(nowMs: number) {
    this.#sinceMs = nowMs
    this.#monitor.enable()
  }

  /** Undefined until it has looked for the first time. `nowMs`: monotonic. */
  read(nowMs: number): LoopDelay | undefined {
    const current = this.#current()
    const worst = worse(current, this.#before)
    if (nowMs - this.#sinceMs < windowMs) return worst
    this.#sinceMs = nowMs
    this.#before = current
    this.#monitor.reset()
    return worst
  }

  stop(): void {
    this.#monitor.disable()
  }

  #current(): LoopDelay | undefined {
    const monitor = this.#monitor
    if (monitor.count === 0) return undefined
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs)
    return {
      p50Ms: late(monitor.percentile(50)),
      p99Ms: late(monitor.percentile(99)),
      maxMs: late(monitor.max)
    }
  }
}

function worse(a: LoopDelay | undefined, b: LoopDelay | undefined): LoopDelay | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return {
    p50Ms: Math.max(a.p50Ms, b.p50Ms),
    p99Ms: Math.max(a.p99Ms, b.p99Ms),
    maxMs: Math.max(a.maxMs, b.maxMs)
  }
}
