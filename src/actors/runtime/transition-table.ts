// A flat machine as a dense table: per-connection and per-request events are too frequent for the interpreter (6 µs each).
// A test proves the table equal to transition() for every state and event (test/support/tables.ts).
import type { AnyStateMachine } from 'xstate'
import { initialTransition, transition } from 'xstate'
import { Bug, invariant } from '../../errors.js'
import { asText, contextText } from './stepper.js'
import { type Begin, type TappedActor, tap } from './tap.js'
import { tracedStep } from './traced-steps.js'

export interface TableAction {
  readonly type: string
  readonly params: unknown
}

/** Whose state it is: told apart from others of its machine by its id. */
export interface Living {
  readonly id: string | number
}

export interface TransitionTable {
  readonly states: readonly string[]
  readonly events: readonly string[]
  readonly initial: number
  /** Entry actions of the first state. */
  readonly initialActions: readonly TableAction[]
  /** next[state * events.length + event]: the state after it; the same state where the event changes nothing. */
  readonly next: Uint8Array
  /** Actions of that step, in order; at the same index. */
  readonly actions: ReadonlyArray<readonly TableAction[]>
  /** The step itself: the state afterwards, and the tap is told. Whoever steps by `next` is not seen. */
  take(whose: Living, state: number, event: number): number
  /** Throws Bug for an unknown name. */
  stateIndex(name: string): number
  eventIndex(name: string): number
}

/**
 * Compiles a machine whose states are all atomic and whose steps depend on nothing but state and event type: guards and
 * parameters may read the initial context (`input`), never the event, and nothing is assigned. Throws Bug otherwise.
 */
export function compileTable(machine: AnyStateMachine, input?: unknown): TransitionTable {
  const states = Object.keys(machine.states)
  const events = machine.events.filter(name => !name.startsWith('xstate.'))
  invariant(states.length <= 256, `${machine.id} has too many states for a table`)
  const [first, firstActions] = initialTransition(machine, input)
  const { context } = first
  const next = new Uint8Array(states.length * events.length)
  const actions: Array<readonly TableAction[]> = []
  const indexOf = (list: readonly string[], name: unknown): number => {
    const index = list.indexOf(String(name))
    if (index < 0) throw new Bug(`${machine.id} knows no ${name}`)
    return index
  }
  states.forEach((value, state) => {
    const node = machine.states[value]
    invariant(Object.keys(node?.states ?? {}).length === 0, `${machine.id}.${value} is not atomic`)
    const snapshot = machine.resolveState({
      value,
      context,
      status: node?.type === 'final' ? 'done' : 'active'
    })
    events.forEach((type, event) => {
      const [after, executable] = transition(machine, snapshot, eventOfType(machine.id, type))
      invariant(
        after.context === snapshot.context,
        `${machine.id}: ${type} in ${value} assigns to the context`
      )
      next[state * events.length + event] = indexOf(states, after.value)
      actions[state * events.length + event] = tableActions(machine.id, executable)
    })
  })
  const initial = indexOf(states, first.value)
  const initialActions = tableActions(machine.id, firstActions)
  const begin: Begin = {
    step: tracedStep('xstate.init', '', states[initial] ?? '', initialActions),
    data: asText(input),
    context: contextText(context)
  }
  const tell = teller(machine.id, begin, at => {
    const [from, event] = [Math.floor(at / events.length), at % events.length]
    return [events[event] ?? '', states[from] ?? '', states[next[at] ?? from] ?? '', actions[at] ?? []]
  })
  return {
    states,
    events,
    initial,
    initialActions,
    next,
    actions,
    take(whose, state, event) {
      const at = state * events.length + event
      if (tap.detail) tell(whose, at)
      return next[at] ?? state
    },
    stateIndex: name => indexOf(states, name),
    eventIndex: name => indexOf(events, name)
  }
}

/** Tells the tap of steps, by their place in the table. Actors are known from their first step that is told. */
function teller(
  machine: string,
  begin: Begin,
  namesOf: (at: number) => Parameters<typeof tracedStep>
): (whose: Living, at: number) => void {
  const actors = new WeakMap<Living, TappedActor>()
  const steps: ReturnType<typeof tracedStep>[] = []
  return (whose, at) => {
    let actor = actors.get(whose)
    if (actor === undefined) {
      actor = tap.actor(machine, `${machine}.${whose.id}`, 'all')
      actors.set(whose, actor)
    }
    let step = steps[at]
    if (step === undefined) {
      step = tracedStep(...namesOf(at))
      steps[at] = step
    }
    tap.stepped(actor, step, undefined, begin.context, step.from === begin.step.to ? begin : undefined)
  }
}

/** An event that answers only to its type, so that a step which depends on more is found when the table is made. */
function eventOfType(machine: string, type: string): { type: string } {
  return new Proxy(
    { type },
    {
      get(target, key, receiver) {
        if (typeof key === 'string' && key !== 'type') {
          throw new Bug(`${machine}: a guard or parameter reads ${key} of the event ${type}`)
        }
        return Reflect.get(target, key, receiver)
      }
    }
  )
}

function tableActions(
  machine: string,
  actions: ReadonlyArray<{ type: string; params: unknown }>
): TableAction[] {
  return actions.map(({ type, params }) => {
    invariant(!type.startsWith('xstate.'), `${machine}: ${type} has no place in a table`)
    return { type, params }
  })
}
