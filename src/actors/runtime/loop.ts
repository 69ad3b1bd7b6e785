// All that a thread asks of the machine below it, apart from files and sockets: callbacks later, time, randomness, and the
// wait for another thread. One object a thread, so that a simulation can put a world of its own in its place. Everybody
// else uses it through timers.ts, clock.ts, randomness.ts and doorbell.ts.
import { randomUUID } from 'node:crypto'

/** Idempotent; harmless after the callback has run. */
export type Cancel = () => void

export interface Loop {
  /** Once, after at least `ms` (whole, 0 .. 2^31-1). `background`: does not keep the process alive. */
  after(ms: number, run: () => void, background: boolean): Cancel
  every(ms: number, run: () => void, background: boolean): Cancel
  /** After the sockets were looked at once; in the order of the calls. */
  soon(run: () => void): Cancel
  /** Wall clock, whole milliseconds since the epoch. */
  nowMs(): number
  /** Milliseconds with a fraction, never decreasing, comparable between threads. */
  monotonicMs(): number
  /** The same for records that nobody decides by: looking changes nothing in any world. */
  stampMs(): number
  /** Milliseconds since this thread began. */
  sinceLaunchMs(): number
  /** 0 <= x < 1 */
  random(): number
  /** As RFC 4122 writes a version 4. */
  randomUuid(): string
  /** Until the word is no longer 0, as Atomics.waitAsync; 'not0': it is something else already. */
  whileZero(words: Int32Array, index: number): Promise<unknown> | 'not0'
  /** Ends the waits for that word, on whatever thread. */
  notify(words: Int32Array, index: number): void
}

// The origin of performance.now() differs between threads; that of hrtime does not. A thread that is interrupted between its
// looks at the two finds the origin too early, by milliseconds on a busy machine: the latest of several is right.
function originOfNow(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6 - performance.now()
}
const originMs = Math.max(...Array.from({ length: 8 }, originOfNow))

export const systemLoop: Loop = {
  after(ms, run, background) {
    const timer = setTimeout(run, ms)
    if (background) timer.unref()
    return () => clearTimeout(timer)
  },
  every(ms, run, background) {
    const timer = setInterval(run, ms)
    if (background) timer.unref()
    return () => clearInterval(timer)
  },
  soon(run) {
    const handle = setImmediate(run)
    return () => clearImmediate(handle)
  },
  nowMs: () => Date.now(),
  monotonicMs: () => originMs + performance.now(),
  stampMs: () => originMs + performance.now(),
  sinceLaunchMs: () => performance.now(),
  random: () => Math.random(),
  randomUuid: () => randomUUID(),
  whileZero(words, index) {
    const wait = Atomics.waitAsync(words, index, 0)
    return wait.async ? wait.value : 'not0'
  },
  notify: (words, index) => void Atomics.notify(words, index)
}

let current = systemLoop

/** The loop of this thread. */
export const loop = (): Loop => current

/** Puts another loop in place, for all that begins from now on; the result puts the one before back. */
export function useLoop(other: Loop): () => void {
  const before = current
  current = other
  return () => {
    current = before
  }
}
