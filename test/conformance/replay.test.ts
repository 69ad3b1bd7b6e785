// Goal: a replay finds every wrong entry and names it, and counts what a trace cannot say. Method: the trace of a real broker
// with one entry changed in one field; traces of small machines with parts missing.
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { driveMachine } from '../../src/actors/runtime/actor.js'
import { Tap } from '../../src/actors/runtime/tap.js'
import {
  entriesOf,
  missingTrace,
  packTrace,
  type ThreadTrace,
  type TracedStep,
  type TraceEntry
} from '../../src/actors/runtime/trace.js'
import { startBroker } from '../../src/index.js'
import { type Divergence, divergenceText, replay } from '../../src/verify/replay.js'
import { append, createTopic, readAll } from '../broker/support.js'
import { WireClient } from '../support/wire-client.js'

type Entry = Omit<TraceEntry, 'thread'>

const broker = await startBroker({ overrides: { 'odradek.trace': 'all' } })
const client = await WireClient.connect(broker.bootstrapServers)
await createTopic(client, 'traced')
await append(client, 'traced', 0, ['one'])
await readAll(client, 'traced', 0)
client.close()
await broker.close()
const [real] = await broker.trace()
if (real === undefined) throw new Error('a broker has a main thread')
const entries: readonly Entry[] = [...entriesOf(real)]

/** The trace with one entry changed; the place of the first that fits. */
function falsified(
  fits: (entry: Entry) => boolean,
  change: (entry: Entry, place: number) => Entry | undefined
): ThreadTrace {
  const place = entries.findIndex(fits)
  const found = entries[place]
  if (found === undefined) throw new Error('no such entry')
  const changed = change(found, place)
  const others = entries.filter((_, i) => i !== place)
  const all = changed === undefined ? others : [...others.slice(0, place), changed, ...others.slice(place)]
  return packTrace(0, all, { lifecycle: 0, all: 0 })
}

const is = (machine: string, event: string) => (entry: Entry) =>
  entry.actor.machine === machine && entry.step.event === event
const withStep = (change: Partial<TracedStep>) => (entry: Entry) => ({
  ...entry,
  step: { ...entry.step, ...change }
})
const namesOf = (divergences: readonly Divergence[]): string[] =>
  divergences.map(({ actor, what }) => `${what} of ${actor.replace(/\..*/, '')}`)

test('what a broker did is what its machines do', () => {
  const report = replay([real])
  expect(report.divergences.map(divergenceText)).toEqual([])
  expect(report.entries).toBeGreaterThan(100)
  expect(report).toMatchObject({ gaps: [], resumed: 0, unchecked: 0, illegal: [] })
  expect(report.joint.get('open|mutedAndResponsePending|handling')?.times).toBeGreaterThan(3)
})

