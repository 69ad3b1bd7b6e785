// The steps of the purgatory's driver (actors/replicas/purgatory.ts), one after the other, so that events come in between:
// more often than one thread would let them, as a condition may cause an event while it is looked at.
import type { AnyStateMachine } from 'xstate'
import { delayedOperationMachine } from '../../../actors/replicas/delayed-operation.machine.js'
import { purgatoryMachine } from '../../../actors/replicas/purgatory.machine.js'
import { Bug, required } from '../../../errors.js'
import { ExecutedMachine } from '../../executed-machine.js'
import { newWaiter, type PurgatoryModelState, type Waiter, type Walk } from './state.js'

export interface PurgatoryBounds {
  /** For each request its keys, as bits; 0: it waits for its bell and its timer only. */
  readonly requests: readonly number[]
  readonly keys: number
  /** Events that make nothing true. */
  readonly vainEvents: number
  /** Looks at a condition that throw. */
  readonly throws: number
  readonly cancels: number
  readonly purgeInterval: number
}

export interface PurgatoryModelOverrides {
  readonly operation?: AnyStateMachine
  readonly purgatory?: AnyStateMachine
  /** The condition is looked at again once the last key is watched. */
  readonly checksTwice?: boolean
  /** The end of the purgatory reaches those that stand in no list. */
  readonly knowsTimers?: boolean
  /** After a condition that throws the others of the key are looked at. */
  readonly goesOnAfterError?: boolean
  readonly takesBackAfterError?: boolean
  /** The lists are also swept where the second check completed the request. */
  readonly sweepsOnEveryWay?: boolean
  /** What completes is taken from the lists; otherwise all that was looked at is. */
  readonly sweepKeepsWaiting?: boolean
  /** A request that ended meanwhile gets no timer. */
  readonly timerOnlyIfWaiting?: boolean
}

const call = 1
const bell = 2
const walk = 3
const waitingStates = ['waiting', 'checking', 'checkAgain']

export class PurgatorySteps {
  readonly bounds: PurgatoryBounds
  readonly operation: ExecutedMachine
  readonly purgatory: ExecutedMachine
  readonly #rules: PurgatoryModelOverrides
  /** By the machine's state. */
  readonly #waits: boolean[] = []

  constructor(bounds: PurgatoryBounds, overrides: PurgatoryModelOverrides) {
    this.bounds = bounds
    this.#rules = overrides
    this.operation = new ExecutedMachine(overrides.operation ?? delayedOperationMachine)
    this.purgatory = new ExecutedMachine(overrides.purgatory ?? purgatoryMachine)
  }

  initial(): PurgatoryModelState {
    const idle: Walk = { at: 'idle', left: 0 }
    return {
      purgatory: this.purgatory.initial,
      waiters: this.bounds.requests.map(() => newWaiter(this.operation.initial)),
      walks: Array.from({ length: this.bounds.keys }, () => idle),
      estimated: 0,
      vainEvents: this.bounds.vainEvents,
      throws: this.bounds.throws,
      cancels: this.bounds.cancels
    }
  }

  isWaiting({ machine }: Waiter): boolean {
    this.#waits[machine] ??= waitingStates.includes(this.operation.name(machine))
    return this.#waits[machine] === true
  }

  isClosed({ purgatory }: PurgatoryModelState): boolean {
    return this.purgatory.name(purgatory) === 'closed'
  }

  /** tryCompleteElseWatch is called. */
  offer(state: PurgatoryModelState, index: number): PurgatoryModelState {
    return this.#check(withWaiter(state, index, { call: 'first' }), index, call)
  }

