// A client that speaks just enough Kafka to exercise the network layer: requests with a header v1 and any body, and an
// answer read frame by frame. Also the base of the ill-behaved peers beside it.
import { connect, type Socket } from 'node:net'

export interface PeerOptions {
  readonly host?: string
  readonly localAddress?: string
  readonly allowHalfOpen?: boolean
}

export interface Answer {
  readonly correlationId: number
  readonly body: Buffer
}

/** A Heartbeat v0 header, which is v1 and needs no more than a client id, then `body`. */
export function requestFrame(correlationId: number, body: Buffer | string, clientId = 'peer'): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const id = Buffer.from(clientId)
  const frame = Buffer.alloc(4 + 10 + id.length + bytes.length)
  frame.writeInt32BE(frame.length - 4, 0)
  frame.writeInt16BE(12, 4)
  frame.writeInt16BE(0, 6)
  frame.writeInt32BE(correlationId, 8)
  frame.writeInt16BE(id.length, 12)
  id.copy(frame, 14)
  bytes.copy(frame, 14 + id.length)
  return frame
}

export class Peer {
  readonly socket: Socket
  readonly answers: Answer[] = []
  /** Resolves when the server ends or resets the connection. */
  readonly closed: Promise<void>
  #bytes: Buffer = Buffer.alloc(0)
  #waiting: Array<{ count: number; resolve: (answers: Answer[]) => void; reject: (error: Error) => void }> =
    []

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', bytes => this.#arrived(bytes))
    socket.on('error', () => {})
    this.closed = new Promise(resolve => {
      const over = (): void => {
        resolve()
        for (const { reject } of this.#waiting.splice(0))
          reject(new Error('the server closed the connection'))
      }
      socket.once('end', over)
      socket.once('close', over)
    })
  }

  static async connect(port: number, options: PeerOptions = {}): Promise<Peer> {
    const socket = connect({ port, host: options.host ?? '127.0.0.1', ...options, noDelay: true })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve())
      socket.once('error', reject)
    })
    return new Peer(socket)
  }

  send(correlationId: number, body: Buffer | string): void {
    this.socket.write(requestFrame(correlationId, body))
  }

  /** All answers, once there are that many. */
  received(count: number): Promise<Answer[]> {
    if (this.answers.length >= count) return Promise.resolve(this.answers)
    return new Promise((resolve, reject) => this.#waiting.push({ count, resolve, reject }))
  }

  async ask(correlationId: number, body: Buffer | string): Promise<Buffer> {
    const count = this.answers.length + 1
    this.send(correlationId, body)
    const answers = await this.received(count)
    const answer = answers[count - 1]
    if (answer?.correlationId !== correlationId)
      throw new Error(`answer ${answer?.correlationId} to ${correlationId}`)
    return answer.body
  }

  close(): void {
    this.socket.destroy()
  }

  #arrived(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    while (this.#bytes.length >= 4 && this.#bytes.length >= 4 + this.#bytes.readInt32BE(0)) {
      const end = 4 + this.#bytes.readInt32BE(0)
      this.answers.push({ correlationId: this.#bytes.readInt32BE(4), body: this.#bytes.subarray(8, end) })
      this.#bytes = this.#bytes.subarray(end)
    }
    const ready = this.#waiting.filter(({ count }) => this.answers.length >= count)
    this.#waiting = this.#waiting.filter(waiting => !ready.includes(waiting))
    for (const { resolve } of ready) resolve(this.answers)
  }
}
