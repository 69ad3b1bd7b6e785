// Goal: no machine of the tree moves by itself, and those of the network say for each state what every event does there.
// Method: all *.machine.ts files are loaded; pure transition() with an event that nobody knows; a walk over the states.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AnyStateMachine, type AnyStateNode, initialTransition, StateMachine, transition } from 'xstate'

const root = join(import.meta.dirname, '../../src')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.machine.ts'))
  .sort()

const found: Array<[file: string, machine: AnyStateMachine]> = []
for (const file of files) {
  const exported: Record<string, unknown> = await import(join(root, file))
  for (const value of Object.values(exported)) {
    if (value instanceof StateMachine) found.push([file, value])
  }
}

/** What a first state may need to know. */
const inputs: Readonly<Record<string, unknown>> = { handlerPool: { loops: 2 } }

function nodesOf(machine: AnyStateMachine): AnyStateNode[] {
  const visit = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(visit)]
  return visit(machine.root)
}

test('there are machines in each folder that has a life', () => {
  const folders = new Set(found.map(([file]) => file.replace(/\/[^/]*$/, '')))
  for (const folder of ['actors/broker', 'actors/handlers', 'actors/network']) {
    expect(folders).toContain(folder)
  }
})

test.each(found)('%s: nothing happens without an event', (_, machine) => {
  const [first] = initialTransition(machine, inputs[machine.id])
  const [after, actions] = transition(machine, first, { type: 'nobody knows this event' })
  expect([after.value, after.context, actions]).toEqual([first.value, first.context, []])
})

test.each(found)('%s: every delay has a name and a length', (_, machine) => {
  const known = Object.keys(machine.implementations.delays ?? {})
  for (const node of nodesOf(machine)) {
    for (const { delay } of node.after) expect(known, node.id).toContain(delay)
  }
})

const ofNetwork = found.filter(([file]) => /actors\/(?:network|handlers)\//.test(file))

test.each(ofNetwork)('%s: every state that is not the last says what each event does', (_, machine) => {
  const events = machine.events.filter(name => !name.startsWith('xstate.'))
  const isNamed = (node: AnyStateNode | undefined, event: string): boolean =>
    node !== undefined && (node.transitions.has(event) || isNamed(node.parent, event))
  const atomic = nodesOf(machine).filter(({ type }) => type === 'atomic')
  expect(atomic.length).toBeGreaterThan(1)
  const unnamed = atomic.flatMap(node =>
    events.filter(event => !isNamed(node, event)).map(event => `${event} in ${node.path.join('.')}`)
  )
  expect(unnamed).toEqual([])
})
