// One simulated client: a connection at a time, requests in a row on it, and whatever bad manners the seed gives it. It
// checks that answers come in the order of the requests, once each, and in time.
import type { Cancel } from '../actors/runtime/loop.js'
import { ProtocolError } from '../protocol/protocol-error.js'
import type { InputOf, MessageSchema, ValueOf } from '../protocol/schema.js'
import type { RandomBelow } from '../verify/random.js'
import type { Connection } from './connection.js'
import type { SimulatedNetwork } from './network.js'
import { type Call, decodeResponse, frameOf } from './requests.js'
import type { Schedule } from './schedule.js'

/** A peer that does everything right is answered within this time, or its connection ends. */
const patienceMs = 120_000
/** Below the shortest connections.max.idle.ms. */
const idleMs = 4000

interface Expected {
  readonly correlationId: number
  readonly what: string
  answered(frame: Buffer): void
  /** The connection ended first. */
  lost(): void
  readonly cancel: Cancel
}

export interface WireWorld {
  readonly schedule: Schedule
  readonly below: RandomBelow
  readonly network: SimulatedNetwork
  readonly port: number
  /** socket.request.max.bytes and the length in front. */
  readonly frameBytesMax: number
  /** Lives of the broker that have begun. */
  lives(): number
  broken(sentence: string): void
  /** For whoever reads the trace. */
  note(line: string): void
  /** Bytes that came from the broker. */
  onBytes(bytes: Buffer): void
}

export class WireClient {
  readonly name: string
  readonly #world: WireWorld
  #connection: Connection | undefined
  #expected: Expected[] = []
  #in: Buffer = nothing
  #out: Buffer = nothing
  #correlation = 0
  #reads: 'on' | 'off' = 'on'
  /** Bytes that it may still send while it stalls. */
  #mayStillSend = Number.POSITIVE_INFINITY
  /** 'careless': it may be cut off; 'bad': it has sent what no client should, and anything may come back. */
  #manners: 'good' | 'careless' | 'bad' = 'good'
  /** Of the broker, in which it connected. */
  #life = 0
  #activeMs = 0
  #mood: 'busy' | 'settling' = 'busy'
  onEnd: () => void = () => {}

  constructor(name: string, world: WireWorld) {
    this.name = name
    this.#world = world
  }

  get isConnected(): boolean {
    return this.#connection !== undefined
  }

  get waitingFor(): number {
    return this.#expected.length
  }

  /** False: refused. */
  connect(): boolean {
    const { network, port, below } = this.#world
    const connection = network.connect(port, 256 << below(6))
    this.#note(connection === 'refused' ? 'is refused' : `connects from port ${connection.ends.clientPort}`)
    if (connection === 'refused') return false
    this.#connection = connection
    this.#life = this.#world.lives()
    this.#activeMs = this.#world.schedule.nowMs
    this.#in = nothing
    this.#out = nothing
    this.#reads = 'on'
    this.#manners = 'good'
    this.#mayStillSend = Number.POSITIVE_INFINITY
    connection.toClient.onArrival = () => this.#receive()
    connection.toServer.onRoom = () => this.#flush()
    return true
  }

  /** Sends a request; exactly one of the two callbacks is called, unless `response` is 'none'. */
  request<Q extends MessageSchema, R extends MessageSchema>(
    call: Call<Q, R>,
    body: InputOf<Q>,
    then: { answered(value: ValueOf<R>): void; lost(): void } | 'noResponse'
  ): void {
    const correlationId = ++this.#correlation
    const what = call.request.name
    if (then !== 'noResponse') {
      const { schedule } = this.#world
      this.#expected.push({
        correlationId,
        what,
        lost: () => then.lost(),
        answered: frame => {
          const value = decodeResponse(call, frame)
          if (value instanceof ProtocolError)
            this.#broken(`the answer to ${what} cannot be decoded: ${value.reason}`)
          else then.answered(value)
        },
        cancel: schedule.after(patienceMs, () => this.#outOfPatience(what))
      })
    }
    this.#note(`-> ${what} ${correlationId}`)
    const { nowMs } = this.#world.schedule
    // The broker may close what was idle for long while this is on its way.
    if (nowMs - this.#activeMs > idleMs) this.#carelessly()
    this.#activeMs = nowMs
    // Without an answer a failure can only be told by an end.
    if (then === 'noResponse') this.#carelessly()
    this.write(frameOf(call, correlationId, body))
  }

