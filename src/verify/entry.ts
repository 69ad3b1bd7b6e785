// A model under its name, with the bound that tests explore and the one that `npm run check` explores; the type of its
// states stays inside.
import { type CheckOptions, check } from './check.js'
import { type Explorer, explorerOf } from './explorer.js'
import type { Model, PropertyId, Report } from './model.js'
import { type WalkOptions, walk } from './walk.js'

/** `huge`: for random ways only, where a model has it; elsewhere the large one. */
export type Bound = 'small' | 'large' | 'huge'

/** A property of a model, as a reader of a list wants it. */
export interface PropertyLine {
  readonly id: PropertyId
  readonly says: string
  readonly kind: 'always' | 'every step' | 'possible' | 'inevitable' | 'sometimes'
}

export interface ModelEntry {
  readonly name: string
  readonly about: string
  readonly properties: readonly PropertyLine[]
  check(bound: Bound, options?: CheckOptions): Report
  /** Long random ways; the same seed is the same way. */
  walk(bound: Bound, options: WalkOptions): Report
  explore(bound: Bound): Explorer
}

export function modelEntry<S>(build: (bound: Bound) => Model<S>): ModelEntry {
  const model = build('small')
  return {
    name: model.name,
    about: model.about,
    properties: propertiesOf(model),
    check: (bound, options) => check(build(bound), options),
    walk: (bound, options) => walk(build(bound), options),
    explore: bound => explorerOf(build(bound))
  }
}

function propertiesOf<S>(model: Model<S>): PropertyLine[] {
  const { always = [], everyStep = [], possible = [], inevitable = [], sometimes } = model
  const lines = (
    kind: PropertyLine['kind'],
    list: ReadonlyArray<{ id?: PropertyId; says: string }>
  ): PropertyLine[] => list.map(({ id = 'sometimes', says }) => ({ id, says, kind }))
  return [
    ...lines('always', always),
    ...lines('every step', everyStep),
    ...lines('possible', possible),
    ...lines('inevitable', inevitable),
    ...lines('sometimes', sometimes)
  ]
}
