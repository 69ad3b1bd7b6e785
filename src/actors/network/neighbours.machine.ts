// The edges of the shared request queue as a step machine for the model checker: who wakes an idle handler, and who tells a
// Processor that there is room (request-channel.ts, neighbours.ts). One step is one atomic access; bells are doorbell.machine.ts.

export interface EdgesModel {
  readonly capacity: number
  /** Threads that read requests, and how many each of them reads. */
  readonly producers: readonly number[]
  /** Threads with one handler loop each. */
  readonly consumers: number
}

/**
 * push: a request into the queue. want, count: this thread waits for room. pushAgain: room made meanwhile is not told.
 * wake: looks for an idle handler. ring: its bell. blocked: until the bell.
 */
export type ProducerStep = 'push' | 'want' | 'count' | 'pushAgain' | 'wake' | 'ring' | 'blocked' | 'done'
/**
 * take: a loop that is not idle. idle: says that it waits. lookAgain: what was pushed before did not ring. waiting: until the
 * bell. answer, serve: takes for the waiting loop. busy: says so. announce: tells one thread after the other of the room.
 * passOn: who rang may have meant more than one request. ring: another idle thread. working: the handler.
 */
export type ConsumerStep =
  | 'take'
  | 'idle'
  | 'lookAgain'
  | 'waiting'
  | 'answer'
  | 'serve'
  | 'announce'
  | 'busy'
  | 'passOn'
  | 'wake'
  | 'ring'
  | 'working'

export interface EdgeProducer {
  readonly step: ProducerStep
  readonly left: number
  /** Whom it looks at next. */
  readonly at: number
  /** From whom the next search begins. */
  readonly next: number
  readonly bell: 0 | 1
  readonly room: 'notWaiting' | 'waits' | 'announced'
}

export interface EdgeConsumer {
  readonly step: ConsumerStep
  readonly at: number
  readonly next: number
  readonly bell: 0 | 1
  /** As the others see it. */
  readonly idle: 0 | 1
}

export interface EdgesState {
  readonly depth: number
  /** Threads that wait for room. */
  readonly wanting: number
  readonly taken: number
  readonly producers: readonly EdgeProducer[]
  readonly consumers: readonly EdgeConsumer[]
}

export function initialEdges({ producers, consumers }: EdgesModel): EdgesState {
  const consumer: EdgeConsumer = { step: 'take', at: 0, next: 0, bell: 0, idle: 0 }
  return {
    depth: 0,
    wanting: 0,
    taken: 0,
    producers: producers.map(left => ({
      step: left > 0 ? 'push' : 'done',
      left,
      at: 0,
      next: 0,
      bell: 0,
      room: 'notWaiting'
    })),
    consumers: new Array<EdgeConsumer>(consumers).fill(consumer)
  }
}

/** Every state that one atomic step of one thread can lead to. */
export function edgesSuccessors(model: EdgesModel, state: EdgesState): EdgesState[] {
  const produced = state.producers.map((_, index) => stepProducer(model, state, index))
  const consumed = state.consumers.map((_, index) => stepConsumer(model, state, index))
  const rung = state.consumers.map((_, index) => answerWhileWorking(state, index))
  return [...produced, ...consumed, ...rung].filter(next => next !== undefined)
}

/** Undefined: it waits for its bell, or is done. */
export function stepProducer(model: EdgesModel, state: EdgesState, index: number): EdgesState | undefined {
  const producer = state.producers[index]
  if (producer === undefined) return undefined
  const to = (change: Partial<EdgeProducer>, rest: Partial<EdgesState> = {}): EdgesState => ({
    ...state,
    ...rest,
    producers: state.producers.with(index, { ...producer, ...change })
  })
  const push = (otherwise: Partial<EdgeProducer>): EdgesState =>
    state.depth < model.capacity
      ? to({ step: 'wake', at: 0, left: producer.left - 1 }, { depth: state.depth + 1 })
      : to(otherwise)
  const onwards: ProducerStep = producer.left > 0 ? 'push' : 'done'
  const looksAt = (producer.next + producer.at) % model.consumers
  switch (producer.step) {
    case 'push':
      return push({ step: 'want' })
    case 'want':
      return to({ room: 'waits', step: producer.room === 'waits' ? 'pushAgain' : 'count' })
    case 'count':
      return to({ step: 'pushAgain' }, { wanting: state.wanting + 1 })
    case 'pushAgain':
      return push({ step: 'blocked' })
    case 'wake':
      if (producer.at === model.consumers) return to({ step: onwards })
      return state.consumers[looksAt]?.idle === 1 ? to({ step: 'ring' }) : to({ at: producer.at + 1 })
    case 'ring': {
      const rung = to({ step: onwards, next: (looksAt + 1) % model.consumers })
      return withBell(rung, looksAt)
    }
    default:
      if (producer.bell === 0) return undefined
      if (producer.room !== 'announced') return to({ bell: 0 })
      return to({ bell: 0, room: 'notWaiting', step: producer.step === 'blocked' ? 'push' : producer.step })
  }
}

