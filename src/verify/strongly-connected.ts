// Tarjan's strongly connected components among some of the states, without recursion: graphs are millions of states deep.
// Only components in which one can go on for ever are given: more than one state, or a step to itself.
import type { StateGraph } from './state-graph.js'

export function* stronglyConnected<S>(graph: StateGraph<S>, among: Uint8Array): Generator<readonly number[]> {
  const { size } = graph
  const order = new Int32Array(size)
  const low = new Int32Array(size)
  const onStack = new Uint8Array(size)
  const stack: number[] = []
  // The way down: a state, and the step of it that is looked at next.
  const states: number[] = []
  const nextStep: number[] = []
  let count = 0
  const enter = (state: number): void => {
    order[state] = low[state] = ++count
    onStack[state] = 1
    stack.push(state)
    states.push(state)
    nextStep.push(graph.firstStep(state))
  }
  const lower = (state: number, to: number): void => {
    if (to < (low[state] ?? 0)) low[state] = to
  }
  for (let root = 0; root < size; root++) {
    if (among[root] === 0 || order[root] !== 0) continue
    enter(root)
    while (states.length > 0) {
      const top = states.length - 1
      const state = states[top] ?? 0
      const step = nextStep[top] ?? 0
      if (step < graph.firstStep(state + 1)) {
        nextStep[top] = step + 1
        const to = graph.target(step)
        if (among[to] === 0) continue
        if (order[to] === 0) enter(to)
        else if (onStack[to] === 1) lower(state, order[to] ?? 0)
        continue
      }
      states.pop()
      nextStep.pop()
      const above = states[top - 1]
      if (above !== undefined) lower(above, low[state] ?? 0)
      if (low[state] !== order[state]) continue
      const component = taken(stack, state, onStack)
      if (component.length > 1 || stepsToItself(graph, state)) yield component
    }
  }
}

function taken(stack: number[], until: number, onStack: Uint8Array): number[] {
  const component: number[] = []
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    onStack[state] = 0
    component.push(state)
    if (state === until) break
  }
  return component.reverse()
}

function stepsToItself<S>(graph: StateGraph<S>, state: number): boolean {
  for (let step = graph.firstStep(state); step < graph.firstStep(state + 1); step++) {
    if (graph.target(step) === state) return true
  }
  return false
}
