// What every actor of this thread does: told to whoever listens (inspector, tests) and kept in rings, the newest entries of
// each level. Nothing can step unseen: runtime/stepper.ts and runtime/transition-table.ts are the only ways to step.
import { loop } from './loop.js'
import {
  joinedEvent,
  packTrace,
  type ThreadTrace,
  type TracedActor,
  type TracedStep,
  type TraceEntry,
  type TraceLevel
} from './trace.js'
import { TraceRing } from './trace-ring.js'
import { tracedStep } from './traced-steps.js'

export interface TapEntry extends TracedStep {
  /** The actor's name. */
  readonly actor: string
  readonly machine: string
}

export type TapListener = (entry: TapEntry) => void

/** An actor as its tap knows it. */
export interface TappedActor extends TracedActor {
  /** Where the last entry left it; undefined before the first one. */
  at: string | undefined
}

/** The first entry of a life. */
export interface Begin {
  readonly step: TracedStep
  readonly data: string | undefined
  readonly context: string | undefined
}

export interface TapSizes {
  /** Entries kept, powers of two. */
  readonly lifecycle: number
  readonly all: number
}

const usualSizes: TapSizes = { lifecycle: 4096, all: 65_536 }

export class Tap {
  /** Whether anyone wants to know what is driven: ask before building arguments. */
  on = false
  /** Whether anyone wants to know what per-connection and per-request machines do. */
  detail = false
  readonly #sizes: TapSizes
  readonly #listeners = new Set<TapListener>()
  readonly #wanted = { lifecycle: 0, all: 0 }
  readonly #rings: { lifecycle: TraceRing | undefined; all: TraceRing | undefined } = {
    lifecycle: undefined,
    all: undefined
  }
  #actors = 0
  #entries = 0

  constructor(sizes: TapSizes = usualSizes) {
    this.#sizes = sizes
  }

  /** Entries that this thread has made so far: the place from which to read later. */
  get entries(): number {
    return this.#entries
  }

  /** Records at that level until the result is called; of several wishes the largest counts. */
  want(level: TraceLevel): () => void {
    if (level === 'off') return () => {}
    this.#wanted[level]++
    this.#rings.lifecycle ??= new TraceRing(this.#sizes.lifecycle)
    if (level === 'all') this.#rings.all ??= new TraceRing(this.#sizes.all)
    this.#settle()
    let given = false
    return () => {
      if (given) return
      given = true
      this.#wanted[level]--
      this.#settle()
    }
  }

  listen(listener: TapListener): () => void {
    this.#listeners.add(listener)
    this.#settle()
    return () => {
      this.#listeners.delete(listener)
      this.#settle()
    }
  }

  /** Once an actor. */
  actor(machine: string, name: string, level: TracedActor['level']): TappedActor {
    return { machine, name, level, number: ++this.#actors, at: undefined }
  }

  /**
   * `data`: the event's parameters, or the machine's input, as JSON (see trace.ts); `context`: the machine's afterwards.
   * `begin`: how the actor's life began, where it was in its first state until now and nobody could say so before.
   */
  stepped(actor: TappedActor, step: TracedStep, data?: string, context?: string, begin?: Begin): void {
    if (actor.level === 'lifecycle' ? !this.on : !this.detail) return
    if (actor.at !== step.from && step.from !== '') {
      if (actor.at === undefined && begin !== undefined)
        this.#add(actor, begin.step, begin.data, begin.context)
      else this.#add(actor, tracedStep(joinedEvent, '', step.from, []), undefined, undefined)
    }
    this.#add(actor, step, data, context)
  }

  #add(actor: TappedActor, step: TracedStep, data: string | undefined, context: string | undefined): void {
    actor.at = step.to
    this.#rings[actor.level]?.add(++this.#entries, loop().stampMs(), actor, step, data, context)
    if (this.#listeners.size === 0) return
    const entry: TapEntry = { actor: actor.name, machine: actor.machine, ...step }
    for (const listener of this.#listeners) listener(entry)
  }

  /** What is kept of the entries behind the first `after`; `most`: of each level the newest so many. */
  trace(thread: number, after = 0, most?: number): ThreadTrace {
    const nothing = { entries: [], overwritten: 0 }
    const lifecycle = this.#rings.lifecycle?.read(after, most) ?? nothing
    const all = this.#rings.all?.read(after, most) ?? nothing
    const entries = [...lifecycle.entries, ...all.entries].sort((a, b) => a.number - b.number)
    return packTrace(thread, entries, { lifecycle: lifecycle.overwritten, all: all.overwritten })
  }

  /** The newest steps of lifecycles that are kept, oldest first. */
  lifecycles(): Omit<TraceEntry, 'thread'>[] {
    return this.#rings.lifecycle?.read(0).entries ?? []
  }

  #settle(): void {
    this.detail = this.#wanted.all > 0
    this.on = this.detail || this.#wanted.lifecycle > 0 || this.#listeners.size > 0
  }
}

/** The tap of this thread. */
export const tap = new Tap()
