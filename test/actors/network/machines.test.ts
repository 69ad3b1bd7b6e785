// Goal: the lives of channel, Processor and Acceptor, as sentences. Method: pure transition() on the machines.
import { expect, test } from 'vitest'
import { type AnyStateMachine, initialTransition, transition } from 'xstate'
import { acceptorMachine } from '../../../src/actors/network/acceptor.machine.js'
import { channelMachine } from '../../../src/actors/network/channel.machine.js'
import { processorMachine } from '../../../src/actors/network/processor.machine.js'
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

test('a channel is forgotten exactly once, however it ends', () => {
  const ends = ['peerGone', 'peerGoneWithReceives', 'writeFailed', 'sendFailed', 'drained', 'expire', 'close']
  for (const first of ends) {
    for (const second of ends) {
      for (const third of ends) {
        const [state, actions] = life(channelMachine, first, second, third, 'close')
        expect(['closed', 'expired'], `${first} ${second} ${third}`).toContain(state)
        expect(actions.filter(name => name === 'forget')).toHaveLength(1)
        expect(actions.filter(name => name === 'destroySocket')).toHaveLength(1)
      }
    }
  }
})

test('the table of the channel equals its machine', () => {
  expect(expectTableEqualsMachine(channelMachine)).toBe(28)
})

test('a channel whose peer is gone keeps its buffered requests until a send fails or they are done', () => {
  expect(life(channelMachine, 'peerGoneWithReceives')).toEqual(['closing', ['destroySocket']])
  expect(life(channelMachine, 'peerGoneWithReceives', 'sendFailed')[0]).toBe('closed')
  expect(life(channelMachine, 'peerGoneWithReceives', 'drained')[0]).toBe('closed')
  expect(life(channelMachine, 'peerGoneWithReceives', 'expire')[0]).toBe('expired')
})

test('a Processor is back-pressured while the request queue is full, and stops from every state', () => {
  expect(life(processorMachine, 'start', 'queueFull')[0]).toBe('backpressured')
  expect(life(processorMachine, 'start', 'queueFull', 'queueHasRoom')[0]).toBe('running')
  expect(life(processorMachine, 'start', 'queueFull', 'stop')[0]).toBe('draining')
  expect(life(processorMachine, 'start', 'stop', 'drained')).toEqual([
    'stopped',
    ['openInboxes', 'closeConnections', 'closeInboxes', 'reportStopped']
  ])
  expect(life(processorMachine, 'stop')).toEqual(['stopped', ['reportStopped']])
})

test('an Acceptor that is blocked does not accept, and can be closed in every state', () => {
  expect(life(acceptorMachine, 'open', 'bound', 'noRoom')).toEqual([
    'blocked',
    ['openPort', 'reportListening', 'stopAccepting']
  ])
  expect(life(acceptorMachine, 'open', 'bound', 'noRoom', 'room')[0]).toBe('listening')
  for (const path of [
    [],
    ['open'],
    ['open', 'bound'],
    ['open', 'bound', 'noRoom'],
    ['open', 'bound', 'outOfDescriptors']
  ]) {
    const [state, actions] = life(acceptorMachine, ...path, 'close')
    expect(state).toBe('closed')
    expect(actions.at(-1)).toBe('closeAll')
  }
})
