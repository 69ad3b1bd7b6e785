// Channels whose request was read whole and finds no room in the request queue, in the order in which they came. The two
// edges of this list are what makes the Processor backpressured and lets it run again.
import type { Channel } from './channel.js'

export interface RoomEdges {
  onFirst(): void
  onNone(): void
}

export class WaitingForRoom {
  readonly #edges: RoomEdges
  readonly #channels: Channel[] = []

  constructor(edges: RoomEdges) {
    this.#edges = edges
  }

  get isEmpty(): boolean {
    return this.#channels.length === 0
  }

  get count(): number {
    return this.#channels.length
  }

  add(channel: Channel): void {
    this.#channels.push(channel)
    if (this.#channels.length === 1) this.#edges.onFirst()
  }

  /** It found room, or is over. */
  remove(channel: Channel): void {
    const at = this.#channels.indexOf(channel)
    if (at < 0) return
    this.#channels.splice(at, 1)
    if (this.#channels.length === 0) this.#edges.onNone()
  }

  /** `enqueue`: false when the queue is full; the others wait behind it. */
  retry(enqueue: (channel: Channel) => boolean): void {
    for (let first = this.#channels[0]; first !== undefined; first = this.#channels[0]) {
      if (!enqueue(first)) return
      this.remove(first)
    }
  }
}
