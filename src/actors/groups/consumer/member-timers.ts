// The clocks of one group's members, each by what it is for. A clock that is started again begins anew.
import type { Cancel } from '../../runtime/timers.js'

/**
 * session: heard of lately. rebalance: gives up what it was asked to. join, sync: a member that speaks the classic protocol
 * does its part of a rebalance.
 */
export type ClockName = 'session' | 'rebalance' | 'join' | 'sync'
const names: readonly ClockName[] = ['session', 'rebalance', 'join', 'sync']

export class MemberTimers {
  readonly #after: (delayMs: number, run: () => void) => Cancel
  readonly #running = new Map<string, Cancel>()

  constructor(after: (delayMs: number, run: () => void) => Cancel) {
    this.#after = after
  }

  start(name: ClockName, memberId: string, delayMs: number, run: () => void): void {
    this.cancel(name, memberId)
    const key = `${name} ${memberId}`
    const cancel = this.#after(Math.max(delayMs, 0), () => {
      this.#running.delete(key)
      run()
    })
    this.#running.set(key, cancel)
  }

  isRunning(name: ClockName, memberId: string): boolean {
    return this.#running.has(`${name} ${memberId}`)
  }

  cancel(name: ClockName, memberId: string): void {
    const key = `${name} ${memberId}`
    this.#running.get(key)?.()
    this.#running.delete(key)
  }

  cancelAll(memberId: string): void {
    for (const name of names) this.cancel(name, memberId)
  }

  stop(): void {
    for (const cancel of this.#running.values()) cancel()
    this.#running.clear()
  }
}
