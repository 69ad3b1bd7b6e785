// The controller's turns: one mutation at a time, in the order of arrival, whether the one before it failed or not.
// Unbounded as Kafka's controller event queue is.
import { Mailbox } from '../runtime/mailbox.js'

export class Serial {
  readonly #waiting: Mailbox<() => Promise<void>>
  /** Resolves when the mailbox has run empty. */
  #running: Promise<void> = Promise.resolve()

  constructor(name: string) {
    this.#waiting = new Mailbox(name, Number.POSITIVE_INFINITY, {
      unboundedBecause: 'a connection has one request in flight, so there are no more than connections',
      onNonEmpty: () => {
        this.#running = this.#running.then(() => this.#runAll())
      }
    })
  }

  /** Mutations that wait. */
  get depth(): number {
    return this.#waiting.depth
  }

  run<T>(turn: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.offer(() => turn().then(resolve, reject))
    })
  }

  /** Resolves when everything given so far is through. */
  async drained(): Promise<void> {
    await this.#running
  }

  /** Takes the mailbox off the list; nothing is given to it any more. */
  close(): void {
    this.#waiting.close()
  }

  async #runAll(): Promise<void> {
    for (let turn = this.#waiting.take(); turn !== undefined; turn = this.#waiting.take()) await turn()
  }
}
