// Goal: only an elected partition leads, a failed log is final, and whoever waits is woken when it stops.
// Method: events on the pure machine.
import { expect, test } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { type PartitionEvent, partitionMachine } from '../../../src/actors/replicas/partition.machine.js'

const elected: PartitionEvent = { type: 'elected', leaderEpoch: 1 }

function after(...events: PartitionEvent[]) {
  let [state, actions] = initialTransition(partitionMachine)
  for (const event of events) [state, actions] = transition(partitionMachine, state, event)
  return { state: state.value, actions: actions.map(({ type }) => type) }
}

test('an elected partition leads, and its epoch is written each time', () => {
  expect(after(elected)).toEqual({ state: 'leading', actions: ['assignLeaderEpoch'] })
  expect(after(elected, { type: 'elected', leaderEpoch: 2 })).toEqual({
    state: 'leading',
    actions: ['assignLeaderEpoch']
  })
})

test('an epoch that is known is not written again, and an older one is not taken up', () => {
  expect(after(elected, elected)).toEqual({ state: 'leading', actions: [] })
  expect(after(elected, { type: 'elected', leaderEpoch: 0 })).toEqual({ state: 'leading', actions: [] })
  expect(after(elected, { type: 'resigned' }, { type: 'elected', leaderEpoch: 0 })).toEqual({
    state: 'idle',
    actions: []
  })
})

test('a partition whose leader is back under the same epoch leads again', () => {
  expect(after(elected, { type: 'resigned' }, elected).state).toBe('leading')
})

test.each<[PartitionEvent['type'], string]>([
  ['resigned', 'idle'],
  ['logFailed', 'offline'],
  ['deleted', 'deleting']
])('a leader that is told %s is %s, and those who wait are woken', (type, state) => {
  expect(after(elected, { type } as PartitionEvent)).toEqual({ state, actions: ['wakeWaiters'] })
})

test('a failed log never leads again', () => {
  expect(after({ type: 'logFailed' }, elected)).toEqual({ state: 'offline', actions: [] })
})

test('a deleted partition stays deleted', () => {
  const events: PartitionEvent[] = [elected, { type: 'resigned' }, { type: 'logFailed' }, { type: 'deleted' }]
  for (const event of events)
    expect(after({ type: 'deleted' }, event)).toEqual({ state: 'deleting', actions: [] })
})
