// Passes on what actors do to those who watch. It asks the threads for what is new while somebody watches, and only then: with
// nobody there is no timer, no listener and no message between threads.

import type { Timers } from '../../actors/runtime/timers.js'
import type { ThreadTrace, TraceSince } from '../../actors/runtime/trace.js'
import type { InspectionEvent } from './stately-events.js'
import { type SeenActor, StatelyView, type StatelyViewOptions } from './stately-view.js'

export interface StatelySource {
  /** Who lives now. */
  actors(): Promise<readonly SeenActor[]>
  trace(since?: TraceSince): Promise<readonly ThreadTrace[]>
}

/** Whoever watches. */
export interface StatelyViewer {
  /** Bytes that it was sent and has not taken. */
  readonly waitingBytes: number
  send(event: InspectionEvent): void
}

/** ms from an answer of the threads to the next question. */
const pauseMs = 200
/** Steps of each thread and level that are passed on for a question; of more, the newest. */
const mostSteps = 2000
/** Who has so much to take yet is told nothing more until then; the steps in between it misses. */
const mostWaitingBytes = 4 << 20

export class StatelyFeed {
  readonly #source: StatelySource
  readonly #timers: Timers
  readonly #onFailure: (error: unknown) => void
  readonly #viewers = new Map<StatelyViewer, StatelyView>()
  #isRunning = false

  constructor(source: StatelySource, timers: Timers, onFailure: (error: unknown) => void) {
    this.#source = source
    this.#timers = timers
    this.#onFailure = onFailure
  }

  /** `past`: so many of the newest recorded steps are told first. */
  async add(viewer: StatelyViewer, options: StatelyViewOptions, past: number): Promise<void> {
    const view = new StatelyView(options)
    // Before the traces: what happens in between is in them.
    const living = await this.#source.actors()
    const traces = await this.#source.trace()
    for (const event of view.begin(living, traces, past)) viewer.send(event)
    this.#viewers.set(viewer, view)
    if (!this.#isRunning) this.#run()
  }

  remove(viewer: StatelyViewer): void {
    this.#viewers.delete(viewer)
  }

  #run(): void {
    this.#isRunning = this.#viewers.size > 0
    if (!this.#isRunning) return
    this.#timers.after(pauseMs, () => {
      this.#tell()
        .catch(this.#onFailure)
        .finally(() => this.#run())
    })
  }

  async #tell(): Promise<void> {
    const ready = [...this.#viewers].filter(([{ waitingBytes }]) => waitingBytes <= mostWaitingBytes)
    if (ready.length === 0) return
    const after = (thread: number): number => Math.min(...ready.map(([, view]) => view.toldOf(thread)))
    const traces = await this.#source.trace({ after, most: mostSteps })
    for (const [viewer, view] of ready) {
      if (!this.#viewers.has(viewer)) continue
      for (const event of view.follow(traces)) viewer.send(event)
    }
  }
}
