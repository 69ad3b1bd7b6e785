// Goal: the lives of channel, exchange, Processor and Acceptor, as sentences. Method: pure transition() on the machines.
import { expect, test } from 'vitest'
import { type AnyStateMachine, initialTransition, transition } from 'xstate'
import { type AcceptorEvent, acceptorMachine } from '../../../src/actors/network/acceptor.machine.js'
import { channelMachine } from '../../../src/actors/network/channel.machine.js'
import { exchangeMachine } from '../../../src/actors/network/exchange.machine.js'
import { processorMachine } from '../../../src/actors/network/processor.machine.js'
import { statePath } from '../../../src/actors/runtime/actor.js'
import { expectTableEqualsMachine } from '../../support/tables.js'

/** State, and the names of all actions on the way there. */
function life(machine: AnyStateMachine, ...events: string[]): [unknown, string[]] {
  let [state, actions] = initialTransition(machine)
  const names = actions.map(({ type }) => type)
  for (const type of events) {
    ;[state, actions] = transition(machine, state, { type })
    names.push(...actions.map(action => action.type))
  }
  return [state.value, names]
}

const channelEvents = [
  'peerEnded',
  'peerFailed',
  'writeFailed',
  'sendFailed',
  'drained',
  'expire',
  'shed',
  'close'
]

test('a channel is forgotten exactly once, however it ends', () => {
  for (const first of channelEvents) {
    for (const second of channelEvents) {
      for (const third of channelEvents) {
        const [state, actions] = life(channelMachine, first, second, third, 'close')
        expect(['closed', 'shed', 'expired'], `${first} ${second} ${third}`).toContain(state)
        expect(actions.filter(name => name === 'forget')).toHaveLength(1)
        expect(actions.filter(name => name === 'destroySocket')).toHaveLength(1)
        expect(actions.filter(name => name === 'dropReceives')).toHaveLength(1)
      }
    }
  }
})

test('the tables of the channel and of the exchange equal their machines', () => {
  expect(expectTableEqualsMachine(channelMachine)).toBe(48)
  expect(expectTableEqualsMachine(exchangeMachine)).toBe(42)
})

test('a peer that sends no more is still answered, and gone once nothing is outstanding', () => {
  expect(life(channelMachine, 'peerEnded')).toEqual(['halfClosed', []])
  expect(life(channelMachine, 'peerEnded', 'drained')[0]).toBe('closed')
  expect(life(channelMachine, 'peerEnded', 'peerFailed')[0]).toBe('closing')
  expect(life(channelMachine, 'drained')[0]).toBe('open')
})

test('a channel whose peer is gone keeps its buffered requests until a send fails or they are done', () => {
  expect(life(channelMachine, 'peerFailed')).toEqual(['closing', ['destroySocket']])
  expect(life(channelMachine, 'peerFailed', 'sendFailed')[0]).toBe('closed')
  expect(life(channelMachine, 'peerFailed', 'drained')[0]).toBe('closed')
  expect(life(channelMachine, 'peerFailed', 'expire')[0]).toBe('expired')
  expect(life(channelMachine, 'peerFailed', 'shed')[0]).toBe('shed')
})

test('a request that was read ends by one release or one completion, wherever its connection is lost', () => {
  const way = ['received', 'enqueued', 'sendBegun', 'sent']
  const ends = (...events: string[]): string[] =>
    life(exchangeMachine, ...events)[1].filter(
      name => name === 'releaseRequest' || name === 'completeRequest'
    )
  expect(ends('connectionGone')).toEqual([])
  expect(ends(...way.slice(0, 1), 'connectionGone')).toEqual(['releaseRequest'])
  expect(ends(...way.slice(0, 2), 'connectionGone')).toEqual([])
  expect(ends(...way.slice(0, 2), 'connectionGone', 'answeredWithout')).toEqual(['completeRequest'])
  expect(ends(...way.slice(0, 2), 'connectionGone', 'abandoned')).toEqual(['completeRequest'])
  expect(ends(...way.slice(0, 3), 'connectionGone')).toEqual(['completeRequest'])
  expect(ends(...way, 'connectionGone')).toEqual(['completeRequest'])
  expect(ends('received', 'enqueued', 'answeredWithout', 'connectionGone')).toEqual(['completeRequest'])
})

