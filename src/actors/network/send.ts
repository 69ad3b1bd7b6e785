// One response being written. It is complete when the kernel has all of it; a reader that is slow keeps only its own
// response waiting, since a connection has no more than one.
import type { ConnectionSocket } from './sockets.js'

export class Send {
  readonly #socket: ConnectionSocket
  readonly #onFlushed: () => void
  #state: 'idle' | 'writing' = 'idle'
  /** Of the response that is or was last written. */
  bytes = 0
  #taken: (() => void) | undefined

  /** `onFlushed`: a write that did not complete at once has now. */
  constructor(socket: ConnectionSocket, onFlushed: () => void) {
    this.#socket = socket
    this.#onFlushed = onFlushed
  }

  get busy(): boolean {
    return this.#state === 'writing'
  }

  /** 'flushed': the kernel took everything at once. `taken`: it has all now; not called where the write fails. */
  write(chunks: readonly Buffer[], taken?: () => void): 'flushed' | 'pending' {
    const socket = this.#socket
    this.#state = 'writing'
    this.#taken = taken
    this.bytes = 0
    for (const chunk of chunks) this.bytes += chunk.length
    const [only] = chunks
    if (chunks.length === 1 && only !== undefined) socket.write(only, this.#written)
    else {
      socket.cork()
      const last = chunks.length - 1
      chunks.forEach((chunk, i) => {
        if (i === last) socket.write(chunk, this.#written)
        else socket.write(chunk)
      })
      socket.uncork()
    }
    // A write that fails at once empties the buffer too; its error event is on the way.
    if (socket.writableLength > 0 || socket.errored || socket.destroyed) return 'pending'
    this.#done()
    return 'flushed'
  }

  readonly #written = (error?: Error | null): void => {
    // Errors arrive at the socket; what was flushed at once was dealt with already.
    if (error || this.#state === 'idle' || this.#socket.writableLength > 0) return
    this.#done()
    this.#onFlushed()
  }

  #done(): void {
    this.#state = 'idle'
    const taken = this.#taken
    this.#taken = undefined
    taken?.()
  }
}
