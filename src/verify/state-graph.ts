// What the checker remembers of a walk: the key of each state, where it was found, and every step as two numbers. The
// states themselves are let go once their steps are known; a path is found again by walking it.
import { required } from '../errors.js'
import { Ints } from './ints.js'
import type { Action, Counterexample, Model, PathStep } from './model.js'

export class StateGraph<S> {
  readonly #model: Model<S>
  readonly #numbers = new Map<string, number>()
  readonly #keys: string[] = []
  /** Where it was found first; the first state has itself. */
  readonly #parents = new Ints()
  readonly #foundBy = new Ints()
  readonly #actions: Action[] = []
  readonly #actionNumbers = new Map<Action, number>()
  // The steps of state i are those from starts[i] to starts[i + 1].
  readonly #starts = new Ints()
  readonly #targets = new Ints()
  readonly #by = new Ints()

  constructor(model: Model<S>) {
    this.#model = model
  }

  get size(): number {
    return this.#keys.length
  }

  get steps(): number {
    return this.#targets.length
  }

  get actions(): readonly Action[] {
    return this.#actions
  }

  /** The number of a state; `new` when nobody had it before. */
  add(
    key: string,
    parent: number,
    action: Action | undefined
  ): { readonly at: number; readonly isNew: boolean } {
    const known = this.#numbers.get(key)
    if (known !== undefined) return { at: known, isNew: false }
    const at = this.#keys.length
    this.#numbers.set(key, at)
    this.#keys.push(key)
    this.#parents.push(parent)
    this.#foundBy.push(action === undefined ? -1 : this.#numberOf(action))
    return { at, isNew: true }
  }

  /** States are expanded in the order of their numbers. */
  beginSteps(): void {
    this.#starts.push(this.#targets.length)
  }

  addStep(action: Action, to: number): void {
    this.#by.push(this.#numberOf(action))
    this.#targets.push(to)
  }

  firstStep(state: number): number {
    return state < this.#starts.length ? this.#starts.at(state) : this.#targets.length
  }

  target(step: number): number {
    return this.#targets.at(step)
  }

  /** Index into `actions`. */
  actionOf(step: number): number {
    return this.#by.at(step)
  }

  /** Steps from the first state to this one. */
  depthOf(state: number): number {
    let depth = 0
    for (let at = state; at !== 0; at = this.#parents.at(at)) depth++
    return depth
  }

  /** The shortest way to a state, and from there along further steps (indexes of steps). */
  path(state: number, further: readonly number[] = [], extra?: { action: Action; to: S }): Counterexample {
    const way: Array<{ action: number; key: string }> = []
    for (let at = state; at !== 0; at = this.#parents.at(at)) {
      way.push({ action: this.#foundBy.at(at), key: this.#key(at) })
    }
    way.reverse()
    for (const step of further)
      way.push({ action: this.#by.at(step), key: this.#key(this.#targets.at(step)) })
    let now = this.#model.initial()
    const initial = this.#model.show(now)
    const steps: PathStep[] = way.map(({ action, key }) => {
      const wanted = required(this.#actions[action], 'an action of this graph')
      now = this.#follow(now, wanted, key)
      return { action: wanted, state: this.#model.show(now) }
    })
    if (extra !== undefined) steps.push({ action: extra.action, state: this.#model.show(extra.to) })
    return { parts: this.#model.parts, initial, steps }
  }

  #follow(state: S, wanted: Action, key: string): S {
    const found: S[] = []
    this.#model.next(state, (action, to) => {
      if (action === wanted && found.length === 0 && this.#model.key(to) === key) found.push(to)
    })
    return required(found[0], `${this.#model.name} takes the same steps each time`)
  }

  #key(state: number): string {
    return this.#keys[state] ?? ''
  }

  #numberOf(action: Action): number {
    const known = this.#actionNumbers.get(action)
    if (known !== undefined) return known
    const number = this.#actions.length
    this.#actions.push(action)
    this.#actionNumbers.set(action, number)
    return number
  }
}
