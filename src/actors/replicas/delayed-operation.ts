// Drives delayed-operation.machine.ts: one request that waits. The table is compiled, as this happens with every request
// that waits; the check itself is a loop, however often it has to be repeated.
import { invariant } from '../../errors.js'
import { compileTable } from '../runtime/transition-table.js'
import { type DelayedOperationEvent, delayedOperationMachine } from './delayed-operation.machine.js'

/** What an operation is waiting for and what happens then. */
export interface Deed {
  /** Whether it may complete now; must not have effects that a second call would repeat. */
  isSatisfied(): boolean
  /** Runs once, whoever wins. */
  complete(): void
  /** Runs after `complete` when the timer won: for metrics only. */
  expired?(): void
  /** The purgatory stops and the operation will never complete: give back what it holds. */
  abandon?(): void
}

const table = compileTable(delayedOperationMachine)
const width = table.events.length
const eventIndex = (type: DelayedOperationEvent['type']): number => table.eventIndex(type)
const check = eventIndex('check')
const satisfied = eventIndex('satisfied')
const unsatisfied = eventIndex('unsatisfied')
const checkFailed = eventIndex('checkFailed')
const force = eventIndex('force')
const timeOut = eventIndex('timeOut')
const cancel = eventIndex('cancel')
const abandon = eventIndex('abandon')

const stepsWith = (action: string): readonly boolean[] =>
  table.actions.map(list => list.some(({ type }) => type === action))
/** By step: whether it asks for a look at the condition; whether it is the one that answers the request. */
const looks = stepsWith('look')
const completes = stepsWith('complete')
const waitingStates = ['waiting', 'checking', 'checkAgain']
const waits = table.states.map(name => waitingStates.includes(name))

let operations = 0

export class DelayedOperation {
  readonly id = ++operations
  readonly #deed: Deed
  #state = table.initial
  #stopTimer: (() => void) | undefined

  constructor(deed: Deed) {
    this.#deed = deed
  }

  get state(): string {
    return table.states[this.#state] ?? ''
  }

  /** Whether an event or its timer may still complete it. */
  get isWaiting(): boolean {
    return waits[this.#state] === true
  }

  /** True only for the one caller that completed it. */
  forceComplete(): boolean {
    return completes[this.#step(force)] === true
  }

  /**
   * Checks the condition; an event that arrives during the check makes it check once more. True only for the one caller
   * that completed it. Throws what the condition throws; it waits on then.
   */
  tryComplete(): boolean {
    let step = this.#step(check)
    while (looks[step] === true) step = this.#step(this.#look())
    return completes[step] === true
  }

  #look(): number {
    try {
      return this.#deed.isSatisfied() ? satisfied : unsatisfied
    } catch (error) {
      this.#step(checkFailed)
      throw error
    }
  }

  expire(): void {
    this.#step(timeOut)
  }

  /** From here on only forceComplete() ends it: neither an event, nor its timer, nor the end of the purgatory. */
  cancel(): void {
    this.#step(cancel)
  }

  abandon(): void {
    this.#step(abandon)
  }

  startTimer(stop: () => void): void {
    invariant(this.#stopTimer === undefined, 'an operation has one timer')
    if (this.isWaiting) this.#stopTimer = stop
    else stop()
  }

  /** The number of the step that was taken. */
  #step(event: number): number {
    const step = this.#state * width + event
    this.#state = table.take(this, this.#state, event)
    for (const { type } of table.actions[step] ?? []) this.#perform(type)
    return step
  }

  #perform(action: string): void {
    if (action === 'stopTimer') {
      const stop = this.#stopTimer
      this.#stopTimer = undefined
      stop?.()
    } else if (action === 'complete') this.#deed.complete()
    else if (action === 'reportExpired') this.#deed.expired?.()
    else if (action === 'giveBack') this.#deed.abandon?.()
  }
}
