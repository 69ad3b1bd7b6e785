// Wakes a thread that waits on its event loop: one word of shared memory a thread, 1 = rung and not yet answered.
// Edge-triggered: while it is rung, ringing again costs one load. The wait is Atomics.waitAsync; Atomics.wait would
// freeze the thread's sockets. A pending waitAsync does not keep a thread alive (see keepThreadAlive in timers.ts).

import { loop } from './loop.js'
import type { ThreadId } from './mesh.js'
import { type Cancel, soon } from './timers.js'

const wordsApart = 16

export function createDoorbells(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * wordsApart * 4)
}

export class Doorbell {
  readonly thread: ThreadId
  readonly #words: Int32Array
  readonly #index: number
  readonly #listeners = new Set<() => void>()
  #phase: 'off' | 'listening' = 'off'

  constructor(doorbells: SharedArrayBuffer, thread: ThreadId) {
    this.thread = thread
    this.#words = new Int32Array(doorbells)
    this.#index = thread * wordsApart
  }

  /** Any thread, after the work was made visible. */
  ring(): void {
    if (Atomics.load(this.#words, this.#index) === 1) return
    if (Atomics.exchange(this.#words, this.#index, 1) === 0) loop().notify(this.#words, this.#index)
  }

  /**
   * The owning thread only, and only through one Doorbell object. `run` looks at all that may have come: several rings
   * are one call, and a call may find nothing. Called once at the start when it was rung before.
   */
  onRing(run: () => void): Cancel {
    this.#listeners.add(run)
    if (this.#phase === 'off') {
      this.#phase = 'listening'
      this.#listen()
    } else {
      // The edge may have been taken before this listener came: it looks for itself once.
      this.ring()
    }
    return () => {
      this.#listeners.delete(run)
      // Rouses the pending wait, which then finds that nobody listens.
      if (this.#listeners.size === 0) this.ring()
    }
  }

  readonly #listen = (): void => {
    if (this.#listeners.size === 0) {
      this.#phase = 'off'
      return
    }
    // Lowered before looking: what comes from here on rings again.
    if (Atomics.exchange(this.#words, this.#index, 0) === 1) {
      for (const run of this.#listeners) run()
    }
    const wait = loop().whileZero(this.#words, this.#index)
    if (wait !== 'not0') void wait.then(this.#listen)
    // Rung meanwhile: the sockets get their turn first.
    else soon(this.#listen)
  }
}
