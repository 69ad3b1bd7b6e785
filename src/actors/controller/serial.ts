// The controller's mailbox: one mutation at a time, in the order of arrival. Unbounded as Kafka's controller event
// queue is; what bounds it is that each connection has one request in flight.

export class Serial {
  readonly name: string
  readonly capacity = Number.POSITIVE_INFINITY
  #depth = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(name: string) {
    this.name = name
  }

  /** Mutations that wait or run. */
  get depth(): number {
    return this.#depth
  }

  /** Runs `turn` after all that were given before it, whether those succeeded or not. */
  run<T>(turn: () => Promise<T>): Promise<T> {
    this.#depth += 1
    const result = this.#last.then(turn).finally(() => {
      this.#depth -= 1
    })
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when everything given so far is through. */
  async drained(): Promise<void> {
    await this.#last
  }
}
