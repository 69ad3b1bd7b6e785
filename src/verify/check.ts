// Walks all states of a model, breadth first, so that the way to whatever is wrong is a shortest one. Each property is
// reported once, with its first counterexample; liveness is looked at when the whole graph is known.
import { errorMessage } from '../errors.js'
import { inevitableViolation, possibleViolation } from './liveness.js'
import type { Action, Model, Report, Violation } from './model.js'
import { StateGraph } from './state-graph.js'

export interface CheckProgress {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly ms: number
}

export interface CheckOptions {
  /** More is the violation `bound`; default 20 million. */
  readonly maxStates?: number
  /** Ends with the first violation: for a model that is known to be wrong. */
  readonly stopAtFirst?: boolean
  /** About once a second. */
  readonly onProgress?: (progress: CheckProgress) => void
}

const mostStates = 20_000_000
/** A Map of V8 holds 2^24 entries. */
const mapLimit = 2 ** 24 - 1
const lookEvery = 8192
const progressMs = 1000

export function check<S>(model: Model<S>, options: CheckOptions = {}): Report {
  return new Check(model, options).run()
}

class Check<S> {
  readonly #model: Model<S>
  readonly #options: CheckOptions
  readonly #graph: StateGraph<S>
  readonly #violations = new Map<string, Violation>()
  readonly #missing: Set<Model<S>['sometimes'][number]>
  /** The states that are not yet expanded, and the number of the first of them. */
  #open: S[] = []
  #level: S[] = []
  #depth = 0
  /** One byte a state and property: bit 0 `from`, bit 1 `to`. */
  readonly #marks: number[][]
  readonly #began = performance.now()
  #toldAt = this.#began

  constructor(model: Model<S>, options: CheckOptions) {
    this.#model = model
    this.#options = options
    this.#graph = new StateGraph(model)
    this.#missing = new Set(model.sometimes)
    this.#marks = this.#temporal.map(() => [])
  }

  get #temporal(): ReadonlyArray<NonNullable<Model<S>['possible']>[number]> {
    return [...(this.#model.possible ?? []), ...(this.#model.inevitable ?? [])]
  }

  run(): Report {
    const ended = this.#walk()
    if (ended) this.#liveness()
    if (ended)
      for (const { says } of this.#missing) {
        const id = 'sometimes'
        this.#violations.set(`${id} ${says}`, { id, says: `never happens: ${says}` })
      }
    return {
      model: this.#model.name,
      states: this.#graph.size,
      transitions: this.#graph.steps,
      depth: this.#depth,
      complete: ended,
      ms: Math.round(performance.now() - this.#began),
      violations: [...this.#violations.values()]
    }
  }

  /** False: a bound was hit, or the first violation was enough. */
  #walk(): boolean {
    const maxStates = Math.min(this.#options.maxStates ?? mostStates, mapLimit)
    this.#meet(this.#model.initial(), 0, undefined)
    let expanded = 0
    for (; this.#open.length > 0; this.#depth++) {
      this.#level = this.#open
      this.#open = []
      for (const state of this.#level) {
        this.#expand(state, expanded++)
        if (this.#options.stopAtFirst === true && this.#violations.size > 0) return false
        if (expanded % lookEvery === 0) this.#tell()
        if (this.#graph.size > maxStates) {
          this.#add({ id: 'bound', says: `more than ${maxStates} states: what lies beyond was not seen` })
          return false
        }
      }
    }
    this.#depth--
    return true
  }

  #expand(state: S, number: number): void {
    const { everyStep = [] } = this.#model
    this.#graph.beginSteps()
    let moved = false
    try {
      this.#model.next(state, (action, to) => {
        const at = this.#meet(to, number, action)
        this.#graph.addStep(action, at)
        if (at !== number) moved = true
        for (const { id, says, holds } of everyStep) {
          if (!this.#violations.has(id) && !holds(state, action, to))
            this.#add({ id, says, counterexample: this.#graph.path(number, [], { action, to }) })
        }
      })
    } catch (error) {
      this.#fail('no-exception', `nothing throws: ${errorMessage(error)}`, number)
      return
    }
    if (!moved && !this.#model.mayRest(state))
      this.#fail('no-deadlock', 'something can always happen until all is over', number)
  }

  #meet(state: S, parent: number, action: Action | undefined): number {
    const { at, isNew } = this.#graph.add(this.#model.key(state), parent, action)
    if (!isNew) return at
    this.#open.push(state)
    for (const { id, says, holds } of this.#model.always ?? []) {
      if (!this.#violations.has(id) && !holds(state)) this.#fail(id, says, at)
    }
    for (const situation of this.#missing) if (situation.holds(state)) this.#missing.delete(situation)
    this.#temporal.forEach(({ from, to }, index) => {
      this.#marks[index]?.push((from(state) ? 1 : 0) | (to(state) ? 2 : 0))
    })
    return at
  }

  #liveness(): void {
    const { possible = [] } = this.#model
    this.#temporal.forEach(({ id, says }, index) => {
      const marks = Uint8Array.from(this.#marks[index] ?? [])
      const isPossible = index < possible.length
      const found = isPossible
        ? possibleViolation(this.#graph, marks)
        : inevitableViolation(this.#graph, marks)
      if (found !== undefined) this.#add({ id, says, counterexample: found })
    })
  }

  #fail(id: string, says: string, state: number): void {
    if (!this.#violations.has(id)) this.#add({ id, says, counterexample: this.#graph.path(state) })
  }

  #add(violation: Violation): void {
    if (!this.#violations.has(violation.id)) this.#violations.set(violation.id, violation)
  }

  #tell(): void {
    const now = performance.now()
    if (now - this.#toldAt < progressMs) return
    this.#toldAt = now
    this.#options.onProgress?.({
      states: this.#graph.size,
      transitions: this.#graph.steps,
      depth: this.#depth,
      ms: Math.round(now - this.#began)
    })
  }
}
