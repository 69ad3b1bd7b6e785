// Channels that know the size of their next request and find no byte left in the pool: they wait here, muted by
// themselves, until memory is given back. Whoever came first must not always be the same, so a short pool shuffles.
import type { Arena } from '../runtime/arena.js'
import { loop } from '../runtime/loop.js'
import type { Channel } from './channel.js'

const lowShare = 0.1

export class MemoryWait {
  readonly #arena: Arena
  readonly #onAvailable: (channels: Channel[]) => void
  #waiting: Channel[] = []
  #waitedMs = 0
  #sinceMs = 0

  constructor(arena: Arena, onAvailable: (channels: Channel[]) => void) {
    this.#arena = arena
    this.#onAvailable = onAvailable
  }

  /** How long somebody has waited, ms since the start. */
  get waitedMs(): number {
    return this.#waitedMs + (this.#waiting.length === 0 ? 0 : loop().stampMs() - this.#sinceMs)
  }

  add(channel: Channel): void {
    this.#waiting.push(channel)
    if (this.#waiting.length > 1) return
    this.#sinceMs = loop().stampMs()
    this.#arena.onAvailable(() => {
      this.#waitedMs = this.waitedMs
      const waiting = this.#waiting
      this.#waiting = []
      this.#onAvailable(waiting)
    })
  }

  /** In another order when less than a tenth of the pool is free. `random`: 0 .. 1. */
  inFairOrder(channels: readonly Channel[], random: () => number): readonly Channel[] {
    if (channels.length < 2 || this.#arena.available >= this.#arena.capacity * lowShare) return channels
    const order = [...channels]
    for (let i = order.length - 1; i > 0; i--) {
      const other = Math.floor(random() * (i + 1))
      const [a, b] = [order[i], order[other]]
      if (a === undefined || b === undefined) continue
      order[i] = b
      order[other] = a
    }
    return order
  }
}
