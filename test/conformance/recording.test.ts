// Goal: what is recorded is what happened, at a bounded cost. Method: taps with small rings and small machines, driven and
// compiled; then the entries are read.
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { driveMachine } from '../../src/actors/runtime/actor.js'
import { effect } from '../../src/actors/runtime/effect.js'
import { Tap, tap as threadTap } from '../../src/actors/runtime/tap.js'
import { entriesOf, missingTrace, type ThreadTrace } from '../../src/actors/runtime/trace.js'
import { compileTable } from '../../src/actors/runtime/transition-table.js'

type CounterEvent = { type: 'add'; by: number; why?: Error } | { type: 'reset' }
const counter = setup({
  types: { context: {} as { sum: number }, events: {} as CounterEvent, input: {} as { sum: number } },
  actions: { show: effect() }
}).createMachine({
  id: 'counter',
  context: ({ input }) => ({ sum: input.sum }),
  initial: 'low',
  states: {
    low: {
      on: {
        add: { target: 'high', actions: assign({ sum: ({ context, event }) => context.sum + event.by }) }
      }
    },
    high: { entry: 'show', on: { reset: 'low' } }
  }
})
const lamp = setup({
  types: { events: {} as { type: 'press' } },
  actions: { shine: effect() }
}).createMachine({
  id: 'lamp',
  initial: 'off',
  states: { off: { on: { press: { target: 'on', actions: 'shine' } } }, on: { on: { press: 'off' } } }
})

const lines = (trace: ThreadTrace): string[] =>
  [...entriesOf(trace)].map(({ actor, step, data, context }) =>
    [actor.name, step.event, step.from, step.to, step.actions.join('+'), data ?? '', context ?? ''].join('|')
  )

const started = async (tap: Tap): Promise<ReturnType<typeof driveMachine<typeof counter>>> => {
  const driver = driveMachine(counter, { show: () => {} }, { name: 'counter.1', input: { sum: 2 }, tap })
  await Promise.resolve()
  return driver
}

test('a driven machine is recorded with its input, parameters and context', async () => {
  const tap = new Tap()
  tap.want('lifecycle')
  const driver = await started(tap)
  driver.send({ type: 'add', by: 3 })
  driver.send({ type: 'reset' })
  driver.send({ type: 'add', by: 1, why: new Error('not plain') })
  expect(lines(tap.trace(4))).toEqual([
    'counter.1|xstate.init||low||{"sum":2}|{"sum":2}',
    'counter.1|add|low|high|show|{"by":3}|{"sum":5}',
    'counter.1|reset|high|low|||{"sum":5}',
    'counter.1|add|low|high|show|{"by":1,"…":["why"]}|{"sum":6}'
  ])
  const [first, second] = entriesOf(tap.trace(4))
  expect(first?.thread).toBe(4)
  expect(first?.actor.machine).toBe('counter')
  expect(second?.atMs).toBeGreaterThanOrEqual(first?.atMs ?? Infinity)
})

test('nothing is kept while nobody wants it, and an actor that is met later begins where it is', async () => {
  const tap = new Tap()
  const driver = await started(tap)
  driver.send({ type: 'add', by: 3 })
  expect(lines(tap.trace(0))).toEqual([])
  const release = tap.want('lifecycle')
  driver.send({ type: 'reset' })
  release()
  release()
  driver.send({ type: 'add', by: 3 })
  expect(tap.on).toBe(false)
  expect(lines(tap.trace(0))).toEqual([
    'counter.1|tap.joined||high|||',
    'counter.1|reset|high|low|||{"sum":5}'
  ])
})

test('of several wishes the largest counts, until it is taken back', () => {
  const tap = new Tap()
  const all = tap.want('all')
  const lifecycle = tap.want('lifecycle')
  expect([tap.on, tap.detail]).toEqual([true, true])
  all()
  expect([tap.on, tap.detail]).toEqual([true, false])
  lifecycle()
  expect([tap.on, tap.detail]).toEqual([false, false])
  tap.want('off')
  expect(tap.on).toBe(false)
})

test('the oldest entries give way and are counted, those of one level not to the other', async () => {
  const tap = new Tap({ lifecycle: 4, all: 2 })
  tap.want('all')
  const driver = await started(tap)
  for (let i = 0; i < 3; i++) {
    driver.send({ type: 'add', by: 1 })
    driver.send({ type: 'reset' })
  }
  const trace = tap.trace(0)
  expect(lines(trace)).toHaveLength(4)
  expect(lines(trace)[0]).toBe('counter.1|add|low|high|show|{"by":1}|{"sum":4}')
  expect(trace.overwritten).toEqual({ lifecycle: 3, all: 0 })
  expect([...trace.numbers]).toEqual([4, 5, 6, 7])
})

test('only entries behind the given one are read', async () => {
  const tap = new Tap({ lifecycle: 4, all: 2 })
  tap.want('lifecycle')
  const driver = await started(tap)
  for (let i = 0; i < 5; i++) driver.send({ type: 'add', by: 1 })
  const from = tap.entries
  driver.send({ type: 'reset' })
  expect(lines(tap.trace(0, from))).toEqual(['counter.1|reset|high|low|||{"sum":3}'])
  expect(tap.trace(0, from).overwritten.lifecycle).toBe(0)
})

test('a compiled machine steps through the tap, seen only when everything is wanted', () => {
  const table = compileTable(lamp)
  const press = table.eventIndex('press')
  const before = threadTap.entries
  const one = { id: 'one' }
  let state = table.take(one, table.initial, press)
  expect(threadTap.entries).toBe(before)
  const release = threadTap.want('all')
  state = table.take(one, state, press)
  const two = { id: 2 }
  expect(table.states[table.take(two, table.initial, press)]).toBe('on')
  table.take(one, state, press)
  release()
  expect(lines(threadTap.trace(0, before))).toEqual([
    'lamp.one|tap.joined||on|||',
    'lamp.one|press|on|off|||',
    'lamp.2|xstate.init||off|||',
    'lamp.2|press|off|on|shine||',
    'lamp.one|press|off|on|shine||'
  ])
})

test('a trace travels as plain data, also that of a thread which is gone', async () => {
  const tap = new Tap()
  tap.want('lifecycle')
  await started(tap)
  expect(lines(structuredClone(tap.trace(1)))).toEqual(lines(tap.trace(1)))
  expect(structuredClone(missingTrace(3, 'died'))).toMatchObject({ thread: 3, missing: 'died', actors: [] })
})
