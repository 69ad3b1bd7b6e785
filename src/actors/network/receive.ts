// One request being read: four bytes of size, then as many bytes into a block of the arena. Small reads come through a
// scratch buffer and are copied; once a block is there, the socket reads straight into what is left of it.
import type { Block } from '../runtime/arena.js'

export type ReceiveState =
  | 'size'
  | 'body'
  /** The pool has no byte left; the size is kept. */
  | 'noMemory'
  | 'complete'
  | 'invalid'

export interface ReceiveLimits {
  /** socket.request.max.bytes */
  readonly maxBytes: number
  allocate(bytes: number): Block | undefined
}

const prefixBytes = 4

export class Receive {
  readonly #limits: ReceiveLimits
  state: ReceiveState = 'size'
  /** Of the frame, without its prefix; known from 'body' on. Signed as it came. */
  size = 0
  #prefix = 0
  #prefixSeen = 0
  #block: Block | undefined
  #filled = 0

  constructor(limits: ReceiveLimits) {
    this.#limits = limits
  }

  /** Whether a frame has begun. */
  get begun(): boolean {
    return this.#prefixSeen > 0
  }

  /** What the socket may read into directly: what is missing and nothing beyond it. */
  get missing(): Buffer | undefined {
    return this.state === 'body' ? this.#block?.view.subarray(this.#filled, this.size) : undefined
  }

  /** Takes what belongs to this frame from bytes[from..to); returns where it stopped. `tail`: room to keep behind the frame. */
  take(bytes: Buffer, from: number, to: number, tail: number): number {
    let at = from
    while (this.state === 'size' && at < to) {
      this.#prefix = (this.#prefix << 8) | (bytes[at++] ?? 0)
      if (++this.#prefixSeen === prefixBytes) this.#begin(tail)
    }
    if (this.state === 'noMemory') this.#allocate(tail)
    const block = this.#block
    if (this.state !== 'body' || block === undefined || at === to) return at
    const end = Math.min(to, at + this.size - this.#filled)
    bytes.copy(block.view, this.#filled, at, end)
    this.landed(end - at)
    return end
  }

  /** The socket has put that many bytes into `missing`. */
  landed(bytes: number): void {
    this.#filled += bytes
    if (this.#filled === this.size) this.state = 'complete'
  }

  /** The block of a complete frame changes its owner; the next frame begins. */
  finish(): Block | undefined {
    const block = this.#block
    this.#block = undefined
    this.#reset()
    return block
  }

  /** Gives back what was read so far. */
  drop(): void {
    this.#block?.release()
    this.#block = undefined
    this.#reset()
  }

  #reset(): void {
    this.state = 'size'
    this.size = 0
    this.#prefix = 0
    this.#prefixSeen = 0
    this.#filled = 0
  }

  #begin(tail: number): void {
    this.size = this.#prefix
    // A frame of no bytes has no header; larger ones than allowed are refused before anything is allocated.
    if (this.size <= 0 || this.size > this.#limits.maxBytes) this.state = 'invalid'
    else this.#allocate(tail)
  }

  #allocate(tail: number): void {
    this.#block = this.#limits.allocate(this.size + tail)
    this.state = this.#block === undefined ? 'noMemory' : 'body'
  }
}
