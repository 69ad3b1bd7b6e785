// The handler's loop: pulls from the request channel, so that a slow request delays nobody who can be served by another.
import type { Request } from '../network/request.js'
import type { Clock } from '../runtime/clock.js'
import { compileTable } from '../runtime/transition-table.js'
import { type HandlerEvent, handlerMachine } from './handler.machine.js'

/** What a handler takes from; the request channel. */
export interface RequestSource {
  /** A request, 'shutdown', or undefined when `timeoutMs` passed. */
  receiveRequest(timeoutMs: number): Promise<Request | 'shutdown' | undefined>
}

/** Answers the request, or sees to it that it is answered later. Never throws. */
export type Dispatch = (request: Request) => void | Promise<void>

export interface HandlerLoop {
  readonly id: number
  readonly state: string
  /** ms spent waiting since the start. */
  readonly idleMs: number
  /** Requests handled since the start. */
  readonly handled: number
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

export function startHandler(
  id: number,
  source: RequestSource,
  dispatch: Dispatch,
  clock: Clock
): HandlerLoop {
  const subject = { id }
  let state = table.initial
  let idleMs = 0
  let handled = 0
  /** 0 = not waiting. */
  let waitingFromMs = 0
  const step = (event: HandlerEvent['type']): void => {
    state = table.take(subject, state, eventIndex[event])
  }
  const run = async (): Promise<void> => {
    while (state !== stopped) {
      waitingFromMs = clock.monotonicMs()
      const item = await source.receiveRequest(pollMs)
      idleMs += clock.monotonicMs() - waitingFromMs
      waitingFromMs = 0
      if (item === undefined) step('pollEnded')
      else if (item === 'shutdown') step('shutdownTaken')
      else {
        step('requestTaken')
        const pending = dispatch(item)
        if (pending !== undefined) await pending
        handled++
        step('handled')
      }
    }
  }
  return {
    id,
    get state() {
      return table.states[state] ?? 'stopped'
    },
    get idleMs() {
      return waitingFromMs === 0 ? idleMs : idleMs + clock.monotonicMs() - waitingFromMs
    },
    get handled() {
      return handled
    },
    dismiss: () => step('dismissed'),
    ended: run()
  }
}