  /** The first check did not complete it. */
  putIn(state: PurgatoryModelState, index: number): PurgatoryModelState {
    const { state: purgatory, deeds } = this.purgatory.step(state.purgatory, 'offer')
    let after: PurgatoryModelState = { ...state, purgatory }
    for (const deed of deeds) {
      if (deed === 'turnAway') after = returned(this.#tell(after, index, 'abandon'), index)
      else if (deed === 'watch') {
        const listed = required(this.bounds.requests[index], 'a request')
        after = withWaiter(after, index, { call: 'second', listed })
        after =
          this.#rules.checksTwice === false ? this.#watched(after, index) : this.#check(after, index, call)
      } else throw new Bug(`the model does not know the action ${deed}`)
    }
    return after
  }

  /** Whoever looks at the condition sees what it is now. */
  look(state: PurgatoryModelState, index: number): PurgatoryModelState {
    return withWaiter(state, index, { saw: waiterOf(state, index).ready ? 'true' : 'false' })
  }

  lookThrows(state: PurgatoryModelState, index: number): PurgatoryModelState {
    return withWaiter({ ...state, throws: state.throws - 1 }, index, { saw: 'threw', doubtful: true })
  }

  /** What was seen becomes an event of the operation. */
  tellSeen(state: PurgatoryModelState, index: number): PurgatoryModelState {
    const { saw, looker } = waiterOf(state, index)
    const event = saw === 'true' ? 'satisfied' : saw === 'false' ? 'unsatisfied' : 'checkFailed'
    const told = this.#tell(withWaiter(state, index, { looker: 0, saw: 'nothing' }), index, event, looker)
    return waiterOf(told, index).looker === 0 ? this.#checked(told, index, looker, saw === 'threw') : told
  }

  /** A change of what a request waits for; whoever changed it tells the key afterwards. */
  happens(state: PurgatoryModelState, index: number, key: number): PurgatoryModelState {
    return withWalk(withWaiter(state, index, { ready: true }), key, { at: 'happened', left: 0 })
  }

  happensInVain(state: PurgatoryModelState, key: number): PurgatoryModelState {
    return withWalk({ ...state, vainEvents: state.vainEvents - 1 }, key, { at: 'happened', left: 0 })
  }

  /** checkAndComplete: along the list as it is now. */
  beginWalk(state: PurgatoryModelState, key: number): PurgatoryModelState {
    let left = 0
    state.waiters.forEach(({ listed }, index) => {
      if ((listed & (1 << key)) !== 0) left |= 1 << index
    })
    return left === 0
      ? withWalk(state, key, { at: 'idle', left: 0 })
      : withWalk(state, key, { at: 'walking', left })
  }

  /** The next of the list, or the sweep behind the last one. */
  walkOn(state: PurgatoryModelState, key: number): PurgatoryModelState {
    const { left } = walkOf(state, key)
    if (left === 0) return withWalk(this.#sweep(state, key), key, { at: 'idle', left: 0 })
    const index = 31 - Math.clz32(left & -left)
    return this.#check(withWalk(state, key, { at: 'walking', left: left & (left - 1) }), index, walk + key)
  }

  isLooking(state: PurgatoryModelState, key: number): boolean {
    return state.waiters.some(({ looker }) => looker === walk + key)
  }

  ring(state: PurgatoryModelState, index: number): PurgatoryModelState {
    return withWaiter(state, index, { ready: true, bell: 'rung' })
  }

  answerBell(state: PurgatoryModelState, index: number): PurgatoryModelState {
    return this.#check(withWaiter(state, index, { bell: 'answered' }), index, bell)
  }

  timeOut(state: PurgatoryModelState, index: number): PurgatoryModelState {
    return this.#tell(withWaiter(state, index, { timer: 'over' }), index, 'timeOut')
  }

  /** Whoever cancelled answers. */
  force(state: PurgatoryModelState, index: number): PurgatoryModelState {
    return this.#tell(state, index, 'force')
  }

  cancelKey(state: PurgatoryModelState, key: number): PurgatoryModelState {
    let after: PurgatoryModelState = { ...state, cancels: state.cancels - 1 }
    state.waiters.forEach(({ listed }, index) => {
      if ((listed & (1 << key)) === 0) return
      after = withWaiter(after, index, { listed: listed & ~(1 << key) })
      if (this.isWaiting(waiterOf(after, index))) after = this.#tell(after, index, 'cancel')
    })
    return after
  }

  close(state: PurgatoryModelState): PurgatoryModelState {
    const { state: purgatory, deeds } = this.purgatory.step(state.purgatory, 'close')
    let after: PurgatoryModelState = { ...state, purgatory }
    if (!deeds.includes('abandonAll')) return after
    state.waiters.forEach(({ listed, timed }, index) => {
      if (listed === 0 && !(timed && this.#rules.knowsTimers !== false)) return
      after = this.#tell(withWaiter(after, index, { listed: 0 }), index, 'abandon')
    })
    return after
  }

  /** tryComplete, up to the look at the condition. */
  #check(state: PurgatoryModelState, index: number, looker: number): PurgatoryModelState {
    const after = this.#tell(state, index, 'check', looker)
    return waiterOf(after, index).looker === looker ? after : this.#checked(after, index, looker, false)
  }

  /** tryComplete has returned, or thrown. */
  #checked(state: PurgatoryModelState, index: number, looker: number, threw: boolean): PurgatoryModelState {
    if (looker >= walk && threw && this.#rules.goesOnAfterError === false)
      return withWalk(state, looker - walk, { at: 'idle', left: 0 })
    if (looker !== call) return state
    const waiter = waiterOf(state, index)
    if (waiter.call === 'second') return this.#watched(threw ? this.#takeBack(state, index) : state, index)
    if (threw) return returned(withWaiter(state, index, { failed: true }), index)
    return this.isWaiting(waiter) ? withWaiter(state, index, { call: 'offering' }) : returned(state, index)
  }

  #takeBack(state: PurgatoryModelState, index: number): PurgatoryModelState {
    const failed = withWaiter(state, index, { failed: true })
    return this.#rules.takesBackAfterError === false ? failed : this.#tell(failed, index, 'abandon')
  }

  /** The end of tryCompleteElseWatch for what was put into lists. */
  #watched(state: PurgatoryModelState, index: number): PurgatoryModelState {
    let after = returned(state, index)
    const { failed, completions } = waiterOf(after, index)
    if (this.isWaiting(waiterOf(after, index)) || this.#rules.timerOnlyIfWaiting === false) {
      const { state: purgatory, deeds } = this.purgatory.step(after.purgatory, 'watched')
      after = { ...after, purgatory }
      const lost = failed && this.#rules.takesBackAfterError === false
      if (deeds.includes('startTimer') && !lost)
        after = withWaiter(after, index, { timer: 'armed', timed: true })
      if (deeds.includes('turnAway')) after = this.#tell(after, index, 'abandon')
    }
    after = { ...after, estimated: after.estimated + 1 }
    if (this.#rules.sweepsOnEveryWay === false && completions > 0) return after
    const delayed = after.waiters.filter(({ timed }) => timed).length
    if (after.estimated - delayed <= this.bounds.purgeInterval) return after
    for (let key = 0; key < this.bounds.keys; key++) after = this.#sweep(after, key)
    return { ...after, estimated: delayed }
  }

  #sweep(state: PurgatoryModelState, key: number): PurgatoryModelState {
    const keeps = this.#rules.sweepKeepsWaiting !== false
    const waiters = state.waiters.map(waiter =>
      keeps && this.isWaiting(waiter) ? waiter : { ...waiter, listed: waiter.listed & ~(1 << key) }
    )
    return { ...state, waiters }
  }

  #tell(state: PurgatoryModelState, index: number, event: string, looker = 0): PurgatoryModelState {
    let waiter = waiterOf(state, index)
    const { state: machine, deeds } = this.operation.step(waiter.machine, event)
    waiter = { ...waiter, machine }
    for (const deed of deeds) waiter = carryOut(waiter, deed, looker)
    return withWaiter(state, index, waiter)
  }
}

