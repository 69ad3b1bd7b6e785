// Each kind of step as one object, found by its names without making anything: entries of a trace share it.
import type { TracedStep } from './trace.js'

interface Place {
  readonly next: Map<string, Place>
  step: TracedStep | undefined
}

/** Beyond that many kinds (names made from data?) steps are objects of their own, which go with their entries. */
const mostKinds = 8192

const root: Place = { next: new Map(), step: undefined }
let kinds = 0

/** The step of these names; the same object for the same names. */
export function tracedStep(
  event: string,
  from: string,
  to: string,
  actions: readonly { readonly type: string }[]
): TracedStep {
  let place = below(below(below(root, event), from), to)
  for (const { type } of actions) place = below(place, type)
  if (place.step !== undefined) return place.step
  const step: TracedStep = { event, from, to, actions: actions.map(({ type }) => type) }
  if (kinds < mostKinds) {
    kinds++
    place.step = step
  }
  return step
}

function below(place: Place, name: string): Place {
  const known = place.next.get(name)
  if (known !== undefined) return known
  const made: Place = { next: new Map(), step: undefined }
  if (kinds < mostKinds) place.next.set(name, made)
  return made
}
