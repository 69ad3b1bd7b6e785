// A number that stands for all that happened in a run: two runs of one seed must agree on it. And, when asked for, lines.

export class Trace {
  #high = 0x811c9dc5 | 0
  #low = 0x1234567 | 0
  readonly #onLine: ((line: string) => void) | undefined

  constructor(onLine: ((line: string) => void) | undefined) {
    this.#onLine = onLine
  }

  get isRead(): boolean {
    return this.#onLine !== undefined
  }

  /** 16 hexadecimal digits. */
  get hash(): string {
    const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
    return hex(this.#high) + hex(this.#low)
  }

  number(n: number): void {
    this.#high = Math.imul(this.#high ^ n, 0x01000193)
    this.#low = Math.imul(this.#low ^ (n + (this.#high >>> 15)), 0x85ebca6b)
  }

  bytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.number(byte)
  }

  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.number(text.charCodeAt(i))
  }

  /** Part of the number, and a line for whoever reads. */
  event(text: string): void {
    this.text(text)
    this.#onLine?.(text)
  }

  /** For the reader only. */
  line(text: string): void {
    this.#onLine?.(text)
  }
}
