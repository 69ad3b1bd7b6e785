// What the model of a purgatory remembers: each request that waits, the event that walks along a key's list, and who is
// looking at which condition at this moment.

/** Where the call that offers a request is: before its first check, between the checks, in the second one, returned. */
export type Call = 'none' | 'first' | 'offering' | 'second' | 'returned'
/** `due`: taken out of the wheel, it fires even if it is stopped now. */
export type Timer = 'none' | 'armed' | 'due' | 'over'
export type Saw = 'nothing' | 'true' | 'false' | 'threw'

export interface Waiter {
  readonly machine: number
  readonly call: Call
  /** Who is in the middle of a check: 0 nobody, 1 the call, 2 the bell, 3 + k an event on key k. */
  readonly looker: number
  readonly saw: Saw
  /** The condition. */
  readonly ready: boolean
  readonly timer: Timer
  /** Among those whose timers the purgatory knows. */
  readonly timed: boolean
  /** Keys in whose lists it stands, as bits. */
  readonly listed: number
  readonly completions: number
  readonly expirations: number
  readonly givenBack: number
  /** The call ended with an error, which is the answer. */
  readonly failed: boolean
  /** A look at its condition threw: until its timer it may wait for nothing. */
  readonly doubtful: boolean
  /** Two looked at the condition at a time. */
  readonly twoLooked: boolean
  readonly bell: 'silent' | 'rung' | 'answered'
}

/** An event on a key: it has happened, or it walks along the list as it was. */
export interface Walk {
  readonly at: 'idle' | 'happened' | 'walking'
  /** Waiters that are still to be checked, as bits. */
  readonly left: number
}

export interface PurgatoryModelState {
  readonly purgatory: number
  readonly waiters: readonly Waiter[]
  readonly walks: readonly Walk[]
  readonly estimated: number
  /** What the environment may still do. */
  readonly vainEvents: number
  readonly throws: number
  readonly cancels: number
}

export const newWaiter = (machine: number): Waiter => ({
  machine,
  call: 'none',
  looker: 0,
  saw: 'nothing',
  ready: false,
  timer: 'none',
  timed: false,
  listed: 0,
  completions: 0,
  expirations: 0,
  givenBack: 0,
  failed: false,
  doubtful: false,
  twoLooked: false,
  bell: 'silent'
})

const calls: readonly Call[] = ['none', 'first', 'offering', 'second', 'returned']
const timers: readonly Timer[] = ['none', 'armed', 'due', 'over']
const sights: readonly Saw[] = ['nothing', 'true', 'false', 'threw']
const bells: readonly Waiter['bell'][] = ['silent', 'rung', 'answered']
const walks: readonly Walk['at'][] = ['idle', 'happened', 'walking']
const bit = (flag: boolean, place: number): number => (flag ? 1 << place : 0)

export function keyOf(state: PurgatoryModelState): string {
  let key = String.fromCharCode(
    state.purgatory,
    state.estimated,
    state.vainEvents,
    state.throws,
    state.cancels,
    ...state.walks.map(({ at, left }) => walks.indexOf(at) + 4 * left)
  )
  for (const each of state.waiters) {
    key += String.fromCharCode(
      each.machine,
      calls.indexOf(each.call) + 8 * each.looker,
      sights.indexOf(each.saw) + 4 * timers.indexOf(each.timer) + 16 * each.listed,
      each.completions + 4 * each.expirations + 16 * each.givenBack + 64 * bells.indexOf(each.bell),
      bit(each.ready, 0) +
        bit(each.timed, 1) +
        bit(each.failed, 2) +
        bit(each.doubtful, 3) +
        bit(each.twoLooked, 4)
    )
  }
  return key
}
