// The loop of one simulated process: what it has asked for happens while it lives, and not after it was killed. At its end
// what it still waits for is known.
import type { Cancel, Loop } from '../actors/runtime/loop.js'
import type { RandomBelow } from '../verify/random.js'
import type { Schedule, Stream } from './schedule.js'

/** 2025-10-09, so that times look like times. */
const firstMs = 1_760_000_000_000
/** Where the other clock begins. */
const firstTickMs = 1000

interface Bell {
  readonly words: Int32Array
  readonly index: number
  readonly rung: () => void
}

export class SimulatedProcess implements Loop {
  readonly #schedule: Schedule
  readonly #below: RandomBelow
  readonly #soon: Stream
  readonly #bells: Stream
  #pending = new Set<object>()
  #waiting: Bell[] = []
  #life: 'alive' | 'dead' = 'alive'
  /** The wall clock against the other one, ms. */
  wallMs = firstMs

  constructor(schedule: Schedule, below: RandomBelow) {
    this.#schedule = schedule
    this.#below = below
    this.#soon = schedule.stream()
    this.#bells = schedule.stream()
  }

  get isAlive(): boolean {
    return this.#life === 'alive'
  }

  /** Timers that are set, and callbacks that are owed. */
  get outstanding(): number {
    return this.#pending.size + this.#soon.length
  }

  /** Nothing that it waits for comes any more. */
  kill(): void {
    this.#life = 'dead'
    this.#soon.clear()
    this.#bells.clear()
    this.#pending.clear()
    this.#waiting = []
  }

  /** A callback of the system, such as the end of an operation on the disk: in no order with others. */
  complete(run: () => void): void {
    const stream = this.#schedule.stream()
    stream.push(() => {
      if (this.isAlive) run()
    })
  }

  after(ms: number, run: () => void): Cancel {
    const mark = {}
    this.#pending.add(mark)
    const cancel = this.#schedule.after(Math.max(ms, 1), () => {
      // Killed, or cancelled in the same moment.
      if (this.#pending.delete(mark)) run()
    })
    return () => {
      this.#pending.delete(mark)
      cancel()
    }
  }

  every(ms: number, run: () => void): Cancel {
    let cancel: Cancel = () => {}
    let state: 'on' | 'off' = 'on'
    const again = (): void => {
      cancel = this.after(ms, () => {
        run()
        if (state === 'on') again()
      })
    }
    again()
    return () => {
      state = 'off'
      cancel()
    }
  }

  soon(run: () => void): Cancel {
    let state: 'on' | 'off' = 'on'
    this.#soon.push(() => {
      if (state === 'on') run()
    })
    return () => {
      state = 'off'
    }
  }

  nowMs(): number {
    return Math.floor(this.wallMs + this.#schedule.nowMs)
  }

  monotonicMs(): number {
    return firstTickMs + this.#schedule.look()
  }

  stampMs(): number {
    return firstTickMs + this.#schedule.nowMs
  }

  sinceLaunchMs(): number {
    return this.#schedule.nowMs
  }

  random(): number {
    return this.#below(2 ** 30) / 2 ** 30
  }

  randomUuid(): string {
    let digits = ''
    while (digits.length < 32) digits += this.#below(0x10000).toString(16).padStart(4, '0')
    return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`
  }

  whileZero(words: Int32Array, index: number): Promise<unknown> | 'not0' {
    if (Atomics.load(words, index) !== 0) return 'not0'
    return new Promise<void>(resolve => {
      this.#waiting.push({ words, index, rung: resolve })
    })
  }

  notify(words: Int32Array, index: number): void {
    const isRung = (bell: Bell): boolean => bell.index === index && bell.words.buffer === words.buffer
    const rung = this.#waiting.filter(isRung)
    this.#waiting = this.#waiting.filter(bell => !isRung(bell))
    for (const bell of rung) this.#bells.push(bell.rung)
  }
}
