import type { Recording } from './recording.js'

/** The newest few recordings, by number: each can be tens of megabytes. */
export class Recordings {
  readonly #kept = new Map<number, Recording>()
  #taken = 0

  keep(recording: Recording): number {
    this.#kept.set(++this.#taken, recording)
    this.#kept.delete(this.#taken - mostKept)
    return this.#taken
  }

  get(number: number): Recording | undefined {
    return this.#kept.get(number)
  }
}

const mostKept = 3
