// A client of one connection, for tests that have to say exactly what goes over the wire.
import net from 'node:net'
import { apiKey } from '../../src/protocol/api-keys.js'
import { codecOf } from '../../src/protocol/codec.js'
import { ProtocolError } from '../../src/protocol/protocol-error.js'
import type { InputOf, MessageSchema, ValueOf } from '../../src/protocol/schema.js'

interface Waiting {
  resolve(frame: Buffer): void
  reject(error: Error): void
}

export class WireClient {
  readonly socket: net.Socket
  readonly #waiting: Waiting[] = []
  #chunks: Buffer[] = []
  #bytes = 0
  #wanted = 4
  #correlation = 0
  readonly #clientId: string

  private constructor(socket: net.Socket, clientId: string) {
    this.socket = socket
    this.#clientId = clientId
    socket.on('data', chunk => this.#received(chunk))
    const ended = (): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('connection closed'))
    }
    socket.on('close', ended)
    socket.on('error', ended)
  }

  static connect(bootstrap: string, clientId = 'wire-client'): Promise<WireClient> {
    const [host = '', port = ''] = bootstrap.split(':')
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host, port: Number(port), noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new WireClient(socket, clientId))
      })
    })
  }

  /** Sends a frame's content; resolves with the response frame (correlation id first). */
  raw(frame: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.write(frame)
    })
  }

  /** Sends a frame's content and expects nothing. */
  write(frame: Buffer): void {
    const size = Buffer.alloc(4)
    size.writeInt32BE(frame.length)
    this.socket.write(Buffer.concat([size, frame]))
  }

  async request<Q extends MessageSchema, R extends MessageSchema>(
    [request, response]: readonly [Q, R],
    version: number,
    body: InputOf<Q>
  ): Promise<ValueOf<R>> {
    const frame = await this.raw(frameOf(request, version, ++this.#correlation, body, this.#clientId))
    const key = request.key ?? -1
    const first = apiKey(key)?.firstFlexible
    const flexible = first !== undefined && version >= first && key !== 18
    const decoded = codecOf(response, version).decode(frame, flexible ? 5 : 4)
    if (decoded instanceof ProtocolError) throw new Error(decoded.reason)
    return decoded.value
  }

  #received(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    // Joined only when a whole frame is there: a large response costs one copy, not one a chunk.
    while (this.#bytes >= this.#wanted) {
      const [only] = this.#chunks
      const joined = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks)
      this.#chunks = [joined]
      if (this.#wanted === 4) {
        this.#wanted = 4 + joined.readInt32BE(0)
        continue
      }
      this.#waiting.shift()?.resolve(joined.subarray(4, this.#wanted))
      const rest = joined.subarray(this.#wanted)
      this.#chunks = [rest]
      this.#bytes = rest.length
      this.#wanted = 4
    }
  }

  close(): void {
    this.socket.destroy()
  }
}

/** Header and body of a request. */
export function frameOf<Q extends MessageSchema>(
  request: Q,
  version: number,
  correlationId: number,
  body: InputOf<Q>,
  name = 'wire-client'
): Buffer {
  const key = request.key ?? -1
  const first = apiKey(key)?.firstFlexible
  const clientId = Buffer.from(name)
  const header = Buffer.alloc(10 + clientId.length + (first !== undefined && version >= first ? 1 : 0))
  header.writeInt16BE(key, 0)
  header.writeInt16BE(version, 2)
  header.writeInt32BE(correlationId, 4)
  header.writeInt16BE(clientId.length, 8)
  clientId.copy(header, 10)
  return Buffer.concat([header, ...codecOf(request, version).encode(body)])
}
