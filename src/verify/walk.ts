// A random way through a model that is too large to be walked whole; the same seed is the same way. It sees safety and
// deadlocks, never liveness, and says so: a walk is not complete.
import { errorMessage } from '../errors.js'
import type { Action, Counterexample, Model, PathStep, Report, Violation } from './model.js'
import { type RandomBelow, seeded } from './random.js'

export interface WalkOptions {
  readonly seed: number
  readonly walks: number
  /** Steps of each walk at most. */
  readonly depth: number
}

/** Of so many times that a rare step is drawn it is taken once. */
const rarity = 50

/** `states` counts different ones; `depth` is that of the longest walk. */
export function walk<S>(model: Model<S>, { seed, walks, depth }: WalkOptions): Report {
  const began = performance.now()
  const seen = new Set<string>()
  const violations = new Map<string, Violation>()
  let transitions = 0
  let deepest = 0
  for (let i = 0; i < walks; i++) {
    const way = new Walk(model, seeded(seed + i), violations)
    const taken = way.go(depth, state => seen.add(model.key(state)))
    transitions += taken
    deepest = Math.max(deepest, taken)
  }
  return {
    model: model.name,
    states: seen.size,
    transitions,
    depth: deepest,
    complete: false,
    ms: Math.round(performance.now() - began),
    violations: [...violations.values()]
  }
}

class Walk<S> {
  readonly #model: Model<S>
  readonly #random: RandomBelow
  readonly #violations: Map<string, Violation>
  readonly #path: Array<{ readonly action: Action; readonly state: S }> = []

  constructor(model: Model<S>, random: RandomBelow, violations: Map<string, Violation>) {
    this.#model = model
    this.#random = random
    this.#violations = violations
  }

  /** Steps that were taken. */
  go(depth: number, onState: (state: S) => void): number {
    const { everyStep = [] } = this.#model
    let state = this.#model.initial()
    this.#look(state)
    onState(state)
    for (let taken = 0; taken < depth; taken++) {
      const step = this.#choose(state)
      if (step === undefined) return taken
      this.#path.push(step)
      for (const { id, says, holds } of everyStep)
        if (!holds(state, step.action, step.state)) this.#fail(id, says)
      state = step.state
      this.#look(state)
      onState(state)
    }
    return depth
  }

  #choose(state: S): { action: Action; state: S } | undefined {
    const steps: Array<{ action: Action; state: S }> = []
    try {
      this.#model.next(state, (action, to) => steps.push({ action, state: to }))
    } catch (error) {
      this.#fail('no-exception', `nothing throws: ${errorMessage(error)}`)
      return undefined
    }
    if (steps.length === 0 && !this.#model.mayRest(state))
      this.#fail('no-deadlock', 'something can always happen until all is over')
    const first = steps[this.#random(steps.length)]
    if (first?.action.isRare !== true || this.#random(rarity) === 0) return first
    const others = steps.filter(({ action }) => action.isRare !== true)
    return others[this.#random(others.length)] ?? first
  }

  #look(state: S): void {
    for (const { id, says, holds } of this.#model.always ?? []) if (!holds(state)) this.#fail(id, says)
  }

  #fail(id: string, says: string): void {
    if (!this.#violations.has(id)) this.#violations.set(id, { id, says, counterexample: this.#way() })
  }

  #way(): Counterexample {
    const steps: PathStep[] = this.#path.map(({ action, state }) => ({
      action,
      state: this.#model.show(state)
    }))
    return { parts: this.#model.parts, initial: this.#model.show(this.#model.initial()), steps }
  }
}
