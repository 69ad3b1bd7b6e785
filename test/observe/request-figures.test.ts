// Goal: figures of requests, their slowest and their lines in the log say what the stamps say, whatever the stamps are.
// Method: made-up requests with a clock in hand; stamps of any order from fast-check.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CompletedRequest } from '../../src/actors/network/processor-setup.js'
import { RequestFigures } from '../../src/actors/network/request-figures.js'
import { emptySpans, spansOf } from '../../src/actors/network/request-spans.js'
import { slowRequestLine } from '../../src/actors/network/slow-request.js'
import { newStamps, type StageStamps } from '../../src/actors/network/stage-stamps.js'

const startMs = 1_000_000

/** Each stage as ms since it was received. */
function requestOf(apiKey: number, stages: Partial<StageStamps>, more: Partial<CompletedRequest> = {}) {
  const stamps = newStamps(startMs)
  for (const [name, value] of Object.entries(stages))
    Object.assign(stamps, {
      [name]: name.endsWith('Ms') && typeof value === 'number' ? startMs + value : value
    })
  const request: CompletedRequest = {
    apiKey,
    apiVersion: 9,
    clientId: 'me',
    connectionId: '127.0.0.1:9092-127.0.0.1:1-0',
    listener: 'PLAINTEXT',
    processorId: 0,
    requestBytes: 100,
    responseBytes: 10,
    stamps,
    ...more
  }
  return request
}

const whole = {
  enqueuedMs: 1,
  dequeuedMs: 411,
  decidedMs: 412,
  appendedMs: 415,
  localCompleteMs: 420,
  responseCompleteMs: 430,
  responseDequeuedMs: 432,
  sentMs: 440
}

function figuresAt({ slowMs = 0 } = {}) {
  const lines: string[] = []
  const now = { ms: startMs }
  const figures = new RequestFigures({
    clock: { monotonicMs: () => now.ms, nowMs: () => now.ms },
    logger: { debug() {}, info() {}, error() {}, fatal() {}, warn: line => void lines.push(line) },
    slowMs
  })
  return { figures, lines, now }
}

test('spans add up to the whole for stamps of any order, also where some are missing', () => {
  const stamp = fc.option(fc.double({ min: -50, max: 10_000, noNaN: true }), { nil: -startMs })
  const stages = fc.record(Object.fromEntries(Object.keys(whole).map(name => [name, stamp])))
  fc.assert(
    fc.property(stages, made => {
      const { total, ...parts } = spansOf(requestOf(0, made).stamps, emptySpans())
      const sum = Object.values(parts).reduce((a, b) => a + b)
      return Math.abs(sum - total) < 1e-6 && Object.values(parts).every(part => part >= 0)
    })
  )
})

test('a slow request is one line with all its stages, in which nothing of a client looks like a field', () => {
  const request = requestOf(
    0,
    { ...whole, topic: 'x', partition: 3, queueDepth: 500 },
    { clientId: 'a b="c\n' }
  )
  const line = slowRequestLine(request, spansOf(request.stamps, emptySpans()), {
    receivedAtMs: 0,
    leftOut: 0
  })
  expect(line).toBe(
    'slow request api=Produce version=9 client="a b=\\"c\\n" connection=127.0.0.1:9092-127.0.0.1:1-0 ' +
      'listener=PLAINTEXT processor=0 topic=x partition=3 requestBytes=100 responseBytes=10 ' +
      'receivedAt=1970-01-01T00:00:00.000Z queueDepth=500 room=1 queue=410 local=9 remote=10 responseQueue=2 ' +
      'responseSend=8 total=440 at.enqueued=1 at.dequeued=411 at.decided=412 at.appended=415 at.answered=430 ' +
      'at.dequeuedByProcessor=432 at.sent=440'
  )
})

test('who waits as it was asked to, for records or for the others of a group, is not slow, another one that waits is', () => {
  const { figures, lines } = figuresAt({ slowMs: 100 })
  const waited = { ...whole, dequeuedMs: 2, localCompleteMs: 3, responseCompleteMs: 400 }
  const [fetch, joinGroup, syncGroup] = [1, 11, 14]
  for (const apiKey of [fetch, joinGroup, syncGroup]) figures.completed(requestOf(apiKey, waited))
  expect(lines).toHaveLength(0)
  figures.completed(requestOf(0, waited))
  expect(lines).toHaveLength(1)
  figures.completed(requestOf(1, whole))
  expect(lines).toHaveLength(2)
})

test('a storm of slow requests costs fifty lines a second, and the next line says how many are left out', () => {
  const { figures, lines } = figuresAt({ slowMs: 100 })
  for (let i = 0; i < 80; i++) figures.completed(requestOf(0, whole))
  expect(lines).toHaveLength(50)
  figures.completed(requestOf(0, { ...whole, sentMs: 2000 }))
  expect(lines.at(-1)).toMatch(/ leftOut=30$/)
})

test('the newest and the slowest are kept, and the slowest are forgotten after ten minutes', () => {
  const { figures, now } = figuresAt()
  for (let i = 0; i < 1000; i++) figures.completed(requestOf(0, { ...whole, sentMs: 440 + (i % 500) }))
  const { newest, slowest } = figures.kept()
  expect([newest.length, newest[0]?.number, newest.at(-1)?.number]).toEqual([512, 1000, 489])
  expect(slowest).toHaveLength(64)
  expect(slowest[0]?.request.stamps.sentMs).toBe(startMs + 939)
  expect(slowest.at(-1)?.request.stamps.sentMs).toBe(startMs + 939 - 31)
  now.ms = startMs + 700_000
  expect(figures.kept().slowest).toEqual([])
})

test('requests are counted by API, version and error', () => {
  const { figures } = figuresAt()
  figures.completed(requestOf(0, whole))
  figures.completed(requestOf(0, { ...whole, errorCode: 3 }, { apiVersion: 3 }))
  figures.completed(requestOf(18, whole))
  const [produce, versions] = figures.read()
  expect(produce).toMatchObject({
    apiKey: 0,
    versions: [
      [3, 1],
      [9, 1]
    ],
    errors: [
      [0, 1],
      [3, 1]
    ]
  })
  expect(produce?.measures.total).toMatchObject({ count: 2, sum: 880, max: 440 })
  expect(versions).toMatchObject({ apiKey: 18, versions: [[9, 1]] })
})
