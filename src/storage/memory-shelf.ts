// Memory that nobody uses for now, by size class: powers of two.

/** The class that so many bytes fit into; 2 to its power is how many it has. At least 1. */
export const classOf = (bytes: number): number => 32 - Math.clz32(bytes - 1)

export class MemoryShelf<Memory extends { readonly byteLength: number }> {
  readonly #classes: Memory[][] = []
  readonly #bytesMax: number
  #bytes = 0

  /** `bytesMax`: what would make it more is left to the collector. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The newest of that class, which is still in the processor's caches. */
  take(sizeClass: number): Memory | undefined {
    const memory = this.#classes[sizeClass]?.pop()
    if (memory !== undefined) this.#bytes -= memory.byteLength
    return memory
  }

  put(memory: Memory): void {
    if (this.#bytes + memory.byteLength > this.#bytesMax) return
    this.#bytes += memory.byteLength
    const sizeClass = classOf(memory.byteLength)
    const same = this.#classes[sizeClass]
    if (same === undefined) this.#classes[sizeClass] = [memory]
    else same.push(memory)
  }
}
