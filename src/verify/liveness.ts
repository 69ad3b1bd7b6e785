// What has to happen in the end, on a graph that is known whole. `possible`: some way leads there. `inevitable`: every way
// on which no actor is passed over for ever leads there; a counterexample is a rest or a cycle without it.
import { required } from '../errors.js'
import type { Counterexample } from './model.js'
import type { StateGraph } from './state-graph.js'
import { stronglyConnected } from './strongly-connected.js'

/** Bits of a mark. */
const isFrom = 1
const isTo = 2

/** The first state with `from` from which no way leads to one with `to`. */
export function possibleViolation<S>(graph: StateGraph<S>, marks: Uint8Array): Counterexample | undefined {
  const reaches = backwards(graph, marks)
  for (let state = 0; state < graph.size; state++) {
    if (((marks[state] ?? 0) & isFrom) !== 0 && reaches[state] === 0) return graph.path(state)
  }
  return undefined
}

/** 1 for every state from which one with `to` can be reached. */
function backwards<S>(graph: StateGraph<S>, marks: Uint8Array): Uint8Array {
  const { size, steps } = graph
  const starts = new Int32Array(size + 1)
  for (let step = 0; step < steps; step++) bump(starts, graph.target(step) + 1)
  for (let state = 0; state < size; state++)
    starts[state + 1] = (starts[state + 1] ?? 0) + (starts[state] ?? 0)
  const sources = new Int32Array(steps)
  const fill = starts.slice()
  for (let state = 0; state < size; state++) {
    for (let step = graph.firstStep(state); step < graph.firstStep(state + 1); step++) {
      const to = graph.target(step)
      sources[fill[to] ?? 0] = state
      bump(fill, to)
    }
  }
  const reaches = new Uint8Array(size)
  const open: number[] = []
  for (let state = 0; state < size; state++) {
    if (((marks[state] ?? 0) & isTo) === 0) continue
    reaches[state] = 1
    open.push(state)
  }
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (let i = starts[state] ?? 0; i < (starts[state + 1] ?? 0); i++) {
      const source = sources[i] ?? 0
      if (reaches[source] === 1) continue
      reaches[source] = 1
      open.push(source)
    }
  }
  return reaches
}

function bump(counts: Int32Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1
}

export function inevitableViolation<S>(graph: StateGraph<S>, marks: Uint8Array): Counterexample | undefined {
  const owing = withoutGoal(graph, marks)
  for (let state = 0; state < graph.size; state++) {
    if (owing[state] === 1 && mayStay(graph, state)) return graph.path(state)
  }
  for (const component of stronglyConnected(graph, owing)) {
    if (!isFair(graph, component)) continue
    const [first] = component
    const way = cycle(graph, new Set(component), required(first, 'a component has a state'))
    const path = graph.path(required(first, 'a component has a state'), way)
    return { ...path, cycleFrom: path.steps.length - way.length }
  }
  return undefined
}

/** Whether no actor can do anything here: the environment may leave it at that. */
function mayStay<S>(graph: StateGraph<S>, state: number): boolean {
  for (let step = graph.firstStep(state); step < graph.firstStep(state + 1); step++) {
    if (graph.actions[graph.actionOf(step)]?.by === 'actor') return false
  }
  return true
}

/** 1 for every state that is reached after `from` with `to` still owing. */
function withoutGoal<S>(graph: StateGraph<S>, marks: Uint8Array): Uint8Array {
  const owing = new Uint8Array(graph.size)
  const open: number[] = []
  const visit = (state: number): void => {
    if (owing[state] === 1 || ((marks[state] ?? 0) & isTo) !== 0) return
    owing[state] = 1
    open.push(state)
  }
  for (let state = 0; state < graph.size; state++) if (((marks[state] ?? 0) & isFrom) !== 0) visit(state)
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (let step = graph.firstStep(state); step < graph.firstStep(state + 1); step++)
      visit(graph.target(step))
  }
  return owing
}

/** Whether one may stay here for ever and yet pass no actor over that could act all the time. */
function isFair<S>(graph: StateGraph<S>, component: readonly number[]): boolean {
  const inside = new Set(component)
  const possibleEverywhere = new Map<number, number>()
  const taken = new Set<number>()
  for (const state of component) {
    const here = new Set<number>()
    for (let step = graph.firstStep(state); step < graph.firstStep(state + 1); step++) {
      const action = graph.actionOf(step)
      here.add(action)
      if (inside.has(graph.target(step))) taken.add(action)
    }
    for (const action of here) possibleEverywhere.set(action, (possibleEverywhere.get(action) ?? 0) + 1)
  }
  if (taken.size === 0) return false
  for (const [action, states] of possibleEverywhere) {
    const mustHappen = graph.actions[action]?.by === 'actor' && states === component.length
    if (mustHappen && !taken.has(action)) return false
  }
  return true
}

/** Steps from a state back to itself inside a component: a shortest such way. */
function cycle<S>(graph: StateGraph<S>, inside: ReadonlySet<number>, from: number): number[] {
  const cameBy = new Map<number, { readonly state: number; readonly step: number }>()
  const open = [from]
  for (let i = 0; i < open.length; i++) {
    const state = open[i] ?? from
    for (let step = graph.firstStep(state); step < graph.firstStep(state + 1); step++) {
      const to = graph.target(step)
      if (!inside.has(to)) continue
      if (to === from) return [...wayTo(cameBy, state), step]
      if (cameBy.has(to)) continue
      cameBy.set(to, { state, step })
      open.push(to)
    }
  }
  return []
}

function wayTo(cameBy: ReadonlyMap<number, { state: number; step: number }>, state: number): number[] {
  const steps: number[] = []
  for (let at = cameBy.get(state); at !== undefined; at = cameBy.get(at.state)) steps.push(at.step)
  return steps.reverse()
}
