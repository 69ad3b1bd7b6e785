// Goal: no machine has a state that nothing leads to. Method: @xstate/graph over each machine alone, with examples of each
// event that carries something; counts are followed a few steps far.
import { getShortestPaths } from '@xstate/graph'
import { expect, it } from 'vitest'
import type { AnyEventObject, AnyStateMachine, AnyStateNode } from 'xstate'
import { machines } from '../../src/verify/machines.js'

/** Events that carry what guards or assignments read. */
const examples: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  limitChanged: [{ limit: 0 }, { limit: 1 }],
  resize: [{ loops: 1 }, { loops: 2 }],
  tooFast: [{ waitMs: 1 }],
  elected: [{ leaderEpoch: 1 }],
  dirFailed: [{ left: 0 }, { left: 1 }],
  reconcile: [
    { isBehind: true, mustRevoke: true },
    { isBehind: true, waitsForOthers: true }
  ],
  changed: [{}, { hasMembers: true }, { hasMembers: true, hasTarget: true }].flatMap(facts => [
    facts,
    { ...facts, isReconciled: true }
  ])
}
const inputs: Readonly<Record<string, readonly unknown[]>> = {
  handlerPool: [{ loops: 1 }],
  logDir: [{ isHome: true }, { isHome: false }]
}

const eventsOf = (machine: AnyStateMachine): AnyEventObject[] => {
  const delayed = [...nodesOf(machine)].flatMap(({ after }) => after.map(({ eventType }) => eventType))
  return [...machine.events, ...delayed].flatMap(type =>
    (examples[type] ?? [{}]).map(rest => ({ ...rest, type }))
  )
}

function* nodesOf(machine: AnyStateMachine): Generator<AnyStateNode> {
  const open: AnyStateNode[] = [machine.root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node
    open.push(...Object.values(node.states))
  }
}

/** Counts in a context are followed this far; what stands for no limit or no epoch stays. */
const far = 3
const isFar = (context: unknown): boolean =>
  Object.values(context ?? {}).some(
    value => typeof value === 'number' && Math.abs(value) > far && value < Number.MAX_SAFE_INTEGER
  )

it.each([...machines])('every state of %s can be reached', (id, machine) => {
  const paths = (inputs[id] ?? [undefined]).flatMap(input =>
    getShortestPaths(machine, {
      events: eventsOf(machine),
      input,
      limit: 20_000,
      stopWhen: ({ context }) => isFar(context)
    })
  )
  const initial = machine.root.initial.target.map(({ id: node }) => node)
  const reached = new Set(
    paths.flatMap(({ state }) => state._nodes.map(({ id: node }: AnyStateNode) => node)).concat(initial)
  )
  expect([...nodesOf(machine)].map(node => node.id).filter(node => !reached.has(node))).toEqual([])
})
