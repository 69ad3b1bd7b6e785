// Goal: every machine can be replayed by its id, and every step of one is seen. Method: all *.machine.ts files are loaded and
// compared with the registry; the source is searched for ways around the tap.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StateMachine } from 'xstate'
import { machines } from '../../src/verify/machines.js'

const source = join(import.meta.dirname, '../../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))

const found = await Promise.all(
  files
    .filter(name => name.endsWith('.machine.ts'))
    .map(async name => {
      const exported: Record<string, unknown> = await import(join(source, name))
      return Object.values(exported).filter(value => value instanceof StateMachine)
    })
)

test('every machine is in the registry under an id of its own', () => {
  const all = found.flat()
  expect(all.length).toBeGreaterThan(10)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  expect([...machines.keys()].sort()).toEqual(all.map(({ id }) => id).sort())
  for (const machine of all) expect(machines.get(machine.id), machine.id).toBe(machine)
})

test('nothing steps a machine but where the tap sees it', () => {
  const wayAround =
    /\b(?:initialTransition|transition)\(|\b(?:macrostep|microstep|createActor)\b|table\.next\b/
  const tables = ['transition-table.ts', 'filling-table.ts', '../network/machine-table.ts']
  const seers = ['stepper.ts', ...tables].map(name => join('actors/runtime', name))
  const drivers = files.filter(name => /^(?:actors|storage)\//.test(name) && !seers.includes(name))
  const blind = drivers.filter(name =>
    readFileSync(join(source, name), 'utf8')
      .split('\n')
      .some(line => !/^\s*(?:\/\/|\*|\/\*)/.test(line) && wayAround.test(line))
  )
  expect(blind, 'step it through runtime/stepper.ts or the take() of a table').toEqual([])
})
