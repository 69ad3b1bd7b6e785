// Time as a value that is handed in.
import { loop } from './loop.js'

export interface Clock {
  /** Wall clock, whole milliseconds since the epoch; may jump. */
  nowMs(): number
  /** Milliseconds with a fraction, never decreasing, comparable between the threads of one process. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  nowMs: () => loop().nowMs(),
  monotonicMs: () => loop().monotonicMs()
}
