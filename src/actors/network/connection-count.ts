// Drives connection-count.machine.ts: one count with its limit. Its steps have to be over when `opened` and `closed` return,
// since the next connection is decided by them.
import { Bug } from '../../errors.js'
import { Stepper } from '../runtime/stepper.js'
import { type ConnectionCountEvent, connectionCountMachine, noLimit } from './connection-count.machine.js'

export class ConnectionCount {
  readonly name: string
  readonly #life: Stepper<typeof connectionCountMachine>
  readonly #onSlot: () => void

  /** `name`: who is counted. `onSlot`: it was at its limit and is not any more. */
  constructor(name: string, limit: number, onSlot: () => void = () => {}) {
    this.name = name
    this.#onSlot = onSlot
    this.#life = new Stepper(connectionCountMachine, `connectionCount.${name}`)
    this.#life.begin()
    this.limit = limit
  }

  get connections(): number {
    return this.#life.snapshot.context.connections
  }

  get limit(): number {
    return this.#life.snapshot.context.limit
  }

  /** Infinity = none. */
  set limit(limit: number) {
    const next = Math.min(limit, noLimit)
    if (next !== this.limit) this.#send({ type: 'limitChanged', limit: next })
  }

  get isAtLimit(): boolean {
    return this.#life.state === 'atLimit'
  }

  /** Connections above the limit. */
  get excess(): number {
    return Math.max(this.connections - this.limit, 0)
  }

  opened(): void {
    this.#send({ type: 'opened' })
  }

  /** Throws Bug for a connection that was never counted. */
  closed(): void {
    this.#send({ type: 'closed' })
  }

  #send(event: ConnectionCountEvent): void {
    for (const { type } of this.#life.step(event)) {
      if (type === 'illegal') throw new Bug(`a connection of ${this.name} ended that was never counted`)
      this.#onSlot()
    }
  }
}
