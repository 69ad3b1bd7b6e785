// The Processors of one thread. They are made when the main thread says so, and tell it what became of connections.
import { type Clock, systemClock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import type { Runtime } from '../runtime/shared-runtime.js'
import { backgroundTimers, type Timers } from '../runtime/timers.js'
import { discard } from './hand-over.js'
import { type CompletedRequest, Processor } from './processor.js'
import type { RequestChannel } from './request-channel.js'
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
  /** Told once a request, when its response was written or dropped: for metrics and the slow-request log. */
  readonly onCompleted?: (request: CompletedRequest) => void
  readonly clock?: Clock
  readonly timers?: Timers
}

export interface NetworkThread {
  readonly processors: readonly Processor[]
  /** Closes every connection at once; for a thread that ends out of order. */
  close(): void
}

const main = 0

/** On every thread on which the placement runs Processors, except main (createNetwork does it there). */
export function attachNetworkThread(options: NetworkThreadOptions): NetworkThread {
  const { runtime, channel, logger } = options
  const { mesh } = runtime
  const processors = new Map<number, Processor>()
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
      clock: options.clock ?? systemClock,
      timers: options.timers ?? backgroundTimers,
      ...(options.onCompleted === undefined ? {} : { onCompleted: options.onCompleted }),
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
    else processor?.stop()
  })

  return {
    get processors() {
      return [...processors.values()]
    },
    close() {
      for (const processor of processors.values()) processor.stop()
      mesh.unregister(processorsActor)
    }
  }
}
