// Memory for records on their way from a file to a socket, used again and again: fresh memory costs more than the read
// itself, since its pages are zeroed when first touched, and what lies outside of the heap forces collections.
import { classOf, MemoryShelf } from './memory-shelf.js'

/** Smaller reads are cheap as they are. */
const smallest = 16 * 1024
/** Larger reads are rare: more than a client asks for of one partition. */
const largest = 4 * 1024 * 1024
/** Kept while nobody needs it. */
const idleBytesMax = 16 * 1024 * 1024

/** One thread's. What is not given back is collected like any other memory; giving back is an offer, not a duty. */
export class ReadMemory {
  readonly #idle = new MemoryShelf<ArrayBuffer>(idleBytesMax)
  /** Only the very buffer that was lent can give its memory back, and once. */
  readonly #lent = new WeakMap<Uint8Array, ArrayBuffer>()

  get idleBytes(): number {
    return this.#idle.bytes
  }

  /** Exactly that many bytes; they hold what was there before. */
  lend(bytes: number): Buffer {
    if (bytes < smallest || bytes > largest) return Buffer.allocUnsafeSlow(bytes)
    const sizeClass = classOf(bytes)
    const memory = this.#idle.take(sizeClass) ?? Buffer.allocUnsafeSlow(2 ** sizeClass).buffer
    const buffer = Buffer.from(memory, 0, bytes)
    this.#lent.set(buffer, memory)
    return buffer
  }

  /** Nobody looks at it any more. Buffers that were not lent, and parts of them, are left to the collector. */
  giveBack(buffer: Uint8Array): void {
    const memory = this.#lent.get(buffer)
    if (memory === undefined) return
    this.#lent.delete(buffer)
    this.#idle.put(memory)
  }
}

/** That of this thread. */
export const readMemory = new ReadMemory()
