// A Processor as the main thread sees it: how much of its newConnections is taken, how many connections it has.
import type { Mesh, ThreadId } from '../runtime/mesh.js'
import type { AcceptedConnection } from './hand-over.js'
import type { ProcessorOptions } from './network-options.js'
import { processorsActor, type ToProcessors } from './thread-messages.js'

export interface ProxyOptions {
  readonly id: number
  readonly thread: ThreadId
  readonly listener: string
  readonly options: ProcessorOptions
  readonly newConnectionsCapacity: number
}

export class ProcessorProxy {
  readonly #mesh: Mesh
  readonly #options: ProxyOptions
  /** In its newConnections or on the way there: this is where the bound of that mailbox is held. */
  #queued = 0
  /** Given to it and not yet closed. */
  connections = 0
  /** Told to close one and not yet done. */
  shedding = 0
  #stopping: Promise<void> | undefined
  #onStopped: () => void = () => {}

  constructor(mesh: Mesh, options: ProxyOptions) {
    this.#mesh = mesh
    this.#options = options
    const { id: processorId, listener, newConnectionsCapacity } = options
    this.#tell({ type: 'start', processorId, listener, options: options.options, newConnectionsCapacity })
  }

  get listener(): string {
    return this.#options.listener
  }

  offer(connection: AcceptedConnection): 'accepted' | 'full' {
    if (this.#queued === this.#options.newConnectionsCapacity) return 'full'
    this.#queued++
    this.connections++
    this.#tell({ type: 'connect', processorId: this.#options.id, connection })
    return 'accepted'
  }

  taken(count: number): void {
    this.#queued -= count
  }

  closed(asExcess: boolean): void {
    this.connections--
    if (asExcess) this.shedding--
  }

  shedOne(): void {
    this.shedding++
    this.#tell({ type: 'shedOne', processorId: this.#options.id })
  }

  /** It had no connection to close. */
  spared(): void {
    this.shedding--
  }

  stop(): Promise<void> {
    this.#stopping ??= new Promise(resolve => {
      this.#onStopped = resolve
      this.#tell({ type: 'stop', processorId: this.#options.id })
    })
    return this.#stopping
  }

  /** Stops it while the others of its listener go on. */
  async remove(): Promise<void> {
    await this.stop()
    this.#tell({ type: 'forget', processorId: this.#options.id })
  }

  stopped(): void {
    this.#onStopped()
  }

  #tell(message: ToProcessors): void {
    this.#mesh.send(this.#options.thread, processorsActor, message)
  }
}
