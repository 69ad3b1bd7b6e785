// The shortest way through a model to a state or a step that one looks for: breadth first, remembering for each state only
// where it was found.
import { check } from './check.js'
import type { Finding } from './explorer.js'
import { Ints } from './ints.js'
import type { Action, Model } from './model.js'

/** What is looked for; either is enough. */
export interface Wanted<S> {
  state?(state: S): boolean
  step?(before: S, action: Action, after: S): boolean
}

export function shortestWay<S>(model: Model<S>, wanted: Wanted<S>, maxStates: number): Finding {
  const first = model.initial()
  if (wanted.state?.(first) === true) return { kind: 'found', way: [] }
  const known = new Set([model.key(first)])
  const parents = new Ints()
  const indexes = new Ints()
  parents.push(0)
  indexes.push(0)
  let open: S[] = [first]
  for (let number = 0; open.length > 0; ) {
    const level = open
    open = []
    for (const state of level) {
      const parent = number++
      let hit: number | undefined
      eachStep(model, state, (action, to, index) => {
        if (hit !== undefined) return
        const key = model.key(to)
        const isNew = !known.has(key)
        if (wanted.step?.(state, action, to) === true || (isNew && wanted.state?.(to) === true)) hit = index
        if (!isNew) return
        known.add(key)
        parents.push(parent)
        indexes.push(index)
        open.push(to)
      })
      if (hit !== undefined) return { kind: 'found', way: [...wayTo(parent, parents, indexes), hit] }
      if (known.size > maxStates) return { kind: 'tooFar', states: known.size }
    }
  }
  return { kind: 'nowhere', states: known.size }
}

/** For what only the whole graph shows: the checker's counterexample, as indexes of steps. */
export function wayOfViolation<S>(model: Model<S>, id: string, maxStates: number): Finding {
  const { violations, states, complete } = check(model, { maxStates })
  const found = violations.find(violation => violation.id === id)?.counterexample
  if (found === undefined) return { kind: complete ? 'nowhere' : 'tooFar', states }
  const way: number[] = []
  let state = model.initial()
  for (const wanted of found.steps) {
    const shown = JSON.stringify(wanted.state)
    const step: Array<{ to: S; index: number }> = []
    eachStep(model, state, (action, to, index) => {
      if (action === wanted.action && JSON.stringify(model.show(to)) === shown) step.push({ to, index })
    })
    if (step[0] === undefined) break
    state = step[0].to
    way.push(step[0].index)
  }
  return { kind: 'found', way }
}

/** A model that throws has no further steps from there. */
function eachStep<S>(model: Model<S>, state: S, take: (action: Action, to: S, index: number) => void): void {
  const steps: Array<[Action, S]> = []
  try {
    model.next(state, (action, to) => steps.push([action, to]))
  } catch {}
  steps.forEach(([action, to], index) => {
    take(action, to, index)
  })
}

function wayTo(state: number, parents: Ints, indexes: Ints): number[] {
  const way: number[] = []
  for (let at = state; at !== 0; at = parents.at(at)) way.push(indexes.at(at))
  return way.reverse()
}
