// A way through a model as data, for who plays it step by step: the inspector's page reads these files. Of each step only what
// it changed.
import { changes } from './counterexample.js'
import type { Counterexample, Report } from './model.js'

export interface WayFile {
  readonly odradek: 'way'
  readonly model: string
  /** Where it leads, or what does not hold at its end, as a sentence. */
  readonly says: string
  /** Of a counterexample: the property that does not hold. */
  readonly property?: string
  readonly parts: readonly string[]
  readonly initial: Readonly<Record<string, string>>
  readonly steps: readonly WayStep[]
  /** Index of the step with which a cycle begins; the last one ends it. */
  readonly cycleFrom?: number
}

export interface WayStep {
  readonly from: string
  readonly to: string
  /** Read after `from`. */
  readonly says: string
  readonly by: 'actor' | 'environment'
  /** Part -> its state afterwards, in words. */
  readonly changes: Readonly<Record<string, string>>
}

export function wayFile(about: Pick<WayFile, 'model' | 'says' | 'property'>, way: Counterexample): WayFile {
  const { parts, initial, cycleFrom } = way
  let before = initial
  const steps = way.steps.map(({ action: { from, to, says, by }, state }) => {
    const changed = changes(before, state).map(({ part, after }) => [part, after] as const)
    before = state
    return { from, to, says, by, changes: Object.fromEntries(changed) }
  })
  return {
    odradek: 'way',
    ...about,
    parts,
    initial,
    steps,
    ...(cycleFrom === undefined ? {} : { cycleFrom })
  }
}

/** One file for each violation that has a way to it: `<model>-<property id>.json`. */
export function wayFiles({ model, violations }: Report): readonly { file: string; text: string }[] {
  return violations.flatMap(({ id, says, counterexample }) => {
    if (counterexample === undefined) return []
    const file = `${`${model}-${id}`.replace(/[^\w.-]+/g, '-')}.json`
    return [{ file, text: wayText(wayFile({ model, property: id, says }, counterexample)) }]
  })
}

/** One step a line, for who compares two of them. */
export function wayText({ steps, ...way }: WayFile): string {
  const head = JSON.stringify(way).slice(0, -1)
  return `${head},"steps":[\n${steps.map(step => JSON.stringify(step)).join(',\n')}\n]}\n`
}
