// A model to click through: a way is the index of each step among those that were possible. Every answer is worked out from
// the first state, so that a way can be kept as a link. The type of the model's states stays inside.
import { errorMessage } from '../errors.js'
import { type Change, changes } from './counterexample.js'
import type { Action, Counterexample, Eventually, Model, PathStep } from './model.js'
import { shortestWay, wayOfViolation } from './shortest-way.js'

/** Index of each step among those that were possible. */
export type Way = readonly number[]

export interface Explorer {
  readonly name: string
  readonly about: string
  /** Undefined where one of the steps does not exist. */
  at(way: Way): Situation | undefined
  /** The steps of a way, for a drawing; undefined where one does not exist. */
  story(way: Way): Counterexample | undefined
  /** What one may look for, in the order of the model. */
  readonly goals: readonly Goal[]
  /** The shortest way to a goal; takes as long as the model is large. */
  find(goal: string): Finding
}

export interface Goal {
  /** `sometimes.0`, `broken.I-07`. */
  readonly id: string
  readonly says: string
}

export type Finding =
  | { readonly kind: 'found'; readonly way: Way }
  /** No way leads there. */
  | { readonly kind: 'nowhere'; readonly states: number }
  /** So many states were not enough. */
  | { readonly kind: 'tooFar'; readonly states: number }
  | { readonly kind: 'unknown' }

export interface Situation {
  readonly state: Readonly<Record<string, string>>
  /** What the last step changed. */
  readonly changed: readonly Change[]
  readonly taken: readonly Action[]
  readonly next: readonly NextStep[]
  readonly properties: readonly PropertyStatus[]
  readonly sometimes: readonly { readonly says: string; readonly holds: boolean }[]
  /** Whether anything changes from here on, and whether it is right where nothing does. */
  readonly rest: 'goesOn' | 'mayRest' | 'deadlock'
  /** What the model threw when it was asked for the next steps. */
  readonly exception?: string
}

export interface NextStep {
  readonly action: Action
  readonly changes: readonly Change[]
}

export interface PropertyStatus {
  readonly id: string
  readonly says: string
  readonly kind: 'everyState' | 'everyStep' | 'possible' | 'inevitable'
  /** `owed`: has to happen and has not yet; `idle`: nothing is asked here. */
  readonly status: 'holds' | 'broken' | 'owed' | 'idle'
}

interface Step<S> {
  readonly action: Action
  readonly to: S
}

/** `maxStates`: how far `find` looks. */
export function explorerOf<S>(model: Model<S>, maxStates = 5_000_000): Explorer {
  return {
    name: model.name,
    about: model.about,
    at: way => {
      const steps = follow(model, way)
      return steps === undefined ? undefined : situation(model, steps)
    },
    story: way => {
      const steps = follow(model, way)
      if (steps === undefined) return undefined
      const shown: PathStep[] = steps.map(({ action, to }) => ({ action, state: model.show(to) }))
      return { parts: model.parts, initial: model.show(model.initial()), steps: shown }
    },
    goals: goalsOf(model),
    find: goal => find(model, goal, maxStates)
  }
}

function follow<S>(model: Model<S>, way: Way): readonly Step<S>[] | undefined {
  const taken: Step<S>[] = []
  let state = model.initial()
  for (const index of way) {
    const step = nextOf(model, state).steps[index]
    if (step === undefined) return undefined
    taken.push(step)
    state = step.to
  }
  return taken
}

function nextOf<S>(model: Model<S>, state: S): { readonly steps: readonly Step<S>[]; exception?: string } {
  const steps: Step<S>[] = []
  try {
    model.next(state, (action, to) => steps.push({ action, to }))
  } catch (error) {
    return { steps, exception: errorMessage(error) }
  }
  return { steps }
}

function situation<S>(model: Model<S>, taken: readonly Step<S>[]): Situation {
  const state = taken.at(-1)?.to ?? model.initial()
  const before = taken.at(-2)?.to ?? model.initial()
  const { steps, ...thrown } = nextOf(model, state)
  const shown = model.show(state)
  return {
    state: shown,
    changed: changes(model.show(before), shown),
    taken: taken.map(({ action }) => action),
    next: steps.map(({ action, to }) => ({ action, changes: changes(shown, model.show(to)) })),
    properties: propertiesAt(model, before, taken.at(-1)?.action, state),
    sometimes: model.sometimes.map(({ says, holds }) => ({ says, holds: holds(state) })),
    rest: restOf(model, state),
    ...thrown
  }
}

