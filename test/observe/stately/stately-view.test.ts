// Goal: a viewer never sees a state that nothing leads to, whatever it missed, and nobody looking costs nothing. Method: traces
// made by hand, with what is in between left out; a source that counts how often it is asked.
import { expect, test } from 'vitest'
import { packTrace, type ThreadTrace, type TracedActor } from '../../../src/actors/runtime/trace.js'
import { type InspectionEvent, stateValue } from '../../../src/observe/stately/stately-events.js'
import { StatelyFeed } from '../../../src/observe/stately/stately-feed.js'
import { type SeenActor, StatelyView } from '../../../src/observe/stately/stately-view.js'
import { machines } from '../../../src/verify/machines.js'

const actorOf = (machine: string, number: number): TracedActor => ({
  machine,
  name: number === 1 ? machine : `${machine}.${number}`,
  number,
  level: 'lifecycle'
})
type Step = readonly [
  number: number,
  actor: TracedActor,
  event: string,
  from: string,
  to: string,
  data?: string
]

const traceOf = (...steps: readonly Step[]): ThreadTrace =>
  packTrace(
    0,
    steps.map(([number, actor, event, from, to, data]) => ({
      number,
      atMs: number,
      actor,
      step: { event, from, to, actions: [] },
      data,
      context: undefined
    })),
    { lifecycle: 0, all: 0 }
  )

const options = { machines, wanted: () => true, wallMs: 1_000_000 }
const root: SeenActor = { thread: 0, machine: 'broker', name: 'broker', number: 1, state: 'running' }
const acceptor = actorOf('acceptor', 2)

/** `actor acceptor.2 listening`, `event noRoom`, `snapshot blocked (noRoom)` */
function said(events: Iterable<InspectionEvent>): string[] {
  return [...events].map(event => {
    if (event.type === '@xstate.event') return `event ${event.event.type}`
    const at = `${JSON.stringify(event.snapshot.value)} ${event.snapshot.status}`
    return event.type === '@xstate.actor'
      ? `actor ${event.name} ${at}`
      : `snapshot ${at} (${event.event.type})`
  })
}

test('steps that were missed are one snapshot that says so', () => {
  const view = new StatelyView(options)
  const first = traceOf([1, acceptor, 'xstate.init', '', 'idle'])
  expect(said(view.begin([root], [first], 0))).toEqual([
    'actor broker "running" active',
    'actor acceptor.2 "idle" active'
  ])
  const later = traceOf([9, acceptor, 'noSlot', 'listening', 'blocked.waitingForSlot'])
  expect(said(view.follow([later]))).toEqual([
    'snapshot "listening" active (odradek.skipped)',
    'event noSlot',
    'snapshot {"blocked":"waitingForSlot"} active (noSlot)'
  ])
  expect(said(view.follow([later]))).toEqual([])
})

test('an actor that ends is done, and what comes for it afterwards is not told', () => {
  const view = new StatelyView(options)
  expect(said(view.begin([root], [], 0))).toHaveLength(1)
  const end = traceOf(
    [1, acceptor, 'close', 'listening', 'closed'],
    [2, acceptor, 'close', 'closed', 'closed']
  )
  expect(said(view.follow([end]))).toEqual([
    'actor acceptor.2 "listening" active',
    'event close',
    'snapshot "closed" done (close)'
  ])
})

test('the past begins in the states of before', () => {
  const view = new StatelyView(options)
  const trace = traceOf(
    [1, acceptor, 'xstate.init', '', 'idle'],
    [2, acceptor, 'bind', 'idle', 'binding'],
    [3, acceptor, 'bound', 'binding', 'held'],
    [4, acceptor, 'open', 'held', 'listening', '{"port":1}']
  )
  const living = { thread: 0, ...acceptor, state: 'listening' }
  const events = [...view.begin([root, living], [trace], 2)]
  expect(said(events)).toEqual([
    'actor broker "running" active',
    'actor acceptor.2 "binding" active',
    'event bound',
    'snapshot "held" active (bound)',
    'event open',
    'snapshot "listening" active (open)'
  ])
  expect(events.at(-1)).toMatchObject({
    createdAt: '1000004',
    event: { type: 'open', port: 1 },
    snapshot: { value: 'listening' }
  })
})

test('a nested state is a nested value', () => {
  expect(stateValue('running')).toBe('running')
  expect(stateValue('a.b.c')).toEqual({ a: { b: 'c' } })
})

test('the threads are asked only while somebody watches, and not for one who has too much to take yet', async () => {
  const waiting: Array<() => void> = []
  const timers = {
    after: (_: number, run: () => void) => {
      waiting.push(run)
      return () => {}
    },
    every: () => () => {}
  }
  const asked: Array<number | undefined> = []
  const source = {
    actors: async () => [root],
    trace: async (since?: { after(thread: number): number }) => {
      asked.push(since?.after(0))
      return [traceOf([7, acceptor, 'xstate.init', '', 'idle'])]
    }
  }
  const feed = new StatelyFeed(source, timers, error => expect(error).toBeUndefined())
  const pass = async (): Promise<void> => {
    waiting.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
  expect([asked.length, waiting.length]).toEqual([0, 0])
  const viewer = { waitingBytes: 0, send: () => {} }
  await feed.add(viewer, options, 0)
  const slow = { waitingBytes: 1e9, send: () => {} }
  await feed.add(slow, options, 0)
  expect([asked, waiting.length]).toEqual([[undefined, undefined], 1])
  await pass()
  expect(asked.at(-1)).toBe(7)
  feed.remove(viewer)
  await pass()
  expect(asked).toHaveLength(3)
  feed.remove(slow)
  await pass()
  expect(waiting).toEqual([])
})
