// Goal: whoever sees only the floor plan knows which of five faults is there. Method: snapshots of sick brokers; colours and
// words of their cards, and the sentences above them.
import { describe, expect, it } from 'vitest'
import { type Card, floorPlan } from '../../../src/observe/page/floor-plan.js'
import type { BrokerSnapshot } from '../../../src/observe/snapshot.js'
import { faults, handler, log, now, quiet, request } from './fixtures.js'

const cards = (snapshot: BrokerSnapshot): Card[] =>
  floorPlan(snapshot).stations.flatMap(station => station.cards)
const sick = (snapshot: BrokerSnapshot): string[] =>
  cards(snapshot)
    .filter(({ trouble }) => trouble === 'trouble')
    .map(({ name, state, word }) => `${name}: ${state}, ${word}`)

describe('the floor plan', () => {
  it('finds nothing wrong with a quiet broker', () => {
    expect(floorPlan(quiet).troubles).toEqual([])
    expect(cards(quiet).filter(({ trouble }) => trouble !== 'fine')).toEqual([])
  })

  it('has a station for each part of the model, in the order of the way of a request', () => {
    expect(floorPlan(quiet).stations.map(({ title }) => title)).toEqual([
      'Acceptors',
      'newConnections',
      'Processors',
      'RequestChannel',
      'Handlers',
      'Shards',
      'Logs',
      'Responses',
      'Threads and memory'
    ])
  })

  it('tells a slow disk by the flush that runs', () => {
    const snapshot = faults['slow disk']
    expect(sick(snapshot)).toEqual(['orders-0: leading, slow flush'])
    expect(floorPlan(snapshot).troubles).toEqual([
      'A flush of orders-0 to the disk has been running for 3 s.'
    ])
    expect(cards(snapshot).find(({ name }) => name === 'orders-0')?.lines).toContain(
      'not on the disk for 9 s'
    )
  })

  it('tells a full queue, who does not read because of it, and what keeps the handlers', () => {
    const snapshot = faults['full queue']
    expect(sick(snapshot)).toEqual([
      'Processor 0: backpressured, no room',
      'request queue: full, full',
      'Handler 0: handling, long',
      'Handler 1: handling, long'
    ])
    expect(floorPlan(snapshot).troubles).toEqual([
      'All 2 handlers are busy, the longest in Produce on topic orders for 5 s.',
      'The request queue is full: 500/500, and 7 requests more that were read wait for room.',
      '1 Processor reads nothing until the request queue has room.'
    ])
  })

  it('tells a client that does not read its answer', () => {
    expect(floorPlan(faults['stuck client']).troubles).toEqual([
      '1 connection with an answer that nobody takes: sleeper has read nothing for 30 s.'
    ])
  })

  it('tells a storm of connections by the Acceptor that is blocked', () => {
    expect(sick(faults.storm)).toEqual([
      'Acceptor PLAINTEXT: blocked.waitingForRoom, blocked',
      'newConnections 0: 20 queued, full'
    ])
    expect(floorPlan(faults.storm).troubles).toEqual([
      'processor.0.newConnections is full: 20/20.',
      'Acceptor PLAINTEXT takes no connections, it is blocked.waitingForRoom: newConnections of all its Processors are full.'
    ])
  })

  it('tells a thread that is late with its work, and one that does not answer', () => {
    expect(sick(faults['late thread'])).toEqual(['Thread 1: answers, late'])
    const [first, ...others] = quiet.threads
    const threads = first === undefined ? [] : [{ ...first, missing: 'no answer within 1 s' }, ...others]
    expect(floorPlan({ ...quiet, threads }).troubles).toEqual([
      'Thread 0 does not answer: no answer within 1 s.'
    ])
  })

  it('shows queues with depth, capacity and rate, and full memory', () => {
    const queue = cards(quiet).find(({ id }) => id === 'requestQueue')?.queue
    expect(queue).toEqual({ depth: 0, capacity: 500, says: '0/500, 12 a second' })
    expect(sick({ ...quiet, arena: { usedBytes: 1000, capacityBytes: 1000 } })).toEqual([
      'Request memory: 1 kB used, full'
    ])
  })

  it('leads from a card to its actor where that is known', () => {
    const actors = cards(quiet).flatMap(({ name, actor }) =>
      actor === undefined ? [] : [[name, actor.name]]
    )
    expect(actors).toEqual([
      ['Acceptor PLAINTEXT', 'acceptor.PLAINTEXT'],
      ['Processor 0', 'processor.0.PLAINTEXT'],
      ['Handler 0', 'handler.0'],
      ['Handler 1', 'handler.1']
    ])
  })

  it('shows a dozen of a thousand logs, those in trouble first, and says what is not shown', () => {
    const logs = Array.from({ length: 1000 }, (_, number) =>
      log(
        'orders',
        number,
        number === 777 ? { state: 'offline' } : number > 980 ? { flushRunningSinceAtMs: now } : {}
      )
    )
    const station = floorPlan({ ...quiet, logs }).stations.find(({ title }) => title === 'Logs')
    expect(station?.cards).toHaveLength(12)
    expect(station?.cards[0]).toMatchObject({ name: 'orders-777', word: 'offline' })
    expect(station?.more).toBe('and 988 more, 8 of them busy or in trouble')
  })

  it('calls one handler of two that works long by its work', () => {
    const troubles = floorPlan({ ...quiet, handlers: [handler(0), handler(1, 2000, 'big')] }).troubles
    expect(troubles).toEqual(['A handler has been in Produce on topic big for 2 s.'])
  })

  it('calls handlers that are hardly ever free by their idle time, and by the work that is remembered', () => {
    const busy = { ...handler(0), idle: 0.02 }
    const requests = {
      newest: [request({ local: 60 }), request({ local: 5 }, { topic: 'mail' })],
      slowest: []
    }
    expect(floorPlan({ ...quiet, handlers: [busy], requests }).troubles).toEqual([
      'The only handler is busy 98 % of the time, mostly with Produce on topic orders.'
    ])
    expect(floorPlan({ ...quiet, handlers: [busy, busy] }).troubles).toEqual([
      'All 2 handlers are busy 98 % of the time.'
    ])
    expect(floorPlan({ ...quiet, handlers: [busy, handler(1)] }).troubles).toEqual([])
    expect(floorPlan({ ...quiet, handlers: [{ ...busy, idle: null }] }).troubles).toEqual([])
  })
})
