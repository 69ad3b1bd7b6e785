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

  test('pays a shutdown at once, and what found no room when there is some', () => {
    expect(outcomeOf('shutdownRequested')).toEqual({ state: 'draining', actions: ['payShutdowns'] })
    expect(outcomeOf('shutdownRequested', 'shutdownRequested', 'room').actions).toHaveLength(3)
    expect(outcomeOf('refused', 'shutdownRequested', 'room').state).toBe('draining')
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
