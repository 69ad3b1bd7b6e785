// Goal: the sentence about a slow request names the stage that took longest and only causes that the data supports. Method:
// one request for each stage, with and without evidence, and evidence that is of another time.
import { describe, expect, it } from 'vitest'
import { diagnose, type Evidence } from '../../../src/observe/page/diagnose.js'
import type { RequestRecord } from '../../../src/observe/snapshot.js'
import { handler, now, quiet, request } from './fixtures.js'

const nothing: Evidence = {
  atMs: now,
  handlers: [],
  requests: { newest: [], slowest: [] },
  threads: [],
  processors: []
}
const said = (record: RequestRecord, evidence: Evidence = nothing): string =>
  diagnose(record, evidence).sentence

describe('a diagnosis', () => {
  it('calls a fast request fast and looks for no cause', () => {
    const { stage, sentence, causeKnown } = diagnose(request({ local: 2, responseSend: 0.5 }), quiet)
    expect([stage, sentence, causeKnown]).toEqual([
      'local',
      'Answered in 2.5 ms, most of it in a handler (2 ms).',
      false
    ])
  })

  it('names each stage, and no cause where nothing is recorded', () => {
    const sentences = (['requestQueue', 'local', 'remote', 'responseQueue', 'responseSend'] as const).map(
      stage => {
        const { stages, ...rest } = request({ [stage]: 300, local: stage === 'local' ? 300 : 1 })
        const { parked: _, sent: __, ...known } = stages
        const found = diagnose({ ...rest, stages: known }, nothing)
        expect([found.stage, found.causeKnown]).toEqual([stage, false])
        return found.sentence
      }
    )
    expect(sentences).toEqual([
      'Waited 300 ms in the request queue; nothing recorded says why.',
      'Spent 300 ms in a handler on Produce on topic orders; nothing recorded says why.',
      'Waited 300 ms after its handler had done its part of Produce on topic orders; nothing recorded says why.',
      'Its answer waited 300 ms until Processor 0 took it; nothing recorded says why.',
      'Writing its answer of 50 B took 300 ms; nothing recorded says why.'
    ])
  })

  it('calls the queue full only where the place that it got was the last one', () => {
    const met = (queueDepth: number): string =>
      said(request({ waitingForRoom: 410, local: 1 }, { circumstances: { queueDepth, queueCapacity: 500 } }))
    expect(met(499)).toBe(
      'Was read whole 410 ms before it was in the request queue: it took the last free place, 499/500 before it.'
    )
    expect(met(500)).toContain(': it was full, 500/500 before it.')
    expect(met(0)).toBe(
      'Was read whole 410 ms before it was in the request queue; nothing recorded says why.'
    )
  })

  it('says how many were before it and what all the handlers did, where that adds up', () => {
    const slow = request(
      { requestQueue: 410, local: 1 },
      { circumstances: { queueDepth: 499, queueCapacity: 500 } }
    )
    const handlers = Array.from({ length: 8 }, (_, id) => handler(id, 900, 'x'))
    expect(said(slow, { ...nothing, handlers })).toBe(
      'Waited 410 ms in the request queue: it took the last free place, 499/500 before it; all 8 handlers busy, in Produce on topic x.'
    )
    const circumstances = { queueDepth: 3, queueCapacity: 500 }
    expect(said({ ...slow, circumstances })).toBe('Waited 410 ms in the request queue: 3 requests before it.')
  })

  it('does not hold against it what handlers began after it was served', () => {
    const slow = request({ requestQueue: 410, local: 1 }, { agoMs: 5000 })
    const handlers = [handler(0, 900), handler(1, 900)]
    expect(said(slow, { ...nothing, handlers })).toContain('nothing recorded says why')
  })

  it('finds out from remembered requests what handlers did meanwhile', () => {
    const slow = request({ requestQueue: 400, local: 1 }, { agoMs: 100 })
    const before = request({ local: 390 }, { agoMs: 105, api: 'Fetch', topic: 'big' })
    const one = { ...nothing, requests: { newest: [before], slowest: [before, slow] } }
    expect(said(slow, { ...one, handlers: [handler(0)] })).toContain(
      'the only handler busy, in Fetch on topic big'
    )
    expect(said(slow, { ...one, handlers: [handler(0), handler(1)] })).toMatch(
      /as far as remembered, 4\d % of the handlers' time went to Fetch on topic big meanwhile/
    )
  })

  it('tells the append from the rest of the work of a handler', () => {
    const slow = request(
      { local: 300 },
      {
        appendMs: 290,
        durabilityLagMs: 2000,
        flush: { startedAtMs: now, ms: 12, upTo: 9, cause: 'interval' }
      }
    )
    expect(said(slow)).toBe(
      'Spent 300 ms in a handler on Produce on topic orders: 290 ms of it until its records were in the page cache of orders-0. On the disk 2 s after the append, with a flush of 12 ms (interval).'
    )
    expect(said(request({ local: 300 }, { appendMs: 3 }))).toBe(
      'Spent 300 ms in a handler on Produce on topic orders; nothing recorded says why. Its records are not known to be on the disk yet.'
    )
  })

  it('blames the flush that it was parked for, and no other one', () => {
    const slow = request({ local: 1, remote: 2500 })
    const begin = slow.receivedAtMs + 2
    const during = { startedAtMs: begin, ms: 2490, upTo: 100, cause: 'acks' }
    expect(said({ ...slow, flush: during })).toContain(
      'Waited 2.5 s after its handler had done its part of Produce on topic orders: the flush of orders-0 that covers it took 2.5 s (acks).'
    )
    expect(said({ ...slow, flush: { ...during, startedAtMs: begin + 10_000 } })).toContain(
      'nothing recorded says why'
    )
  })

  it('does not decide whether a parked Fetch had asked to wait', () => {
    const { sentence, causeKnown } = diagnose(request({ local: 1, remote: 500 }, { api: 'Fetch' }), nothing)
    expect(sentence).toMatch(/^Waited 500 ms after .* \(a Fetch does, .*\); nothing recorded says why\.$/)
    expect(causeKnown).toBe(false)
  })

  it('blames a late thread only within the minute that was measured', () => {
    const threads = quiet.threads.map(each => ({
      ...each,
      eventLoopDelay: { p50Ms: 1, p99Ms: 300, maxMs: 400 }
    }))
    const evidence = { ...quiet, threads }
    expect(said(request({ local: 1, responseQueue: 380 }), evidence)).toBe(
      'Its answer waited 380 ms until Processor 0 took it: thread 1 was up to 400 ms late with its work within that minute.'
    )
    expect(said(request({ local: 1, responseQueue: 380 }, { agoMs: 90_000 }), evidence)).toContain(
      'nothing recorded'
    )
    expect(said(request({ local: 1, responseQueue: 2000 }), evidence)).toContain('nothing recorded')
  })

  it('says that the socket took no more, where the thread was in time', () => {
    const slow = request({ local: 1, responseSend: 8000 }, { api: 'Fetch', responseBytes: 5_000_000 })
    expect(said(slow, quiet)).toBe(
      'Writing its answer of 5 MB took 8 s: the socket took no more, while thread 1 was never more than 8 ms late.'
    )
    const threads = quiet.threads.map(each => ({
      ...each,
      eventLoopDelay: { p50Ms: 1, p99Ms: 9, maxMs: 7000 }
    }))
    expect(said(slow, { ...quiet, threads })).toBe(
      'Writing its answer of 5 MB took 8 s: thread 1 was up to 7 s late with its work within that minute.'
    )
  })

  it('mentions another stage that took long too', () => {
    expect(said(request({ requestQueue: 300, local: 200 }))).toContain('Besides: 200 ms in a handler.')
  })
})
