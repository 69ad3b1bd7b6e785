// An Acceptor: takes connections of one listener, asks the quotas, and passes them on to its Processors in turn.
import { errorMessage, StartupError } from '../../errors.js'
import { driveMachine, type MachineDriver } from '../runtime/actor.js'
import type { Clock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { Cancel, Timers } from '../runtime/timers.js'
import { acceptorMachine } from './acceptor.machine.js'
import type { ConnectionQuotas } from './connection-quotas.js'
import { type AcceptedConnection, discard, release } from './hand-over.js'
import type { ListenerOptions, ProcessorOptions } from './network-options.js'
import { type ConnectionSocket, type ListeningSocket, sockets } from './sockets.js'

/** A Processor as its Acceptor sees it. */
export interface NewConnections {
  offer(connection: AcceptedConnection): 'accepted' | 'full'
}

export interface AcceptorSetup {
  readonly listener: ListenerOptions
  readonly backlog: number
  readonly sockets: Pick<ProcessorOptions, 'sendBufferBytes' | 'receiveBufferBytes'>
  readonly processors: readonly NewConnections[]
  readonly quotas: ConnectionQuotas
  /** A connection was counted. */
  readonly onAdmitted: () => void
  readonly logger: Logger
  readonly clock: Clock
  readonly timers: Timers
}

export class Acceptor {
  readonly #setup: AcceptorSetup
  readonly #machine: MachineDriver<typeof acceptorMachine>
  readonly #throttled = new Map<AcceptedConnection, Cancel>()
  #server: ListeningSocket | undefined
  /** Keeps the port, and with it the backlog, while nobody accepts. */
  #parked = -1
  /** Being passed on; what it waits for is the machine's state. */
  #atHand: AcceptedConnection | undefined
  #next = 0
  #port = 0
  #settle: { resolve(port: number): void; reject(error: StartupError): void } | undefined
  #failure = ''
  /** ms in which the connection at hand waited for room, and since when it does. */
  #waitedMs = 0
  #waitsSinceMs: number | undefined

  constructor(setup: AcceptorSetup) {
    this.#setup = setup
    const { name } = setup.listener
    const perform = {
      openPort: () => this.#openPort(),
      reportListening: () => this.#settle?.resolve(this.#port),
      reportFailure: () => this.#settle?.reject(new StartupError(this.#failure)),
      stopAccepting: () => this.#stopAccepting(),
      startAccepting: () => this.#startAccepting(),
      admit: () => this.#admit(),
      offer: () => this.#offer(),
      giveSlotBack: () => this.#giveSlotBack(),
      closeAll: () => this.#closeAll()
    }
    this.#machine = driveMachine(acceptorMachine, perform, {
      name: `acceptor.${name}`,
      timers: setup.timers
    })
  }

  get name(): string {
    return this.#setup.listener.name
  }

  get state(): string {
    return this.#machine.state
  }

  /** How long it has waited for Processors to take connections, ms since the start. */
  get waitedForRoomMs(): number {
    const since = this.#waitsSinceMs
    return this.#waitedMs + (since === undefined ? 0 : this.#setup.clock.monotonicMs() - since)
  }

  get port(): number {
    return this.#port
  }

  /** Resolves with the port once it is taken; nothing is accepted before `open`. Rejects with StartupError. */
  bind(): Promise<number> {
    return this.#asked('bind')
  }

  /** Resolves with the port once it accepts; rejects with StartupError, naming listener and port. */
  open(): Promise<number> {
    return this.#asked('open')
  }

  #asked(type: 'bind' | 'open'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#machine.send({ type })
    })
  }

  /** A connection has ended: there may be a slot. */
  slotFreed(): void {
    if (this.#atHand !== undefined) this.#machine.send({ type: 'slotFreed' })
  }

  /** One of its Processors has room. */
  roomMade(): void {
    if (this.#atHand !== undefined) this.#machine.send({ type: 'roomMade' })
  }

  close(): void {
    this.#machine.send({ type: 'close' })
  }

  #openPort(): void {
    const { host, port, name } = this.#setup.listener
    const server = this.#newServer()
    const where = `${host === '' ? '*' : host}:${port}`
    server.once('error', error => {
      this.#failure = `listener ${name} cannot listen on ${where}: ${explained(error)}`
      this.#machine.send({ type: 'bindFailed' })
    })
    server.listen({ port, backlog: this.#setup.backlog, ...(host === '' ? {} : { host }) }, () => {
      const address = server.address()
      this.#port = typeof address === 'object' && address !== null ? address.port : port
      this.#watch(server)
      const { receiveBufferBytes } = this.#setup.sockets
      // Accepted sockets inherit it; set later it would not widen the window that was already agreed on.
      if (receiveBufferBytes > 0) setBuffer(server, 'receive', receiveBufferBytes)
      this.#machine.send({ type: 'bound' })
    })
    this.#server = server
  }

  #newServer(): ListeningSocket {
    return sockets().createServer(socket => this.#accept(socket))
  }

  #watch(server: ListeningSocket): void {
    server.removeAllListeners('error')
    server.on('error', (error: NodeJS.ErrnoException) => {
      this.#setup.logger.error('error while accepting', error)
      if (error.code === 'EMFILE' || error.code === 'ENFILE') this.#machine.send({ type: 'outOfDescriptors' })
    })
  }

  #accept(socket: ConnectionSocket): void {
    const { listener, quotas, clock, logger } = this.#setup
    socket.on('error', () => socket.destroy())
    if (this.#machine.state !== 'listening') {
      // Accepted in the same moment in which accepting stopped.
      socket.destroy()
      return
    }
    const connection = release(socket)
    if (connection === 'gone') {
      socket.destroy()
      return
    }
    if (connection === 'outOfDescriptors') {
      logger.error('no descriptor is left for a connection')
      socket.destroy()
      this.#machine.send({ type: 'outOfDescriptors' })
      return
    }
    const { sendBufferBytes } = this.#setup.sockets
    if (sendBufferBytes > 0 && connection.descriptor >= 0)
      sockets().calls()?.setBuffer(connection.descriptor, 'send', sendBufferBytes)
    this.#atHand = connection
    const waitMs = quotas.arrive(listener.name, clock.monotonicMs())
    if (waitMs > 0) this.#machine.send({ type: 'tooFast', waitMs })
    else this.#admit()
  }

  #admit(): void {
    const { listener, quotas, clock, logger, onAdmitted } = this.#setup
    const connection = this.#atHand
    if (connection === undefined) return
    const { remoteHost } = connection
    const admission = quotas.admit(listener.name, remoteHost, clock.monotonicMs())
    switch (admission.kind) {
      case 'noSlot':
        return void this.#machine.send({ type: 'noSlot' })
      case 'admitted':
        onAdmitted()
        return void this.#offer()
      case 'tooManyFromAddress':
        logger.info(`rejected a connection from ${remoteHost}: it has ${admission.limit} already`)
        discard(connection)
        return void this.#passedOn()
      case 'tooFastFromAddress':
        this.#closeLater(connection, admission.closeAfterMs)
        this.#passedOn()
    }
  }

  /** One round over the Processors, from where the last one stopped. */
  #offer(): void {
    const { processors } = this.#setup
    const connection = this.#atHand
    if (connection === undefined) return
    for (let i = 0; i < processors.length; i++) {
      const at = (this.#next + i) % processors.length
      if (processors[at]?.offer(connection) !== 'accepted') continue
      this.#next = (at + 1) % processors.length
      return void this.#passedOn()
    }
    this.#waitsSinceMs ??= this.#setup.clock.monotonicMs()
    this.#machine.send({ type: 'noRoom' })
  }

  #waitsNoMore(): void {
    this.#waitedMs = this.waitedForRoomMs
    this.#waitsSinceMs = undefined
  }

  #passedOn(): void {
    this.#waitsNoMore()
    this.#atHand = undefined
    // Most connections keep nobody waiting: that costs no event.
    if (this.#machine.state !== 'listening') this.#machine.send({ type: 'passedOn' })
  }

  #giveSlotBack(): void {
    const { quotas, listener } = this.#setup
    if (this.#atHand !== undefined) quotas.closed(listener.name, this.#atHand.remoteHost)
  }

  #closeLater(connection: AcceptedConnection, ms: number): void {
    const cancel = this.#setup.timers.after(ms, () => {
      this.#throttled.delete(connection)
      discard(connection)
    })
    this.#throttled.set(connection, cancel)
  }

  #stopAccepting(): void {
    const server = this.#server
    if (server === undefined) return
    const descriptor = sockets().descriptorOf(server)
    const duplicate = descriptor >= 0 ? (sockets().calls()?.duplicate(descriptor) ?? -1) : -1
    // Without a second descriptor the port would close: go on accepting, #accept turns them away.
    if (duplicate < 0) return
    this.#parked = duplicate
    this.#server = undefined
    server.close()
  }

  #startAccepting(): void {
    if (this.#parked < 0) return
    const server = this.#newServer()
    this.#watch(server)
    server.listen({ fd: this.#parked, backlog: this.#setup.backlog })
    this.#parked = -1
    this.#server = server
  }

  #closeAll(): void {
    const { listener } = this.#setup
    // No more than a formality where it listened, or failed for a reason of its own.
    this.#settle?.reject(new StartupError(`listener ${listener.name} was closed before it could listen`))
    this.#server?.close()
    this.#server = undefined
    if (this.#parked >= 0) sockets().calls()?.close(this.#parked)
    this.#parked = -1
    if (this.#atHand !== undefined) discard(this.#atHand)
    this.#atHand = undefined
    this.#waitsNoMore()
    for (const [connection, cancel] of this.#throttled) {
      cancel()
      discard(connection)
    }
    this.#throttled.clear()
  }
}

function setBuffer(server: ListeningSocket, which: 'send' | 'receive', bytes: number): void {
  const descriptor = sockets().descriptorOf(server)
  if (descriptor >= 0) sockets().calls()?.setBuffer(descriptor, which, bytes)
}

function explained(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return 'the port is in use'
  if (error.code === 'EACCES') return 'this user may not open the port'
  if (error.code === 'EADDRNOTAVAIL') return 'the address does not belong to this machine'
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'the host name is not known'
  return errorMessage(error)
}
