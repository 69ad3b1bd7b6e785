// The machine that the broker executes, as a table that fills itself: each (state, event) goes through XState's pure
// transition() once, so that a checker can take millions of steps with it. Nested states and context are allowed.
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  initialTransition,
  type StateValue,
  transition
} from 'xstate'
import { statePath } from '../actors/runtime/actor.js'
import { required } from '../errors.js'

export interface ModelEvent {
  readonly type: string
  readonly [parameter: string]: unknown
}

export interface MachineAction {
  readonly type: string
  readonly params: unknown
}

export interface Outcome {
  /** Number of the state afterwards. */
  readonly state: number
  /** In order, without the delays: those are `ExecutedMachine.delayed`. */
  readonly actions: readonly MachineAction[]
  /** The names of the actions. */
  readonly deeds: readonly string[]
  /** The names of the actions, with those that start and end delays. */
  readonly asked: readonly string[]
}

interface Known {
  readonly snapshot: AnyMachineSnapshot
  readonly path: string
  readonly steps: Map<string, Outcome>
  delayed: readonly string[] | undefined
}

export class ExecutedMachine {
  readonly id: string
  /** Number of the first state. */
  readonly initial: number
  readonly initialActions: readonly MachineAction[]
  /** Their names, with those that start delays. */
  readonly initiallyAsked: readonly string[]
  readonly #machine: AnyStateMachine
  readonly #known: Known[] = []
  readonly #numbers = new Map<string, number>()

  constructor(machine: AnyStateMachine, input?: unknown) {
    this.id = machine.id
    this.#machine = machine
    const [snapshot, actions] = initialTransition(machine, input)
    this.initial = this.#number(snapshot)
    this.initialActions = withoutDelays(actions)
    this.initiallyAsked = actions.map(({ type }) => type)
  }

  /** `running`, `starting.logs`. */
  name(state: number): string {
    return this.#at(state).path
  }

  context(state: number): unknown {
    return this.#at(state).snapshot.context
  }

  /** Inside the named state, also when a nested one is active. */
  is(state: number, name: string): boolean {
    const { path } = this.#at(state)
    return path === name || path.startsWith(`${name}.`)
  }

  /** Whether the machine has ended. */
  isDone(state: number): boolean {
    return this.#at(state).snapshot.status === 'done'
  }

  /** The state of that path and context, as if the machine had come there; throws where it has no such state. */
  resume(path: string, context: unknown): number {
    const value = stateValue(path)
    return this.#number(this.#machine.resolveState({ value, context: context ?? {} }))
  }

  /** An event without parameters may be given by its type. */
  step(state: number, event: string | ModelEvent): Outcome {
    const known = this.#at(state)
    const key = typeof event === 'string' ? event : JSON.stringify(event)
    const before = known.steps.get(key)
    if (before !== undefined) return before
    const [next, actions] = transition(
      this.#machine,
      known.snapshot,
      typeof event === 'string' ? { type: event } : event
    )
    const kept = withoutDelays(actions)
    const outcome: Outcome = {
      state: this.#number(next),
      actions: kept,
      deeds: kept.map(({ type }) => type),
      asked: actions.map(({ type }) => type)
    }
    known.steps.set(key, outcome)
    return outcome
  }

  /** Events of the named delays that run in this state: each may arrive at any time while the state lasts. */
  delayed(state: number): readonly string[] {
    const known = this.#at(state)
    known.delayed ??= known.snapshot._nodes.flatMap((node: { after: readonly { eventType: string }[] }) =>
      node.after.map(({ eventType }) => eventType)
    )
    return known.delayed ?? []
  }

  /** How many states have been met. */
  get size(): number {
    return this.#known.length
  }

  #at(state: number): Known {
    return required(this.#known[state], `${this.id} has met state ${state}`)
  }

  #number(snapshot: AnyMachineSnapshot): number {
    const path = statePath(snapshot.value)
    const key = `${path} ${JSON.stringify(snapshot.context)}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#known.length
    this.#known.push({ snapshot, path, steps: new Map(), delayed: undefined })
    this.#numbers.set(key, number)
    return number
  }
}

function withoutDelays(actions: ReadonlyArray<{ type: string; params: unknown }>): MachineAction[] {
  return actions
    .filter(({ type }) => type !== 'xstate.raise' && type !== 'xstate.cancel')
    .map(({ type, params }) => ({ type, params }))
}

/** The reverse of statePath(). */
function stateValue(path: string): StateValue {
  const regions = path.split('+')
  const [first = ''] = regions
  if (regions.length === 1 && !first.includes('.')) return first
  return Object.fromEntries(
    regions.map(region => {
      const dot = region.indexOf('.')
      return dot < 0 ? [region, {}] : [region.slice(0, dot), stateValue(region.slice(dot + 1))]
    })
  )
}
