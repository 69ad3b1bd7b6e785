// When a Processor takes its next turn: after the loop has looked at the sockets, or right after the code that runs now,
// as long as the sockets have not been kept waiting for 5 ms.
import type { Clock } from '../runtime/clock.js'
import { soon } from '../runtime/timers.js'

export const budgetMs = 5

export class TurnSchedule {
  readonly #clock: Clock
  readonly #take: () => boolean
  #state: 'idle' | 'soon' | 'next' | 'running' = 'idle'
  /** When turns began without a look at the sockets; 0 = not since the last look. */
  #sliceFromMs = 0

  /** `take` says whether work is left. */
  constructor(clock: Clock, take: () => boolean) {
    this.#clock = clock
    this.#take = take
  }

  /** What becomes known during a turn is seen by that turn. */
  wake(): void {
    if (this.#state !== 'idle') return
    this.#state = 'soon'
    soon(this.#run)
  }

  /** For answers of handlers on this thread: no look at the sockets in between. */
  wakeNow(): void {
    if (this.#state === 'running' || this.#state === 'next') return
    if (!this.#sliceIsOpen()) {
      this.wake()
      return
    }
    this.#state = 'next'
    queueMicrotask(this.#run)
  }

  /** Another turn, but not before the sockets had theirs. */
  wakeLater(): void {
    soon(() => this.wake())
  }

  readonly #run = (): void => {
    // Both ways may have been asked for; the second finds nothing to do.
    if (this.#state === 'idle' || this.#state === 'running') return
    this.#state = 'running'
    let workIsLeft = false
    try {
      workIsLeft = this.#take()
    } finally {
      this.#state = 'idle'
    }
    if (workIsLeft) this.wake()
  }

  #sliceIsOpen(): boolean {
    const now = this.#clock.monotonicMs()
    if (this.#sliceFromMs !== 0) return now - this.#sliceFromMs < budgetMs
    this.#sliceFromMs = now
    soon(() => {
      this.#sliceFromMs = 0
    })
    return true
  }
}
