// connections.max.idle.ms: the connection that was used least recently expires, one a turn. There is a timer only while
// there are connections, and it is set for the oldest of them.
import type { Clock } from '../runtime/clock.js'
import type { Cancel, Timers } from '../runtime/timers.js'
import type { Channel } from './channel.js'
import type { Selector } from './selector.js'

export interface IdleExpiryOptions {
  /** Negative = never. */
  readonly maxIdleMs: number
  readonly selector: Selector
  readonly clock: Clock
  readonly timers: Timers
  /** It is time to look: see `takeExpired`. */
  onDue(): void
}

export class IdleExpiry {
  readonly #options: IdleExpiryOptions
  #state: 'off' | 'waiting' | 'due' = 'off'
  #cancel: Cancel = () => {}

  constructor(options: IdleExpiryOptions) {
    this.#options = options
  }

  /** There are connections. */
  watch(): void {
    const { maxIdleMs, selector, clock, timers, onDue } = this.#options
    if (this.#state !== 'off' || maxIdleMs < 0) return
    const { oldest } = selector
    if (oldest === undefined) return
    this.#state = 'waiting'
    this.#cancel = timers.after(Math.max(oldest.lastActiveMs + maxIdleMs - clock.monotonicMs(), 1), () => {
      this.#state = 'due'
      onDue()
    })
  }

  /** At most one; after it, the next one is watched. */
  takeExpired(nowMs: number): Channel | undefined {
    if (this.#state !== 'due') return undefined
    this.#state = 'off'
    const { maxIdleMs, selector } = this.#options
    const { oldest } = selector
    return oldest !== undefined && nowMs - oldest.lastActiveMs >= maxIdleMs ? oldest : undefined
  }

  stop(): void {
    this.#cancel()
    this.#state = 'off'
  }
}