function carryOut(waiter: Waiter, deed: string, looker: number): Waiter {
  switch (deed) {
    case 'look':
      return { ...waiter, looker, saw: 'nothing', twoLooked: waiter.twoLooked || waiter.looker !== 0 }
    case 'stopTimer':
      return { ...waiter, timed: false, timer: waiter.timer === 'armed' ? 'over' : waiter.timer }
    case 'complete':
      return { ...waiter, completions: waiter.completions + 1 }
    case 'reportExpired':
      return { ...waiter, expirations: waiter.expirations + 1 }
    case 'giveBack':
      return { ...waiter, givenBack: waiter.givenBack + 1 }
    default:
      throw new Bug(`the model does not know the action ${deed}`)
  }
}

const returned = (state: PurgatoryModelState, index: number): PurgatoryModelState =>
  withWaiter(state, index, { call: 'returned' })

const waiterOf = (state: PurgatoryModelState, index: number): Waiter =>
  required(state.waiters[index], 'a request of the model')

const walkOf = (state: PurgatoryModelState, key: number): Walk =>
  required(state.walks[key], 'a key of the model')

function withWaiter(state: PurgatoryModelState, index: number, change: Partial<Waiter>): PurgatoryModelState {
  return { ...state, waiters: state.waiters.with(index, { ...waiterOf(state, index), ...change }) }
}

const withWalk = (state: PurgatoryModelState, key: number, to: Walk): PurgatoryModelState => ({
  ...state,
  walks: state.walks.with(key, to)
})
