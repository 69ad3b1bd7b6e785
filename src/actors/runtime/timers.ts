// Work for later. Everything is handed a Timers; these are the two real ones.
import { type Cancel, loop } from './loop.js'

export type { Cancel } from './loop.js'

export interface Timers {
  /** Runs once after at least `ms` milliseconds (0 .. 2^31-1; longer delays fire at that limit). */
  after(ms: number, run: () => void): Cancel
  /** Runs again and again until cancelled. */
  every(ms: number, run: () => void): Cancel
}

const longestMs = 2 ** 31 - 1
const within = (ms: number): number => Math.min(Math.max(Math.ceil(ms), 0), longestMs)

export const systemTimers: Timers = {
  after: (ms, run) => loop().after(within(ms), run, false),
  every: (ms, run) => loop().every(within(ms), run, false)
}

/** Timers that do not keep the process alive by themselves. */
export const backgroundTimers: Timers = {
  after: (ms, run) => loop().after(within(ms), run, true),
  every: (ms, run) => loop().every(within(ms), run, true)
}

/** Runs after the loop has looked at its sockets once. */
export function soon(run: () => void): Cancel {
  return loop().soon(run)
}

export function yieldToLoop(): Promise<void> {
  return new Promise(resolve => void loop().soon(resolve))
}

/** Keeps this thread alive until cancelled: a pending Atomics.waitAsync alone does not. */
export function keepThreadAlive(): Cancel {
  return systemTimers.every(longestMs, () => {})
}
