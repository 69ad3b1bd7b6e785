// Channels that know the size of their next request and find no byte left in the pool: they wait here, muted by
// themselves, until memory is given back. Whoever came first must not always be the same, so a short pool shuffles.
import type { Arena } from '../runtime/arena.js'
import type { Channel } from './channel.js'

const lowShare = 0.1

export class MemoryWait {
  readonly #arena: Arena
  readonly #onAvailable: (channels: Channel[]) => void
  #waiting: Channel[] = []

  constructor(arena: Arena, onAvailable: (channels: Channel[]) => void) {
    this.#arena = arena
    this.#onAvailable = onAvailable
  }

  add(channel: Channel): void {
    this.#waiting.push(channel)
    if (this.#waiting.length > 1) return
    this.#arena.onAvailable(() => {
      const waiting = this.#waiting
      this.#waiting = []
      this.#onAvailable(waiting)
    })
  }

  /** Changes the order when less than a tenth of the pool is free. `random`: 0 .. 1. */
  shuffleWhenShort(channels: Channel[], random: () => number): void {
    if (channels.length < 2 || this.#arena.available >= this.#arena.capacity * lowShare) return
    for (let i = channels.length - 1; i > 0; i--) {
      const other = Math.floor(random() * (i + 1))
      const [a, b] = [channels[i], channels[other]]
      if (a === undefined || b === undefined) continue
      channels[i] = b
      channels[other] = a
    }
  }
}
