// Kafka's SocketServer: Acceptors and connection quotas on the main thread, Processors where the placement says.
import { lookup } from 'node:dns/promises'
import { required, StartupError } from '../../errors.js'
import { type Clock, systemClock } from '../runtime/clock.js'
import type { PlacementTable } from '../runtime/placement.js'
import { type Cancel, systemTimers, type Timers } from '../runtime/timers.js'
import { Acceptor } from './acceptor.js'
import { ConnectionQuotas } from './connection-quotas.js'
import {
  defaultNewConnections,
  type ListenerOptions,
  type NetworkOptions,
  type QuotaOptions
} from './network-options.js'
import { attachNetworkThread, type NetworkThread, type NetworkThreadOptions } from './network-thread.js'
import type { Processor } from './processor.js'
import { ProcessorProxy } from './processor-proxy.js'
import { type FromProcessors, mainActor } from './thread-messages.js'

export { canHandOver } from './hand-over.js'
export { attachNetworkThread, type NetworkThread, type NetworkThreadOptions } from './network-thread.js'

export interface CreateNetworkOptions extends NetworkThreadOptions {
  readonly placement: PlacementTable
  readonly network: NetworkOptions
}

export interface BoundListener {
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface Network {
  /** Listener name -> real port, for those that listen. */
  readonly bound: readonly BoundListener[]
  readonly connections: number
  readonly quotas: ConnectionQuotas
  /** Processors of the main thread, for the inspector and tests. */
  readonly ownProcessors: readonly Processor[]
  /** What runs on the main thread; undefined where no Processor does. */
  readonly ownThread: NetworkThread | undefined
  acceptorState(listener: string): string | undefined
  /** How long its Acceptor has waited for room in newConnections, ms since the start. */
  acceptorWaitedMs(listener: string): number
  /**
   * Once, before startProcessing: takes the ports of listeners on port 0, so that they can be advertised. Nothing is accepted:
   * connections wait with the operating system (where a descriptor cannot be duplicated they are turned away). Fixed ports
   * are as configured and open in startProcessing. Rejects with StartupError.
   */
  bind(): Promise<readonly BoundListener[]>
  /**
   * Opens the ports and accepts; resolves when every listener does. Rejects with StartupError, naming listener and port,
   * when one cannot, or when it is stopped meanwhile; nothing listens then. Handlers must run already.
   */
  startProcessing(): Promise<readonly BoundListener[]>
  /**
   * Other limits, and other numbers of Processors, for the same listeners. A Processor that is one too many gets no new
   * connections at once and is stopped, its connections with it, after a second: who asked for this may be among them.
   */
  reconfigure(network: NetworkOptions): Promise<void>
  /**
   * Kafka's stopProcessingRequests: stops accepting, then ends every Processor (its connections close), then clears the
   * request queue. Idempotent; handlers must still run, so that no Processor waits for room in the queue.
   */
  stopProcessing(): Promise<void>
  /** stopProcessing where it was not called, then lets go of the rest. */
  close(): Promise<void>
}

/** On the main thread. Nothing is opened yet. */
export function createNetwork(options: CreateNetworkOptions): Network {
  return new Server(options)
}

interface ListenerParts {
  readonly acceptor: Acceptor
  /** The Acceptor's own list: it goes round in what is in there now. */
  readonly processors: ProcessorProxy[]
}

/** Time for the answers that Processors still have when they are to go. */
const removalDelayMs = 1000

class Server implements Network {
  readonly #options: CreateNetworkOptions
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #ownThread: NetworkThread | undefined
  readonly #quotas: ConnectionQuotas
  /** By id, those that were stopped too: an id is not used again. */
  readonly #processors = new Map<number, ProcessorProxy>()
  readonly #removals = new Set<Cancel>()
  #network: NetworkOptions
  #parts: ListenerParts[] = []
  #addressLimits: ReadonlyMap<string, number> = new Map()
  #bound: readonly BoundListener[] = []
  #stopping: Promise<void> | undefined
  #nextToShed = 0

