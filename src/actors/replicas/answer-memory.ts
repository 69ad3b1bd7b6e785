// Shared memory for records that go to another thread, used again when that thread says that it has done with them. Shared
// memory that is new for each answer costs its zeroing, and stays until both threads have collected it.
import { classOf, MemoryShelf } from '../../storage/memory-shelf.js'

/** Larger answers are rare, and get memory of their own. */
const largest = 8 * 1024 * 1024
/** Kept while nobody needs it. */
const idleBytesMax = 32 * 1024 * 1024
/** Answers whose connection ended are never done with: the oldest of so many is left to the collector. */
const lentMax = 256

export interface LentMemory {
  /** Says afterwards what is done with. */
  readonly id: number
  /** At least as long as asked for; holds what was there before. */
  readonly memory: SharedArrayBuffer
}

/** One thread's, for all others. */
export class AnswerMemory {
  readonly #idle = new MemoryShelf<SharedArrayBuffer>(idleBytesMax)
  readonly #lent = new Map<number, SharedArrayBuffer>()
  #lastId = 0

  get idleBytes(): number {
    return this.#idle.bytes
  }

  get lent(): number {
    return this.#lent.size
  }

  lend(bytes: number): LentMemory {
    const id = ++this.#lastId
    if (bytes > largest) return { id, memory: new SharedArrayBuffer(bytes) }
    const sizeClass = classOf(bytes)
    const memory = this.#idle.take(sizeClass) ?? new SharedArrayBuffer(2 ** sizeClass)
    this.#lent.set(id, memory)
    const [oldest] = this.#lent.keys()
    if (this.#lent.size > lentMax && oldest !== undefined) this.#lent.delete(oldest)
    return { id, memory }
  }

  /** The other thread does not look at it any more. An id that is not known, or not any more, is nothing. */
  doneWith(id: number): void {
    const memory = this.#lent.get(id)
    if (memory === undefined) return
    this.#lent.delete(id)
    this.#idle.put(memory)
  }
}
