// The Processors of one thread. They are made when the main thread says so, and tell it what became of connections.
import { type Clock, systemClock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import { backgroundTimers, type Timers } from '../runtime/timers.js'
import { discard } from './hand-over.js'
import { type CompletedRequest, Processor } from './processor.js'
import type { RequestChannel } from './request-channel.js'
import { RequestFigures } from './request-figures.js'
import {
  type FromProcessors,
  mainActor,
  type ProcessorSpec,
  processorsActor,
  type ToProcessors
} from './thread-messages.js'

export interface NetworkThreadOptions {
  readonly runtime: Runtime
  readonly channel: RequestChannel
  readonly logger: Logger
  /** Told once a request, when its response was written or dropped, after the figures have it. */
  readonly onCompleted?: (request: CompletedRequest) => void
  /** Requests that take longer are logged; 0 = none, as when it is left out. */
  readonly slowRequestMs?: number
  readonly clock?: Clock
  readonly timers?: Timers
}

export interface NetworkThread {
  readonly processors: readonly Processor[]
  /** Of requests that are over. */
  readonly figures: RequestFigures
  /** Closes every connection at once; for a thread that ends out of order. */
  close(): void
}

const main = 0

/** On every thread on which the placement runs Processors, except main (createNetwork does it there). */
export function attachNetworkThread(options: NetworkThreadOptions): NetworkThread {
  const { runtime, channel, logger } = options
  const { mesh } = runtime
  const processors = new Map<number, Processor>()
  const clock = options.clock ?? systemClock
  const figures = new RequestFigures({ clock, logger, slowMs: options.slowRequestMs ?? 0 })
  const { onCompleted } = options
  const completed = (request: CompletedRequest): void => {
    figures.completed(request)
    onCompleted?.(request)
  }
  const tell = (message: FromProcessors): void => mesh.send(main, mainActor, message)

  const start = (spec: ProcessorSpec): void => {
    const { processorId, listener } = spec
    const processor = new Processor({
      id: processorId,
      listener,
      options: spec.options,
      newConnectionsCapacity: spec.newConnectionsCapacity,
      arena: runtime.arena,
      requests: channel,
      logger,
      clock,
      timers: options.timers ?? backgroundTimers,
      onCompleted: onCompleted === undefined ? figures.completed : completed,
      reports: {
        taken: count => tell({ type: 'taken', processorId, count }),
        closed: (address, asExcess) => tell({ type: 'closed', processorId, address, asExcess }),
        nothingToClose: () => tell({ type: 'nothingToClose', processorId }),
        stopped: () => tell({ type: 'stopped', processorId })
      }
    })
    processors.set(processorId, processor)
  }

  mesh.register(processorsActor, received => {
    const message = received as ToProcessors
    if (message.type === 'start') return void start(message)
    const processor = processors.get(message.processorId)
    if (message.type === 'connect') {
      if (processor?.connect(message.connection) === 'accepted') return
      discard(message.connection)
      const { remoteHost: address } = message.connection
      tell({ type: 'closed', processorId: message.processorId, address, asExcess: false })
    } else if (message.type === 'shedOne') processor?.shedOne()
    else if (message.type === 'stop') processor?.stop()
    else processors.delete(message.processorId)
  })

  return {
    get processors() {
      return [...processors.values()]
    },
    figures,
    close() {
      for (const processor of processors.values()) processor.stop()
      mesh.unregister(processorsActor)
    }
  }
}
