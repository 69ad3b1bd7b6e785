// The handler's loop: pulls from the request channel, so that a slow request delays nobody who can be served by another.
import { Bug } from '../../errors.js'
import type { Request, Response } from '../network/request.js'
import type { Clock } from '../runtime/clock.js'
import type { Logger } from '../runtime/log.js'
import { compileTable } from '../runtime/transition-table.js'
import { type HandlerEvent, handlerMachine } from './handler.machine.js'

/** What a handler takes from and answers to; the request channel. */
export interface RequestSource {
  /** A request, 'shutdown', or undefined when `timeoutMs` passed. */
  receiveRequest(timeoutMs: number): Promise<Request | 'shutdown' | undefined>
  sendResponse(request: Request, response: Response): void
}

/** Answers the request, or sees to it that it is answered later. */
export type Dispatch = (request: Request) => void | Promise<void>

export interface HandlerLoop {
  readonly id: number
  readonly state: string
  /** ms spent waiting since the start. */
  readonly idleMs: number
  /** Requests handled since the start. */
  readonly handled: number
  /** What it handles now. */
  readonly current: Request | undefined
  dismiss(): void
  /** Resolves when the loop has ended. */
  readonly ended: Promise<void>
}

/** Kafka's poll: also how soon a dismissed handler notices. */
export const pollMs = 300

const table = compileTable(handlerMachine)
const stopped = table.stateIndex('stopped')
const eventIndex = Object.fromEntries(table.events.map(name => [name, table.eventIndex(name)])) as Record<
  HandlerEvent['type'],
  number
>

export interface HandlerSetup {
  readonly id: number
  readonly source: RequestSource
  readonly dispatch: Dispatch
  readonly clock: Clock
  readonly logger: Pick<Logger, 'error'>
}

class Handler implements HandlerLoop {
  readonly #setup: HandlerSetup
  readonly ended: Promise<void>
  #state = table.initial
  #idleMs = 0
  /** 0 = not waiting. */
  #waitingFromMs = 0
  handled = 0
  current: Request | undefined

  constructor(setup: HandlerSetup) {
    this.#setup = setup
    this.ended = this.#run()
  }

  get id(): number {
    return this.#setup.id
  }

  get state(): string {
    return table.states[this.#state] ?? ''
  }

  get idleMs(): number {
    const from = this.#waitingFromMs
    return from === 0 ? this.#idleMs : this.#idleMs + this.#setup.clock.monotonicMs() - from
  }

  dismiss(): void {
    this.#step('dismissed')
  }

  async #run(): Promise<void> {
    const { source, dispatch, clock } = this.#setup
    while (this.#state !== stopped) {
      this.#waitingFromMs = clock.monotonicMs()
      const item = await source.receiveRequest(pollMs)
      this.#idleMs += clock.monotonicMs() - this.#waitingFromMs
      this.#waitingFromMs = 0
      if (item === undefined) this.#step('pollEnded')
      else if (item === 'shutdown') this.#step('shutdownTaken')
      else {
        this.#step('requestTaken')
        this.current = item
        let outcome: 'handled' | 'threw' = 'handled'
        let thrown: unknown
        try {
          const pending = dispatch(item)
          if (pending !== undefined) await pending
        } catch (error) {
          outcome = 'threw'
          thrown = error
        }
        this.#step(outcome, item, thrown)
        this.current = undefined
        this.handled++
      }
    }
  }

  #step(event: HandlerEvent['type'], request?: Request, error?: unknown): void {
    const before = this.#state
    const column = eventIndex[event]
    this.#state = table.take(this, before, column)
    const [action] = table.actions[before * table.events.length + column] ?? []
    if (action === undefined) return
    if (action.type !== 'closeConnection' || request === undefined)
      throw new Bug(`handler ${this.id}: ${event} while ${table.states[before]}`)
    this.#closeConnection(request, error)
  }

  /** If it was answered before, the second answer closes the connection just as well. */
  #closeConnection(request: Request, error: unknown): void {
    const { source, logger } = this.#setup
    logger.error(`closing ${request.connection.id}: its request of API ${request.apiKey} was given up`, error)
    request.release()
    source.sendResponse(request, { kind: 'closeConnection', reason: 'its request was given up' })
  }
}

/** Runs until a ShutdownRequest or its dismissal. */
export const startHandler = (setup: HandlerSetup): HandlerLoop => new Handler(setup)
