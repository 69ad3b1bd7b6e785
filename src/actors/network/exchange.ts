// Drives exchange.machine.ts: the request in flight of one connection. Handlers answer to the connection's number, so that
// an exchange whose connection is gone is still found.
import { type ExchangeEvent, exchangeMachine } from './exchange.machine.js'
import { stepsOf } from './machine-table.js'
import type { ReceivedRequest } from './received-request.js'

const steps = stepsOf<ExchangeEvent['type']>(exchangeMachine)
const idle = steps.state('idle')
const waitingForRoom = steps.state('waitingForRoom')
const writing = steps.state('writing')

/** What the Processor does for its exchanges. */
export interface ExchangeOwner {
  /** `responseBytes` 0 = nothing was written. */
  complete(request: ReceivedRequest, responseBytes: number): void
  keepOrphan(exchange: Exchange): void
  forgetOrphan(exchange: Exchange): void
}

export class Exchange {
  readonly #owner: ExchangeOwner
  #state = steps.initial
  #request: ReceivedRequest | undefined

  constructor(
    readonly connectionNumber: number,
    /** That of the connection. */
    readonly id: string,
    owner: ExchangeOwner
  ) {
    this.#owner = owner
  }

  get state(): string {
    return steps.name(this.#state)
  }

  /** From `received` on until it is over. */
  get request(): ReceivedRequest | undefined {
    return this.#request
  }

  get isIdle(): boolean {
    return this.#state === idle
  }

  get isWaitingForRoom(): boolean {
    return this.#state === waitingForRoom
  }

  get isWriting(): boolean {
    return this.#state === writing
  }

  /** Whether the event has a place in this state. */
  accepts(event: ExchangeEvent['type']): boolean {
    return !steps.look(this.#state, event).isIllegal
  }

  receive(request: ReceivedRequest): 'done' | 'illegal' {
    if (this.step('received') === 'illegal') return 'illegal'
    this.#request = request
    return 'done'
  }

  /** `responseBytes`: with `sent`. 'illegal': nothing was done. */
  step(event: ExchangeEvent['type'], responseBytes = 0): 'done' | 'illegal' {
    const { to, actions, isIllegal } = steps.take(this, this.#state, event)
    if (isIllegal) return 'illegal'
    this.#state = to
    for (const action of actions) this.#perform(action, responseBytes)
    return 'done'
  }

  #perform(action: string, responseBytes: number): void {
    if (action === 'keepOrphan') this.#owner.keepOrphan(this)
    else if (action === 'forgetOrphan') this.#owner.forgetOrphan(this)
    else {
      const request = this.#request
      this.#request = undefined
      if (request === undefined) return
      if (action === 'completeRequest') this.#owner.complete(request, responseBytes)
      else request.release()
    }
  }
}
