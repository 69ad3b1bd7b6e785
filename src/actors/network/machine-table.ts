// Steps of a compiled machine for things that are many: a channel keeps only the number of its state.
import type { AnyStateMachine } from 'xstate'
import { required } from '../../errors.js'
import { tap } from '../runtime/tap.js'
import { compileTable, type Living } from '../runtime/transition-table.js'

/** What an event does in a state; made once. */
export interface Step {
  /** The state afterwards. */
  readonly to: number
  /** Names of the actions, in order. */
  readonly actions: readonly string[]
  /** The event has no place there: nothing was done. */
  readonly isIllegal: boolean
}

export interface Steps<Event extends string> {
  readonly initial: number
  state(name: string): number
  name(state: number): string
  /** The step itself; the tap is told. */
  take(whose: Living, state: number, event: Event): Step
  /** Without stepping. */
  look(state: number, event: Event): Step
}

interface Cell extends Step {
  readonly column: number
}

export function stepsOf<Event extends string>(machine: AnyStateMachine): Steps<Event> {
  const table = compileTable(machine)
  const { states, events, initial } = table
  const rows = states.map((_, state) => {
    const cells = events.map((name, column): [string, Cell] => {
      const at = state * events.length + column
      const actions = (table.actions[at] ?? []).map(({ type }) => type)
      return [name, { to: table.next[at] ?? state, actions, isIllegal: actions[0] === 'illegal', column }]
    })
    return new Map(cells)
  })
  const cellOf = (state: number, event: Event): Cell =>
    required(rows[state]?.get(event), `${machine.id} knows its events`)
  return {
    initial,
    state: name => table.stateIndex(name),
    name: state => states[state] ?? '',
    take(whose, state, event) {
      const cell = cellOf(state, event)
      if (tap.detail) table.take(whose, state, cell.column)
      return cell
    },
    look: cellOf
  }
}
