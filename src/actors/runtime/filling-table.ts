// A machine with context for things that are many: a step goes through transition() once for each state, context and event
// that is met, and is looked up from then on. For contexts of which there are few: what was met is kept.
import type { AnyStateMachine, ContextFrom, EventFromLogic } from 'xstate'
import { initialTransition, transition } from 'xstate'
import { invariant } from '../../errors.js'
import { asText, contextText, parametersOf, statePath } from './stepper.js'
import { type Begin, type TappedActor, tap } from './tap.js'
import type { TracedStep } from './trace.js'
import { tracedStep } from './traced-steps.js'
import type { Living } from './transition-table.js'

/** A state with its context; the same object for the same ones. */
export interface Place<Context> {
  readonly state: string
  readonly context: Context
}

export interface Taken<Context> {
  readonly to: Place<Context>
  /** Names of the actions, in order. */
  readonly actions: readonly string[]
}

interface Known<Context> extends Place<Context> {
  readonly value: unknown
  readonly contextText: string | undefined
  readonly taken: Map<string, KnownStep<Context>>
}

interface KnownStep<Context> extends Taken<Context> {
  readonly to: Known<Context>
  readonly traced: TracedStep
  readonly data: string | undefined
}

export class FillingTable<M extends AnyStateMachine> {
  readonly #machine: M
  readonly #places = new Map<string, Known<ContextFrom<M>>>()
  readonly #actors = new WeakMap<Living, TappedActor>()
  readonly #begin: Begin
  readonly #initial: Known<ContextFrom<M>>

  /** A first state with actions has no place here. */
  constructor(machine: M, input?: unknown) {
    this.#machine = machine
    const [snapshot, actions] = initialTransition(machine as AnyStateMachine, input)
    invariant(actions.length === 0, `${machine.id} has something to do before it is used`)
    this.#initial = this.#placeOf(snapshot)
    const { state, contextText: context } = this.#initial
    this.#begin = { step: tracedStep('xstate.init', '', state, []), data: asText(input), context }
  }

  get initial(): Place<ContextFrom<M>> {
    return this.#initial
  }

  /** `at`: of this table. The step itself: the tap is told. */
  take(whose: Living, at: Place<ContextFrom<M>>, event: EventFromLogic<M>): Taken<ContextFrom<M>> {
    const known = at as Known<ContextFrom<M>>
    const step = this.#stepOf(known, event)
    if (tap.detail) this.#tell(whose, known, step)
    return step
  }

  /** Where a step would lead: nobody takes it, and the tap is not told. */
  foresee(at: Place<ContextFrom<M>>, event: EventFromLogic<M>): Taken<ContextFrom<M>> {
    return this.#stepOf(at as Known<ContextFrom<M>>, event)
  }

  #stepOf(known: Known<ContextFrom<M>>, event: EventFromLogic<M>): KnownStep<ContextFrom<M>> {
    const data = parametersOf(event)
    const key = data === undefined ? event.type : event.type + data
    const met = known.taken.get(key)
    if (met !== undefined) return met
    const step = this.#step(known, event, data)
    known.taken.set(key, step)
    return step
  }

  #step(from: Known<ContextFrom<M>>, event: EventFromLogic<M>, data: string | undefined) {
    const machine: AnyStateMachine = this.#machine
    const { value, context } = from
    const snapshot = machine.resolveState({ value: value as string, context })
    const [next, actions] = transition(machine, snapshot, event)
    const to = this.#placeOf(next)
    const traced = tracedStep(event.type, from.state, to.state, actions)
    return { to, actions: traced.actions, traced, data }
  }

  #placeOf(snapshot: { readonly value: unknown; readonly context: unknown }): Known<ContextFrom<M>> {
    const state = statePath(snapshot.value)
    const text = contextText(snapshot.context)
    const key = `${state} ${text}`
    let place = this.#places.get(key)
    if (place === undefined) {
      const { value } = snapshot
      const context = snapshot.context as ContextFrom<M>
      place = { state, value, context, contextText: text, taken: new Map() }
      this.#places.set(key, place)
    }
    return place
  }

  #tell(whose: Living, from: Known<ContextFrom<M>>, { traced, data, to }: KnownStep<ContextFrom<M>>): void {
    let actor = this.#actors.get(whose)
    if (actor === undefined) {
      const { id } = this.#machine
      actor = tap.actor(id, `${id}.${whose.id}`, 'all')
      this.#actors.set(whose, actor)
    }
    tap.stepped(actor, traced, data, to.contextText, from === this.#initial ? this.#begin : undefined)
  }
}