test.each([
  [
    'another actor',
    is('channel', 'close'),
    (entry: Entry) => ({ ...entry, actor: actorOf('broker') }),
    'from of broker'
  ],
  [
    'another machine',
    is('exchange', 'received'),
    (entry: Entry) => ({ ...entry, actor: { ...entry.actor, machine: 'acceptor', number: 4711 } }),
    'beginning of exchange'
  ],
  [
    'no such machine',
    is('broker', 'xstate.init'),
    (entry: Entry) => ({ ...entry, actor: { ...entry.actor, machine: 'ghost' } }),
    'machine of broker'
  ],
  ['another event', is('exchange', 'enqueued'), withStep({ event: 'sent' }), 'to of exchange'],
  [
    'an event that nobody knows',
    is('processor', 'start'),
    withStep({ event: 'begin' }),
    'event of processor'
  ],
  [
    'a delay that does not run',
    is('processor', 'start'),
    withStep({ event: 'xstate.after.patience.processor.starting' }),
    'event of processor'
  ],
  [
    'another state before',
    is('channelMute', 'requestReceived'),
    withStep({ from: 'notMuted' }),
    'from of channelMute'
  ],
  ['another state after', is('handler', 'requestTaken'), withStep({ to: 'stopped' }), 'to of handler'],
  ['a state that does not exist', is('handler', 'requestTaken'), withStep({ to: 'asleep' }), 'to of handler'],
  [
    'an action too few',
    is('acceptor', 'xstate.init'),
    withStep({ actions: ['openPort'] }),
    'actions of acceptor'
  ],
  [
    'an action too many',
    is('exchange', 'sent'),
    withStep({ actions: ['completeRequest', 'releaseRequest'] }),
    'actions of exchange'
  ],
  [
    'another context',
    is('connectionCount', 'opened'),
    (entry: Entry) => ({ ...entry, context: '{"count":7}' }),
    'context of connectionCount'
  ],
  [
    'another input',
    is('handlerPool', 'xstate.init'),
    (entry: Entry) => ({ ...entry, data: '{"loops":3}' }),
    'context of handlerPool'
  ],
  ['a time before', is('channel', 'close'), (entry: Entry) => ({ ...entry, atMs: 0 }), 'order of channel'],
  [
    'a place that is taken',
    is('channel', 'close'),
    (entry: Entry) => ({ ...entry, number: 1 }),
    'order of channel'
  ],
  ['a beginning left out', is('processor', 'xstate.init'), () => undefined, 'beginning of processor'],
  ['an entry left out', is('exchange', 'enqueued'), () => undefined, 'from of exchange']
] as const)('a trace with %s is caught', (_, fits, change, expected) => {
  const { divergences } = replay([falsified(fits, change)])
  expect(namesOf(divergences)).toContain(expected)
})

function actorOf(machine: string): Entry['actor'] {
  const found = entries.find(({ actor }) => actor.machine === machine)
  if (found === undefined) throw new Error(`nobody is a ${machine}`)
  return found.actor
}

test('a divergence is told as a sentence', () => {
  const { divergences } = replay([falsified(is('handler', 'requestTaken'), withStep({ to: 'stopped' }))])
  expect(divergences.map(divergenceText)[0]).toMatch(
    /^thread 0, entry \d+, handler\.\d+: 'requestTaken' in 'waiting': expected to 'handling', recorded 'stopped'$/
  )
})

type TankEvent = { type: 'fill'; litres: number } | { type: 'move'; to: { place: string } }
const tank = setup({ types: { context: {} as { litres: number }, events: {} as TankEvent } }).createMachine({
  id: 'tank',
  context: { litres: 0 },
  initial: 'here',
  states: {
    here: {
      on: {
        fill: { actions: assign({ litres: ({ context, event }) => context.litres + event.litres }) },
        move: [{ guard: ({ event }) => event.to.place === 'there', target: 'there' }, { target: 'elsewhere' }]
      }
    },
    there: {},
    elsewhere: {}
  }
})
const tanks = new Map([[tank.id, tank]])

async function tankTrace(tap: Tap): Promise<ThreadTrace> {
  tap.want('lifecycle')
  const driver = driveMachine(tank, {}, { name: 'tank.1', tap })
  await Promise.resolve()
  for (const litres of [1, 2, 3]) driver.send({ type: 'fill', litres })
  driver.send({ type: 'move', to: { place: 'there' } })
  return tap.trace(0)
}

test('an outcome that depends on what was not recorded is counted and taken as it is', async () => {
  const report = replay([await tankTrace(new Tap())], tanks)
  expect(report.divergences.map(divergenceText)).toEqual([])
  expect(report).toMatchObject({ entries: 5, unchecked: 1, resumed: 0, actors: 1 })
})

test('a life whose beginning was overwritten is replayed from where it is met', async () => {
  const report = replay([await tankTrace(new Tap({ lifecycle: 2, all: 2 }))], tanks)
  expect(report.divergences.map(divergenceText)).toEqual([])
  expect(report).toMatchObject({
    entries: 2,
    resumed: 1,
    gaps: [{ thread: 0, why: 'overwritten', entries: 3 }]
  })
})

test('a thread that died is a gap', () => {
  expect(replay([missingTrace(2, 'died')])).toMatchObject({ entries: 0, gaps: [{ thread: 2, why: 'died' }] })
})
