// One life of a machine: its snapshot, and the pure transition() that moves it, told to the tap. Whoever drives a machine
// steps it here, so that no step goes unseen; what the actions do is the driver's.
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate'
import { initialTransition, transition } from 'xstate'
import { type LivingActor, listActor } from './living-actors.js'
import { type Tap, type TappedActor, tap as threadTap } from './tap.js'
import { unrecordedKey } from './trace.js'
import { tracedStep } from './traced-steps.js'

export interface SteppedAction {
  readonly type: string
  readonly params: unknown
}

export class Stepper<M extends AnyStateMachine> implements LivingActor {
  readonly #machine: M
  readonly #tap: Tap
  readonly #actor: TappedActor
  readonly #input: unknown
  readonly #first: readonly SteppedAction[]
  #snapshot: SnapshotFrom<M>
  #state: string
  /** The context as JSON, and of which one it is. */
  #context: string | undefined
  #contextOf: unknown

  /** `name`: machine and instance, as people know it. */
  constructor(machine: M, name: string, input?: InputFrom<M>, tap: Tap = threadTap) {
    this.#machine = machine
    this.#tap = tap
    this.#actor = tap.actor(machine.id, name, 'lifecycle')
    this.#input = input
    const [snapshot, actions] = firstOf(machine, input)
    this.#snapshot = snapshot as SnapshotFrom<M>
    this.#state = statePath(snapshot.value)
    this.#first = actions
    if (tap === threadTap) listActor(this)
  }

  get machine(): string {
    return this.#machine.id
  }

  get name(): string {
    return this.#actor.name
  }

  get number(): number {
    return this.#actor.number
  }

  get isOver(): boolean {
    return (this.#snapshot as { status: string }).status === 'done'
  }

  get snapshot(): SnapshotFrom<M> {
    return this.#snapshot
  }

  get state(): string {
    return this.#state
  }

  /** The actions of the first state; once, before the first event. */
  begin(): readonly SteppedAction[] {
    if (this.#tap.on) this.#tell('xstate.init', '', this.#first, asText(this.#input))
    return this.#first
  }

  step(event: EventFromLogic<M>): readonly SteppedAction[] {
    const from = this.#state
    const [next, actions] = transition(this.#machine, this.#snapshot, event)
    this.#snapshot = next
    this.#state = statePath((next as { value: unknown }).value)
    if (this.#tap.on) this.#tell(event.type, from, actions, parametersOf(event))
    return actions
  }

  #tell(event: string, from: string, actions: readonly SteppedAction[], data: string | undefined): void {
    const { context } = this.#snapshot as { context: unknown }
    if (context !== this.#contextOf) {
      this.#contextOf = context
      this.#context = contextText(context)
    }
    this.#tap.stepped(this.#actor, tracedStep(event, from, this.#state, actions), data, this.#context)
  }
}

type First = ReturnType<typeof initialTransition<AnyStateMachine>>
const firsts = new WeakMap<AnyStateMachine, First>()

/** Snapshots are immutable: all lives that are given no input start from one. */
function firstOf(machine: AnyStateMachine, input: unknown): First {
  if (input !== undefined) return initialTransition(machine, input)
  const known = firsts.get(machine)
  if (known !== undefined) return known
  const first = initialTransition(machine)
  firsts.set(machine, first)
  return first
}

/** `running`, `starting.logs`, or for parallel states `io.open+mute.off`. */
export function statePath(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  return Object.entries(value)
    .map(([key, inner]) => {
      const rest = statePath(inner)
      return rest === '' ? key : `${key}.${rest}`
    })
    .join('+')
}

/** Undefined for a machine without context. */
export function contextText(context: unknown): string | undefined {
  for (const _ in context as object) return JSON.stringify(context)
  return undefined
}

export function asText(input: unknown): string | undefined {
  return input === undefined ? undefined : JSON.stringify(input)
}

/** Plain parameters of an event as JSON, the names of others under `…`; undefined for an event without any. */
export function parametersOf(event: { readonly type: string }): string | undefined {
  if (!hasParameters(event)) return undefined
  const parameters: Record<string, unknown> = {}
  const others: string[] = []
  for (const [key, value] of Object.entries(event)) {
    if (key === 'type') continue
    if (isPlain(value)) parameters[key] = value
    else others.push(key)
  }
  return JSON.stringify(others.length === 0 ? parameters : { ...parameters, [unrecordedKey]: others })
}

function hasParameters(event: object): boolean {
  for (const key in event) if (key !== 'type') return true
  return false
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)
}