  /** Bytes as they are. */
  write(bytes: Uint8Array): void {
    if (bytes.length > this.#world.frameBytesMax) this.#carelessly()
    this.#out = this.#out.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#out, bytes])
    this.#flush()
  }

  writeGarbage(bytes: Uint8Array): void {
    this.#manners = 'bad'
    this.write(bytes)
  }

  /** Sends so many bytes more, and the others not before `sendAgain`: a frame stays half there. */
  stall(after: number): void {
    this.#mayStillSend = after
  }

  sendAgain(): void {
    this.#mayStillSend = Number.POSITIVE_INFINITY
    this.#flush()
  }

  stopReading(): void {
    this.#reads = 'off'
  }

  readAgain(): void {
    this.#reads = 'on'
    this.#receive()
  }

  /** Sends nothing more, and reads what still comes. */
  halfClose(): void {
    this.#carelessly()
    this.#connection?.toServer.finish()
  }

  close(): void {
    this.#connection?.toServer.finish()
    this.#end('close')
  }

  reset(): void {
    this.#end('reset')
  }

  #note(what: string): void {
    this.#world.note(`  ${this.name} ${what}`)
  }

  /** Asks nothing more and waits: whoever is well-behaved is answered now. */
  settle(): void {
    this.#mood = 'settling'
    this.readAgain()
    this.sendAgain()
  }

  beBusy(): void {
    this.#mood = 'busy'
  }

  #carelessly(): void {
    if (this.#manners === 'good') this.#manners = 'careless'
  }

  #broken(what: string): void {
    this.#world.broken(`${this.name}: ${what}`)
  }

  #outOfPatience(what: string): void {
    if (this.#manners !== 'good' || this.#reads === 'off') return
    this.#broken(`${what} was not answered within ${patienceMs} ms`)
  }

  #flush(): void {
    const connection = this.#connection
    if (connection === undefined || this.#out.length === 0) return
    const sent = connection.toServer.send(this.#out.subarray(0, this.#mayStillSend))
    this.#mayStillSend -= sent
    this.#out = this.#out.subarray(sent)
  }

  #receive(): void {
    const pipe = this.#connection?.toClient
    if (pipe === undefined || this.#reads === 'off') return
    if (pipe.arrived > 0) {
      const bytes = pipe.receive(pipe.arrived)
      this.#world.onBytes(bytes)
      this.#in = this.#in.length === 0 ? bytes : Buffer.concat([this.#in, bytes])
      this.#takeFrames()
    }
    if (pipe.end !== 'open' && this.#connection?.toClient === pipe) {
      this.#connection.toServer.finish()
      const [waiting] = this.#expected
      const isOwed = this.#mood === 'settling' && this.#life === this.#world.lives()
      if (isOwed && this.#manners === 'good' && waiting !== undefined)
        this.#broken(`the connection ended before the answer to ${waiting.what}`)
      this.#end('close')
    }
  }

  #takeFrames(): void {
    while (this.#in.length >= 4 && this.#in.length >= 4 + this.#in.readInt32BE(0)) {
      const end = 4 + this.#in.readInt32BE(0)
      const frame = this.#in.subarray(4, end)
      this.#in = this.#in.subarray(end)
      this.#takeFrame(frame)
    }
  }

  #takeFrame(frame: Buffer): void {
    const expected = this.#expected.shift()
    const correlationId = frame.length >= 4 ? frame.readInt32BE(0) : -1
    if (expected === undefined) {
      // What garbage is answered with is nobody's business here.
      if (this.#manners !== 'bad') this.#broken(`an answer ${correlationId} that nobody asked for`)
      return
    }
    expected.cancel()
    this.#note(`<- ${expected.what} ${correlationId}`)
    if (expected.correlationId === correlationId) expected.answered(frame)
    else {
      this.#broken(`answer ${correlationId} where ${expected.correlationId} (${expected.what}) is expected`)
      expected.lost()
    }
  }

  #end(how: 'close' | 'reset'): void {
    const connection = this.#connection
    if (connection === undefined) return
    this.#connection = undefined
    this.#note(how === 'reset' ? 'resets' : 'closes')
    connection.toClient.onArrival = () => {
      // Bytes for somebody who is gone.
      if (connection.toClient.receive(Number.POSITIVE_INFINITY).length > 0) connection.toServer.reset()
    }
    connection.toServer.onRoom = () => {}
    if (how === 'reset' || this.#out.length > 0) connection.toServer.reset()
    this.#out = nothing
    const lost = this.#expected
    this.#expected = []
    for (const each of lost) {
      each.cancel()
      each.lost()
    }
    this.onEnd()
  }
}

const nothing = Buffer.alloc(0)
