// Goal: the channel ends its handlers once, behind what is queued, and says when it is full. Method: events on the pure machine.

import { describe, expect, test } from 'vitest'
import { initialTransition, transition } from 'xstate'
import {
  type RequestChannelEvent,
  requestChannelMachine
} from '../../../src/actors/network/request-channel.machine.js'

function outcomeOf(...events: RequestChannelEvent['type'][]): { state: unknown; actions: string[] } {
  let [snapshot] = initialTransition(requestChannelMachine)
  const actions: string[] = []
  for (const type of events) {
    const [next, done] = transition(requestChannelMachine, snapshot, { type })
    snapshot = next
    actions.push(...done.map(action => action.type))
  }
  return { state: snapshot.value, actions }
}

describe('the request channel', () => {
  test('is full from the first refusal until there is room', () => {
    expect(outcomeOf('refused').state).toBe('full')
    expect(outcomeOf('refused', 'refused').state).toBe('full')
    expect(outcomeOf('refused', 'room')).toEqual({ state: 'accepting', actions: [] })
  })

  test('offers a shutdown at once, and again when there is room', () => {
    expect(outcomeOf('shutdownRequested')).toEqual({
      state: { draining: 'offering' },
      actions: ['offerShutdown']
    })
    expect(outcomeOf('shutdownRequested', 'shutdownRefused', 'room').actions).toHaveLength(2)
    expect(outcomeOf('refused', 'shutdownRequested', 'shutdownQueued').state).toEqual({ draining: 'paid' })
  })

  test('offers one shutdown after the other, as many as were asked for, however they overlap', () => {
    const asked = ['shutdownRequested', 'shutdownRequested', 'shutdownRequested'] as const
    const queued = ['shutdownQueued', 'shutdownQueued', 'shutdownQueued'] as const
    expect(outcomeOf(...asked, ...queued)).toEqual({
      state: { draining: 'paid' },
      actions: ['offerShutdown', 'offerShutdown', 'offerShutdown']
    })
    const inTurn = asked.flatMap((ask, i) => [ask, queued[i] ?? ask])
    expect(outcomeOf(...inTurn)).toEqual(outcomeOf(...asked, ...queued))
  })

  test.each([[], ['refused'], ['shutdownRequested']] as const)(
    'lets go once, whatever came before: %j',
    (...before) => {
      expect(
        outcomeOf(...before, 'close', 'close', 'room').actions.filter(action => action === 'letGo')
      ).toHaveLength(1)
      expect(outcomeOf(...before, 'close').state).toBe('closed')
    }
  )
})
