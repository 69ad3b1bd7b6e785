// The WebSocket side of the inspector: `/stately` gives viewers what actors do and takes nothing from them. An upgrade to
// anything else is answered as the plain request that it also is.
import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { backgroundTimers } from '../../actors/runtime/timers.js'
import { Bug } from '../../errors.js'
import { matcher, number } from '../page/rows.js'
import { mayWatch } from '../who-may-ask.js'
import { StatelyFeed, type StatelySource, type StatelyViewer } from './stately-feed.js'

export interface StatelySocketOptions {
  readonly source: StatelySource
  /** What the inspector listens on, as configured. */
  readonly host: string
  /** Whether steps are recorded at all. */
  readonly isRecording: boolean
  /** Wall clock minus the clock of the trace, ms. */
  wallOffsetMs(): number
  readonly onFailure: (error: unknown) => void
}

export const statelyPath = '/stately'
const mostViewers = 8
const mostPast = 10_000

export class StatelySocket {
  readonly #options: StatelySocketOptions
  readonly #feed: StatelyFeed
  #sockets: WebSocketServer | undefined
  /** Upgrades that are on their way are viewers, too. */
  #viewers = 0
  #isClosed = false

  constructor(server: Server, options: StatelySocketOptions) {
    this.#options = options
    this.#feed = new StatelyFeed(options.source, backgroundTimers, options.onFailure)
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy())
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        asPlainRequest(server, request, socket)
        return
      }
      const status = this.#statusFor(request)
      if (status !== 101) refuse(socket, status)
      else this.#upgrade(request, socket, head).catch(options.onFailure)
    })
  }

  /** Who watches is told no more. */
  close(): void {
    this.#isClosed = true
    for (const socket of this.#sockets?.clients ?? []) socket.terminate()
  }

  #statusFor({ headers, url = '' }: IncomingMessage): number {
    const { host, isRecording } = this.#options
    if (!mayWatch(headers.host ?? '', headers.origin, host)) return 403
    if (!URL.canParse(url, 'http://localhost')) return 404
    if (new URL(url, 'http://localhost').pathname !== statelyPath) return 404
    if (!isRecording) return 409
    return this.#isClosed || this.#viewers >= mostViewers ? 503 : 101
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#viewers++
    socket.once('close', () => this.#viewers--)
    const { WebSocketServer: Sockets } = await import('ws')
    this.#sockets ??= new Sockets({ noServer: true, perMessageDeflate: false, maxPayload: 1024 })
    if (this.#isClosed) socket.destroy()
    else this.#sockets.handleUpgrade(request, socket, head, opened => void this.#watch(opened, request))
  }

  async #watch(socket: WebSocket, { url = '' }: IncomingMessage): Promise<void> {
    const { searchParams } = new URL(url, 'http://localhost')
    const viewer: StatelyViewer = {
      get waitingBytes() {
        return socket.bufferedAmount
      },
      send: event => socket.send(JSON.stringify(event))
    }
    socket.on('error', () => socket.terminate())
    socket.once('close', () => this.#feed.remove(viewer))
    try {
      const { machines } = await import('../../verify/machines.js')
      const wanted = matcher(searchParams.get('q'))
      const past = Math.min(mostPast, number(searchParams, 'past', 0))
      const wallMs = this.#options.wallOffsetMs()
      await this.#feed.add(viewer, { machines, wanted, wallMs }, past)
      if (socket.readyState !== socket.OPEN) this.#feed.remove(viewer)
    } catch (error) {
      this.#options.onFailure(error)
      socket.close(1011, error instanceof Bug ? 'a bug' : 'no answer')
    }
  }
}

/** Clients that offer HTTP/2 in plain text, as Java's do, are answered in HTTP/1.1, as if they had not. */
function asPlainRequest(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  // What a server's connection is; the type of the event allows for proxies, which are none here.
  response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0])
  response.once('finish', () => socket.end())
  server.emit('request', request, response)
}

function refuse(socket: Duplex, status: number): void {
  const said = reasons[status] ?? STATUS_CODES[status] ?? ''
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${said.length}\r\nconnection: close\r\n\r\n${said}`
  )
}

const reasons: Readonly<Record<number, string>> = {
  403: 'only programs and pages of this machine, by its own name',
  404: `only ${statelyPath}`,
  409: 'odradek.trace is off: no steps are recorded',
  503: `${mostViewers} watch already, or the broker stops`
}
