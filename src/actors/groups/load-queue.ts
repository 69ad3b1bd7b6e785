// One load at a time a thread: a load reads megabytes at once, and after a restart all partitions want to.

interface Place {
  readonly turnCame: () => void
}

export class LoadQueue {
  readonly #waiting: Place[] = []
  #running: Place | undefined
  #handingOver = false

  get depth(): number {
    return this.#waiting.length
  }

  /** Whoever is done, or gives up, calls what it returns; again changes nothing. */
  join(turnCame: () => void): () => void {
    const place: Place = { turnCame }
    this.#waiting.push(place)
    if (this.#running === undefined) this.#next()
    return () => this.#leave(place)
  }

  #leave(place: Place): void {
    if (this.#running === place) {
      this.#running = undefined
      this.#next()
      return
    }
    const at = this.#waiting.indexOf(place)
    if (at >= 0) this.#waiting.splice(at, 1)
  }

  /** A loop, since a load may end within its turn: a thousand empty partitions must not become a thousand calls deep. */
  #next(): void {
    if (this.#handingOver) return
    this.#handingOver = true
    while (this.#running === undefined && this.#waiting.length > 0) {
      this.#running = this.#waiting.shift()
      this.#running?.turnCame()
    }
    this.#handingOver = false
  }
}