  constructor(options: CreateNetworkOptions) {
    const { placement, network, runtime } = options
    this.#options = options
    this.#network = network
    this.#clock = options.clock ?? systemClock
    this.#timers = options.timers ?? systemTimers
    if (placement.networkThreads.includes(runtime.thread)) this.#ownThread = attachNetworkThread(options)
    const limitOf = (address: string): number =>
      this.#addressLimits.get(address) ?? this.#network.quotas.maxConnectionsPerIp
    this.#quotas = new ConnectionQuotas(network.quotas, network.listeners, limitOf)
    this.#quotas.onSlotFreed = () => {
      for (const { acceptor } of this.#parts) acceptor.slotFreed()
    }
    runtime.mesh.register(mainActor, message => this.#receive(message as FromProcessors))
  }

  get bound(): readonly BoundListener[] {
    return this.#bound
  }

  get connections(): number {
    return this.#quotas.total
  }

  get ownProcessors(): readonly Processor[] {
    return this.#ownThread?.processors ?? []
  }

  get ownThread(): NetworkThread | undefined {
    return this.#ownThread
  }

  get quotas(): ConnectionQuotas {
    return this.#quotas
  }

  acceptorState(listener: string): string | undefined {
    return this.#acceptorOf(listener)?.state
  }

  acceptorWaitedMs(listener: string): number {
    return this.#acceptorOf(listener)?.waitedForRoomMs ?? 0
  }

  async bind(): Promise<readonly BoundListener[]> {
    const network = this.#network
    if (this.#stopping !== undefined) throw new StartupError('the network was stopped before it could bind')
    this.#makeParts()
    const any = this.#parts.filter((_, index) => network.listeners[index]?.port === 0)
    await this.#allOf(any.map(({ acceptor }) => acceptor.bind()))
    this.#bound = this.#ports()
    return this.#bound
  }

  async startProcessing(): Promise<readonly BoundListener[]> {
    this.#addressLimits = await limitsByAddress(this.#network.quotas)
    if (this.#stopping !== undefined) throw new StartupError('the network was stopped before it could start')
    this.#makeParts()
    await this.#allOf(this.#parts.map(({ acceptor }) => acceptor.open()))
    this.#bound = this.#ports()
    return this.#bound
  }

  #makeParts(): void {
    if (this.#parts.length === 0) this.#parts = this.#network.listeners.map((_, i) => this.#partsOf(i))
  }

  /** All of them, or none: with one that fails the others are given up too. */
  async #allOf(opened: readonly Promise<number>[]): Promise<void> {
    const results = await Promise.allSettled(opened)
    const failed = results.find(result => result.status === 'rejected')
    if (failed === undefined) return
    await this.stopProcessing()
    throw failed.reason
  }

  #ports(): readonly BoundListener[] {
    return this.#network.listeners.map(({ name, host, port }, i) => ({
      name,
      host,
      port: this.#parts[i]?.acceptor.port || port
    }))
  }

  async reconfigure(network: NetworkOptions): Promise<void> {
    // Names of hosts are looked up when they change: whoever answers for them may be slow.
    if (!sameLimits(network.quotas, this.#network.quotas)) {
      const addressLimits = await limitsByAddress(network.quotas)
      this.#addressLimits = addressLimits
    }
    if (this.#stopping !== undefined) return
    this.#network = network
    this.#quotas.relimit(network.quotas, network.listeners)
    this.#shedExcess()
    this.#parts.forEach((parts, i) => {
      this.#resize(parts, required(network.listeners[i], 'listeners stay what they were'))
    })
  }

  #resize({ acceptor, processors }: ListenerParts, listener: ListenerOptions): void {
    const tooMany = processors.splice(listener.processors)
    while (processors.length < listener.processors) processors.push(this.#newProcessor(listener))
    acceptor.roomMade()
    if (tooMany.length === 0) return
    const cancel = this.#timers.after(removalDelayMs, () => {
      this.#removals.delete(cancel)
      for (const processor of tooMany) void processor.remove()
    })
    this.#removals.add(cancel)
  }

  stopProcessing(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async close(): Promise<void> {
    await this.stopProcessing()
    this.#options.runtime.mesh.unregister(mainActor)
    this.#ownThread?.close()
  }

  async #stop(): Promise<void> {
    for (const cancel of this.#removals) cancel()
    for (const { acceptor } of this.#parts) acceptor.close()
    await Promise.all([...this.#processors.values()].map(processor => processor.stop()))
    this.#options.channel.clear()
  }

  #newProcessor({ name }: ListenerOptions): ProcessorProxy {
    const { placement, runtime } = this.#options
    const network = this.#network
    const id = this.#processors.size
    const proxy = new ProcessorProxy(runtime.mesh, {
      id,
      thread: placement.threadOfProcessor(id),
      listener: name,
      options: network.processors,
      newConnectionsCapacity: network.newConnectionsCapacity ?? defaultNewConnections
    })
    this.#processors.set(id, proxy)
    return proxy
  }

  #partsOf(index: number): ListenerParts {
    const network = this.#network
    const { logger } = this.#options
    const listener = required(network.listeners[index], 'a listener')
    const { sendBufferBytes, receiveBufferBytes } = network.processors
    const processors = Array.from({ length: listener.processors }, () => this.#newProcessor(listener))
    const acceptor = new Acceptor({
      listener,
      processors,
      logger,
      backlog: network.backlog,
      sockets: { sendBufferBytes, receiveBufferBytes },
      quotas: this.#quotas,
      onAdmitted: () => this.#shedExcess(),
      clock: this.#clock,
      timers: this.#timers
    })
    return { acceptor, processors }
  }

  #receive(message: FromProcessors): void {
    const processor = required(this.#processors.get(message.processorId), 'a Processor that was made here')
    switch (message.type) {
      case 'taken':
        processor.taken(message.count)
        this.#acceptorOf(processor.listener)?.roomMade()
        return
      case 'closed':
        processor.closed(message.asExcess)
        this.#quotas.closed(processor.listener, message.address)
        return
      case 'nothingToClose':
        processor.spared()
        return
      case 'stopped':
        processor.stopped()
    }
  }

  #acceptorOf(listener: string): Acceptor | undefined {
    return this.#parts.find(({ acceptor }) => acceptor.name === listener)?.acceptor
  }

  /** Tells Processors of other listeners than the protected one to close one each, in turn, until it is enough. */
  #shedExcess(): void {
    const all = [...this.#processors.values()]
    let toShed = this.#quotas.excess
    for (const { shedding } of all) toShed -= shedding
    for (let inVain = 0; toShed > 0 && inVain < all.length; inVain++) {
      const processor = all[this.#nextToShed++ % all.length]
      if (processor === undefined || this.#quotas.isProtected(processor.listener)) continue
      if (processor.connections - processor.shedding <= 0) continue
      processor.shedOne()
      toShed--
      inVain = -1
    }
  }
}

function sameLimits(one: QuotaOptions, other: QuotaOptions): boolean {
  const [a, b] = [one.maxConnectionsPerIpOverrides, other.maxConnectionsPerIpOverrides]
  return a.size === b.size && [...a].every(([host, limit]) => b.get(host) === limit)
}

/** Overrides name hosts; connections come from addresses. A host that cannot be found limits nobody. */
async function limitsByAddress({ maxConnectionsPerIpOverrides }: QuotaOptions): Promise<Map<string, number>> {
  const limits = new Map<string, number>()
  for (const [host, limit] of maxConnectionsPerIpOverrides) {
    try {
      for (const { address } of await lookup(host, { all: true })) limits.set(address, limit)
    } catch {
      limits.set(host, limit)
    }
  }
  return limits
}
