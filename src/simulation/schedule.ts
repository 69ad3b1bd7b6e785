// What happens next in a simulated world. Everything that may happen now stands in streams, each in its own order; the seed
// picks the stream. Time passes a little with each step, sometimes within one, and jumps when nothing else is left.
import { type Cancel, systemLoop } from '../actors/runtime/loop.js'
import { errorMessage } from '../errors.js'
import type { RandomBelow } from '../verify/random.js'

/** Callbacks that happen in the order in which they were put in. */
export class Stream {
  readonly #schedule: Schedule
  #waiting: Array<() => void> = []
  #at = 0

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  get length(): number {
    return this.#waiting.length - this.#at
  }

  push(run: () => void): void {
    this.#waiting.push(run)
    if (this.length === 1) this.#schedule.becameReady(this)
  }

  take(): () => void {
    const run = this.#waiting[this.#at++] ?? nothing
    if (this.#at === this.#waiting.length) {
      this.#waiting = []
      this.#at = 0
      this.#schedule.becameEmpty(this)
    }
    return run
  }

  clear(): void {
    if (this.length === 0) return
    this.#waiting = []
    this.#at = 0
    this.#schedule.becameEmpty(this)
  }
}

const nothing = (): void => {}

interface Timed {
  readonly atMs: number
  readonly order: number
  run: (() => void) | undefined
}

export type EndOfRun = 'reached' | 'nothing left to happen' | 'too many steps'

/** Callbacks between two looks at the real event loop; promises settle after each of them all the same. */
const stepsAtATime = 64
const longestPauseMs = 8

export class Schedule {
  readonly #below: RandomBelow
  readonly #ready: Stream[] = []
  readonly #timed: Timed[] = []
  #order = 0
  #nowMs = 0
  steps = 0
  /** What a callback threw: in production it would end the process. */
  onUncaught: (error: unknown) => void = () => {}
  /** Told after each step which number the seed had drawn. */
  onStep: (drawn: number) => void = () => {}

  constructor(below: RandomBelow) {
    this.#below = below
  }

  /** Milliseconds since the world began. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** The same for who looks at a clock: looking takes time, and now and then the thread is held up meanwhile. */
  look(): number {
    this.#nowMs += 0.002
    if (this.#below(400) === 0) this.#nowMs += this.#below(longestPauseMs * 10) / 10
    return this.#nowMs
  }

  /** The clock of the wall may be set; this one never goes back. */
  pass(ms: number): void {
    this.#nowMs += ms
  }

  stream(): Stream {
    return new Stream(this)
  }

  becameReady(stream: Stream): void {
    this.#ready.push(stream)
  }

  becameEmpty(stream: Stream): void {
    const at = this.#ready.indexOf(stream)
    const last = this.#ready.pop()
    if (last !== undefined && last !== stream) this.#ready[at] = last
  }

  /** Not before `ms` from now; due callbacks keep the order of their times. */
  after(ms: number, run: () => void): Cancel {
    const timed: Timed = { atMs: this.#nowMs + ms, order: this.#order++, run }
    pushHeap(this.#timed, timed)
    return () => {
      timed.run = undefined
    }
  }

  /** Takes steps until the condition holds, which is asked after each of them. */
  run(isReached: () => boolean, stepsMax: number): Promise<EndOfRun> {
    const lastStep = this.steps + stepsMax
    return new Promise(resolve => {
      let end: EndOfRun | undefined
      const one = (): void => {
        if (end !== undefined) return
        if (isReached()) end = 'reached'
        else if (this.steps >= lastStep) end = 'too many steps'
        else if (!this.#step()) end = 'nothing left to happen'
        if (end !== undefined) resolve(end)
      }
      const some = (): void => {
        if (end !== undefined) return
        for (let i = 0; i < stepsAtATime; i++) systemLoop.soon(one)
        systemLoop.soon(some)
      }
      some()
    })
  }

  #step(): boolean {
    const timed = this.#timed
    while (timed[0] !== undefined && timed[0].run === undefined) popHeap(timed)
    const next = timed[0]
    const ready = this.#ready.length
    if (ready === 0) {
      if (next === undefined) return false
      // Nobody is punctual.
      if (next.atMs > this.#nowMs) this.#nowMs = next.atMs + (this.#below(4) === 0 ? this.#below(5) : 0)
    }
    const choices = ready + (next !== undefined && next.atMs <= this.#nowMs ? 1 : 0)
    const drawn = choices === 1 ? 0 : this.#below(choices)
    const stream = this.#ready[drawn]
    this.steps++
    this.#nowMs += 0.01
    this.onStep(drawn)
    try {
      if (stream !== undefined) stream.take()()
      else popHeap(timed)?.run?.()
    } catch (error) {
      this.onUncaught(error)
    }
    return true
  }

  /** For messages. */
  toString(): string {
    return `step ${this.steps}, ${this.#nowMs.toFixed(2)} ms`
  }
}

export const messageWithStack = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : errorMessage(error)

const isSooner = (a: Timed, b: Timed): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

function pushHeap(heap: Timed[], entry: Timed): void {
  let at = heap.length
  heap.push(entry)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || !isSooner(entry, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = entry
}

function popHeap(heap: Timed[]): Timed | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return first
  let at = 0
  for (;;) {
    let below = at * 2 + 1
    const left = heap[below]
    if (left === undefined) break
    const right = heap[below + 1]
    if (right !== undefined && isSooner(right, left)) below++
    const least = heap[below]
    if (least === undefined || !isSooner(least, last)) break
    heap[at] = least
    at = below
  }
  heap[at] = last
  return first
}