function restOf<S>(model: Model<S>, state: S): Situation['rest'] {
  const key = model.key(state)
  const { steps, exception } = nextOf(model, state)
  if (exception !== undefined || steps.some(({ to }) => model.key(to) !== key)) return 'goesOn'
  return model.mayRest(state) ? 'mayRest' : 'deadlock'
}

function propertiesAt<S>(
  { always = [], everyStep = [], possible = [], inevitable = [] }: Model<S>,
  before: S,
  action: Action | undefined,
  state: S
): readonly PropertyStatus[] {
  const kept = (holds: boolean): PropertyStatus['status'] => (holds ? 'holds' : 'broken')
  const owed = ({ from, to }: Eventually<S>): PropertyStatus['status'] => {
    if (to(state)) return 'holds'
    return from(state) ? 'owed' : 'idle'
  }
  return [
    ...always.map(({ id, says, holds }) => ({
      id,
      says,
      kind: 'everyState' as const,
      status: kept(holds(state))
    })),
    ...everyStep.map(({ id, says, holds }) => ({
      id,
      says,
      kind: 'everyStep' as const,
      status: action === undefined ? ('idle' as const) : kept(holds(before, action, state))
    })),
    ...possible.map(each => ({
      id: each.id,
      says: each.says,
      kind: 'possible' as const,
      status: owed(each)
    })),
    ...inevitable.map(each => ({
      id: each.id,
      says: each.says,
      kind: 'inevitable' as const,
      status: owed(each)
    }))
  ]
}

function goalsOf<S>(model: Model<S>): readonly Goal[] {
  const { always = [], everyStep = [], possible = [], inevitable = [] } = model
  // Several properties may share an id: they are looked for together, as the checker reports them.
  const broken = new Map<string, string>()
  for (const { id, says } of [...always, ...everyStep, ...possible, ...inevitable])
    broken.set(id, broken.has(id) ? `${broken.get(id)}; ${says}` : says)
  return [
    ...model.sometimes.map(({ says }, index) => ({ id: `sometimes.${index}`, says })),
    ...[...broken].map(([id, says]) => ({ id: `broken.${id}`, says })),
    { id: 'broken.no-deadlock', says: 'something can always happen until all is over' },
    { id: 'broken.no-exception', says: 'nothing throws' }
  ]
}

function find<S>(model: Model<S>, goal: string, maxStates: number): Finding {
  const [, kind, name = ''] = /^(sometimes|broken)\.(.+)$/.exec(goal) ?? []
  if (kind === 'sometimes') {
    const wanted = model.sometimes[Number(name)]
    if (wanted === undefined) return { kind: 'unknown' }
    return shortestWay(model, { state: state => wanted.holds(state) }, maxStates)
  }
  if (kind === undefined || !goalsOf(model).some(({ id }) => id === goal)) return { kind: 'unknown' }
  const states = model.always?.filter(({ id }) => id === name) ?? []
  const steps = model.everyStep?.filter(({ id }) => id === name) ?? []
  if (states.length + steps.length > 0) {
    const found = shortestWay(
      model,
      {
        state: each => states.some(({ holds }) => !holds(each)),
        step: (before, action, to) => steps.some(({ holds }) => !holds(before, action, to))
      },
      maxStates
    )
    const isOwed = [...(model.possible ?? []), ...(model.inevitable ?? [])].some(({ id }) => id === name)
    if (found.kind !== 'nowhere' || !isOwed) return found
  }
  if (name === 'no-deadlock')
    return shortestWay(model, { state: each => restOf(model, each) === 'deadlock' }, maxStates)
  if (name === 'no-exception')
    return shortestWay(model, { state: each => nextOf(model, each).exception !== undefined }, maxStates)
  return wayOfViolation(model, name, maxStates)
}
