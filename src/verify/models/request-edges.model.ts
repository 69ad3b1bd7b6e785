// The edges of the request queue that all threads share, under every interleaving: no request stays beside an idle handler,
// no Processor waits for room that is there. A handler may work for ever on one request.
import {
  answerWhileWorking,
  type ConsumerStep,
  type EdgesModel,
  type EdgesState,
  initialEdges,
  type ProducerStep,
  stepConsumer,
  stepProducer
} from '../../actors/network/neighbours.machine.js'
import { modelEntry } from '../entry.js'
import type { Action, Model } from '../model.js'

export interface EdgesBounds extends EdgesModel {
  /** The first so many handlers may never end. */
  readonly stuck: number
}

export interface EdgesModelOverrides {
  readonly producer?: typeof stepProducer
  readonly consumer?: typeof stepConsumer
  readonly whileWorking?: typeof answerWhileWorking
}

const memory = 'memory'
const most = 4
const producerSteps: Readonly<Record<ProducerStep, string>> = {
  push: 'puts a request into the queue, if there is room',
  want: 'says that it waits for room',
  count: 'counts itself among those that wait',
  pushAgain: 'tries once more',
  wake: 'looks whether a handler is idle',
  ring: 'rings',
  blocked: 'answers its bell',
  done: 'answers its bell, though it has nothing left'
}
const consumerSteps: Readonly<Record<ConsumerStep, string>> = {
  take: 'looks into the queue',
  idle: 'says that it is idle',
  lookAgain: 'looks whether something came meanwhile',
  waiting: 'hears its bell',
  answer: 'looks into the queue, since it was rung',
  serve: 'takes the request for the loop that waits',
  announce: 'tells of the room',
  busy: 'says that it is no longer idle',
  passOn: 'looks whether more is queued',
  wake: 'looks whether another handler is idle',
  ring: 'rings for it',
  working: 'ends its work'
}
const producerNames = Object.keys(producerSteps)
const consumerNames = Object.keys(consumerSteps)

function actionsOf<Step extends string>(
  kind: string,
  says: Readonly<Record<Step, string>>
): readonly ReadonlyMap<string, Action>[] {
  return Array.from({ length: most }, (_, index) => {
    const from = `${kind} ${index + 1}`
    const entries = Object.entries<string>(says).map(([step, text]): [string, Action] => [
      step,
      { from, to: memory, says: text, by: 'actor' }
    ])
    return new Map(entries)
  })
}
const producerActions = actionsOf('processor', producerSteps)
const consumerActions = actionsOf('handler', consumerSteps)
const lateBells = consumerActions.map((_, index): Action => {
  const from = `handler ${index + 1}`
  return { from, to: memory, says: 'is rung while it works', by: 'actor' }
})
const mayNeverEnd = consumerActions.map((_, index): Action => {
  const from = `handler ${index + 1}`
  return { from, to: memory, says: 'ends its work, which it need not', by: 'environment' }
})
const rooms = ['notWaiting', 'waits', 'announced']

export function edgesModel(bounds: EdgesBounds, overrides: EdgesModelOverrides = {}): Model<EdgesState> {
  const { producers, consumers, capacity, stuck } = bounds
  const produce = overrides.producer ?? stepProducer
  const consume = overrides.consumer ?? stepConsumer
  const whileWorking = overrides.whileWorking ?? answerWhileWorking
  const requests = producers.reduce((sum, each) => sum + each, 0)
  const isAllTaken = ({ taken }: EdgesState): boolean => taken === requests
  const blockedIsHeard = producers.map((_, index) => ({
    id: 'I-16',
    says: `processor ${index + 1} does not wait for ever for room`,
    from: (state: EdgesState) => state.producers[index]?.step === 'blocked',
    to: (state: EdgesState) => state.producers[index]?.step !== 'blocked'
  }))
  return {
    name: 'request-edges',
    about: `${producers.length} threads read ${requests} requests for a queue of ${capacity}, ${consumers} handle them, ${stuck} may never end`,
    parts: [...partsOf('processor', producers.length), memory, ...partsOf('handler', consumers)],
    initial: () => initialEdges(bounds),
    next(state, step) {
      state.producers.forEach((each, index) => {
        const action = producerActions[index]?.get(each.step)
        const after = produce(bounds, state, index)
        if (action !== undefined && after !== undefined) step(action, after)
      })
      state.consumers.forEach((each, index) => {
        const action =
          each.step === 'working' && index < stuck
            ? mayNeverEnd[index]
            : consumerActions[index]?.get(each.step)
        const after = consume(bounds, state, index)
        if (action !== undefined && after !== undefined) step(action, after)
        const late = whileWorking(state, index)
        const rung = lateBells[index]
        if (late !== undefined && rung !== undefined) step(rung, late)
      })
    },
    key: edgesKey,
    show: state => ({
      [memory]: `${state.depth} queued, ${state.wanting} threads wait for room`,
      ...Object.fromEntries(state.producers.map(({ step }, index) => [`processor ${index + 1}`, step])),
      ...Object.fromEntries(state.consumers.map(({ step }, index) => [`handler ${index + 1}`, step]))
    }),
    mayRest: isAllTaken,
    always: [
      {
        id: 'I-10',
        says: 'the queue holds at most what it may',
        holds: ({ depth }) => depth >= 0 && depth <= capacity
      }
    ],
    inevitable: [
      {
        id: 'I-14',
        says: 'every request is taken while one handler lives that is not busy for ever',
        from: () => true,
        to: isAllTaken
      },
      ...blockedIsHeard
    ],
    sometimes: [
      {
        says: 'a thread waits for room',
        holds: state => state.producers.some(({ step }) => step === 'blocked')
      },
      {
        says: 'a handler is rung while it works',
        holds: state => state.consumers.some(({ step, bell }) => step === 'working' && bell === 1)
      },
      {
        says: 'all handlers are idle and all is done',
        holds: state => isAllTaken(state) && state.consumers.every(({ step }) => step === 'waiting')
      }
    ]
  }
}

const partsOf = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${kind} ${index + 1}`)

function edgesKey({ depth, wanting, taken, producers, consumers }: EdgesState): string {
  let key = String.fromCharCode(depth, wanting + 1, taken)
  for (const { step, left, at, next, bell, room } of producers)
    key += String.fromCharCode(
      producerNames.indexOf(step) + 16 * bell + 32 * rooms.indexOf(room),
      left,
      at + 8 * next
    )
  for (const { step, at, bell, idle } of consumers)
    key += String.fromCharCode(
      consumerNames.indexOf(step) + 16 * bell + 32 * idle,
      isSearching(step) ? at : 0
    )
  return key
}

/** Where the search was has no meaning afterwards. */
const isSearching = (step: ConsumerStep): boolean => ['announce', 'wake', 'ring'].includes(step)

export const requestEdgesEntry = modelEntry(bound =>
  edgesModel({
    capacity: 1,
    producers: bound === 'small' ? [1, 1] : [2, 1],
    consumers: 2,
    stuck: 1
  })
)
