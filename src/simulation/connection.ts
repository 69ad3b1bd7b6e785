// A connection in a simulated kernel: two pipes, each with bytes on their way, bytes that have arrived, and an end. Bytes
// arrive in pieces of any size, at moments that the seed picks; both sides have limited buffers.
import type { RandomBelow } from '../verify/random.js'
import type { Schedule, Stream } from './schedule.js'

export type PipeEnd = 'open' | 'ended' | 'reset'

/** One direction. */
export class Pipe {
  readonly #below: RandomBelow
  readonly #capacity: number
  readonly #arrivals: Stream
  #wire: Buffer = nothing
  #arrived: Buffer = nothing
  /** What the sender has said, and how far the reader knows of it. */
  #sent: PipeEnd = 'open'
  #received: PipeEnd = 'open'
  /** Something has arrived. */
  onArrival: () => void = () => {}
  /** There is room again. */
  onRoom: () => void = () => {}

  constructor(schedule: Schedule, below: RandomBelow, capacity: number) {
    this.#below = below
    this.#capacity = capacity
    this.#arrivals = schedule.stream()
  }

  get room(): number {
    return this.#capacity - this.#wire.length - this.#arrived.length
  }

  get arrived(): number {
    return this.#arrived.length
  }

  /** Bytes that the reader has not taken. */
  get unread(): number {
    return this.#wire.length + this.#arrived.length
  }

  get end(): PipeEnd {
    return this.#received
  }

  get sentEnd(): PipeEnd {
    return this.#sent
  }

  /** Takes what it has room for; returns how many bytes. */
  send(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.room)
    if (taken === 0 || this.#sent !== 'open') return taken
    this.#wire = Buffer.concat([this.#wire, bytes.subarray(0, taken)])
    this.#arrivals.push(this.#arrive)
    return taken
  }

  /** Behind all bytes. */
  finish(): void {
    if (this.#sent !== 'open') return
    this.#sent = 'ended'
    this.#arrivals.push(this.#arrive)
  }

  /** At once; some of the bytes on their way may be lost. */
  reset(): void {
    if (this.#sent === 'reset') return
    this.#sent = 'reset'
    this.#wire = this.#wire.subarray(0, this.#below(this.#wire.length + 1))
    this.#arrivals.push(this.#arrive)
  }

  /** The sender's machine is gone, and with it what was on its way. */
  vanish(): void {
    this.#arrived = nothing
    this.#wire = nothing
    this.reset()
  }

  /** At most `most` bytes. */
  receive(most: number): Buffer {
    const bytes = this.#arrived.subarray(0, most)
    this.#arrived = this.#arrived.subarray(bytes.length)
    if (bytes.length > 0) this.onRoom()
    return bytes
  }

  readonly #arrive = (): void => {
    const left = this.#wire.length
    if (left > 0) {
      // Mostly all of it, as on a fast network.
      const some = this.#below(3) === 0 ? 1 + this.#below(left) : left
      this.#arrived = Buffer.concat([this.#arrived, this.#wire.subarray(0, some)])
      this.#wire = this.#wire.subarray(some)
      if (some < left) this.#arrivals.push(this.#arrive)
    }
    if (this.#wire.length === 0) this.#received = this.#sent
    else if (this.#sent !== 'open' && this.#arrivals.length === 0) this.#arrivals.push(this.#arrive)
    this.onArrival()
  }
}

const nothing = Buffer.alloc(0)

export interface Ends {
  readonly clientHost: string
  readonly clientPort: number
  readonly serverHost: string
  readonly serverPort: number
}

export class Connection {
  readonly ends: Ends
  readonly toServer: Pipe
  readonly toClient: Pipe
  /** Descriptors of the server's process. */
  descriptors = 0

  constructor(ends: Ends, toServer: Pipe, toClient: Pipe) {
    this.ends = ends
    this.toServer = toServer
    this.toClient = toClient
  }

  /** The server has closed its last descriptor: bytes that it has not read make it a reset. */
  closedByServer(): void {
    if (this.toServer.unread > 0 || this.toServer.end === 'reset') this.toClient.reset()
    else this.toClient.finish()
    this.toServer.onArrival = () => {
      if (this.toServer.unread > 0) this.toClient.reset()
    }
  }
}
