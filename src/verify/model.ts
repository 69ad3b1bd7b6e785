// What a model is: executed machines, their mailboxes and an environment, put together as states and steps. The checker
// (check.ts) walks all of them; nothing here knows which machines they are.

/** One thing that can happen. Made once and used for every step of its kind: the checker compares actions by identity. */
export interface Action {
  /** Who does it; one of the model's parts. */
  readonly from: string
  /** Whom it reaches; the same part for something that happens inside. */
  readonly to: string
  /** Read after `from`: "sends a request". */
  readonly says: string
  /** `actor`: happens in the end if it stays possible (weak fairness). `environment`: may happen, or never. */
  readonly by: 'actor' | 'environment'
  /** It ends things: random ways take it seldom, to come further. */
  readonly isRare?: boolean
}

/** `I-07`: an invariant of docs/verification.md. Others are the model's own: lower case words with hyphens. */
export type PropertyId = string

/** Holds in every state. */
export interface Safety<S> {
  readonly id: PropertyId
  /** What holds, as a sentence. */
  readonly says: string
  holds(state: S): boolean
}

/** Holds for every step. */
export interface StepSafety<S> {
  readonly id: PropertyId
  readonly says: string
  holds(before: S, action: Action, after: S): boolean
}

/** Once `from` holds, `to` holds later or now. */
export interface Eventually<S> {
  readonly id: PropertyId
  readonly says: string
  from(state: S): boolean
  to(state: S): boolean
}

/** A situation that has to occur: a model that quietly shrank is noticed by what no longer happens. */
export interface Sometimes<S> {
  readonly says: string
  holds(state: S): boolean
}

export interface Model<S> {
  readonly name: string
  /** What is composed, and the bounds. */
  readonly about: string
  /** In the order in which a drawing has them, left to right. */
  readonly parts: readonly string[]
  initial(): S
  /** Every step that is possible; must be deterministic in its order. States are values: never changed afterwards. */
  next(state: S, step: (action: Action, to: S) => void): void
  /** Equal keys are one state. Symmetry lives here: states that differ only in who is who may share a key. */
  key(state: S): string
  /** Part -> its state in words, for people. */
  show(state: S): Readonly<Record<string, string>>
  /** Whether it is right that nothing can happen any more; where not, it is a deadlock. */
  mayRest(state: S): boolean
  readonly always?: readonly Safety<S>[]
  readonly everyStep?: readonly StepSafety<S>[]
  /** From every state with `from`, some way leads to `to`. */
  readonly possible?: readonly Eventually<S>[]
  /** Every fair way leads there: no rest and no cycle without it. */
  readonly inevitable?: readonly Eventually<S>[]
  readonly sometimes: readonly Sometimes<S>[]
}

export interface PathStep {
  readonly action: Action
  /** After the action. */
  readonly state: Readonly<Record<string, string>>
}

export interface Counterexample {
  /** Those of the model, in its order. */
  readonly parts: readonly string[]
  readonly initial: Readonly<Record<string, string>>
  readonly steps: readonly PathStep[]
  /** A cycle begins with this step (its index) and ends with the last; undefined: the path just ends. */
  readonly cycleFrom?: number
}

/** Also used as ids: a rest that `mayRest` does not allow, an exception in a step, a bound that was hit, a missing `sometimes`. */
export type BuiltInId = 'no-deadlock' | 'no-exception' | 'bound' | 'sometimes'

export interface Violation {
  readonly id: PropertyId
  readonly says: string
  readonly counterexample?: Counterexample
}

export interface Report {
  readonly model: string
  readonly states: number
  readonly transitions: number
  /** Steps of the longest of all shortest paths. */
  readonly depth: number
  /** Every reachable state was seen. */
  readonly complete: boolean
  readonly ms: number
  readonly violations: readonly Violation[]
}
