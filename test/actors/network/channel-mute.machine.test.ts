// Goal: reading resumes neither too early (two requests in flight) nor never. Method: Kafka's table, cell by cell, on the
// machine itself, and the compiled table against the machine.
import { expect, test } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { channelMuteMachine, type MuteEvent } from '../../../src/actors/network/channel-mute.machine.js'
import { expectTableEqualsMachine } from '../../support/tables.js'

const events = [
  'requestReceived',
  'responseSent',
  'throttleStarted',
  'throttleEnded',
  'mute',
  'tryUnmute'
] as const
const M = 'muted'
const R = 'mutedAndResponsePending'
const T = 'mutedAndThrottled'
const TR = 'mutedAndThrottledAndResponsePending'
const N = 'notMuted'
const X = 'illegal'
const cells: Record<string, readonly string[]> = {
  [N]: [X, X, X, X, M, N],
  [M]: [R, X, X, X, M, N],
  [R]: [X, M, TR, X, R, R],
  [T]: [X, X, X, M, T, T],
  [TR]: [X, T, X, R, TR, TR]
}

test.each(Object.entries(cells))('in %s each event leads where Kafka says', (state, row) => {
  const snapshot = channelMuteMachine.resolveState({ value: state })
  events.forEach((type, i) => {
    const [after, actions] = transition(channelMuteMachine, snapshot, { type })
    const names = actions.map(action => action.type)
    if (row[i] === X) expect([after.value, names], type).toEqual([state, ['illegal']])
    else expect([after.value, names.includes('illegal')], type).toEqual([row[i], false])
  })
})

test('the compiled table says what the machine says, in all thirty cells', () => {
  expect(expectTableEqualsMachine(channelMuteMachine)).toBe(30)
})

const after = (...types: MuteEvent['type'][]): unknown =>
  types.reduce(
    (state, type) => transition(channelMuteMachine, state, { type })[0],
    initialTransition(channelMuteMachine)[0]
  ).value

test('a throttled channel reads again only after both the answer and the penalty, in either order', () => {
  const throttled = ['mute', 'requestReceived', 'throttleStarted'] as const
  expect(after(...throttled, 'responseSent', 'tryUnmute')).toBe(T)
  expect(after(...throttled, 'throttleEnded', 'tryUnmute')).toBe(R)
  expect(after(...throttled, 'responseSent', 'throttleEnded', 'tryUnmute')).toBe(N)
  expect(after(...throttled, 'throttleEnded', 'responseSent', 'tryUnmute')).toBe(N)
})
