// What every actor of this thread does, told to whoever listens: inspector, trace, tests. Off costs one branch.

export interface TapEntry {
  readonly actor: string
  readonly event: string
  readonly from: string
  readonly to: string
  /** Names of the actions that the transition asks for, in order. */
  readonly actions: readonly string[]
}

export type TapListener = (entry: TapEntry) => void

export class Tap {
  readonly #listeners = new Set<TapListener>()
  /** Whether anyone listens: ask before building arguments. */
  on = false

  listen(listener: TapListener): () => void {
    this.#listeners.add(listener)
    this.on = true
    return () => {
      this.#listeners.delete(listener)
      this.on = this.#listeners.size > 0
    }
  }

  transition(actor: string, event: string, from: string, to: string, actions: readonly string[]): void {
    if (!this.on) return
    const entry: TapEntry = { actor, event, from, to, actions }
    for (const listener of this.#listeners) listener(entry)
  }
}

/** The tap of this thread. */
export const tap = new Tap()
