// Steps of a compiled machine for things that are many: a channel keeps only the number of its state.
import type { AnyStateMachine } from 'xstate'
import { compileTable, type Living } from '../runtime/transition-table.js'

export interface Steps<Event extends string> {
  readonly initial: number
  state(name: string): number
  name(state: number): string
  /** The step itself: the state afterwards, and the tap is told. */
  take(whose: Living, state: number, event: Event): number
  /** Names of the actions of that step, in order. */
  actions(state: number, event: Event): readonly string[]
}

export function stepsOf<Event extends string>(machine: AnyStateMachine): Steps<Event> {
  const table = compileTable(machine)
  const width = table.events.length
  const column = new Map(table.events.map((name, index) => [name, index]))
  const names = table.actions.map(list => list.map(({ type }) => type))
  const none: readonly string[] = []
  const at = (state: number, event: Event): number => state * width + (column.get(event) ?? 0)
  return {
    initial: table.initial,
    state: name => table.stateIndex(name),
    name: state => table.states[state] ?? '',
    take: (whose, state, event) => table.take(whose, state, column.get(event) ?? 0),
    actions: (state, event) => names[at(state, event)] ?? none
  }
}
