// A queue of byte messages in shared memory from one producer thread to one consumer thread.
// Each message is a 4-byte length and its bytes, padded to 4; the bytes wrap around the end.
import { invariant } from '../../errors.js'

const readAt = 0
const writeAt = 16
const starvedAt = 32
const headBytes = 256

/** `capacity` in bytes, a power of two. */
export function createByteRing(capacity: number, startAt = 0): SharedArrayBuffer {
  invariant(capacity >= 64 && (capacity & (capacity - 1)) === 0, `a byte ring of ${capacity} bytes`)
  const memory = new SharedArrayBuffer(headBytes + capacity)
  const head = new Int32Array(memory, 0, headBytes / 4)
  head[readAt] = startAt & ~3
  head[writeAt] = startAt & ~3
  return memory
}

export class ByteRing {
  readonly capacity: number
  readonly #head: Int32Array
  readonly #lengths: Int32Array
  readonly #bytes: Uint8Array

  constructor(memory: SharedArrayBuffer) {
    this.capacity = memory.byteLength - headBytes
    this.#head = new Int32Array(memory, 0, headBytes / 4)
    this.#lengths = new Int32Array(memory, headBytes)
    this.#bytes = new Uint8Array(memory, headBytes)
  }

  /** Bytes in the ring, lengths and padding included. */
  get used(): number {
    return (Atomics.load(this.#head, writeAt) - Atomics.load(this.#head, readAt)) >>> 0
  }

  /** Largest message that fits into an empty ring. */
  get longest(): number {
    return this.capacity - 4
  }

  /** Producer only. False when it does not fit now. */
  tryWrite(message: Uint8Array): boolean {
    const { length } = message
    const write = Atomics.load(this.#head, writeAt)
    const used = (write - Atomics.load(this.#head, readAt)) >>> 0
    const padded = 4 + ((length + 3) & ~3)
    if (padded > this.capacity - used) return false
    const mask = this.capacity - 1
    this.#lengths[(write & mask) >>> 2] = length
    const from = (write + 4) & mask
    const first = Math.min(length, this.capacity - from)
    if (first === length) this.#bytes.set(message, from)
    else {
      this.#bytes.set(message.subarray(0, first), from)
      this.#bytes.set(message.subarray(first), 0)
    }
    Atomics.store(this.#head, writeAt, (write + padded) | 0)
    return true
  }

  /** Consumer only. A copy of the oldest message, or undefined when there is none. */
  tryRead(): Buffer | undefined {
    const read = Atomics.load(this.#head, readAt)
    if (read === Atomics.load(this.#head, writeAt)) return undefined
    const mask = this.capacity - 1
    const length = this.#lengths[(read & mask) >>> 2] ?? 0
    const message = Buffer.allocUnsafe(length)
    const from = (read + 4) & mask
    const first = Math.min(length, this.capacity - from)
    message.set(this.#bytes.subarray(from, from + first), 0)
    if (first < length) message.set(this.#bytes.subarray(0, length - first), first)
    Atomics.store(this.#head, readAt, (read + 4 + ((length + 3) & ~3)) | 0)
    return message
  }

  /** Producer: says that it waits for room; it must try once more afterwards. */
  askForRoom(): void {
    Atomics.store(this.#head, starvedAt, 1)
  }

  /** Consumer, after reading: true once when the producer waits for room. */
  roomWasAskedFor(): boolean {
    return Atomics.load(this.#head, starvedAt) === 1 && Atomics.exchange(this.#head, starvedAt, 0) === 1
  }
}
