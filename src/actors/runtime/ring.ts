// A bounded queue of fixed-size slots in shared memory: many producers, many consumers, no locks (D. Vyukov's queue).
// Each slot carries a sequence number that says whose turn it is. Positions run modulo a multiple of the capacity, so
// any capacity from 1 is exact and nothing breaks when they wrap. ring.machine.ts is the same algorithm for the checker.
import { invariant } from '../../errors.js'

/** Plain data: goes to other threads in workerData or a message. */
export interface SharedRing {
  readonly name: string
  readonly capacity: number
  readonly intsPerSlot: number
  readonly floatsPerSlot: number
  readonly memory: SharedArrayBuffer
}

/** Where a slot's words lie; valid only inside the callback. */
export type SlotAccess = (ints: Int32Array, intsAt: number, floats: Float64Array, floatsAt: number) => void

// Word positions in the head of the memory, a cache line apart.
const pushAt = 0
const popAt = 16
const headWords = 32

/** Positions before they wrap; `startAt` lets a test begin just below the wrap. */
const lapLimit = 2 ** 29
export const positionsOf = (capacity: number): number => capacity * Math.floor(lapLimit / capacity)

export function createRing(
  name: string,
  capacity: number,
  slot: { readonly ints: number; readonly floats: number },
  startAt = 0
): SharedRing {
  invariant(
    Number.isInteger(capacity) && capacity >= 1 && capacity <= 2 ** 20,
    `${name}: capacity ${capacity}`
  )
  const words = headWords + capacity * (1 + slot.ints)
  const floatsFrom = Math.ceil(words / 2) * 8
  const memory = new SharedArrayBuffer(floatsFrom + capacity * slot.floats * 8)
  const head = new Int32Array(memory)
  const positions = positionsOf(capacity)
  const start = startAt % positions
  head[pushAt] = start
  head[popAt] = start
  for (let i = 0; i < capacity; i++) {
    const position = (start + i) % positions
    head[headWords + (position % capacity)] = position * 2
  }
  return { name, capacity, intsPerSlot: slot.ints, floatsPerSlot: slot.floats, memory }
}

/**
 * One thread's view. A thread that dies between claiming a slot and publishing it leaves that slot claimed: the others
 * see an empty (or full) ring from there on and never wait for it; depth and capacity stay readable.
 */
export class Ring {
  readonly name: string
  readonly capacity: number
  readonly #words: Int32Array
  readonly #floats: Float64Array
  readonly #intsPerSlot: number
  readonly #floatsPerSlot: number
  readonly #positions: number
  readonly #slotsFrom: number

  constructor(shared: SharedRing) {
    this.name = shared.name
    this.capacity = shared.capacity
    this.#intsPerSlot = shared.intsPerSlot
    this.#floatsPerSlot = shared.floatsPerSlot
    this.#positions = positionsOf(shared.capacity)
    this.#slotsFrom = headWords + shared.capacity
    const words = this.#slotsFrom + shared.capacity * shared.intsPerSlot
    this.#words = new Int32Array(shared.memory, 0, words)
    this.#floats = new Float64Array(
      shared.memory,
      Math.ceil(words / 2) * 8,
      shared.capacity * shared.floatsPerSlot
    )
  }

  /** Slots claimed and not yet taken; a snapshot, exact when nobody is in the middle of something. */
  get depth(): number {
    const popped = Atomics.load(this.#words, popAt)
    const pushed = Atomics.load(this.#words, pushAt)
    return Math.min((pushed - popped + this.#positions) % this.#positions, this.capacity)
  }

  /** False when full. `write` must not throw and must not touch this ring. */
  tryPush(write: SlotAccess): boolean {
    return this.#step(pushAt, 0, write, 1)
  }

  /** False when empty. `read` must copy what it needs, must not throw and must not touch this ring. */
  tryPop(read: SlotAccess): boolean {
    return this.#step(popAt, 1, read, this.capacity * 2)
  }

  /**
   * Claims the position under `cursor` when the slot's sequence number is 2 x position + `turn`, and afterwards sets it to
   * 2 x position + `advance`: 1 = filled; 2 x capacity = free for the next lap.
   */
  #step(cursor: number, turn: number, access: SlotAccess, advance: number): boolean {
    const words = this.#words
    const positions = this.#positions
    const sequences = positions * 2
    for (;;) {
      const position = Atomics.load(words, cursor)
      const index = position % this.capacity
      const sequence = Atomics.load(words, headWords + index)
      const ahead = (sequence - (position * 2 + turn) + sequences) % sequences
      if (ahead === 0) {
        const next = position + 1 === positions ? 0 : position + 1
        if (Atomics.compareExchange(words, cursor, position, next) !== position) continue
        access(words, this.#slotsFrom + index * this.#intsPerSlot, this.#floats, index * this.#floatsPerSlot)
        Atomics.store(words, headWords + index, (position * 2 + advance) % sequences)
        return true
      }
      // Behind: the other side has not come round yet. Ahead: another thread was quicker, look again.
      if (ahead > positions) return false
    }
  }
}
