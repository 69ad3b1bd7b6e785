// Handler loops of one thread that wait for a request. One coarse tick ends the waits of all of them: a timer a request
// would cost more than the request.
import type { Clock } from '../runtime/clock.js'
import type { Cancel, Timers } from '../runtime/timers.js'
import type { QueueEntry } from './request-queue.js'

export type HandlerResult = QueueEntry | undefined

interface Waiting {
  readonly untilMs: number
  resolve(entry: HandlerResult | Promise<HandlerResult>): void
}

const shortestTickMs = 5

export class WaitingHandlers {
  readonly #timers: Timers
  readonly #clock: Clock
  readonly #onChange: (count: number) => void
  #waiting: Waiting[] = []
  #tickMs = Number.POSITIVE_INFINITY
  #cancelTick: Cancel = () => {}

  /** `onChange` is told how many wait after each change. */
  constructor(timers: Timers, clock: Clock, onChange: (count: number) => void) {
    this.#timers = timers
    this.#clock = clock
    this.#onChange = onChange
  }

  get count(): number {
    return this.#waiting.length
  }

  wait(timeoutMs: number): Promise<HandlerResult> {
    if (timeoutMs < this.#tickMs) this.#tickEvery(Math.max(timeoutMs, shortestTickMs))
    const untilMs = this.#clock.monotonicMs() + timeoutMs
    return new Promise(resolve => {
      this.#waiting.push({ untilMs, resolve })
      this.#onChange(this.#waiting.length)
    })
  }

  /** To the loop that waits for the shortest time: its caches are warm. False when none waits. */
  hand(entry: QueueEntry | Promise<HandlerResult>): boolean {
    const waiting = this.#waiting.pop()
    if (waiting === undefined) return false
    this.#onChange(this.#waiting.length)
    waiting.resolve(entry)
    return true
  }

  close(): void {
    this.#cancelTick()
    while (this.hand('shutdown'));
  }

  #tickEvery(ms: number): void {
    this.#cancelTick()
    this.#tickMs = ms
    this.#cancelTick = this.#timers.every(ms, () => this.#endWaits())
  }

  #endWaits(): void {
    const now = this.#clock.monotonicMs()
    // A wait that began just after the last tick ends at this one, a little early, rather than a whole tick late.
    const ended = this.#waiting.filter(({ untilMs }) => untilMs - now < this.#tickMs / 2)
    if (ended.length === 0) return
    this.#waiting = this.#waiting.filter(waiting => !ended.includes(waiting))
    this.#onChange(this.#waiting.length)
    for (const { resolve } of ended) resolve(undefined)
  }
}
