// A model with one thing wrong in it, and the property that has to notice. Made from the machines that are executed: a
// copy of the configuration with a change, the same implementations.
import { type AnyStateMachine, createMachine } from 'xstate'
import type { PropertyId, Report } from '../../src/verify/model.js'

export interface Mutant {
  /** What is wrong, as a sentence. */
  readonly name: string
  readonly caughtBy: PropertyId
  check(): Report
}

/** Changes one place of a machine's configuration: `edit.set('states.open.on.close', { target: 'closed' })`. */
export interface Edit {
  set(path: string, value: unknown): void
  remove(path: string): void
}

/** Throws when a path does not exist, or nothing changes: a mutant that mutates nothing would survive unseen. */
export function mutated(machine: AnyStateMachine, change: (edit: Edit) => void): AnyStateMachine {
  const config = copied(machine.config)
  const before = written(config)
  change({
    set: (path, value) => {
      const [parent, key] = place(machine.id, config, path)
      parent[key] = value
    },
    remove: path => {
      const [parent, key] = place(machine.id, config, path)
      if (!(key in parent)) throw new Error(`${machine.id} has no ${path}`)
      delete parent[key]
    }
  })
  if (written(config) === before) throw new Error(`${machine.id}: the change changes nothing`)
  const changed: AnyStateMachine = createMachine(config as Parameters<typeof createMachine>[0])
  return changed.provide(machine.implementations)
}

type Bag = Record<string, unknown>
const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null

function place(machine: string, config: unknown, path: string): [parent: Bag, key: string] {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  let at = config
  for (const key of keys) {
    if (!isBag(at) || !(key in at)) throw new Error(`${machine} has no ${path}`)
    at = at[key]
  }
  if (!isBag(at)) throw new Error(`${machine} has no ${path}`)
  return [at, last]
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied)
  if (!isBag(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)]))
}

const written = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'function' ? String(inner) : inner))