/** Undefined: it waits for its bell. A handler that works ends with `take`. */
export function stepConsumer(model: EdgesModel, state: EdgesState, index: number): EdgesState | undefined {
  const consumer = state.consumers[index]
  if (consumer === undefined) return undefined
  const to = (change: Partial<EdgeConsumer>, rest: Partial<EdgesState> = {}): EdgesState => ({
    ...state,
    ...rest,
    consumers: state.consumers.with(index, { ...consumer, ...change })
  })
  const took: Partial<EdgesState> = { depth: state.depth - 1, taken: state.taken + 1 }
  const isEmpty = state.depth === 0
  switch (consumer.step) {
    case 'take':
      return isEmpty ? to({ step: 'idle' }) : to({ step: 'announce', at: 0 }, took)
    case 'idle':
      return to({ step: 'lookAgain', idle: 1 })
    case 'lookAgain':
      return to({ step: isEmpty ? 'waiting' : 'serve' })
    case 'answer':
      return to({ step: isEmpty ? 'waiting' : 'serve' })
    case 'serve':
      return isEmpty ? to({ step: 'waiting' }) : to({ step: 'announce', at: 0 }, took)
    case 'announce':
      return announce(state, consumer, to)
    case 'busy':
      return to({ step: 'passOn', idle: 0 })
    case 'passOn':
      return to({ step: isEmpty ? 'working' : 'wake', at: 1 })
    case 'wake': {
      if (consumer.at >= model.consumers) return to({ step: 'working' })
      const looksAt = (index + consumer.at) % model.consumers
      return state.consumers[looksAt]?.idle === 1 ? to({ step: 'ring' }) : to({ at: consumer.at + 1 })
    }
    case 'ring':
      return withBell(to({ step: 'working' }), (index + consumer.at) % model.consumers)
    case 'working':
      return to({ step: 'take' })
    default:
      return consumer.bell === 1 ? to({ step: 'answer', bell: 0 }) : undefined
  }
}

/** A bell that rings while the handler works finds no loop that waits. */
export function answerWhileWorking(state: EdgesState, index: number): EdgesState | undefined {
  const consumer = state.consumers[index]
  if (consumer?.step !== 'working' || consumer.bell === 0) return undefined
  return { ...state, consumers: state.consumers.with(index, { ...consumer, step: 'passOn', bell: 0 }) }
}

/** Place 0: whether anybody waits for room; then one thread after the other. */
function announce(
  state: EdgesState,
  consumer: EdgeConsumer,
  to: (change: Partial<EdgeConsumer>, rest?: Partial<EdgesState>) => EdgesState
): EdgesState {
  const onwards: ConsumerStep = consumer.idle === 1 ? 'busy' : 'working'
  if (consumer.at === 0) return state.wanting === 0 ? to({ step: onwards }) : to({ at: 1 })
  const place = consumer.at - 1
  const producer = state.producers[place]
  if (producer === undefined) return to({ step: onwards })
  if (producer.room !== 'waits') return to({ at: consumer.at + 1 })
  const producers = state.producers.with(place, { ...producer, room: 'announced', bell: 1 })
  return to({ at: consumer.at + 1 }, { producers, wanting: state.wanting - 1 })
}

function withBell(state: EdgesState, index: number): EdgesState {
  const consumer = state.consumers[index]
  if (consumer === undefined) return state
  return { ...state, consumers: state.consumers.with(index, { ...consumer, bell: 1 }) }
}
