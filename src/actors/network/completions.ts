// Requests that are over: what is told to metrics and the slow-request log, once a request, also when its connection went
// away while it was handled.
import type { ProcessorSetup } from './processor-setup.js'
import type { ReceivedRequest } from './received-request.js'
import type { Response, StageStamps } from './request.js'

export class Completions {
  readonly #setup: Pick<ProcessorSetup, 'onCompleted' | 'listener' | 'clock' | 'logger'>
  /** Still handled though their connection is gone, by its number. */
  readonly #orphans = new Map<number, ReceivedRequest>()

  constructor(setup: Pick<ProcessorSetup, 'onCompleted' | 'listener' | 'clock' | 'logger'>) {
    this.#setup = setup
  }

  /** `responseBytes` 0 = nothing was written. */
  complete(request: ReceivedRequest, responseBytes: number): void {
    const { onCompleted, listener, clock } = this.#setup
    if (onCompleted === undefined) return
    const { apiKey, apiVersion, clientId, frameBytes: requestBytes, stamps, connection } = request
    stamps.sentMs = clock.monotonicMs()
    const { id: connectionId } = connection
    onCompleted({ apiKey, apiVersion, clientId, connectionId, listener, requestBytes, responseBytes, stamps })
  }

  orphan(connectionNumber: number, request: ReceivedRequest): void {
    this.#orphans.set(connectionNumber, request)
  }

  isOrphan(connectionNumber: number): boolean {
    return this.#orphans.has(connectionNumber)
  }

  /** An answer for a connection that is gone. */
  answerOrphan(connectionNumber: number, response: Response, stamps: StageStamps, nowMs: number): void {
    const request = this.#orphans.get(connectionNumber)
    if (request === undefined || response.kind === 'startThrottling' || response.kind === 'endThrottling')
      return
    this.#orphans.delete(connectionNumber)
    this.#setup.logger.debug(`${request.connection.id} is gone, its response is dropped`)
    adoptStamps(request.stamps, stamps, nowMs)
    this.complete(request, 0)
  }
}

/** The handler may have had a copy, when it was on another thread. */
export function adoptStamps(own: StageStamps, handlers: StageStamps, nowMs: number): void {
  if (own !== handlers) Object.assign(own, handlers)
  own.responseDequeuedMs = nowMs
}
