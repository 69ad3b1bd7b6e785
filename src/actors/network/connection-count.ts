// Drives connection-count.machine.ts: one count with its limit. Its steps have to be over when `opened` and `closed` return,
// since the next connection is decided by them.
import { Bug } from '../../errors.js'
import { FillingTable, type Place } from '../runtime/filling-table.js'
import {
  type ConnectionCountContext,
  type ConnectionCountEvent,
  connectionCountMachine,
  noLimit
} from './connection-count.machine.js'

const table = new FillingTable(connectionCountMachine)
const opened = { type: 'opened' } as const
const closed = { type: 'closed' } as const

export class ConnectionCount {
  /** Who is counted. */
  readonly id: string
  readonly #onSlot: () => void
  #at: Place<ConnectionCountContext> = table.initial

  /** `onSlot`: it was at its limit and is not any more. */
  constructor(id: string, limit: number, onSlot: () => void = () => {}) {
    this.id = id
    this.#onSlot = onSlot
    this.limit = limit
  }

  get connections(): number {
    return this.#at.context.connections
  }

  get limit(): number {
    return this.#at.context.limit
  }

  /** Infinity = none. */
  set limit(limit: number) {
    const next = Math.min(limit, noLimit)
    if (next !== this.limit) this.#send({ type: 'limitChanged', limit: next })
  }

  get isAtLimit(): boolean {
    return this.#at.state === 'atLimit'
  }

  /** Connections above the limit. */
  get excess(): number {
    return Math.max(this.connections - this.limit, 0)
  }

  opened(): void {
    this.#send(opened)
  }

  /** Throws Bug for a connection that was never counted. */
  closed(): void {
    this.#send(closed)
  }

  #send(event: ConnectionCountEvent): void {
    const { to, actions } = table.take(this, this.#at, event)
    this.#at = to
    for (const action of actions) {
      if (action === 'illegal') throw new Bug(`a connection of ${this.id} ended that was never counted`)
      this.#onSlot()
    }
  }
}
