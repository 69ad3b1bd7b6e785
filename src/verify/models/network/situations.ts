// What has to occur somewhere in the composed network: a model that quietly shrank is noticed by what no longer happens.
import type { Sometimes } from '../../model.js'
import type { Net } from './net.js'
import type { Connection, State } from './state.js'

const some = (state: State, holds: (connection: Connection) => boolean): boolean =>
  state.connections.some(holds)

export function sometimes(net: Net): readonly Sometimes<State>[] {
  const { parts, bounds } = net
  const mayWait = bounds.connections > bounds.queue
  const exchangeIs = (state: State, name: string): boolean =>
    some(state, ({ exchange }) => parts.exchange.name(exchange) === name)
  const situations: readonly (Sometimes<State> & { readonly when?: boolean })[] = [
    {
      says: 'a client has all its responses',
      holds: state => some(state, ({ settled }) => settled === bounds.requests)
    },
    {
      says: 'a request waits for room in the queue',
      holds: state => some(state, ({ request }) => request === 'waiting'),
      when: mayWait
    },
    {
      says: 'the Acceptor is blocked',
      holds: state => parts.acceptor.is(state.acceptor, 'blocked'),
      when: bounds.clients > bounds.connections || bounds.clients > bounds.processors * bounds.newConnections
    },
    {
      says: 'a request is orphaned',
      holds: state => exchangeIs(state, 'orphaned'),
      when: bounds.mayReset || bounds.mayExpire
    },
    {
      says: 'a connection whose peer is gone has its last requests handled',
      holds: state =>
        some(state, ({ at, life }) => at === 'served' && parts.channel.name(life) === 'closing'),
      when: bounds.mayReset
    },
    {
      says: 'a throttled connection waits for its response',
      holds: state =>
        some(state, ({ mute }) => parts.mute.name(mute) === 'mutedAndThrottledAndResponsePending'),
      when: bounds.mayThrottle
    },
    {
      says: 'the broker stops while a handler handles',
      holds: state =>
        parts.broker.name(state.broker).startsWith('stopping') && some(state, ({ handler }) => handler >= 0)
    },
    {
      says: 'the broker stops while a request waits for room',
      holds: state =>
        parts.broker.name(state.broker).startsWith('stopping') &&
        some(state, ({ request }) => request === 'waiting'),
      when: mayWait
    },
    {
      says: 'the broker stops while a request is parked',
      holds: state =>
        parts.broker.name(state.broker).startsWith('stopping') &&
        some(state, ({ request }) => request === 'parked'),
      when: bounds.mayPark
    },
    {
      says: 'an orderly stop is through',
      holds: state =>
        parts.broker.name(state.broker) === 'stopped' && some(state, ({ settled }) => settled > 0)
    },
    { says: 'a start fails', holds: state => parts.broker.name(state.broker) === 'failed' },
    {
      says: 'a dismissed handler finishes its request',
      holds: state =>
        some(state, ({ handler }) => handler >= 0 && parts.handler.name(handler) === 'handlingLast'),
      when: bounds.resizes > 0 && bounds.handlers > 1
    }
  ]
  return situations.filter(({ when }) => when !== false)
}
