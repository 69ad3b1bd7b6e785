// The ring of ring.ts as a step machine for the model checker: each thread's program counter is a state, each step is one
// atomic access to shared memory. All interleavings of these steps are all that can happen.

export interface RingModel {
  readonly capacity: number
  /** Messages each producer pushes, in order. */
  readonly producers: ReadonlyArray<readonly number[]>
  /** How many messages each consumer takes before it ends. */
  readonly consumers: readonly number[]
  /** Positions wrap here: a multiple of the capacity, larger than what is in flight at once. */
  readonly positions: number
  /** Where both cursors begin; just below the wrap it is met early. Default 0. */
  readonly startAt?: number
}

/** look: read the cursor. check: read the slot's sequence. claim: compare-and-set the cursor. copy: the slot. publish: its sequence. */
export type RingStep = 'look' | 'check' | 'claim' | 'copy' | 'publish' | 'crashed' | 'done'

export interface RingThread {
  readonly step: RingStep
  readonly position: number
  readonly held: number
  /** A producer: messages pushed. A consumer: messages taken, in order. */
  readonly log: readonly number[]
}

export interface RingState {
  readonly pushAt: number
  readonly popAt: number
  readonly sequences: readonly number[]
  readonly slots: readonly number[]
  /** Producers first, then consumers. */
  readonly threads: readonly RingThread[]
}

const none = -1

export function initialRing(model: RingModel): RingState {
  const { capacity, producers, consumers, positions, startAt = 0 } = model
  const thread: RingThread = { step: 'look', position: 0, held: none, log: [] }
  const sequences = new Array<number>(capacity).fill(0)
  for (let i = 0; i < capacity; i++) {
    const position = (startAt + i) % positions
    sequences[position % capacity] = position * 2
  }
  return {
    pushAt: startAt,
    popAt: startAt,
    sequences,
    slots: new Array<number>(capacity).fill(none),
    threads: [...producers, ...consumers].map(() => thread)
  }
}

/** Every state that one atomic step of one thread can lead to. A refused push or pop returns to `look`. */
export function ringSuccessors(model: RingModel, state: RingState): RingState[] {
  return state.threads.flatMap((thread, index) => {
    if (thread.step === 'done' || thread.step === 'crashed') return []
    return [stepRing(model, state, index)]
  })
}

/** The thread takes no further step: a worker that died. */
export function crashRing(state: RingState, index: number): RingState {
  return withThread(state, index, { step: 'crashed' })
}

/** One atomic step of one thread; the same state for a thread that has ended. */
export function stepRing(model: RingModel, state: RingState, index: number): RingState {
  const thread = state.threads[index]
  if (thread === undefined) return state
  const pushes = index < model.producers.length
  const slot = thread.position % model.capacity
  switch (thread.step) {
    case 'look': {
      const position = pushes ? state.pushAt : state.popAt
      return withThread(
        state,
        index,
        isFinished(model, thread, index) ? { step: 'done' } : { step: 'check', position }
      )
    }
    case 'check': {
      const ready = state.sequences[slot] === thread.position * 2 + (pushes ? 0 : 1)
      return withThread(state, index, { step: ready ? 'claim' : 'look' })
    }
    case 'claim': {
      const cursor = pushes ? state.pushAt : state.popAt
      if (cursor !== thread.position) return withThread(state, index, { step: 'look' })
      const next = (thread.position + 1) % model.positions
      const claimed = pushes ? { ...state, pushAt: next } : { ...state, popAt: next }
      return withThread(claimed, index, { step: 'copy' })
    }
    case 'copy':
      if (!pushes) return withThread(state, index, { step: 'publish', held: state.slots[slot] ?? none })
      return withThread(
        { ...state, slots: state.slots.with(slot, model.producers[index]?.[thread.log.length] ?? none) },
        index,
        { step: 'publish' }
      )
    case 'publish': {
      const turn = thread.position * 2 + (pushes ? 1 : model.capacity * 2)
      const sequences = state.sequences.with(slot, turn % (model.positions * 2))
      const message = pushes ? (model.producers[index]?.[thread.log.length] ?? none) : thread.held
      return withThread({ ...state, sequences }, index, {
        step: 'look',
        held: none,
        log: [...thread.log, message]
      })
    }
    default:
      return state
  }
}

function isFinished(model: RingModel, { log }: RingThread, index: number): boolean {
  const wanted = model.producers[index]?.length ?? model.consumers[index - model.producers.length] ?? 0
  return log.length >= wanted
}

function withThread(state: RingState, index: number, change: Partial<RingThread>): RingState {
  const thread = state.threads[index]
  return thread === undefined
    ? state
    : { ...state, threads: state.threads.with(index, { ...thread, ...change }) }
}
