// The doorbell of doorbell.ts as a step machine for the model checker: threads that make work visible and ring, and the owner
// that lowers the word, looks at all that has come, and waits. One step is one atomic access.

export interface DoorbellModel {
  readonly ringers: number
  /** How often each of them rings. */
  readonly rings: number
}

/** lower: set the word to 0. look: at all the work. wait: unless the word is 1 already. asleep: until a notification. */
export type ListenerStep = 'lower' | 'look' | 'wait' | 'asleep'
/** publish: make the work visible. load: is it rung already? raise: set the word to 1. notify: whoever waits for it. */
export type RingerStep = 'publish' | 'load' | 'raise' | 'notify' | 'done'

export interface Ringer {
  readonly step: RingerStep
  readonly left: number
}

export interface DoorbellState {
  readonly word: 0 | 1
  /** Pieces of work that are visible, and how many of them the owner has seen. */
  readonly work: number
  readonly seen: number
  readonly owner: ListenerStep
  readonly ringers: readonly Ringer[]
}

export function initialDoorbell({ ringers, rings }: DoorbellModel): DoorbellState {
  const ringer: Ringer = { step: rings > 0 ? 'publish' : 'done', left: rings }
  return { word: 0, work: 0, seen: 0, owner: 'lower', ringers: new Array<Ringer>(ringers).fill(ringer) }
}

/** Every state that one atomic step of one thread can lead to. */
export function doorbellSuccessors(_: DoorbellModel, state: DoorbellState): DoorbellState[] {
  const own = stepListener(state)
  const others = state.ringers.map((_, index) => stepRinger(state, index))
  return [own, ...others].filter(next => next !== undefined)
}

/** Undefined: it is asleep. */
export function stepListener(state: DoorbellState): DoorbellState | undefined {
  switch (state.owner) {
    case 'lower':
      return { ...state, word: 0, owner: state.word === 1 ? 'look' : 'wait' }
    case 'look':
      return { ...state, seen: state.work, owner: 'wait' }
    case 'wait':
      return { ...state, owner: state.word === 0 ? 'asleep' : 'lower' }
    default:
      return undefined
  }
}

/** Undefined: it has rung as often as it was to. */
export function stepRinger(state: DoorbellState, index: number): DoorbellState | undefined {
  const { step, left } = state.ringers[index] ?? { step: 'done', left: 0 }
  const to = (next: RingerStep, rest: Partial<DoorbellState> = {}): DoorbellState => ({
    ...state,
    ...rest,
    ringers: state.ringers.with(index, { step: next, left })
  })
  const rung = (rest: Partial<DoorbellState> = {}): DoorbellState => ({
    ...state,
    ...rest,
    ringers: state.ringers.with(index, { step: left === 1 ? 'done' : 'publish', left: left - 1 })
  })
  switch (step) {
    case 'publish':
      return to('load', { work: state.work + 1 })
    case 'load':
      return state.word === 1 ? rung() : to('raise')
    case 'raise':
      return state.word === 0 ? to('notify', { word: 1 }) : rung()
    case 'notify':
      return rung(state.owner === 'asleep' ? { owner: 'lower' } : {})
    default:
      return undefined
  }
}
