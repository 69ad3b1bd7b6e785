// The only file with setTimeout, setInterval and setImmediate: everything else is handed a Timers.

/** Idempotent; harmless after the timer has fired. */
export type Cancel = () => void

export interface Timers {
  /** Runs once after at least `ms` milliseconds (0 .. 2^31-1; longer delays fire at that limit). */
  after(ms: number, run: () => void): Cancel
  /** Runs again and again until cancelled. */
  every(ms: number, run: () => void): Cancel
}

const longestMs = 2 ** 31 - 1
const within = (ms: number): number => Math.min(Math.max(Math.ceil(ms), 0), longestMs)

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, within(ms))
    return () => clearTimeout(timer)
  },
  every(ms, run) {
    const timer = setInterval(run, within(ms))
    return () => clearInterval(timer)
  }
}

/** Timers that do not keep the process alive by themselves. */
export const backgroundTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, within(ms)).unref()
    return () => clearTimeout(timer)
  },
  every(ms, run) {
    const timer = setInterval(run, within(ms)).unref()
    return () => clearInterval(timer)
  }
}

/** Runs after the loop has looked at its sockets once. */
export function soon(run: () => void): Cancel {
  const handle = setImmediate(run)
  return () => clearImmediate(handle)
}

export function yieldToLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Keeps this thread alive until cancelled: a pending Atomics.waitAsync alone does not. */
export function keepThreadAlive(): Cancel {
  return systemTimers.every(longestMs, () => {})
}
