// Time as a value that is handed in, so that a simulation can replace it.

export interface Clock {
  /** Wall clock, whole milliseconds since the epoch; may jump. */
  nowMs(): number
  /** Milliseconds with a fraction, never decreasing, comparable between the threads of one process. */
  monotonicMs(): number
}

// The origin of performance.now() differs between threads; that of hrtime does not. One look at both per thread.
const [seconds, nanoseconds] = process.hrtime()
const originMs = seconds * 1000 + nanoseconds / 1e6 - performance.now()

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => originMs + performance.now()
}
