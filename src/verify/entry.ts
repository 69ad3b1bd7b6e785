// A model under its name, with the bound that tests explore and the one that `npm run check` explores; the type of its
// states stays inside.
import { type CheckOptions, check } from './check.js'
import { type Explorer, explorerOf } from './explorer.js'
import type { Model, Report } from './model.js'
import { type WalkOptions, walk } from './walk.js'

export type Bound = 'small' | 'large'

export interface ModelEntry {
  readonly name: string
  readonly about: string
  check(bound: Bound, options?: CheckOptions): Report
  /** A long random way through the large bound; the same seed is the same way. */
  walk(bound: Bound, options: WalkOptions): Report
  explore(bound: Bound): Explorer
}

export function modelEntry<S>(build: (bound: Bound) => Model<S>): ModelEntry {
  const { name, about } = build('small')
  return {
    name,
    about,
    check: (bound, options) => check(build(bound), options),
    walk: (bound, options) => walk(build(bound), options),
    explore: bound => explorerOf(build(bound))
  }
}
