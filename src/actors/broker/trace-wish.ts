// How much of its steps a thread is to keep, as odradek.trace says: one wish at a time, which may change.
import { tap } from '../runtime/tap.js'
import type { TraceLevel } from '../runtime/trace.js'

export class TraceWish {
  #level: TraceLevel = 'off'
  #release: () => void = () => {}

  want(level: TraceLevel): void {
    if (level === this.#level) return
    const before = this.#release
    this.#level = level
    this.#release = tap.want(level)
    before()
  }

  end(): void {
    this.want('off')
  }
}
