// Requests that are over: what is told to metrics and the slow-request log, once a request, also when its connection went
// away while it was handled.
import type { Exchange, ExchangeOwner } from './exchange.js'
import type { ProcessorSetup } from './processor-setup.js'
import type { ReceivedRequest } from './received-request.js'
import type { Response } from './request.js'
import { adoptStamps, type StageStamps } from './stage-stamps.js'

export class Completions implements ExchangeOwner {
  readonly #setup: Pick<ProcessorSetup, 'id' | 'onCompleted' | 'listener' | 'clock' | 'logger'>
  /** Still handled though their connection is gone, by its number. */
  readonly #orphans = new Map<number, Exchange>()

  constructor(setup: Pick<ProcessorSetup, 'id' | 'onCompleted' | 'listener' | 'clock' | 'logger'>) {
    this.#setup = setup
  }

  get orphans(): number {
    return this.#orphans.size
  }

  complete(request: ReceivedRequest, responseBytes: number): void {
    const { onCompleted, listener, clock, id: processorId } = this.#setup
    if (onCompleted === undefined) return
    const { apiKey, apiVersion, clientId, frameBytes: requestBytes, stamps, connection } = request
    stamps.sentMs = clock.monotonicMs()
    const { id: connectionId } = connection
    onCompleted({
      apiKey,
      apiVersion,
      clientId,
      connectionId,
      listener,
      processorId,
      requestBytes,
      responseBytes,
      stamps
    })
  }

  keepOrphan(exchange: Exchange): void {
    this.#orphans.set(exchange.connectionNumber, exchange)
  }

  forgetOrphan(exchange: Exchange): void {
    this.#orphans.delete(exchange.connectionNumber)
  }

  isOrphan(connectionNumber: number): boolean {
    return this.#orphans.has(connectionNumber)
  }

  /** An answer for a connection that is gone. */
  answerOrphan(connectionNumber: number, response: Response, stamps: StageStamps, nowMs: number): void {
    const exchange = this.#orphans.get(connectionNumber)
    const request = exchange?.request
    if (exchange === undefined || request === undefined) return
    if (response.kind === 'startThrottling' || response.kind === 'endThrottling') return
    this.#setup.logger.debug(`${request.connection.id} is gone, its response is dropped`)
    adoptStamps(request.stamps, stamps, nowMs)
    exchange.step('answeredWithout')
  }

  /** The Processor ends. Handlers that still have a request give its memory back when they are done with it. */
  abandonOrphans(): void {
    for (const exchange of [...this.#orphans.values()]) exchange.step('abandoned')
  }
}
