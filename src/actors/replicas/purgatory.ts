// Where requests wait for a condition, under the keys of what may make it true. Drives purgatory.machine.ts; the life of each
// request is a machine of its own (delayed-operation.ts).
import { compileTable } from '../runtime/transition-table.js'
import type { DelayedOperation } from './delayed-operation.js'
import { purgatoryMachine } from './purgatory.machine.js'

export interface PurgatoryTimer {
  add(delayMs: number, run: () => void): () => void
}

export interface PurgatoryOptions {
  readonly name: string
  readonly timer: PurgatoryTimer
  /** Completed operations that may linger in watch lists before all lists are swept. */
  readonly purgeInterval: number
}

const table = compileTable(purgatoryMachine)
const offer = table.eventIndex('offer')
const watched = table.eventIndex('watched')
const close = table.eventIndex('close')

export class Purgatory {
  /** Its name. */
  readonly id: string
  readonly #timer: PurgatoryTimer
  readonly #purgeInterval: number
  readonly #watchers = new Map<string, DelayedOperation[]>()
  /** Those whose timer runs; an operation without keys is nowhere else. */
  readonly #timed = new Set<DelayedOperation>()
  /** Operations put into lists and not swept since: an upper bound. */
  #estimated = 0
  #state = table.initial

  constructor({ name, timer, purgeInterval }: PurgatoryOptions) {
    this.id = name
    this.#timer = timer
    this.#purgeInterval = purgeInterval
  }

  /** Operations that have not completed and whose timer runs. */
  get delayed(): number {
    return this.#timed.size
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
   * the first check and the watching would be lost otherwise. Where a check throws, the caller has to answer.
   */
  tryCompleteElseWatch(operation: DelayedOperation, keys: readonly string[], delayMs: number): boolean {
    if (operation.tryComplete()) return true
    return operation.isWaiting && this.#take(offer, operation, keys, delayMs)
  }

  /** What still waits is abandoned: never completed, but what it holds is given back. */
  close(): void {
    this.#take(close)
  }

  /** The result is that of `watch`: whether the operation completed. */
  #take(event: number, operation?: DelayedOperation, keys: readonly string[] = [], delayMs = 0): boolean {
    const deeds = table.actions[this.#state * table.events.length + event] ?? []
    this.#state = table.take(this, this.#state, event)
    for (const { type } of deeds) {
      if (type === 'abandonAll') this.#abandonAll()
      else if (operation === undefined) continue
      else if (type === 'turnAway') operation.abandon()
      else if (type === 'startTimer') this.#startTimer(operation, delayMs)
      else if (type === 'watch') return this.#watch(operation, keys, delayMs)
    }
    return false
  }

  #watch(operation: DelayedOperation, keys: readonly string[], delayMs: number): boolean {
    for (const key of keys) {
      const list = this.#watchers.get(key)
      if (list === undefined) this.#watchers.set(key, [operation])
      else list.push(operation)
    }
    try {
      return operation.tryComplete()
    } catch (error) {
      // Nobody would wait for it: the caller answers.
      operation.abandon()
      throw error
    } finally {
      if (operation.isWaiting) this.#take(watched, operation, keys, delayMs)
      this.#estimated++
      if (this.#estimated - this.delayed > this.#purgeInterval) this.#purge()
    }
  }

  #startTimer(operation: DelayedOperation, delayMs: number): void {
    this.#timed.add(operation)
    const stop = this.#timer.add(delayMs, () => operation.expire())
    operation.startTimer(() => {
      this.#timed.delete(operation)
      stop()
    })
  }

  /**
   * Something happened to the key. Returns how many operations completed by it. Where the check of one throws, the others
   * are checked all the same before the error goes to the caller.
   */
  checkAndComplete(key: string): number {
    const list = this.#watchers.get(key)
    if (list === undefined) return 0
    let completed = 0
    let failures: unknown[] | undefined
    // A copy, and the list stays in place: an event caused by one completion must reach those already checked.
    for (const operation of list.slice()) {
      try {
        if (operation.tryComplete()) completed++
      } catch (error) {
        failures ??= []
        failures.push(error)
      }
    }
    this.#sweep(key)
    if (failures !== undefined) throw failures[0]
    return completed
  }

  #sweep(key: string): void {
    const waiting = this.#watchers.get(key)?.filter(operation => operation.isWaiting) ?? []
    if (waiting.length === 0) this.#watchers.delete(key)
    else this.#watchers.set(key, waiting)
  }

  /** Takes the key's operations out, also out of their other keys: from here on only the caller completes them. */
  cancelForKey(key: string): readonly DelayedOperation[] {
    const list = this.#watchers.get(key) ?? []
    this.#watchers.delete(key)
    const cancelled = list.filter(operation => operation.isWaiting)
    for (const operation of cancelled) operation.cancel()
    return cancelled
  }

  #purge(): void {
    for (const key of [...this.#watchers.keys()]) this.#sweep(key)
    this.#estimated = this.delayed
  }

  #abandonAll(): void {
    const waiting = [...this.#watchers.values(), [...this.#timed]]
    this.#watchers.clear()
    for (const list of waiting) for (const operation of list) operation.abandon()
  }
}
