// Proves a compiled table equal to XState's transition() for every state and event.

import { expect } from 'vitest'
import { type AnyStateMachine, initialTransition, transition } from 'xstate'
import { compileTable } from '../../src/actors/runtime/transition-table.js'

/** Checks next state and actions with parameters; returns how many steps it compared. */
export function expectTableEqualsMachine(machine: AnyStateMachine, input?: unknown): number {
  const table = compileTable(machine, input)
  const [initial, initialActions] = initialTransition(machine, input)
  expect(table.states[table.initial]).toBe(initial.value)
  const plain = (actions: ReadonlyArray<{ type: string; params: unknown }>): object[] =>
    actions.map(({ type, params }) => ({ type, params }))
  expect(table.initialActions).toEqual(plain(initialActions))
  let compared = 0
  table.states.forEach((value, state) => {
    table.events.forEach((type, event) => {
      const at = state * table.events.length + event
      const status = machine.states[value]?.type === 'final' ? 'done' : 'active'
      const snapshot = machine.resolveState({ value, context: initial.context, status })
      const [next, actions] = transition(machine, snapshot, { type })
      expect(table.states[table.next[at] ?? -1], `${value} on ${type}`).toBe(next.value)
      expect(table.actions[at], `${value} on ${type}`).toEqual(plain(actions))
      compared++
    })
  })
  return compared
}
