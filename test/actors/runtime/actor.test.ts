// Goal: a driven machine does what it decides, once and in order, and a table says the same. Method: a small machine with a
// delay, a recording perform table, and timers that only move when told.
import { expect, test } from 'vitest'
import { setup } from 'xstate'
import { driveMachine } from '../../../src/actors/runtime/actor.js'
import { effect } from '../../../src/actors/runtime/effect.js'
import { Tap } from '../../../src/actors/runtime/tap.js'
import type { Timers } from '../../../src/actors/runtime/timers.js'
import { compileTable } from '../../../src/actors/runtime/transition-table.js'
import { expectTableEqualsMachine } from '../../support/tables.js'

type DoorEvent = { type: 'open'; by: string } | { type: 'close' }
const doorSetup = setup({
  types: { events: {} as DoorEvent },
  actions: { light: effect<{ on: boolean }>(), greet: effect() },
  delays: { patience: 50 }
})
const door = doorSetup.createMachine({
  id: 'door',
  initial: 'shut',
  states: {
    shut: {
      entry: { type: 'light', params: { on: false } },
      on: { open: { target: 'ajar', actions: 'greet' } }
    },
    ajar: {
      entry: { type: 'light', params: { on: true } },
      on: { close: 'shut' },
      after: { patience: 'shut' }
    }
  }
})
const flatDoor = doorSetup.createMachine({
  id: 'flatDoor',
  initial: 'shut',
  states: {
    shut: {
      entry: { type: 'light', params: { on: false } },
      on: { open: { target: 'ajar', actions: 'greet' } }
    },
    ajar: { on: { close: { target: 'gone', guard: () => true } } },
    gone: { type: 'final' }
  }
})

function heldTimers(): Timers & { readonly pending: Map<number, () => void>; fire(ms: number): void } {
  const pending = new Map<number, () => void>()
  return {
    pending,
    fire: ms => pending.get(ms)?.(),
    after(ms, run) {
      pending.set(ms, run)
      return () => void pending.delete(ms)
    },
    every: () => () => {}
  }
}

test('actions are carried out in order with their parameters, and delays go through the timers', async () => {
  const done: string[] = []
  const timers = heldTimers()
  const tap = new Tap()
  const seen: string[] = []
  tap.listen(({ event, from, to, actions }) => void seen.push(`${from} ${event} ${to} ${actions.join()}`))
  const driver = driveMachine(
    door,
    {
      light: ({ on }: { on: boolean }) => void done.push(`light ${on}`),
      greet: (_: undefined, { by }: { by: string }) => void done.push(`hello ${by}`)
    },
    { name: 'door', timers, tap }
  )
  await Promise.resolve()
  driver.send({ type: 'open', by: 'ann' })
  expect(driver.state).toBe('ajar')
  timers.fire(50)
  expect(driver.is('shut')).toBe(true)
  driver.send({ type: 'open', by: 'bob' })
  driver.send({ type: 'close' })
  expect(timers.pending.size).toBe(0)
  const opened = (by: string): string[] => [`hello ${by}`, 'light true', 'light false']
  expect(done).toEqual(['light false', ...opened('ann'), ...opened('bob')])
  expect(seen[0]).toBe(' xstate.init shut light')
  expect(seen[1]).toContain('shut open ajar greet,light,xstate.raise')
})

test('an event sent while actions are carried out waits for its turn', async () => {
  const done: string[] = []
  const driver = driveMachine(
    door,
    {
      light: ({ on }: { on: boolean }) => void done.push(`light ${on}`),
      greet: () => {
        driver.send({ type: 'close' })
        done.push('greeted')
      }
    },
    { name: 'door' }
  )
  driver.send({ type: 'open', by: 'ann' })
  expect(done).toEqual([])
  await Promise.resolve()
  expect(done).toEqual(['light false', 'greeted', 'light true', 'light false'])
  driver.stop()
})

test('a delay without an entry is refused before the machine runs', () => {
  const careless = setup({}).createMachine({
    id: 'careless',
    initial: 'a',
    states: { a: { after: { never: 'b' } as object }, b: {} }
  })
  expect(() => driveMachine(careless, {}, { name: 'careless' })).toThrow('never')
})

test('a compiled table equals transition() for every state and event', () => {
  expect(expectTableEqualsMachine(flatDoor)).toBe(6)
})

test('a machine that a table cannot hold is refused', () => {
  expect(() => compileTable(door)).toThrow('xstate.raise')
  const nosy = setup({ types: { events: {} as DoorEvent } }).createMachine({
    id: 'nosy',
    initial: 'a',
    states: { a: { on: { open: { target: 'b', guard: ({ event }) => event.by === 'ann' } } }, b: {} }
  })
  expect(() => compileTable(nosy)).toThrow(/by/)
})
