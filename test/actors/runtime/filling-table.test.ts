// Goal: a table that fills itself steps as its machine does, and its steps are seen. Method: all walks of a few events
// through transition() beside the table; the trace of one life.
import { expect, test } from 'vitest'
import { initialTransition, transition } from 'xstate'
import {
  type ConnectionCountEvent,
  connectionCountMachine
} from '../../../src/actors/network/connection-count.machine.js'
import { FillingTable } from '../../../src/actors/runtime/filling-table.js'
import { tap } from '../../../src/actors/runtime/tap.js'
import { entriesOf } from '../../../src/actors/runtime/trace.js'

const events: readonly ConnectionCountEvent[] = [
  { type: 'opened' },
  { type: 'closed' },
  { type: 'limitChanged', limit: 0 },
  { type: 'limitChanged', limit: 2 }
]

test('every walk of six events ends where the machine ends, by the same actions', () => {
  const table = new FillingTable(connectionCountMachine)
  let compared = 0
  const walk = (
    place: typeof table.initial,
    snapshot: ReturnType<typeof initialTransition<typeof connectionCountMachine>>[0],
    left: number
  ): void => {
    for (const event of events) {
      const { to, actions } = table.take({ id: 'x' }, place, event)
      const [next, asked] = transition(connectionCountMachine, snapshot, event)
      compared++
      if (to.state !== next.value || actions.join() !== asked.map(({ type }) => type).join()) {
        expect([to.state, actions]).toEqual([next.value, asked.map(({ type }) => type)])
      }
      if (JSON.stringify(to.context) !== JSON.stringify(next.context))
        expect(to.context).toEqual(next.context)
      if (left > 1) walk(to, next, left - 1)
    }
  }
  walk(table.initial, initialTransition(connectionCountMachine)[0], 6)
  expect(compared).toBe(4 + 4 ** 2 + 4 ** 3 + 4 ** 4 + 4 ** 5 + 4 ** 6)
})

test('the same state and context are the same place', () => {
  const table = new FillingTable(connectionCountMachine)
  const whose = { id: 'x' }
  const one = table.take(whose, table.initial, { type: 'opened' }).to
  const two = table.take(whose, one, { type: 'opened' }).to
  expect(table.take(whose, two, { type: 'closed' }).to).toBe(one)
  expect(table.take(whose, one, { type: 'closed' }).to).toBe(table.initial)
})

test('its steps are in the trace, with parameters and context', () => {
  const table = new FillingTable(connectionCountMachine)
  const [before, stop] = [tap.entries, tap.want('all')]
  const whose = { id: 'listener.A' }
  const { to } = table.take(whose, table.initial, { type: 'limitChanged', limit: 1 })
  table.take(whose, to, { type: 'opened' })
  stop()
  const entries = [...entriesOf(tap.trace(0, before))].filter(({ actor }) =>
    actor.name.endsWith('listener.A')
  )
  expect(
    entries.map(({ step, data, context }) => [step.event, step.from, step.to, data, context?.slice(0, 17)])
  ).toEqual([
    ['xstate.init', '', 'belowLimit', undefined, '{"connections":0,'],
    ['limitChanged', 'belowLimit', 'belowLimit', '{"limit":1}', '{"connections":0,'],
    ['opened', 'belowLimit', 'atLimit', undefined, '{"connections":1,']
  ])
})
