// The sockets of a simulated broker: Node's behaviour, as far as the network layer relies on it, over simulated connections
// and a table of descriptors.
import { EventEmitter } from 'node:events'
import type {
  ConnectionSocket,
  ListeningSocket,
  ListenOptions,
  SocketReader,
  Sockets
} from '../actors/network/sockets.js'
import type { SystemCalls } from '../actors/network/system-calls.js'
import { Bug } from '../errors.js'
import type { RandomBelow } from '../verify/random.js'
import { Connection, Pipe } from './connection.js'
import type { SimulatedProcess } from './process.js'
import type { Schedule, Stream } from './schedule.js'

/** A port that is listened on, in the kernel. */
export interface Listening {
  readonly port: number
  readonly waiting: Connection[]
  backlog: number
  descriptors: number
  onWaiting: () => void
}

type Kernel = Connection | Listening

const isListening = (kernel: Kernel): kernel is Listening => !(kernel instanceof Connection)

/** Everything of one process that the operating system closes at its end. */
export class Descriptors {
  readonly #table = new Map<number, Kernel>()
  readonly #onFreed: (listening: Listening) => void
  #last = 10

  constructor(onFreed: (listening: Listening) => void) {
    this.#onFreed = onFreed
  }

  get count(): number {
    return this.#table.size
  }

  /** What is open, for messages. */
  get list(): readonly string[] {
    return [...this.#table].map(([fd, kernel]) =>
      isListening(kernel)
        ? `${fd}: port ${kernel.port}`
        : `${fd}: connection of client port ${kernel.ends.clientPort}`
    )
  }

  open(kernel: Kernel): number {
    kernel.descriptors++
    this.#table.set(++this.#last, kernel)
    return this.#last
  }

  at(fd: number): Kernel | undefined {
    return this.#table.get(fd)
  }

  close(fd: number): void {
    const kernel = this.#table.get(fd)
    if (kernel === undefined) throw new Bug(`descriptor ${fd} is closed and not open`)
    this.#table.delete(fd)
    kernel.descriptors--
    if (kernel.descriptors > 0) return
    if (isListening(kernel)) this.#onFreed(kernel)
    else kernel.closedByServer()
  }

  closeAll(): void {
    for (const fd of [...this.#table.keys()]) this.close(fd)
  }
}

export interface SocketsWorld {
  readonly schedule: Schedule
  readonly below: RandomBelow
  readonly process: SimulatedProcess
  readonly descriptors: Descriptors
  /** undefined: somebody listens there. */
  listenOn(port: number, backlog: number): Listening | undefined
  /** Whether the process may have another descriptor just now. */
  mayOpen(): boolean
}

export function simulatedSockets(world: SocketsWorld): Sockets {
  const { descriptors } = world
  const calls: SystemCalls = {
    duplicate(fd) {
      const kernel = descriptors.at(fd)
      if (kernel === undefined || !world.mayOpen()) return -1
      return descriptors.open(kernel)
    },
    setBuffer: () => true,
    close: fd => descriptors.close(fd)
  }
  return {
    createServer: onConnection => new SimulatedServer(world, onConnection),
    open(fd, reader) {
      const kernel = descriptors.at(fd)
      if (!(kernel instanceof Connection)) throw new Bug(`descriptor ${fd} is no connection`)
      return new SimulatedSocket(world, fd, kernel, reader)
    },
    descriptorOf: socket =>
      socket instanceof SimulatedSocket || socket instanceof SimulatedServer ? socket.descriptor : -1,
    calls: () => calls
  }
}

class SimulatedServer extends EventEmitter implements ListeningSocket {
  readonly #world: SocketsWorld
  readonly #onConnection: (socket: ConnectionSocket) => void
  readonly #accepts: Stream
  descriptor = -1

  constructor(world: SocketsWorld, onConnection: (socket: ConnectionSocket) => void) {
    super()
    this.#world = world
    this.#onConnection = onConnection
    this.#accepts = world.schedule.stream()
  }

  listen({ port = 0, fd, backlog }: ListenOptions, listening: () => void = () => {}): void {
    const { process, descriptors, listenOn } = this.#world
    if (fd !== undefined) {
      this.descriptor = fd
      this.#watch()
      process.complete(listening)
      return
    }
    const opened = listenOn(port, backlog)
    if (opened === undefined) {
      const error: NodeJS.ErrnoException = new Error('listen EADDRINUSE')
      error.code = 'EADDRINUSE'
      process.complete(() => this.emit('error', error))
      return
    }
    this.descriptor = descriptors.open(opened)
    this.#watch()
    process.complete(() => {
      if (this.descriptor >= 0) listening()
    })
  }

  address(): { readonly port: number } | null {
    const kernel = this.#kernel
    return kernel === undefined ? null : { port: kernel.port }
  }

  close(): void {
    if (this.descriptor < 0) return
    const kernel = this.#kernel
    if (kernel !== undefined) kernel.onWaiting = () => {}
    this.#world.descriptors.close(this.descriptor)
    this.descriptor = -1
    this.#accepts.clear()
  }

  get #kernel(): Listening | undefined {
    const kernel = this.#world.descriptors.at(this.descriptor)
    return kernel !== undefined && isListening(kernel) ? kernel : undefined
  }

  #watch(): void {
    const kernel = this.#kernel
    if (kernel === undefined) return
    kernel.onWaiting = () => this.#accepts.push(this.#accept)
    for (const _ of kernel.waiting) this.#accepts.push(this.#accept)
  }