test('a second answer is illegal, before the first one is written and after it', () => {
  for (const first of [['sendBegun'], ['sendBegun', 'sent'], ['answeredWithout']]) {
    for (const second of ['sendBegun', 'answeredWithout']) {
      expect(life(exchangeMachine, 'received', 'enqueued', ...first, second)[1].at(-1)).toBe('illegal')
    }
  }
  expect(life(exchangeMachine, 'received', 'answeredWithout')).toEqual(['waitingForRoom', ['illegal']])
})

test('a Processor is back-pressured while the request queue is full, and stops from every state', () => {
  expect(life(processorMachine, 'start', 'queueFull')[0]).toBe('backpressured')
  expect(life(processorMachine, 'start', 'queueFull', 'queueHasRoom')[0]).toBe('running')
  expect(life(processorMachine, 'start', 'queueFull', 'stop')[0]).toBe('draining')
  const end = ['closeConnections', 'closeInboxes', 'abandonOrphans', 'reportStopped']
  expect(life(processorMachine, 'start', 'stop', 'drained')).toEqual(['stopped', ['openInboxes', ...end]])
  expect(life(processorMachine, 'stop', 'drained')).toEqual(['stopped', end])
})

const blocked = (machineEvent: object): [string, string[]] => {
  const [listening] = ['open', 'bound'].reduce(
    ([state], type) => transition(acceptorMachine, state, { type } as AcceptorEvent),
    initialTransition(acceptorMachine)
  )
  const [state, actions] = transition(acceptorMachine, listening, machineEvent as AcceptorEvent)
  return [statePath(state.value), actions.map(({ type }) => type)]
}

test('an Acceptor that is blocked does not accept, and says what it waits for', () => {
  expect(blocked({ type: 'tooFast', waitMs: 80 })).toEqual([
    'blocked.waitingForRate',
    ['stopAccepting', 'xstate.raise']
  ])
  expect(blocked({ type: 'noSlot' })).toEqual(['blocked.waitingForSlot', ['stopAccepting']])
  expect(blocked({ type: 'noRoom' })).toEqual(['blocked.waitingForRoom', ['stopAccepting']])
})

test('only the news that an Acceptor waits for makes it try again', () => {
  const tries = (...events: string[]): string[] =>
    life(acceptorMachine, 'open', 'bound', ...events)[1].filter(name => name === 'admit' || name === 'offer')
  expect(tries('noSlot', 'roomMade')).toEqual([])
  expect(tries('noSlot', 'slotFreed')).toEqual(['admit'])
  expect(tries('noRoom', 'slotFreed')).toEqual([])
  expect(tries('noRoom', 'roomMade')).toEqual(['offer'])
  expect(life(acceptorMachine, 'open', 'bound', 'noSlot', 'passedOn')[1].at(-1)).toBe('startAccepting')
})

test('an Acceptor can be closed in every state; a connection that is counted already is taken off the count', () => {
  for (const path of [
    [],
    ['bind'],
    ['bind', 'bound'],
    ['open'],
    ['open', 'bound'],
    ['open', 'bound', 'noSlot'],
    ['open', 'bound', 'noRoom'],
    ['open', 'bound', 'outOfDescriptors']
  ]) {
    const [state, actions] = life(acceptorMachine, ...path, 'close')
    expect(state).toBe('closed')
    expect(actions.at(-1)).toBe('closeAll')
    expect(actions.includes('giveSlotBack'), path.join()).toBe(path.includes('noRoom'))
  }
})
