// Memory for records on their way from a file to a socket, used again and again: fresh memory costs more than the read
// itself, since its pages are zeroed when first touched, and what lies outside of the heap forces collections.

/** Smaller reads are cheap as they are. */
const smallest = 16 * 1024
/** Larger reads are rare: more than a client asks for of one partition. */
const largest = 4 * 1024 * 1024
/** Kept while nobody needs it. */
const idleBytesMax = 16 * 1024 * 1024

const classOf = (bytes: number): number => 32 - Math.clz32(bytes - 1)

/** One thread's. What is not given back is collected like any other memory; giving back is an offer, not a duty. */
export class ReadMemory {
  /** By size class: the newest first, which is still in the processor's caches. */
  readonly #idle: ArrayBuffer[][] = []
  /** Only the very buffer that was lent can give its memory back, and once. */
  readonly #lent = new WeakMap<Uint8Array, ArrayBuffer>()
  #idleBytes = 0

  get idleBytes(): number {
    return this.#idleBytes
  }

  /** Exactly that many bytes; they hold what was there before. */
  lend(bytes: number): Buffer {
    if (bytes < smallest || bytes > largest) return Buffer.allocUnsafeSlow(bytes)
    const memory = this.#take(classOf(bytes))
    const buffer = Buffer.from(memory, 0, bytes)
    this.#lent.set(buffer, memory)
    return buffer
  }

  #take(index: number): ArrayBuffer {
    const idle = this.#idle[index]?.pop()
    if (idle === undefined) return Buffer.allocUnsafeSlow(2 ** index).buffer
    this.#idleBytes -= idle.byteLength
    return idle
  }

  /** Nobody looks at it any more. Buffers that were not lent, and parts of them, are left to the collector. */
  giveBack(buffer: Uint8Array): void {
    const memory = this.#lent.get(buffer)
    if (memory === undefined) return
    this.#lent.delete(buffer)
    if (this.#idleBytes + memory.byteLength > idleBytesMax) return
    this.#idleBytes += memory.byteLength
    const index = classOf(memory.byteLength)
    const idle = this.#idle[index]
    if (idle === undefined) this.#idle[index] = [memory]
    else idle.push(memory)
  }
}

/** That of this thread. */
export const readMemory = new ReadMemory()