  readonly #accept = (): void => {
    const { process, descriptors } = this.#world
    const connection = process.isAlive ? this.#kernel?.waiting.shift() : undefined
    if (connection === undefined) return
    const fd = descriptors.open(connection)
    // The kernel's own hold on a connection that waits.
    connection.descriptors--
    this.#onConnection(new SimulatedSocket(this.#world, fd, connection, undefined))
  }
}

interface Write {
  bytes: Uint8Array
  readonly written: ((error?: Error | null) => void) | undefined
}

class SimulatedSocket extends EventEmitter implements ConnectionSocket {
  readonly #world: SocketsWorld
  readonly #connection: Connection
  readonly #reader: SocketReader | undefined
  readonly #reads: Stream
  readonly #flushes: Stream
  descriptor: number
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
  errored: Error | null = null
  destroyed = false
  #reading: 'on' | 'off' | 'over' = 'off'
  #corked: 'yes' | 'no' = 'no'
  #writes: Write[] = []

  constructor(world: SocketsWorld, fd: number, connection: Connection, reader: SocketReader | undefined) {
    super()
    this.#world = world
    this.#connection = connection
    this.#reader = reader
    this.#reads = world.schedule.stream()
    this.#flushes = world.schedule.stream()
    this.descriptor = fd
    const { serverHost, serverPort, clientHost, clientPort } = connection.ends
    this.localAddress = serverHost
    this.localPort = serverPort
    this.remoteAddress = clientHost
    this.remotePort = clientPort
    if (reader === undefined) return
    connection.toServer.onArrival = () => this.#wakeReader()
    connection.toClient.onRoom = () => this.#wakeWriter()
    this.resume()
  }

  get writableLength(): number {
    return this.#writes.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  write(bytes: Uint8Array, written?: (error?: Error | null) => void): boolean {
    this.#writes.push({ bytes, written })
    if (this.#corked === 'no') this.#flush()
    return this.writableLength === 0
  }

  cork(): void {
    this.#corked = 'yes'
  }

  uncork(): void {
    this.#corked = 'no'
    this.#flush()
  }

  pause(): void {
    if (this.#reading === 'on') this.#reading = 'off'
  }

  resume(): void {
    if (this.#reading !== 'off' || this.destroyed || this.#reader === undefined) return
    this.#reading = 'on'
    this.#wakeReader()
  }

  destroy(error?: Error): void {
    if (this.destroyed) return
    this.destroyed = true
    this.#reading = 'over'
    this.#reads.clear()
    this.#flushes.clear()
    this.#writes = []
    if (this.#reader !== undefined) {
      this.#connection.toServer.onArrival = () => {}
      this.#connection.toClient.onRoom = () => {}
    }
    this.#world.descriptors.close(this.descriptor)
    this.descriptor = -1
    queueMicrotask(() => {
      if (error !== undefined) this.emit('error', error)
      this.emit('close')
    })
  }

  #wakeReader(): void {
    const { toServer } = this.#connection
    if (this.#reading !== 'on' || this.#reads.length > 0) return
    if (toServer.arrived > 0 || toServer.end !== 'open') this.#reads.push(this.#read)
  }

  readonly #read = (): void => {
    if (!this.#world.process.isAlive || this.#reading !== 'on' || this.#reader === undefined) return
    const { toServer } = this.#connection
    if (toServer.arrived > 0) {
      const into = this.#reader.nextBuffer()
      const bytes = toServer.receive(Math.min(into.length, toServer.arrived))
      into.set(bytes)
      if (!this.#reader.onBytes(bytes.length, into)) this.pause()
    } else if (toServer.end === 'ended') {
      this.#reading = 'over'
      queueMicrotask(() => {
        if (!this.destroyed) this.emit('end')
      })
    } else if (toServer.end === 'reset') this.#fail('read', 'ECONNRESET')
    this.#wakeReader()
  }

  #fail(syscall: string, code: string): void {
    const error: NodeJS.ErrnoException = new Error(`${syscall} ${code}`)
    error.syscall = syscall
    error.code = code
    this.errored = error
    this.destroy(error)
  }

  #wakeWriter(): void {
    if (this.#writes.length === 0 || this.#corked === 'yes' || this.#flushes.length > 0) return
    this.#flushes.push(() => {
      if (this.#world.process.isAlive && !this.destroyed) this.#flush()
    })
  }

  /** As much as the kernel takes; what is written at once is reported in a microtask, as Node does. */
  #flush(): void {
    const { toServer, toClient } = this.#connection
    if (this.destroyed || this.#writes.length === 0) return
    if (toServer.sentEnd === 'reset') {
      const failed = this.#writes
      this.#fail('write', 'EPIPE')
      const error = this.errored
      queueMicrotask(() => {
        for (const { written } of failed) written?.(error)
      })
      return
    }
    while (this.#writes[0] !== undefined) {
      const [first] = this.#writes
      const taken = toClient.send(first.bytes)
      if (taken < first.bytes.length) {
        first.bytes = first.bytes.subarray(taken)
        return
      }
      this.#writes.shift()
      const { written } = first
      if (written !== undefined) queueMicrotask(() => written(null))
    }
  }
}

export function connectionTo(
  listening: Listening,
  ends: Connection['ends'],
  world: { schedule: Schedule; below: RandomBelow; bufferBytes: number }
): Connection {
  const { schedule, below, bufferBytes } = world
  const connection = new Connection(
    ends,
    new Pipe(schedule, below, bufferBytes),
    new Pipe(schedule, below, bufferBytes)
  )
  // Held by the kernel until it is accepted.
  connection.descriptors = 1
  listening.waiting.push(connection)
  return connection
}
