// Where requests wait for a condition: each operation completes exactly once, by an event on one of its watch keys or
// by its timer. On one thread there are no locks; what remains of them is the guard against an event that arrives
// while the operation is being checked.
import { invariant } from '../../errors.js'

/** What an operation is waiting for and what happens then. */
export interface Deed {
  /** Whether it may complete now; must not have effects that a second call would repeat. */
  isSatisfied(): boolean
  /** Runs once, whoever wins. */
  complete(): void
  /** Runs after `complete` when the timer won: for metrics only. */
  expired?(): void
  /** The purgatory stops and the operation will never complete: give back what it holds. */
  abandon?(): void
}

export class DelayedOperation {
  readonly #deed: Deed
  #phase: 'waiting' | 'checking' | 'checkAgain' | 'completed' | 'abandoned' = 'waiting'
  #cancelTimer: (() => void) | undefined

  constructor(deed: Deed) {
    this.#deed = deed
  }

  get isCompleted(): boolean {
    return this.#phase === 'completed' || this.#phase === 'abandoned'
  }

  /** True only for the one caller that completed it. */
  forceComplete(): boolean {
    if (this.isCompleted) return false
    this.#phase = 'completed'
    this.cancelTimer()
    this.#deed.complete()
    return true
  }

  /** Checks the condition; an event that arrives during the check makes it check once more. */
  tryComplete(): boolean {
    if (this.isCompleted) return false
    if (this.#phase !== 'waiting') {
      this.#phase = 'checkAgain'
      return false
    }
    do {
      this.#phase = 'checking'
      if (this.#check()) return this.forceComplete()
    } while (this.#mustCheckAgain())
    this.#rest()
    return false
  }

  #check(): boolean {
    try {
      return this.#deed.isSatisfied()
    } catch (error) {
      this.#rest()
      throw error
    }
  }

  #mustCheckAgain(): boolean {
    return this.#phase === 'checkAgain'
  }

  #rest(): void {
    if (!this.isCompleted) this.#phase = 'waiting'
  }

  expire(): void {
    if (this.forceComplete()) this.#deed.expired?.()
  }

  abandon(): void {
    if (this.isCompleted) return
    this.#phase = 'abandoned'
    this.cancelTimer()
    this.#deed.abandon?.()
  }

  startTimer(cancel: () => void): void {
    invariant(this.#cancelTimer === undefined, 'an operation has one timer')
    if (this.isCompleted) cancel()
    else this.#cancelTimer = cancel
  }

  cancelTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  get isTimed(): boolean {
    return this.#cancelTimer !== undefined
  }
}

export interface PurgatoryTimer {
  add(delayMs: number, run: () => void): () => void
}

export interface PurgatoryOptions {
  readonly name: string
  readonly timer: PurgatoryTimer
  /** Completed operations that may linger in watch lists before all lists are swept. */
  readonly purgeInterval: number
}

export class Purgatory {
  readonly name: string
  readonly #timer: PurgatoryTimer
  readonly #purgeInterval: number
  readonly #watchers = new Map<string, DelayedOperation[]>()
  /** Operations put into lists and not swept since: an upper bound. */
  #estimated = 0
  #delayed = 0
  #phase: 'open' | 'closed' = 'open'

  constructor({ name, timer, purgeInterval }: PurgatoryOptions) {
    this.name = name
    this.#timer = timer
    this.#purgeInterval = purgeInterval
  }

  /** Operations that have not completed and whose timer runs. */
  get delayed(): number {
    return this.#delayed
  }

  /** Entries in all watch lists, including completed ones that were not swept yet. */
  get watched(): number {
    let count = 0
    for (const list of this.#watchers.values()) count += list.length
    return count
  }

  /** Whether an event on the key could complete something: lets the sender of frequent events skip the rest. */
  isWatched(key: string): boolean {
    return this.#watchers.has(key)
  }

  /**
   * True when it completed at once. The condition is checked again after the last key is watched: an event between
   * the first check and the watching would be lost otherwise.
   */
  tryCompleteElseWatch(operation: DelayedOperation, keys: readonly string[], delayMs: number): boolean {
    if (operation.tryComplete()) return true
    if (operation.isCompleted) return false
    if (this.#phase === 'closed') {
      operation.abandon()
      return false
    }
    for (const key of keys) {
      const list = this.#watchers.get(key)
      if (list === undefined) this.#watchers.set(key, [operation])
      else list.push(operation)
    }
    this.#estimated++
    if (operation.tryComplete()) return true
    if (!operation.isCompleted) this.#startTimer(operation, delayMs)
    if (this.#estimated - this.#delayed > this.#purgeInterval) this.#purge()
    return false
  }

  #startTimer(operation: DelayedOperation, delayMs: number): void {
    this.#delayed++
    const cancel = this.#timer.add(delayMs, () => operation.expire())
    operation.startTimer(() => {
      this.#delayed--
      cancel()
    })
  }

  /** Something happened to the key. Returns how many operations completed by it. */
  checkAndComplete(key: string): number {
    const list = this.#watchers.get(key)
    if (list === undefined) return 0
    let completed = 0
    // A copy, and the list stays in place: an event caused by one completion must reach those already checked.
    for (const operation of list.slice()) if (operation.tryComplete()) completed++
    this.#sweep(key)
    return completed
  }

  #sweep(key: string): void {
    const waiting = this.#watchers.get(key)?.filter(operation => !operation.isCompleted) ?? []
    if (waiting.length === 0) this.#watchers.delete(key)
    else this.#watchers.set(key, waiting)
  }

  /** Forgets the key's operations without completing them: the caller answers for them. */
  cancelForKey(key: string): readonly DelayedOperation[] {
    const list = this.#watchers.get(key) ?? []
    this.#watchers.delete(key)
    const cancelled = list.filter(operation => !operation.isCompleted)
    for (const operation of cancelled) operation.cancelTimer()
    return cancelled
  }

  #purge(): void {
    for (const key of [...this.#watchers.keys()]) this.#sweep(key)
    this.#estimated = this.#delayed
  }

  /** What still waits is abandoned: never completed, but what it holds is given back. */
  close(): void {
    this.#phase = 'closed'
    const lists = [...this.#watchers.values()]
    this.#watchers.clear()
    for (const list of lists) for (const operation of list) operation.abandon()
  }
}
