// The simulated network between clients and the process that serves them.
import type { RandomBelow } from '../verify/random.js'
import type { Connection } from './connection.js'
import type { SimulatedProcess } from './process.js'
import type { Schedule } from './schedule.js'
import { connectionTo, Descriptors, type Listening, type SocketsWorld } from './sockets.js'

const host = '10.0.0.1'
const firstFreePort = 40_000

export class SimulatedNetwork {
  readonly #schedule: Schedule
  readonly #below: RandomBelow
  readonly #ports = new Map<number, Listening>()
  /** Those that a client may still read from. */
  #connections: Connection[] = []
  #lastClientPort = 50_000
  #lastPort = firstFreePort
  readonly descriptors = new Descriptors(listening => this.#freed(listening))
  /** One in so many descriptors is refused; 0: none. */
  refusesOneIn = 0

  constructor(schedule: Schedule, below: RandomBelow) {
    this.#schedule = schedule
    this.#below = below
  }

  get ports(): readonly number[] {
    return [...this.#ports.keys()]
  }

  for(process: SimulatedProcess): SocketsWorld {
    return {
      schedule: this.#schedule,
      below: this.#below,
      process,
      descriptors: this.descriptors,
      listenOn: (port, backlog) => this.#listenOn(port, backlog),
      mayOpen: () => this.refusesOneIn === 0 || this.#below(this.refusesOneIn) > 0
    }
  }

  /** A client connects; 'refused': nobody listens, or the backlog is full. */
  connect(port: number, bufferBytes: number): Connection | 'refused' {
    const listening = this.#ports.get(port)
    if (listening === undefined || listening.waiting.length >= listening.backlog) return 'refused'
    const ends = { serverHost: host, serverPort: port, clientHost: host, clientPort: ++this.#lastClientPort }
    const connection = connectionTo(listening, ends, {
      schedule: this.#schedule,
      below: this.#below,
      bufferBytes
    })
    this.#connections.push(connection)
    listening.onWaiting()
    return connection
  }

  /** The broker's machine has no power any more. */
  losePower(): void {
    for (const { toClient } of this.#connections) toClient.vanish()
    this.#connections = []
  }

  #listenOn(wanted: number, backlog: number): Listening | undefined {
    const port = wanted === 0 ? ++this.#lastPort : wanted
    if (this.#ports.has(port)) return undefined
    const listening = { port, backlog, waiting: [], descriptors: 0, onWaiting: () => {} }
    this.#ports.set(port, listening)
    return listening
  }

  /** Whoever still waits there is turned away. */
  #freed(listening: Listening): void {
    this.#ports.delete(listening.port)
    for (const connection of listening.waiting.splice(0)) {
      connection.toServer.reset()
      connection.toClient.reset()
    }
  }
}
