// Goal: who may connect, in Kafka's order: slot, rate of the address, count of the address. Method: the quotas alone, with
// time as a number.
import { expect, test } from 'vitest'
import { initialTransition, transition } from 'xstate'
import {
  type ConnectionCountEvent,
  connectionCountMachine
} from '../../../src/actors/network/connection-count.machine.js'
import { ConnectionQuotas } from '../../../src/actors/network/connection-quotas.js'
import type { QuotaOptions } from '../../../src/actors/network/network-options.js'
import { networkOptions } from './echo-server.js'

const none = Number.POSITIVE_INFINITY

function quotas(
  options: Partial<QuotaOptions> = {},
  listeners: Array<{ name: string; maxConnections?: number; maxConnectionRate?: number }> = [
    { name: 'A' },
    { name: 'B' }
  ],
  limits: Record<string, number> = {}
): ConnectionQuotas {
  const all = networkOptions({ quotas: options, listeners })
  return new ConnectionQuotas(
    all.quotas,
    all.listeners,
    address => limits[address] ?? all.quotas.maxConnectionsPerIp
  )
}

const kinds = (count: number, of: ConnectionQuotas, listener: string, address = '10.0.0.1'): string[] =>
  Array.from({ length: count }, () => of.admit(listener, address, 0).kind)

test('without limits everybody is admitted and counted', () => {
  const q = quotas()
  expect(new Set(kinds(200, q, 'A'))).toEqual(new Set(['admitted']))
  expect([q.total, q.ofListener('A'), q.ofListener('B'), q.ofAddress('10.0.0.1')]).toEqual([200, 200, 0, 200])
})

test('an address over its limit is refused, uncounted, and admitted again after one of its connections ended', () => {
  const q = quotas({ maxConnectionsPerIp: 2 })
  expect(kinds(3, q, 'A')).toEqual(['admitted', 'admitted', 'tooManyFromAddress'])
  expect(kinds(1, q, 'A', '10.0.0.2')).toEqual(['admitted'])
  expect(q.total).toBe(3)
  q.closed('A', '10.0.0.1')
  expect(kinds(2, q, 'B')).toEqual(['admitted', 'tooManyFromAddress'])
})

test('a default of zero lets only the overrides in', () => {
  const q = quotas({ maxConnectionsPerIp: 0 }, undefined, { '10.0.0.9': 1 })
  expect(kinds(1, q, 'A')).toEqual(['tooManyFromAddress'])
  expect(kinds(2, q, 'A', '10.0.0.9')).toEqual(['admitted', 'tooManyFromAddress'])
})

test('the broker-wide limit holds for every listener but the protected one, whose excess others have to give up', () => {
  const q = quotas({ maxConnections: 2, protectedListener: 'B' })
  expect(kinds(3, q, 'A')).toEqual(['admitted', 'admitted', 'noSlot'])
  expect(kinds(2, q, 'B')).toEqual(['admitted', 'admitted'])
  expect(q.excess).toBe(2)
  q.closed('A', '10.0.0.1')
  expect([q.excess, ...kinds(1, q, 'A')]).toEqual([1, 'noSlot'])
  q.closed('A', '10.0.0.1')
  q.closed('B', '10.0.0.1')
  expect(kinds(1, q, 'A')).toEqual(['admitted'])
})

test('a single listener is never protected', () => {
  const q = quotas({ maxConnections: 1, protectedListener: 'A' }, [{ name: 'A' }])
  expect(kinds(2, q, 'A')).toEqual(['admitted', 'noSlot'])
})

test('every listener, the protected one too, waits at its own limit', () => {
  const q = quotas({ protectedListener: 'B' }, [
    { name: 'A', maxConnections: 1 },
    { name: 'B', maxConnections: 1 }
  ])
  expect(kinds(2, q, 'A')).toEqual(['admitted', 'noSlot'])
  expect(kinds(2, q, 'B')).toEqual(['admitted', 'noSlot'])
})

test('a freed slot is announced', () => {
  const q = quotas({ maxConnections: 1 })
  let announced = 0
  q.onSlotFreed = () => announced++
  kinds(1, q, 'A')
  q.closed('A', '10.0.0.1')
  expect(announced).toBe(1)
})

test('whoever takes a freed slot of a listener finds the connection that ended gone from the total, too', () => {
  const q = quotas({ maxConnections: 2, protectedListener: 'B' }, [
    { name: 'A' },
    { name: 'B', maxConnections: 1 }
  ])
  kinds(2, q, 'A')
  kinds(1, q, 'B')
  const excess: number[] = []
  q.onSlotFreed = () => {
    if (q.admit('B', '10.0.0.2', 0).kind === 'admitted') excess.push(q.excess)
  }
  q.closed('B', '10.0.0.1')
  expect(excess).toEqual([1])
  expect([q.total, q.ofListener('B'), q.ofAddress('10.0.0.2')]).toEqual([3, 1, 1])
})

