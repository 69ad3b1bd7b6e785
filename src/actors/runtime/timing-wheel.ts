// Kafka's hierarchical timing wheel: adding and cancelling cost O(1), however many operations wait, behind one real timer.
// The lowest wheel has 20 slots of 1 ms; what lies further ahead goes into a wheel with slots of 20 ms, then 400 ms, ...
import { type Clock, systemClock } from './clock.js'
import { type Cancel, systemTimers, type Timers } from './timers.js'

interface Entry {
  readonly atMs: number
  readonly run: () => void
  previous: Entry | undefined
  next: Entry | undefined
  slot: Slot | undefined
}

/** A slot's entries as a ring of links through the slot's own entry. */
interface Slot {
  readonly root: Entry
  /** Start of the slot's time, on the wheel's clock; -1 = not scheduled. */
  startMs: number
}

interface Wheel {
  readonly tickMs: number
  readonly slots: readonly Slot[]
  nowMs: number
}

export interface TimingWheelOptions {
  readonly tickMs?: number
  readonly slots?: number
  readonly clock?: Clock
  readonly timers?: Timers
}

export class TimingWheel {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #slotCount: number
  readonly #wheels: Wheel[]
  /** Scheduled slots, a binary heap by startMs. */
  readonly #scheduled: Slot[] = []
  readonly #originMs: number
  #armedMs = Number.POSITIVE_INFINITY
  #disarm: Cancel = () => {}
  #size = 0

  constructor({
    tickMs = 1,
    slots = 20,
    clock = systemClock,
    timers = systemTimers
  }: TimingWheelOptions = {}) {
    this.#clock = clock
    this.#timers = timers
    this.#slotCount = slots
    this.#originMs = clock.monotonicMs()
    this.#wheels = [this.#newWheel(tickMs, 0)]
  }

  /** Operations that wait. */
  get size(): number {
    return this.#size
  }

  /** Runs once, not earlier than after `delayMs` and at most a tick (and the loop's delay) later. */
  add(delayMs: number, run: () => void): Cancel {
    const atMs = this.#now() + Math.max(delayMs, 0)
    const entry: Entry = { atMs: Math.ceil(atMs), run, previous: undefined, next: undefined, slot: undefined }
    this.#size++
    this.#advanceTo(Math.floor(this.#now()))
    if (!this.#place(entry)) this.#schedule(this.#soonest(entry))
    this.#arm()
    return () => {
      if (entry.slot === undefined) return
      unlink(entry)
      this.#size--
      if (this.#size === 0) this.#rest()
    }
  }

  /** Cancels everything. */
  close(): void {
    for (const wheel of this.#wheels) {
      for (const { root } of wheel.slots)
        while (root.next !== undefined && root.next !== root) unlink(root.next)
    }
    this.#size = 0
    this.#rest()
  }

  #now(): number {
    return this.#clock.monotonicMs() - this.#originMs
  }

  #newWheel(tickMs: number, nowMs: number): Wheel {
    const slots = Array.from({ length: this.#slotCount }, newSlot)
    return { tickMs, slots, nowMs: nowMs - (nowMs % tickMs) }
  }

  /** False when the entry is due within the current tick of the lowest wheel. */
  #place(entry: Entry): boolean {
    for (let level = 0; ; level++) {
      const wheel = this.#wheelAt(level)
      if (entry.atMs < wheel.nowMs + wheel.tickMs) return false
      if (entry.atMs >= wheel.nowMs + wheel.tickMs * this.#slotCount) continue
      const tick = Math.floor(entry.atMs / wheel.tickMs)
      const slot = wheel.slots[tick % this.#slotCount]
      if (slot === undefined) return false
      link(slot, entry)
      if (slot.startMs < 0) {
        slot.startMs = tick * wheel.tickMs
        this.#schedule(slot)
      }
      return true
    }
  }

  #wheelAt(level: number): Wheel {
    const wheel = this.#wheels[level]
    if (wheel !== undefined) return wheel
    const below = this.#wheelAt(level - 1)
    const made = this.#newWheel(below.tickMs * this.#slotCount, below.nowMs)
    this.#wheels.push(made)
    return made
  }

  /** A slot for what is due at once: it runs from the timer, never inside add(). */
  #soonest(entry: Entry): Slot {
    const slot = newSlot()
    slot.startMs = entry.atMs
    link(slot, entry)
    return slot
  }

  #advanceTo(nowMs: number): void {
    for (const wheel of this.#wheels) {
      if (nowMs < wheel.nowMs + wheel.tickMs) return
      wheel.nowMs = nowMs - (nowMs % wheel.tickMs)
    }
  }

  #arm(): void {
    const nextMs = this.#scheduled[0]?.startMs
    if (nextMs === undefined || nextMs >= this.#armedMs) return
    this.#disarm()
    this.#armedMs = nextMs
    this.#disarm = this.#timers.after(Math.max(nextMs - this.#now(), 0), () => this.#fire())
  }

  /** Nothing waits: no timer keeps the thread alive. */
  #rest(): void {
    for (const slot of this.#scheduled) slot.startMs = -1
    this.#scheduled.length = 0
    this.#disarm()
    this.#armedMs = Number.POSITIVE_INFINITY
  }

  #fire(): void {
    this.#armedMs = Number.POSITIVE_INFINITY
    const due: Entry[] = []
    for (;;) {
      const slot = this.#scheduled[0]
      if (slot === undefined || slot.startMs > this.#now()) break
      popSoonest(this.#scheduled)
      this.#advanceTo(slot.startMs)
      slot.startMs = -1
      const { root } = slot
      const entries: Entry[] = []
      for (let entry = root.next; entry !== undefined && entry !== root; entry = root.next) {
        unlink(entry)
        entries.push(entry)
      }
      // From a higher wheel an entry moves to a lower one, until it is due.
      for (const entry of entries) if (!this.#place(entry)) due.push(entry)
    }
    this.#size -= due.length
    // What is still scheduled then is slots whose operations were all cancelled: no reason to wake up, or to stay alive.
    if (this.#size === 0) this.#rest()
    else this.#arm()
    for (const { run } of due) run()
  }

  #schedule(slot: Slot): void {
    pushByStart(this.#scheduled, slot)
  }
}

function newSlot(): Slot {
  const root: Entry = { atMs: 0, run: () => {}, previous: undefined, next: undefined, slot: undefined }
  root.next = root
  root.previous = root
  return { root, startMs: -1 }
}

function link(slot: Slot, entry: Entry): void {
  const last = slot.root.previous ?? slot.root
  entry.slot = slot
  entry.previous = last
  entry.next = slot.root
  last.next = entry
  slot.root.previous = entry
}

function unlink(entry: Entry): void {
  if (entry.previous !== undefined) entry.previous.next = entry.next
  if (entry.next !== undefined) entry.next.previous = entry.previous
  entry.previous = undefined
  entry.next = undefined
  entry.slot = undefined
}

function pushByStart(heap: Slot[], slot: Slot): void {
  let at = heap.length
  heap.push(slot)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || parent.startMs <= slot.startMs) break
    heap[at] = parent
    at = above
  }
  heap[at] = slot
}

function popSoonest(heap: Slot[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    let below = at * 2 + 1
    const left = heap[below]
    if (left === undefined) break
    const right = heap[below + 1]
    if (right !== undefined && right.startMs < left.startMs) below++
    const least = heap[below]
    if (least === undefined || least.startMs >= last.startMs) break
    heap[at] = least
    at = below
  }
  heap[at] = last
}
