// Goal: a handler loop takes, handles and ends as its machine says, and the compiled table says the same. Method: the
// table against transition() for every state and event; sentences over pure transitions.
import { describe, expect, it } from 'vitest'
import { initialTransition, transition } from 'xstate'
import { type HandlerEvent, handlerMachine } from '../../../src/actors/handlers/handler.machine.js'
import { expectTableEqualsMachine } from '../../support/tables.js'

function stateAfter(...events: readonly HandlerEvent['type'][]): string {
  let [snapshot] = initialTransition(handlerMachine)
  for (const type of events) [snapshot] = transition(handlerMachine, snapshot, { type })
  return String(snapshot.value)
}

describe('a handler', () => {
  it('runs from a table that equals the machine', () => {
    expect(expectTableEqualsMachine(handlerMachine)).toBe(30)
  })

  it('waits again after a request, and after a poll that brought nothing', () => {
    expect(stateAfter('requestTaken', 'handled')).toBe('waiting')
    expect(stateAfter('pollEnded')).toBe('waiting')
  })

  it('ends with the ShutdownRequest that it took', () => {
    expect(stateAfter('shutdownTaken')).toBe('stopped')
  })

  it('finishes the request at hand when it is dismissed', () => {
    expect(stateAfter('requestTaken', 'dismissed')).toBe('handlingLast')
    expect(stateAfter('requestTaken', 'dismissed', 'handled')).toBe('stopped')
  })

  it('handles the request that its last poll brings, then ends', () => {
    expect(stateAfter('dismissed', 'requestTaken')).toBe('handlingLast')
    expect(stateAfter('dismissed', 'requestTaken', 'handled')).toBe('stopped')
    expect(stateAfter('dismissed', 'pollEnded')).toBe('stopped')
  })

  it('goes on after a request that its dispatcher has thrown away, and leaves after its last one', () => {
    expect(stateAfter('requestTaken', 'threw')).toBe('waiting')
    expect(stateAfter('requestTaken', 'dismissed', 'threw')).toBe('stopped')
  })

  it('does nothing any more when it has stopped', () => {
    for (const event of ['requestTaken', 'handled', 'pollEnded', 'dismissed'] as const) {
      expect(stateAfter('shutdownTaken', event)).toBe('stopped')
    }
  })
})