test('an address whose last connection ended is not kept in mind', () => {
  const q = quotas({ maxConnectionsPerIp: 1 })
  kinds(2, q, 'A')
  q.closed('A', '10.0.0.1')
  expect(q.ofAddress('10.0.0.1')).toBe(0)
  expect(kinds(1, q, 'A')).toEqual(['admitted'])
})

const after = (...events: ConnectionCountEvent[]): [unknown, string[]] => {
  let [state] = initialTransition(connectionCountMachine)
  const names: string[] = []
  for (const event of events) {
    const [next, actions] = transition(connectionCountMachine, state, event)
    state = next
    names.push(...actions.map(({ type }) => type))
  }
  return [[state.value, state.context.connections], names]
}
const [opened, closed] = [{ type: 'opened' }, { type: 'closed' }] as const
const limit = (value: number): ConnectionCountEvent => ({ type: 'limitChanged', limit: value })

test('a count is at its limit from the last connection that may be there until one ends', () => {
  expect(after(limit(2), opened)).toEqual([['belowLimit', 1], []])
  expect(after(limit(2), opened, opened)).toEqual([['atLimit', 2], []])
  expect(after(limit(2), opened, opened, closed)).toEqual([['belowLimit', 1], ['announceSlot']])
  expect(after(limit(2), opened, opened, opened, closed)).toEqual([['atLimit', 2], []])
  expect(after(limit(0))).toEqual([['atLimit', 0], []])
})

test('a limit that changes makes room, or takes it, at once', () => {
  expect(after(opened, opened, limit(2))).toEqual([['atLimit', 2], []])
  expect(after(opened, opened, limit(1))).toEqual([['atLimit', 2], []])
  expect(after(limit(1), opened, limit(2))).toEqual([['belowLimit', 1], ['announceSlot']])
})

test('a count never becomes negative', () => {
  expect(after(closed)).toEqual([['belowLimit', 0], ['illegal']])
  expect(after(limit(0), closed)).toEqual([['atLimit', 0], ['illegal']])
})

test('the end of a connection that was never counted is a bug, not a negative count', () => {
  expect(() => quotas().closed('A', '10.0.0.1')).toThrow(/never counted/)
})

test('a broker that is connected to too fast makes its Acceptors wait up to a second, except the protected one', () => {
  const q = quotas({ maxConnectionRate: 5, protectedListener: 'B' })
  const waits = Array.from({ length: 100 }, (_, i) => q.arrive('A', i * 10))
  expect(waits[0]).toBe(0)
  const longest = Math.max(...waits)
  expect(longest).toBeGreaterThan(0)
  expect(longest).toBeLessThanOrEqual(1000)
  expect(q.arrive('B', 1000)).toBe(0)
})

test('a rate that is kept makes nobody wait', () => {
  const q = quotas({ maxConnectionRate: 20 }, [{ name: 'A', maxConnectionRate: 20 }])
  for (let i = 0; i < 200; i++) expect(q.arrive('A', i * 60)).toBe(0)
})

test('a listener that is connected to too fast waits alone', () => {
  const q = quotas({}, [{ name: 'A', maxConnectionRate: 5 }, { name: 'B' }])
  const waits = (listener: string) =>
    Math.max(...Array.from({ length: 100 }, (_, i) => q.arrive(listener, i * 10)))
  expect(waits('A')).toBeGreaterThan(0)
  expect(waits('B')).toBe(0)
})

test('a connection that comes too fast from one address is closed later, and leaves no trace in any rate', () => {
  const q = quotas({ maxConnectionRate: 1000 })
  q.setAddressRate('10.0.0.1', 1)
  const verdicts = Array.from({ length: 40 }, (_, i) => {
    q.arrive('A', i * 10)
    return q.admit('A', '10.0.0.1', i * 10)
  })
  const late = verdicts.filter(({ kind }) => kind === 'tooFastFromAddress')
  expect(late.length).toBeGreaterThan(20)
  for (const verdict of late) {
    if (verdict.kind === 'tooFastFromAddress') expect(verdict.closeAfterMs).toBeLessThanOrEqual(1000)
  }
  expect(q.total).toBe(40 - late.length)
  expect(q.admit('A', '10.0.0.2', 400).kind).toBe('admitted')
})

test('the default rate holds for each address by itself', () => {
  const q = quotas()
  q.setAddressRate(undefined, 1)
  const admitted = (address: string) =>
    Array.from({ length: 40 }, (_, i) => q.admit('A', address, i)).filter(({ kind }) => kind === 'admitted')
      .length
  expect(admitted('10.0.0.1')).toBe(admitted('10.0.0.2'))
  expect(admitted('10.0.0.3')).toBeLessThan(40)
  q.setAddressRate('10.0.0.3', 1)
  q.setAddressRate(undefined, none)
  expect(admitted('10.0.0.3')).toBe(0)
  expect(admitted('10.0.0.1')).toBe(40)
})
